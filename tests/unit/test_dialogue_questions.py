"""Questions of faq.yaml: each is known by what people ask, and answered with its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import config
from assistant.dialogue import Library, begin, initial, step
from assistant.dialogue.faq import load_questions
from assistant.errors import IntentsError
from assistant.events import (
    Hypothesis,
    Meaning,
    PlaybackFinished,
    Say,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.understanding import Understanding, load_commands

ENGLISH = config.shipped("intents") / "en"
LIBRARY = Library.load([ENGLISH])


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding([*load_commands(ENGLISH), *LIBRARY.intents], ENGLISH)


def test_every_example_finds_its_own_question(english: Understanding) -> None:
    idle = english.expectation_for("idle")
    for intent in LIBRARY.asked:
        for example in intent.examples:
            meaning = english.understand((Hypothesis(example),), idle)
            assert (meaning.intent, meaning.slots) == ("faq", dict(intent.slots)), example


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("um what is emotional intimacy please", "what_it_is"),
        ("and where do you keep what we say", "where_kept"),
        ("does it work over a distance", "distance"),
    ],
)
def test_other_wordings_do_too(english: Understanding, asked: str, question: str) -> None:
    assert english.understand((Hypothesis(asked),), english.expectation_for("all")).slots == {"question": question}


def test_each_time_another_answer_and_then_it_is_ready_for_more() -> None:
    state, _ = begin(initial((), 1), LIBRARY)
    state, _ = step(state, WakeHeard(0.0, "x"), LIBRARY)
    said = []
    for _ in range(2):
        meaning = Meaning("x", "faq", {"question": "silence"})
        state, effects = step(state, UtteranceHeard(0.0, Utterance((Hypothesis("x"),)), meaning), LIBRARY)
        said.append(" ".join(effect.text for effect in effects if isinstance(effect, Say)))
        state, _ = step(state, PlaybackFinished(0.0), LIBRARY)
    assert said[0] != said[1]
    assert state.phase == "command"


def test_a_question_that_stands_there_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    entry = "  - id: why\n    templates: [why]\n    examples: [why]\n    answers: [Because.]\n"
    path = tmp_path / "faq.yaml"
    path.write_text(f"language: en\nquestions:\n{entry}{entry}")
    with pytest.raises(IntentsError, match=r"faq\.yaml:7.*'why' stands there twice"):
        load_questions(path)


def test_a_language_without_questions_has_none(tmp_path: Path) -> None:
    assert load_questions(tmp_path / "faq.yaml") == ({}, ())
