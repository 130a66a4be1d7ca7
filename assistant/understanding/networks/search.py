"""The sentences of a word network that are nearest to what was heard, found without listing them.

Viterbi's search (1967) with the costs of alignment.py: for each node and each beginning of each hypothesis, the least
that it costs to have come there. All hypotheses are searched at once, one level of the network after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.networks.network import Arc, Network
from assistant.understanding.templates.templates import Slots
from assistant.understanding.words.alignment import Distance, Pair, Weight, exchanged
from assistant.understanding.words.shells import Run

_NEVER = np.float32(1e6)
_ROWS_KEPT = 5_000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Path:
    """The cheapest sentence of one template for one hypothesis; ``words`` are the sentence's."""

    cost: float
    words: Run
    slots: Slots
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """The nodes ``first`` to ``after`` - 1: no arc leads from one of them to another."""

    first: int
    after: int
    sources: NDArray[np.intp]
    words: NDArray[np.intp]
    dropped: Floats  # shape (arcs, 1, 1)
    begins: NDArray[np.intp]  # where the arcs of each node begin


class NetworkSearch:
    """Searches one network. ``distance`` (0..1) and ``weight`` are those of `align`; both must be pure."""

    def __init__(self, network: Network, weight: Weight, distance: Distance) -> None:
        self.network = network
        self._weight = weight
        self._distance = distance
        words = sorted({arc.word for arc in network.arcs if arc.word})
        self._words = words
        self._numbers = {word: number for number, word in enumerate(words)}
        self._weights = np.array([weight(word) for word in words], dtype=np.float32)
        self._coming: list[list[Arc]] = [[] for _ in range(network.nodes)]
        for arc in network.arcs:
            self._coming[arc.target].append(arc)
        self._levels = [self._level(first, after) for first, after in _levels(network)]
        self._rows: dict[str, Floats] = {}

    @property
    def words(self) -> Sequence[str]:
        """Every word of the network, sorted."""
        return self._words

    def _level(self, first: int, after: int) -> _Level:
        arcs = [arc for node in range(first, after) for arc in self._coming[node]]
        silence = len(self._words)
        numbers = [self._numbers[arc.word] if arc.word else silence for arc in arcs]
        dropped = [self._weight(arc.word) if arc.word else 0.0 for arc in arcs]
        begins = np.cumsum([0, *(len(self._coming[node]) for node in range(first, after - 1))])
        return _Level(
            first,
            after,
            np.array([arc.source for arc in arcs], dtype=np.intp),
            np.array(numbers, dtype=np.intp),
            np.array(dropped, dtype=np.float32)[:, None, None],
            begins,
        )

    def search(self, heard: Sequence[Run]) -> Found:
        """The costs of all templates for all of ``heard`` (runs of words, none empty; at least one)."""
        longest = max(map(len, heard))
        unlike = np.full((len(self._words) + 1, len(heard), longest), _NEVER, dtype=np.float32)
        added = np.zeros((len(heard), longest + 1), dtype=np.float32)
        for row, run in enumerate(heard):
            for place, word in enumerate(run):
                unlike[:-1, row, place] = self._row(word)
                added[row, place + 1] = self._weight(word)
        added = np.cumsum(added, axis=1)
        costs = np.empty((self.network.nodes, len(heard), longest + 1), dtype=np.float32)
        costs[0] = added
        for level in self._levels:
            before = costs[level.sources]
            ways = before + level.dropped
            np.minimum(ways[:, :, 1:], before[:, :, :-1] + unlike[level.words], out=ways[:, :, 1:])
            best = np.minimum.reduceat(ways, level.begins, axis=0)
            # A word more: the cheapest of all shorter beginnings, with what came after them added.
            costs[level.first : level.after] = np.minimum.accumulate(best - added, axis=2) + added
        return Found(self, heard, costs)

    def _row(self, word: str) -> Floats:
        """What it costs to have heard ``word`` for each word of the network."""
        known = self._rows.get(word)
        if known is None:
            if len(self._rows) >= _ROWS_KEPT:
                self._rows.clear()
            heavy = self._weight(word)
            known = self._rows[word] = np.array(
                [exchanged(self._distance(word, other), heavy, self._weight(other)) for other in self._words],
                dtype=np.float32,
            )
        return known

    def coming(self, node: int) -> Sequence[Arc]:
        return self._coming[node]

    def steps(self, heard: str, arc: Arc) -> tuple[float, float, float]:
        """How far apart they are, and what it costs: ``heard`` for the arc's word; the arc's word dropped."""
        if not arc.word:
            return 1.0, float(_NEVER), 0.0
        apart = self._distance(heard, arc.word) if heard else 1.0
        light = self._weight(arc.word)
        return apart, exchanged(apart, self._weight(heard), light) if heard else float(_NEVER), light

    def weight(self, word: str) -> float:
        return self._weight(word)


class Found:
    """What a search came to: the cost of each template for each hypothesis, and the way there when asked for."""

    def __init__(self, search: NetworkSearch, heard: Sequence[Run], costs: Floats) -> None:
        self._search = search
        self._heard = heard
        self._costs = costs
        ends = np.array(search.network.ends, dtype=np.intp)
        lengths = np.array([len(run) for run in heard], dtype=np.intp)
        # Shape (templates, hypotheses).
        self.costs: Floats = costs[ends[:, None], np.arange(len(heard))[None, :], lengths[None, :]]

    def path(self, template: int, row: int) -> Path:
        """The cheapest sentence of ``template`` for hypothesis ``row``.

        Of ways that cost the same it is the one that comes first in the template's own order, taking words as
        heard before dropping any.
        """
        run, costs = self._heard[row], self._costs[:, row]
        node, place = self._search.network.ends[template], len(run)
        pairs: list[Pair] = []
        slots: list[tuple[str, object]] = []
        total = 0.0
        while node or place:
            arc, step = self._step(node, place, run, costs)
            word = run[place - 1] if step.heard else ""
            if step.heard or (arc is not None and arc.word):
                pairs.append(Pair(word, arc.word if arc is not None else "", step.apart))
            if arc is not None and arc.value is not None:
                slots.append(arc.value)
            total += step.cost
            place -= step.heard
            node = arc.source if arc is not None else node
        pairs.reverse()
        words = tuple(pair.meant for pair in pairs if pair.meant)
        return Path(total, words, tuple(reversed(slots)), tuple(pairs))

    def _step(self, node: int, place: int, run: Run, costs: Floats) -> tuple[Arc | None, _Step]:
        """The last step of the cheapest way to ``node`` with the first ``place`` words heard."""
        heard = run[place - 1] if place else ""
        best: tuple[float, Arc | None, _Step] | None = None
        for arc in self._search.coming(node):
            apart, said, dropped = self._search.steps(heard, arc)
            if place and arc.word:
                best = _better(best, float(costs[arc.source, place - 1]) + said, arc, _Step(1, apart, said))
            best = _better(best, float(costs[arc.source, place]) + dropped, arc, _Step(0, 1.0, dropped))
        if place:
            more = self._search.weight(heard)
            best = _better(best, float(costs[node, place - 1]) + more, None, _Step(1, 1.0, more))
        if best is None:
            raise IndexError(node)
        return best[1], best[2]


@dataclass(frozen=True, slots=True)
class _Step:
    heard: int  # words taken from the hypothesis
    apart: float
    cost: float


_TIE = 1e-4  # single precision: less than this apart is the same


def _better(
    best: tuple[float, Arc | None, _Step] | None, cost: float, arc: Arc | None, step: _Step
) -> tuple[float, Arc | None, _Step]:
    return (cost, arc, step) if best is None or cost < best[0] - _TIE else best


def _levels(network: Network) -> list[tuple[int, int]]:
    """Ranges of nodes whose longest way from the start has the same length; the start itself is left out."""
    depths = [0] * network.nodes
    for arc in network.arcs:
        depths[arc.target] = max(depths[arc.target], depths[arc.source] + 1)
    ranges: list[tuple[int, int]] = []
    node = 1
    for _, same in groupby(depths[1:]):
        count = sum(1 for _ in same)
        ranges.append((node, node + count))
        node += count
    return ranges
