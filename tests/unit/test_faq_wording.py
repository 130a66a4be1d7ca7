"""The answers to questions: enough ways to ask, three ways to answer, short enough to be heard, and modest."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import TypeAdapter

from assistant import config
from assistant.dialogue.lines import Variants
from assistant.understanding.data_file import load_yaml

FAQ = load_yaml(config.shipped("intents") / "en" / "faq.yaml").data
QUESTIONS: list[dict[str, Any]] = FAQ["questions"]
ABOUT_CLOSENESS = {
    *("what_it_is", "why_it_matters", "more_than_physical", "rebuild", "how_long"),
    *("hard_to_open_up", "fading", "silence", "distance"),
}
ABOUT_ITSELF = {
    *("what_you_are", "recording", "who_hears", "where_kept", "how_delete", "internet", "therapist", "who_made_you"),
    *("thanks", "hello", "still_there", "why_ask", "the_time"),
}
MOST_WORDS = 20


def test_every_question_has_its_answers() -> None:
    ids = [question["id"] for question in QUESTIONS]
    assert sorted(ids) == sorted(ABOUT_CLOSENESS | ABOUT_ITSELF)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_there_are_enough_ways_to_ask_and_to_answer(question: dict[str, Any]) -> None:
    assert question.keys() - {"anytime"} == {"id", "templates", "examples", "answers"}
    assert len(set(question["templates"])) == len(question["templates"]) >= 8
    assert len(set(question["examples"])) == len(question["examples"]) >= 20
    assert len(TypeAdapter(Variants).validate_python(question["answers"])) >= 3


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_an_answer_is_two_or_three_short_sentences_and_no_sermon(question: dict[str, Any]) -> None:
    for answer in question["answers"]:
        text = " ".join(part for part in answer if isinstance(part, str))
        sentences = re.split(r"(?<=[.?])\s+", text)
        assert 2 <= len(sentences) <= 4, text
        assert all(len(sentence.split()) <= MOST_WORDS for sentence in sentences), text
        assert not re.search(r"!|you should|you must|as an ai|of course|absolutely", text, re.IGNORECASE), text


def test_where_old_wounds_may_be_in_the_way_a_counsellor_is_named() -> None:
    for wanted in ("rebuild", "hard_to_open_up", "therapist"):
        answers = next(question["answers"] for question in QUESTIONS if question["id"] == wanted)
        assert any("counsellor" in str(answer) for answer in answers), wanted
