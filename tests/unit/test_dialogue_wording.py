"""Which variant is said: fixed by the seed, never the same twice running; and short enough to be heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import config
from assistant.dialogue import Library, initial
from assistant.dialogue.lines import ByNumber, Lines, Variants
from assistant.dialogue.remarks import lines_of
from assistant.dialogue.ritual import Ritual, spoken, walk
from assistant.dialogue.wording import choose, parts, row

LIBRARY = Library.load([config.shipped("intents") / "en"])


def draw(seed: int, variants: Variants, times: int) -> list[str]:
    state = initial((), seed)
    drawn = []
    for _ in range(times):
        state, line = choose(state, "here", variants)
        drawn.append(str(line))
    return drawn


@given(seed=st.integers(0, 2**31), count=st.integers(2, 6))
def test_no_line_comes_twice_running_and_all_come_before_one_comes_again(seed: int, count: int) -> None:
    variants = tuple(f"line {number}" for number in range(count))
    drawn = draw(seed, variants, 12 * count)
    assert all(one != other for one, other in pairwise(drawn))
    for start in range(0, len(drawn), count):
        assert sorted(drawn[start : start + count]) == sorted(variants)


def test_the_same_seed_gives_the_same_words_and_another_gives_others() -> None:
    variants = tuple(f"line {number}" for number in range(5))
    assert draw(7, variants, 20) == draw(7, variants, 20)
    assert len({tuple(draw(seed, variants, 20)) for seed in range(20)}) > 10


def test_pauses_and_placeholders() -> None:
    assert parts(("Well, {name}.", 1.5, "And {other}?"), {"name": "Ana", "other": "Ben"}) == (
        ("Well, Ana.", 1.5),
        ("And Ben?", 0.0),
    )


@pytest.mark.parametrize(
    ("names", "text"),
    [((), ""), (("Ana",), "Ana"), (("Ana", "Ben"), "Ana and Ben"), (("Ana", "Ben", "Cleo"), "Ana, Ben and Cleo")],
)
def test_names_in_a_row(names: tuple[str, ...], text: str) -> None:
    assert row(names, " and ") == text


def _variants(lines: Lines | None) -> Iterator[Variants]:
    if isinstance(lines, ByNumber):
        yield from (one for one in (lines.alone, lines.together, lines.following) if one is not None)
    elif lines is not None:
        yield lines


def _of_ritual(ritual: Ritual) -> Iterator[tuple[str, Variants]]:
    for step in walk(ritual.steps):
        for key, lines in spoken(step):
            for variants in _variants(lines):
                yield f"{ritual.id}.{step.id}.{key}", variants
    for variants in _variants(ritual.closings):
        yield f"{ritual.id}.closings", variants


def _all_lines() -> Iterator[tuple[str, Variants]]:
    for ritual in LIBRARY.rituals.values():
        yield from _of_ritual(ritual)
    for at, variants in lines_of(LIBRARY.prompts):
        yield ".".join(map(str, at)), variants


def test_whatever_is_said_can_be_said_in_three_ways() -> None:
    few = [key for key, variants in _all_lines() if len(variants) < 3]
    assert few == []


def test_every_sentence_is_short_enough_to_be_heard() -> None:
    long = []
    for key, variants in _all_lines():
        for line in variants:
            for text in (line,) if isinstance(line, str) else line:
                for sentence in re.split(r"(?<=[.!?])\s+", str(text)):
                    if len(sentence.split()) > 20:
                        long.append((key, sentence))
    assert long == []


def test_no_line_cheers_or_preaches() -> None:
    chirpy = re.compile(r"!|great job|well done|awesome|amazing|wonderful|you should|you must|streak", re.IGNORECASE)
    found = [(key, line) for key, variants in _all_lines() for line in variants if chirpy.search(str(line))]
    assert found == []


def test_there_are_enough_ways_to_start_each_ritual() -> None:
    for ritual in LIBRARY.rituals.values():
        assert len(ritual.starters.templates) >= 10, ritual.id
        assert len(ritual.starters.examples) >= 30, ritual.id
