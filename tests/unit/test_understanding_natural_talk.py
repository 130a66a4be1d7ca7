"""How much of real home talk is understood, and how little talk that was not meant is taken for a command.

The sentences were written before the templates (see the head of tests/data/natural_talk.yaml).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dialogue import Library
from assistant.events import Hypothesis
from assistant.understanding import MatchContext, Understanding, load_commands
from assistant.understanding.data_file import load_yaml

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
TALK = load_yaml(Path(__file__).parents[1] / "data" / "natural_talk.yaml").data


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding((*load_commands(ENGLISH), *Library.load([ENGLISH]).intents), ENGLISH)


def test_the_set_is_large_enough() -> None:
    commands = {intent.id for intent in load_commands(ENGLISH) if "ritual" in intent.contexts}
    commands -= {"help_lines", "delete_everything", "delete_some"}  # errands of the time between rituals
    commands -= {"leaves"}  # only said of somebody who is here
    assert set(TALK["commands"]) == commands
    assert all(len(sentences) >= 8 for sentences in TALK["commands"].values())
    assert len(TALK["background"]) >= 150


@pytest.mark.parametrize(("which", "right"), [("commands", 0.95), ("later_commands", 0.94), ("third_commands", 0.9)])
def test_commands_are_understood_as_people_say_them(english: Understanding, which: str, right: float) -> None:
    everything = english.expectation_for("all")
    wrong = [
        (intent, sentence)
        for intent, sentences in TALK[which].items()
        for sentence in sentences
        if english.understand([Hypothesis(sentence)], everything).intent != intent
    ]
    total = sum(map(len, TALK[which].values()))
    assert 1 - len(wrong) / total >= right, wrong


@pytest.mark.parametrize(("context", "allowed"), [("all", 0.02), ("ritual", 0.02), ("idle", 0.02), ("answer", 0.01)])
def test_talk_that_was_not_meant_is_rejected(english: Understanding, context: MatchContext, allowed: float) -> None:
    expectation = english.expectation_for(context)
    background = [*TALK["background"], *TALK["later_background"], *TALK["third_background"]]
    accepted = [sentence for sentence in background if english.understand([Hypothesis(sentence)], expectation).intent]
    assert len(accepted) / len(background) <= allowed, accepted


@pytest.mark.parametrize(
    "said", ["play some music", "turn off the lights", "set a timer for ten minutes", "call my mother"]
)
def test_what_is_asked_of_other_machines_is_left_to_them(english: Understanding, said: str) -> None:
    assert english.understand([Hypothesis(said)], english.expectation_for("idle")).intent is None
