"""How much of real home talk is understood, and how little talk that was not meant is taken for a command.

The sentences were written before the templates (see the head of tests/data/natural_talk.yaml).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.events import Hypothesis
from assistant.understanding import Understanding, load_commands
from assistant.understanding.data_file import load_yaml

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
TALK = load_yaml(Path(__file__).parents[1] / "data" / "natural_talk.yaml").data


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding(load_commands(ENGLISH), ENGLISH)


def test_the_set_is_large_enough() -> None:
    commands = {intent.id for intent in load_commands(ENGLISH)}
    assert set(TALK["commands"]) == commands
    assert all(len(sentences) >= 8 for sentences in TALK["commands"].values())
    assert len(TALK["background"]) >= 150


def test_commands_are_understood_as_people_say_them(english: Understanding) -> None:
    everything = english.expectation_for("all")
    wrong = [
        (intent, sentence)
        for intent, sentences in TALK["commands"].items()
        for sentence in sentences
        if english.understand([Hypothesis(sentence)], everything).intent != intent
    ]
    total = sum(map(len, TALK["commands"].values()))
    assert 1 - len(wrong) / total >= 0.95, wrong


def test_talk_that_was_not_meant_is_rejected(english: Understanding) -> None:
    for context, allowed in (("all", 0.02), ("ritual", 0.02), ("idle", 0.02), ("answer", 0.01)):
        expectation = english.expectation_for(context)
        accepted = [s for s in TALK["background"] if english.understand([Hypothesis(s)], expectation).intent]
        assert len(accepted) / len(TALK["background"]) <= allowed, (context, accepted)
