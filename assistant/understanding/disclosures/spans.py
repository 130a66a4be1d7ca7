"""Patterns that are looked for anywhere in what was heard, also where a word of them was misheard.

All patterns together are one automaton (pattern_graph.py), which reads an utterance once, word by word. A word that may
have been misheard for an awaited one passes at a cost. What cannot be found, because a word that it needs does not
come, is not begun (needs.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from assistant.understanding.disclosures.needs import NOTHING, Needed, Needs
from assistant.understanding.disclosures.pattern_graph import BEGINNING, END, Label, Node, PatternGraph

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


class _Thread(NamedTuple):
    """A pattern half read: where it began, what was misheard in it so far, how many words of it were heard."""

    start: int
    cost: float
    words: int


class Patterns:
    """Finds the patterns of ``graph``, which is complete. No gap passes over one of the ``barriers`` ("not")."""

    def __init__(self, graph: PatternGraph, barriers: Set[str]) -> None:
        self._nodes = graph.nodes
        self._barriers = barriers
        self._silent = [_silent_ways(graph.nodes, node) for node in range(len(graph.nodes))]
        self._ends = {place: node.pattern for place, node in enumerate(graph.nodes) if node.pattern is not None}
        self._needs = Needs(graph.nodes)
        first = self._ways_in(beginning=False)[0]
        self._first = {label: (nodes, self._needed_by_all(nodes)) for label, nodes in first.items()}
        self._first_of_all, self._gaps_of_all = self._ways_in(beginning=True)

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
                self._close(here)
                if place == len(words):
                    self._pass_by(END, here)
                for node in here.keys() & self._ends.keys():
                    thread, pattern = here[node], self._ends[node]
                    if thread.cost == 0 or thread.words >= LEAST_WORDS_MISHEARD:
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
        first, reach = self._first, threads.reach
        for label, length, cost in row:
            if label in first:
                nodes, need = first[label]
                if not need or need & reach[place + length]:
                    threads.enter(place + length, nodes, place, cost, 1)

    def _needed_by_all(self, nodes: Sequence[int]) -> Needed:
        """Where none of it comes, none of ``nodes`` can be gone on from; NOTHING where one of them can anyway."""
        together = NOTHING
        for node in nodes:
            if not self._needs.of[node]:
                return NOTHING
            together |= self._needs.of[node]
        return together

    def _ways_in(self, *, beginning: bool) -> tuple[Mapping[Label, tuple[int, ...]], tuple[int, ...]]:
        """Where each first word of a pattern leads, and where a gap before it does."""
        active = {0: _Thread(0, 0.0, 0)}
        self._close(active)
        if beginning:
            self._pass_by(BEGINNING, active)
        ways: dict[Label, tuple[int, ...]] = {}
        gaps: list[int] = []
        for node in active:
            at = self._nodes[node]
            gaps += [] if at.anything is None else [at.anything]
            for label, ends in at.on.items():
                ways[label] = (*ways.get(label, ()), *ends)
        return ways, tuple(gaps)

    def _close(self, active: dict[int, _Thread]) -> None:
        """Go wherever no word is needed, past optional parts."""
        for node, thread in list(active.items()):
            for after in self._silent[node]:
                known = active.get(after)
                if known is None or _is_better(thread.cost, thread.start, known):
                    active[after] = thread

    def _pass_by(self, mark: Label, active: dict[int, _Thread]) -> None:
        """Go past the beginning or the end of the utterance, and on from there."""
        for node, thread in list(active.items()):
            for after in self._nodes[node].on.get(mark, ()):
                for onward in (after, *self._silent[after]):
                    known = active.get(onward)
                    if known is None or _is_better(thread.cost, thread.start, known):
                        active[onward] = thread


def _silent_ways(nodes: Sequence[Node], begin: int) -> tuple[int, ...]:
    """All nodes to which no word leads from ``begin``."""
    found: dict[int, None] = {}
    waiting = list(nodes[begin].free)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting += nodes[node].free
    return tuple(found)


class _Threads:
    """The patterns half read ``at`` each place, by node: of each node the cheapest, and of equals the shortest."""

    def __init__(self, needs: Sequence[Needed], reach: Sequence[Needed]) -> None:
        self.at: list[dict[int, _Thread]] = [{} for _ in reach]
        self._needs = needs
        self.reach = reach

    def enter(self, place: int, nodes: Sequence[int], start: int, cost: float, words: int) -> None:
        """Go on at ``nodes``, but for those from which what must still be heard does not come: most of them."""
        needs, coming, at = self._needs, self.reach[place], self.at[place]
        for node in nodes:
            need = needs[node]
            if not need or need & coming:
                known = at.get(node)
                if known is None or _is_better(cost, start, known):
                    at[node] = _Thread(start, cost, words)


def _is_better(cost: float, start: int, known: _Thread) -> bool:
    return cost < known.cost or (cost == known.cost and start > known.start)
