"""Which of several lines is said, and how names and numbers go into it.

The variants of a line come in a shuffled order that the seed fixes; each is used once before any comes back,
and never twice running. So a replayed evening has the same words, and the next evening has others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from assistant.dialogue.lines import PLACEHOLDER, ByNumber, Line, Lines, Variants
from assistant.dialogue.state import State


def choose(state: State, key: str, variants: Variants) -> tuple[State, Line]:
    """The next of ``variants``; ``key`` names the place they stand in."""
    state, place = choose_place(state, key, len(variants))
    return state, variants[place]


def choose_place(state: State, key: str, length: int) -> tuple[State, int]:
    """The next of ``length`` things, by its place 0..length - 1; ``key`` names what they are."""
    count = state.used.get(key, 0)
    cycle, place = divmod(count, length)
    order = _shuffled(state.seed, key, cycle, length)
    return replace(state, used={**state.used, key: count + 1}), order[place]


def _shuffled(seed: int, key: str, cycle: int, length: int) -> list[int]:
    """The order of one round. Its first is never the last of the round before."""
    if length < 3:  # two lines simply alternate
        cycle = 0
    order = sorted(range(length), key=lambda number: _rank(seed, key, cycle, number))
    if cycle > 0:
        before = sorted(range(length), key=lambda number: _rank(seed, key, cycle - 1, number))
        # Changing places at the front leaves the end as it is, so looking one round back is enough.
        if order[0] == before[-1]:
            order[0], order[1] = order[1], order[0]
    return order


def _rank(seed: int, key: str, cycle: int, number: int) -> bytes:
    return blake2b(f"{seed}:{key}:{cycle}:{number}".encode(), digest_size=8).digest()


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
