"""Evensong does not answer itself: its own sentences, misheard too, are told from what people say."""

from __future__ import annotations

import pytest

from assistant.events import Hypothesis, Utterance
from assistant.own_voice import OwnVoice


def heard(text: str, start_s: float, end_s: float) -> Utterance:
    return Utterance((Hypothesis(text),), start_s, end_s, end_s + 0.3)


@pytest.fixture
def voice() -> OwnVoice:
    """It asked something from second 10 to 12, and added something from 12.3 to 14."""
    own = OwnVoice()
    own.started(10.0, "Think of today.")
    own.ended(12.0)
    own.started(12.3, "What was good, even if small?")
    own.ended(14.0)
    return own


@pytest.mark.parametrize(
    "text", ["think of today", "what was good even if small", "thing of today what was good", "even it small", "today"]
)
def test_its_own_words_are_its_own(voice: OwnVoice, text: str) -> None:
    assert voice.explains(heard(text, 10.2, 14.1))


@pytest.mark.parametrize("text", ["stop", "pause please", "the soup at lunch", "wait a moment"])
def test_people_who_talk_over_it_are_people(voice: OwnVoice, text: str) -> None:
    assert not voice.explains(heard(text, 12.6, 13.5))


def test_the_same_words_said_afterwards_are_an_answer(voice: OwnVoice) -> None:
    assert not voice.explains(heard("today was good", 15.0, 16.0))


def test_an_answer_that_began_over_the_end_of_the_question_is_an_answer(voice: OwnVoice) -> None:
    assert not voice.explains(heard("what was good was the soup and that my sister called me", 13.8, 18.0))


def test_a_sentence_that_sounds_now_counts(voice: OwnVoice) -> None:
    voice.started(20.0, "You can say stop at any time.")
    assert voice.explains(heard("stop at any time", 20.5, 21.5))


def test_silence_explains_nothing() -> None:
    assert not OwnVoice().explains(heard("stop", 1.0, 1.5))
