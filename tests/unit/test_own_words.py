"""Evensong does not answer itself: its own sentences, misheard too, are told from what people say."""

from __future__ import annotations

import pytest

from assistant.events import Hypothesis, Utterance, Word
from assistant.hearing.echo.own_words import OwnWords


def heard(text: str, start_s: float, end_s: float) -> Utterance:
    return Utterance((Hypothesis(text),), start_s, end_s, end_s + 0.3)


def is_own(voice: OwnWords, utterance: Utterance) -> bool:
    return voice.without(utterance) is None


@pytest.fixture
def voice() -> OwnWords:
    """It asked something from second 10 to 12, and added something from 12.3 to 14."""
    own = OwnWords()
    own.started(10.0, "Think of today.")
    own.ended(12.0)
    own.started(12.3, "What was good, even if small?")
    own.ended(14.0)
    return own


@pytest.mark.parametrize(
    "text", ["think of today", "what was good even if small", "thing of today what was good", "even it small", "today"]
)
def test_its_own_words_are_its_own(voice: OwnWords, text: str) -> None:
    assert is_own(voice, heard(text, 10.2, 14.1))


@pytest.mark.parametrize("text", ["stop", "pause please", "the soup at lunch", "wait a moment"])
def test_people_who_talk_over_it_are_people(voice: OwnWords, text: str) -> None:
    assert not is_own(voice, heard(text, 12.6, 13.5))


def test_the_same_words_said_afterwards_are_an_answer(voice: OwnWords) -> None:
    assert not is_own(voice, heard("today was good", 15.0, 16.0))


def test_an_answer_that_began_over_the_end_of_the_question_is_an_answer(voice: OwnWords) -> None:
    assert not is_own(voice, heard("what was good was the soup and that my sister called me", 13.8, 18.0))


def test_a_sentence_that_sounds_now_counts(voice: OwnWords) -> None:
    voice.started(20.0, "You can say stop at any time.")
    assert is_own(voice, heard("stop at any time", 20.5, 21.5))


@pytest.mark.parametrize(
    ("text", "own"), [("stop", True), ("at any time", True), ("say that again", False), ("pause", False)]
)
def test_a_command_in_the_words_that_it_is_saying_is_none(voice: OwnWords, text: str, own: bool) -> None:
    voice.started(20.0, "You can say stop at any time.")
    assert voice.says(text, 20.5, 21.0) is own
    voice.ended(21.5)
    assert voice.says(text, 21.8, 22.5) is own  # in its echo
    assert not voice.says(text, 23.0, 23.5)


def test_silence_explains_nothing() -> None:
    assert not is_own(OwnWords(), heard("stop", 1.0, 1.5))


def test_its_words_before_an_answer_are_left_out(voice: OwnWords) -> None:
    """The end of the question was still in the room when the answer began."""
    spoken = [
        ("even", 13.2, 13.5),
        ("if", 13.5, 13.7),
        ("small", 13.7, 14.2),
        ("the", 14.9, 15.0),
        ("soup", 15.0, 15.4),
    ]
    words = tuple(Word(text, start_s, end_s) for text, start_s, end_s in spoken)
    whole = Utterance((Hypothesis("even if small the soup", 9.0, words),), 13.2, 15.4, 17.0)
    people = voice.without(whole)
    assert people is not None
    assert people.text == "the soup"
    assert [one.text for one in people.hypotheses] == ["the soup", "even if small the soup"]  # both may have said them


def test_an_answer_that_repeats_the_question_afterwards_is_whole(voice: OwnWords) -> None:
    words = tuple(Word(text, 15.0 + place, 15.5 + place) for place, text in enumerate(("today", "was", "good")))
    whole = Utterance((Hypothesis("today was good", 9.0, words),), 15.0, 17.5, 19.0)
    assert voice.without(whole) == whole


@pytest.mark.parametrize(("own_until_s", "left"), [(14.2, None), (13.6, "the rope"), (None, "eat in mall the rope")])
def test_what_was_heard_of_its_own_sound_is_no_answer_whatever_its_words(
    voice: OwnWords, own_until_s: float | None, left: str | None
) -> None:
    """The microphone was moved to the loudspeaker itself, and the recogniser made other words of what it said."""
    spoken = [("eat", 12.9, 13.0), ("in", 13.0, 13.2), ("mall", 13.2, 13.5), ("the", 13.6, 13.7), ("rope", 13.7, 14.1)]
    words = tuple(Word(text, start_s, end_s) for text, start_s, end_s in spoken)
    text = " ".join(word.text for word in words)
    people = voice.without(Utterance((Hypothesis(text, 9.0, words),), 12.9, 14.1, 16.0, own_until_s))
    assert (people and people.text) == left


def test_its_words_said_again_mostly_after_it_has_ended_are_an_answer(voice: OwnWords) -> None:
    assert not is_own(voice, heard("even if small", 13.9, 17.0))
