"""Patterns that are looked for anywhere in what was heard, also where a word of them was misheard.

All patterns together are one automaton (pattern_graph.py), which reads an utterance once, word by word. A word that may
have been misheard for an awaited one passes at a cost. What cannot be found, because a word that it needs does not
come, is not begun (needs.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from assistant.understanding.needs import Needed, Needs
from assistant.understanding.pattern_graph import BEGINNING, END, Label, PatternGraph

COST_LIMIT = 0.36  # what may be misheard in one pattern, in all
LEAST_WORDS_MISHEARD = 3  # a pattern of fewer words must be heard as it stands

# What may have been said at one place: (label, how many of the words it takes, what it costs).
Row = Sequence[tuple[Label, int, float]]


@dataclass(frozen=True, slots=True)
class Span:
    """Pattern number ``pattern`` was found in the words from ``start`` up to, not including, ``end``."""

    pattern: int
    start: int
    end: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Thread:
    """A pattern half read: where it began, what was misheard in it so far, how many words of it were heard."""

    start: int
    cost: float
    words: int


class Patterns:
    """Finds the patterns of ``graph``, which is complete. No gap passes over one of the ``barriers`` ("not")."""

    def __init__(self, graph: PatternGraph, barriers: Set[str]) -> None:
        self._nodes = graph.nodes
        self._barriers = barriers
        self._needs = Needs(graph.nodes)
        self._first = self._ways_in(1)[0]
        self._first_of_all, self._gaps_of_all = self._ways_in(0)

    def find(self, lattice: Sequence[Row], words: Sequence[str]) -> list[Span]:
        """All places where a pattern was heard; ``lattice`` has a row for each of ``words``."""
        if not words:
            return []
        found: dict[tuple[int, int], Span] = {}
        threads = _Threads(self._needs.of, self._needs.reach(lattice))
        self._open(threads, lattice[0], words[0] not in self._barriers)
        for place in range(1, len(words) + 1):
            here = threads.at[place]
            if here:
                self._close(here, place, len(words))
                for node, thread in here.items():
                    pattern = self._nodes[node].pattern
                    if pattern is not None and (thread.cost == 0 or thread.words >= LEAST_WORDS_MISHEARD):
                        found[pattern, place] = Span(pattern, thread.start, place, thread.cost)
            if place < len(words):
                if here:
                    self._step(threads, place, lattice[place], words[place] not in self._barriers)
                self._begin(threads, place, lattice[place])
        return list(found.values())

    def _open(self, threads: _Threads, row: Row, passes: bool) -> None:
        """The first word of the utterance, where gaps and the mark of the beginning may stand before it."""
        if passes:
            threads.enter(1, self._gaps_of_all, 0, 0.0, 0)
        for label, length, cost in row:
            threads.enter(length, self._first_of_all.get(label, ()), 0, cost, 1)

    def _step(self, threads: _Threads, place: int, row: Row, passes: bool) -> None:
        nodes = self._nodes
        for node, thread in threads.at[place].items():
            at = nodes[node]
            if passes and at.anything is not None:
                threads.enter(place + 1, (at.anything,), thread.start, thread.cost, thread.words)
            if not at.on:
                continue
            for label, length, cost in row:
                if label in at.on and thread.cost + cost <= COST_LIMIT:
                    onward = thread.cost + cost
                    threads.enter(place + length, at.on[label], thread.start, onward, thread.words + 1)

    def _begin(self, threads: _Threads, place: int, row: Row) -> None:
        """The first words of all patterns at once."""
        first = self._first
        for label, length, cost in row:
            if label in first:
                threads.enter(place + length, first[label], place, cost, 1)

    def _ways_in(self, place: int) -> tuple[Mapping[Label, tuple[int, ...]], tuple[int, ...]]:
        """Where each first word of a pattern leads, and where a gap before it does."""
        active = {0: _Thread(0, 0.0, 0)}
        self._close(active, place, place + 1)
        ways: dict[Label, tuple[int, ...]] = {}
        gaps: list[int] = []
        for node in active:
            at = self._nodes[node]
            gaps += [] if at.anything is None else [at.anything]
            for label, ends in at.on.items():
                ways[label] = (*ways.get(label, ()), *ends)
        return ways, tuple(gaps)

    def _close(self, active: dict[int, _Thread], place: int, length: int) -> None:
        """Go wherever no word is needed: past optional parts, the beginning and the end."""
        nodes = self._nodes
        waiting = list(active)
        while waiting:
            node = waiting.pop()
            thread = active[node]
            at = nodes[node]
            onward = at.free
            if place == 0 and at.on:
                onward += at.on.get(BEGINNING, ())
            if place == length and at.on:
                onward += at.on.get(END, ())
            for after in onward:
                known = active.get(after)
                if known is None or _is_better(thread.cost, thread.start, known):
                    active[after] = thread
                    if nodes[after].free or nodes[after].on:
                        waiting.append(after)


class _Threads:
    """The patterns half read ``at`` each place, by node: of each node the cheapest, and of equals the shortest."""

    def __init__(self, needs: Sequence[Needed], reach: Sequence[Needed]) -> None:
        self.at: list[dict[int, _Thread]] = [{} for _ in reach]
        self._needs = needs
        self._reach = reach

    def enter(self, place: int, nodes: Sequence[int], start: int, cost: float, words: int) -> None:
        """Go on at ``nodes``, but for those from which what must still be heard does not come: most of them."""
        needs, coming, at = self._needs, self._reach[place], self.at[place]
        for node in nodes:
            need = needs[node]
            if not need or need & coming:
                known = at.get(node)
                if known is None or _is_better(cost, start, known):
                    at[node] = _Thread(start, cost, words)


def _is_better(cost: float, start: int, known: _Thread) -> bool:
    return cost < known.cost or (cost == known.cost and start > known.start)
