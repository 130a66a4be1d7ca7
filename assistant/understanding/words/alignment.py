"""What was heard laid beside what could be meant: weighted edit distance over words and sounds.

Wagner and Fischer's alignment (1974) with costs that fit speech: a word costs its weight, a word that sounds alike
costs part of it, and two words may have been heard as one or the other way round ("caring" for "carry on").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

UNLIKE = 0.6  # a substitution that sounds this different is no better than any other word
ALIKE = 0.1  # one word for one: no need to look further
MERGE_LIMIT = 0.35  # two words for one only when they nearly sound the same

Weight = Callable[[str], float]
Distance = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """One step: what was heard for what was meant ("" on one side: added or dropped); ``apart`` 0..1."""

    heard: str
    meant: str
    apart: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """``score`` is 1 for the same words and falls to 0; ``pairs`` in spoken order."""

    score: float
    pairs: tuple[Pair, ...]


# (words heard, words meant, how far apart they sound) on the way to one cell of the table
_Step = tuple[int, int, float]


def align(heard: Sequence[str], meant: Sequence[str], weight: Weight, distance: Distance) -> Alignment:
    """The cheapest way from ``heard`` to ``meant``; neither may be empty.

    The score is one minus the cost as a share of the heavier side, so it judges the whole utterance: what was said
    besides a command counts against it as much as what is missing from it.
    """
    start, rest = _shared_ends(heard, meant)
    total = max(sum(map(weight, heard)), sum(map(weight, meant)), 1e-9)
    same = [Pair(word, word, 0.0) for word in heard]
    before, after = same[:start], same[len(same) - rest :]
    cost, between = _align(heard[start : len(heard) - rest], meant[start : len(meant) - rest], weight, distance)
    return Alignment(max(0.0, 1.0 - cost / total), (*before, *between, *after))


def _shared_ends(heard: Sequence[str], meant: Sequence[str]) -> tuple[int, int]:
    """How many words are the same at the beginning and, of what is left, at the end."""
    shorter = min(len(heard), len(meant))
    start = 0
    while start < shorter and heard[start] == meant[start]:
        start += 1
    rest = 0
    while rest < shorter - start and heard[-1 - rest] == meant[-1 - rest]:
        rest += 1
    return start, rest


def _align(heard: Sequence[str], meant: Sequence[str], weight: Weight, distance: Distance) -> tuple[float, list[Pair]]:
    heard_weights = [weight(word) for word in heard]
    meant_weights = [weight(word) for word in meant]
    costs: list[list[float]] = [[0.0]]
    steps: list[list[_Step]] = [[(0, 0, 0.0)]]
    for cost in meant_weights:
        costs[0].append(costs[0][-1] + cost)
        steps[0].append((0, 1, 1.0))
    for row, (word, heavy) in enumerate(zip(heard, heard_weights, strict=True), start=1):
        above = costs[row - 1]
        left = above[0] + heavy
        line, ways = [left], [(1, 0, 1.0)]
        for column, (other, light) in enumerate(zip(meant, meant_weights, strict=True), start=1):
            apart = 0.0 if word == other else distance(word, other)
            best = above[column - 1] + (exchanged(apart, heavy, light) if apart else 0.0)
            step: _Step = (1, 1, apart)
            if above[column] + heavy < best:
                best, step = above[column] + heavy, (1, 0, 1.0)
            if left + light < best:
                best, step = left + light, (0, 1, 1.0)
            if apart > ALIKE:
                # How two words sound as one is only asked where the way up to them is cheap enough.
                if row > 1 and costs[row - 2][column - 1] < best:
                    apart = distance(heard[row - 2] + word, other)
                    cost = costs[row - 2][column - 1] + apart * max(heard_weights[row - 2] + heavy, light)
                    if apart <= MERGE_LIMIT and cost < best:
                        best, step = cost, (2, 1, apart)
                if column > 1 and above[column - 2] < best:
                    apart = distance(word, meant[column - 2] + other)
                    cost = above[column - 2] + apart * max(heavy, meant_weights[column - 2] + light)
                    if apart <= MERGE_LIMIT and cost < best:
                        best, step = cost, (1, 2, apart)
            line.append(best)
            left = best
            ways.append(step)
        costs.append(line)
        steps.append(ways)
    return costs[-1][-1], _trace(heard, meant, steps)


def exchanged(apart: float, heavy: float, light: float) -> float:
    """One word for another: its share by sound, or, where they are not alike at all, more than either alone."""
    if apart < UNLIKE:
        return apart * max(heavy, light)
    return max(heavy, light) + 0.5 * min(heavy, light)


def _trace(heard: Sequence[str], meant: Sequence[str], steps: Sequence[Sequence[_Step]]) -> list[Pair]:
    pairs: list[Pair] = []
    row, column = len(heard), len(meant)
    while row or column:
        rows, columns, apart = steps[row][column]
        pairs.append(Pair(" ".join(heard[row - rows : row]), " ".join(meant[column - columns : column]), apart))
        row, column = row - rows, column - columns
    return pairs[::-1]
