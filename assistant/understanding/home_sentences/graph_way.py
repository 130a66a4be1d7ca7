"""The way that a search of a word graph found cheapest, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.understanding.home_sentences.graph_search import NEVER, PER_VALUE, PER_WORD, Found, GraphSearch
from assistant.understanding.home_sentences.spoken_values import Said
from assistant.understanding.templates.pieces import SlotArc
from assistant.understanding.words.alignment import Pair

_TIE = 1e-7


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way, in spoken order: ``heard`` for ``meant`` (words; "" on one side: added or left out).

    ``apart`` 0..1. ``cost`` is what it costs to take the one for the other, ``weight`` that of what was meant (of what
    was heard, where nothing was meant). ``said`` is the value and ``slot`` where it goes; in a free slot only ``slot``
    is given.
    """

    heard: str
    meant: str
    apart: float
    cost: float
    weight: float
    said: Said | None = None
    slot: SlotArc | None = None

    def pair(self) -> Pair:
        return Pair(self.heard, self.meant, self.apart)


# What it costs to have come here by these steps, the last one first, and from which node and how many words.
_Last = tuple[float, list[Step], int, int]


def cheapest_way(search: GraphSearch, found: Found, node: int) -> tuple[Step, ...]:
    """The way to ``node`` over all words; of several that cost the same, always the same one."""
    steps: list[Step] = []
    place = len(found.words)
    while node or place:
        best: _Last | None = None
        for last in _last_steps(search, found, node, place):
            if best is None or last[0] < best[0] - _TIE:
                best = last
            if best[0] <= found.costs[place, node] + _TIE:
                break
        if best is None:
            raise IndexError(node)
        _, taken, node, place = best
        steps += taken
    return tuple(reversed(steps))


def _last_steps(search: GraphSearch, found: Found, node: int, place: int) -> Iterator[_Last]:
    """All that may have come last; what was heard before what was not, words and values before free words."""
    costs = found.costs
    for source, label, heavy in search.into(node):
        if isinstance(label, str):
            yield from _words(search, found, source, label, heavy, place)
        elif isinstance(label, SlotArc):
            yield from _values(search, found, source, label, place)
    for source, label, heavy in search.into(node):
        if isinstance(label, str):
            yield costs[place, source] + heavy + PER_WORD, [Step("", label, 1.0, heavy, heavy)], source, place
        elif isinstance(label, SlotArc) and search.is_free(label):
            steps: list[Step] = []
            for start in range(place - 1, -1, -1):
                word = found.words[start]
                cost = search.free_cost(word) + (0.0 if steps else search.free_end_cost(word))
                steps = [*steps, Step(word, word, 0.0, cost, 0.0, slot=label)]
                if costs[start, source] < NEVER:
                    yield costs[start, source] + sum(step.cost for step in steps), steps, source, start
    if place:
        heard, weight = found.words[place - 1], found.added[place - 1]
        yield costs[place - 1, node] + weight + PER_WORD, [Step(heard, "", 1.0, weight, weight)], node, place - 1


def _words(search: GraphSearch, found: Found, source: int, word: str, heavy: float, place: int) -> Iterator[_Last]:
    for count in (1, 2):
        heard = found.words[place - count : place] if place >= count else ()
        apart = search.near(heard).apart.get(word) if heard else None
        if apart is not None:
            step = Step(" ".join(heard), word, apart, search.word_cost(search.as_heard(heard)[1], apart, heavy), heavy)
            cost = float(search.rank_cost(heard, word, apart, heavy))
            yield found.costs[place - count, source] + cost + PER_WORD, [step], source, place - count


def _values(search: GraphSearch, found: Found, source: int, slot: SlotArc, place: int) -> Iterator[_Last]:
    for one in found.said.get((place, search.kind(slot)), ()):
        heard = " ".join(found.words[one.start : place])
        step = Step(heard, " ".join(one.words), one.apart, one.cost, search.value_weight(one), one, slot)
        yield found.costs[one.start, source] + one.cost + PER_VALUE, [step], source, one.start
