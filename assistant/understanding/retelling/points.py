"""What somebody told, cut into points: clauses that hold something, in the speaker's own words.

A recogniser writes no punctuation and no capitals, so clauses are found by the words that join them, by pronouns
that begin a new one, and at last by length; where there is punctuation it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.understanding.retelling.telling import CONTENT, Telling, Token

SMALLEST = 1.0  # a point holds at least one word that tells something
SIDE = 1.4  # both sides of a cut hold more than one such word
LONG = 3.2  # a clause that holds more is cut at weaker places too
TOO_LONG = 7.0  # and one that holds more than this anywhere
REPEATED = 0.75  # of the words of the shorter point are in the longer one


@dataclass(frozen=True, slots=True)
class Point:
    """``text`` as it was said, without the words that joined it to the rest; ``words`` (lower case) are those that
    tell something; ``denies`` whether it says that something is not so."""

    text: str
    words: tuple[str, ...]
    denies: bool


def points(text: str, telling: Telling) -> tuple[Point, ...]:
    """The points of ``text`` in order, near-repeats merged into the fuller one; () when it holds none."""
    found: list[Point] = []
    for clause in clauses(telling.tokens(text), telling):
        point = _point(clause, telling)
        if point is None or sum(map(telling.weight, point.words)) < SMALLEST:
            continue
        same = next((number for number, other in enumerate(found) if _repeats(point, other, telling)), None)
        if same is None:
            found.append(point)
        elif len(point.words) > len(found[same].words):
            found[same] = point
    return tuple(found)


def point_of(text: str, telling: Telling) -> Point | None:
    """``text`` as one point; None when it holds nothing."""
    return _point(telling.tokens(text), telling)


def clauses(tokens: Sequence[Token], telling: Telling) -> Iterator[Sequence[Token]]:
    """``tokens`` in pieces, none empty, in order and complete."""
    start = 0
    for place in range(1, len(tokens) + 1):
        if place == len(tokens) or tokens[place].pause == ".":
            yield from _cut(tokens[start:place], telling)
            start = place


def _cut(tokens: Sequence[Token], telling: Telling) -> Iterator[Sequence[Token]]:
    before, after = _held_before(tokens, telling), _held_before(tokens[::-1], telling)[::-1]
    holds = before[-1]
    strengths = (2,) if holds <= LONG else (2, 1) if holds <= TOO_LONG else (2, 1, 0)
    for strength in strengths:
        places = [
            place
            for place in range(1, len(tokens))
            if min(before[place], after[place]) >= SIDE and _strength(tokens, place, telling) >= strength
        ]
        if places:
            # The place that halves it best, so that no crumbs are left at the ends.
            best = min(places, key=lambda place: abs(before[place] - after[place]))
            yield from _cut(tokens[:best], telling)
            yield from _cut(tokens[best:], telling)
            return
    if tokens:
        yield tokens


def _held_before(tokens: Sequence[Token], telling: Telling) -> list[float]:
    """How much the first 0, 1, ... len(tokens) tokens tell, each word counted once."""
    holds, seen = [0.0], set[str]()
    for token in tokens:
        new = set(token.words) - seen
        seen |= new
        holds.append(holds[-1] + sum(map(telling.weight, new)))
    return holds


def _strength(tokens: Sequence[Token], place: int, telling: Telling) -> int:
    """How surely a new clause begins at ``place``: 2 surely, 1 perhaps, 0 no sign of it, -1 never."""
    words, here, before = telling.words, tokens[place].words[0], tokens[place - 1].words[-1]
    if before in words.joiners or before in telling.fillers:
        return -1
    if here in words.joiners:
        rest = (token.words[0] for token in tokens[place + 1 :])
        follows = next((word for word in rest if word not in words.joiners), "")
        if follows in words.subjects or tokens[place].pause:
            return 2
        return 0 if here in words.also_tell_when else 1
    if here in words.pronouns and before not in words.holds:
        return 2
    if tokens[place].pause and here in words.subjects:
        return 2
    return 0 if tokens[place].pause or (not telling.weight(here) and telling.weight(before)) else -1


def _point(clause: Sequence[Token], telling: Telling) -> Point | None:
    edges = telling.words.edges
    start, end = 0, len(clause)
    while start < end and _only_joins(clause[start:end], telling):
        start += 1
    while start < end and clause[end - 1].text.lower() in edges:
        end -= 1
    kept = clause[start:end]
    words = tuple(dict.fromkeys(word for token in kept for word in token.words if telling.weight(word)))
    if not words:
        return None
    denies = any(word in telling.words.denials for token in kept for word in token.words)
    text = kept[0].text + "".join((", " if token.pause == "," else " ") + token.text for token in kept[1:])
    return Point(text, words, denies)


def _only_joins(clause: Sequence[Token], telling: Telling) -> bool:
    """Whether the first word can be left out: "after we left", but not "after the funeral we left"."""
    words, first = telling.words, clause[0].text.lower()
    follows = clause[1].words[0] if len(clause) > 1 else ""
    return first in words.joiners and (first not in words.also_tell_when or follows in words.pronouns)


def _repeats(point: Point, other: Point, telling: Telling) -> bool:
    shorter, longer = sorted((point, other), key=lambda each: len(each.words))
    if sum(map(telling.weight, shorter.words)) < 2 * CONTENT:
        return {telling.stem(word) for word in shorter.words} == {telling.stem(word) for word in longer.words}
    there = {telling.stem(word) for word in longer.words}
    shared = sum(telling.weight(word) for word in shorter.words if telling.stem(word) in there)
    return shared >= REPEATED * sum(map(telling.weight, shorter.words)) and point.denies == other.denies
