"""How a wake phrase may be written, and the part of it that tells it from other talk."""

from __future__ import annotations

import pytest

from assistant.hearing.wake.spelling import spelling, spellings

KNOWN = ("hey", "evensong", "even", "song", "evens", "ong", "smart", "mirror", "grand", "mother", "grandmother")


@pytest.mark.parametrize(
    ("phrase", "core"),
    [
        ("hey evensong", "evensong"),
        ("hey even song", "even song"),
        ("smart mirror", "smart mirror"),
        ("good evening house", "evening house"),
        ("computer", "computer"),
        ("evensong please", "evensong please"),
    ],
)
def test_the_core_is_the_larger_part_of_the_phrase_up_to_its_end(phrase: str, core: str) -> None:
    assert spelling(phrase).core_text == core


@pytest.mark.parametrize(
    ("phrase", "written"),
    [
        ("hey evensong", ["hey evensong", "hey even song"]),
        ("hey grandmother", ["hey grandmother", "hey grand mother"]),
        ("smart mirror", ["smart mirror"]),
    ],
)
def test_a_long_word_is_also_written_as_two_known_ones(phrase: str, written: list[str]) -> None:
    assert [each.text for each in spellings(phrase, KNOWN.__contains__)] == written
