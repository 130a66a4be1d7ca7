"""What sounds alike in English spelling, for choosing a wake phrase."""

from __future__ import annotations

import pytest

from assistant.hearing.wake.sound_alikes import sound_alikes, sounds, syllables

KNOWN = ("night", "knight", "know", "nut", "phone", "foam", "mirror", "mirrors", "error", "banana", "right", "write")


@pytest.mark.parametrize(("one", "other"), [("knight", "night"), ("right", "rite"), ("phone", "fone"), ("wrap", "rap")])
def test_spellings_of_one_sound_are_one(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)


def test_the_likest_come_first_and_the_word_itself_never() -> None:
    assert sound_alikes("night", KNOWN)[0] == "knight"
    assert sound_alikes("mirror", KNOWN)[0] == "mirrors"
    assert "mirror" not in sound_alikes("mirror", KNOWN)


def test_what_sounds_like_nothing_known_has_none() -> None:
    assert sound_alikes("zebra", KNOWN) == ()
    assert sound_alikes("zebra", ()) == ()


@pytest.mark.parametrize(
    ("phrase", "count"),
    [("hey evensong", 4), ("smart mirror", 3), ("computer", 3), ("house", 1), ("table", 2), ("good evening house", 4)],
)
def test_syllables_are_counted_to_about_one(phrase: str, count: int) -> None:
    assert abs(syllables(phrase) - count) <= 1
