"""Which of several lines is said, and how names and numbers go into it.

The variants of a line come in a shuffled order that the seed fixes; each is used once before any comes back,
and never twice running. So a replayed evening has the same words, and the next evening has others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zlib import crc32

from assistant.dialogue.ritual import PLACEHOLDER, ByNumber, Line, Lines, Variants
from assistant.dialogue.state import State


def choose(state: State, key: str, variants: Variants) -> tuple[State, Line]:
    """The next of ``variants``; ``key`` names the place they stand in."""
    count = state.used.get(key, 0)
    cycle, place = divmod(count, len(variants))
    order = _shuffled(state.seed, key, cycle, len(variants))
    if cycle and len(order) > 1 and order[0] == _shuffled(state.seed, key, cycle - 1, len(variants))[-1]:
        # Moved to the end of the row, for the first of a new round must not be the last of the round before; for
        # two variants that would only move the repetition, but then the rounds are alike anyway.
        order = (*order[1:], order[0])
    return replace(state, used={**state.used, key: count + 1}), variants[order[place]]


def _shuffled(seed: int, key: str, cycle: int, length: int) -> tuple[int, ...]:
    def rank(number: int) -> int:
        return crc32(f"{seed}:{key}:{cycle}:{number}".encode())

    if length < 3:  # two lines simply alternate
        first = rank(0) % length if cycle == 0 else _shuffled(seed, key, 0, length)[0]
        return tuple((first + step) % length for step in range(length))
    return tuple(sorted(range(length), key=rank))


def lines_for(lines: Lines, people: Sequence[str], turn: int = 0) -> tuple[str, Variants]:
    """The lines for so many people at this turn, and what to add to their key."""
    if not isinstance(lines, ByNumber):
        return "", lines
    if len(people) < 2 and lines.alone is not None:
        return ".alone", lines.alone
    if turn > 0 and lines.following is not None:
        return ".following", lines.following
    return ".together", lines.together


def parts(line: Line, values: Mapping[str, str]) -> tuple[tuple[str, float], ...]:
    """Texts with the pause after each, in seconds; ``{name}`` and the like filled in from ``values``."""
    pieces = (line,) if isinstance(line, str) else line
    made: list[tuple[str, float]] = []
    for piece in pieces:
        if isinstance(piece, str):
            made.append((PLACEHOLDER.sub(lambda found: values[found.group(1)], piece), 0.0))
        else:
            text, pause_s = made[-1]
            made[-1] = (text, pause_s + piece)
    return tuple(made)


def row(names: Sequence[str], joiner: str) -> str:
    """``Ana, Ben and Cleo``."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + joiner + names[-1]
