"""Somebody unknown is about, as a television is, when they were heard alone for a while, and not long ago."""

from assistant.hearing.speakers.company import Company


def after(*stretches: tuple[bool, float]) -> float:
    """How sure it is after ``stretches`` of (somebody unknown alone, seconds)."""
    company, tenths = Company(), 0
    for alone, seconds in stretches:
        for _ in range(round(seconds * 10)):
            tenths += 1
            company.hear(tenths / 10, alone=alone)
    return company.sure


def test_a_voice_that_goes_on_is_somebody() -> None:
    assert after((False, 5.0), (True, 2.0)) == 1.0
    assert 0.0 < after((True, 1.0)) < 1.0


def test_a_first_word_that_sounds_like_nobody_is_not() -> None:
    assert after(*((True, 0.4), (False, 2.0)) * 9) == 0.0


def test_pauses_of_a_television_add_up() -> None:
    assert after(*((True, 1.0), (False, 2.0)) * 3) == 1.0


def test_who_was_not_heard_for_long_is_gone() -> None:
    assert after((True, 5.0), (False, 15.0)) == 1.0
    assert after((True, 5.0), (False, 21.0)) == 0.0
