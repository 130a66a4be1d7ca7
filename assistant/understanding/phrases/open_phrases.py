"""Sentences with an open place ("remind us to ..."), where any words may stand: Home Assistant's wildcard lists.

Such a sentence cannot be opened out, and weighing it as a whole would make whatever stands in the open place count
against it. So its fixed words are followed one by one through a tree that all open sentences share; an open place
takes one word or more.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np

from assistant.understanding.phrases.table import Phrase, PhraseTable, Sense, matrix
from assistant.understanding.templates.templates import OPEN
from assistant.understanding.words.shells import Runs
from assistant.understanding.words.weights import Weights

MOST_LOST = 0.7  # of the fixed words: one that was misheard, or two little ones too many
NEAR_ENOUGH = 0.34  # words this alike by sound may be taken for each other
LOST_PER_PLACE = 0.02  # so that a sentence without an open place goes first
LOST_PER_TAKEN = 0.001  # and the one that leaves least open
MOST_FOUND = 40

Distance = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Found:
    """An open phrase with the words that stood in its open places (in order), and its score 0..1."""

    phrase: Phrase
    taken: tuple[tuple[str, ...], ...]
    score: float


class _Tree:
    """What open sentences begin with, once for all that begin so; node 0 is the beginning of all.

    Node n is reached by ``words[n]``; nodes after the same one stand together, in the order of the alphabet.
    """

    def __init__(self, phrases: PhraseTable) -> None:
        columns = phrases.columns
        lengths = np.diff(columns.starts).astype(np.intp)
        rows = matrix(columns.numbers.astype(np.intp) + 1, lengths)
        self.words = [""]
        self._next = array("I", [1])
        node_of = np.zeros(len(lengths), np.intp)
        # Rows are sorted, so those that begin alike stand together, the shortest before those that go on.
        begins_anew = np.arange(len(lengths)) == 0
        level = range(1)
        for depth in range(rows.shape[1]):
            begins_anew[1:] |= rows[1:, depth] != rows[:-1, depth]
            longer = lengths > depth
            new = np.flatnonzero(begins_anew & longer)
            counts = np.bincount(node_of[new] - level.start, minlength=len(level))
            self._next.extend((level.stop + np.cumsum(counts)).tolist())
            node_of[longer] = level.stop - 1 + np.cumsum(begins_anew[longer])
            self.words += [columns.words[number - 1] for number in rows[new, depth].tolist()]
            level = range(level.stop, len(self.words))
        self._next.extend([len(self.words)] * len(level))
        self._rows = array("I", np.argsort(node_of, kind="stable").astype(np.uint32).tobytes())
        ends = np.cumsum(np.bincount(node_of, minlength=len(self.words)))
        self._ends = array("I", np.concatenate(([0], ends)).astype(np.uint32).tobytes())

    def ends(self, node: int) -> Sequence[int]:
        """The rows of the table that are complete here."""
        return self._rows[self._ends[node] : self._ends[node + 1]]

    def after(self, node: int) -> range:
        return range(self._next[node], self._next[node + 1])

    def goes_on_with(self, node: int, word: str) -> bool:
        after = self.after(node)
        place = bisect_left(self.words, word, after.start, after.stop)
        return place < after.stop and self.words[place] == word


@dataclass(frozen=True, slots=True)
class _Way:
    node: int
    place: int
    lost: float
    fixed: float
    taken: tuple[tuple[str, ...], ...]


class OpenPhrases:
    """All open sentences of a table; looking one up costs little, however many there are."""

    def __init__(self, phrases: PhraseTable, weights: Weights, distance: Distance, polite: Runs) -> None:
        self._phrases = phrases
        self._weights = weights
        self._distance = distance
        self._polite = polite
        self._tree = _Tree(phrases)

    def find(self, words: Sequence[str], allowed: Set[Sense], strict: bool) -> list[Found]:
        """The open phrases of the ``allowed`` senses that ``words`` as a whole may be, in no order."""
        found: list[Found] = []
        waiting = [_Way(0, 0, 0.0, 0.0, ())]
        while waiting and len(found) < MOST_FOUND:
            way = waiting.pop()
            if way.place == len(words):
                found += [
                    Found(phrase, way.taken, self._score(way))
                    for phrase in map(self._phrases.phrase, self._tree.ends(way.node))
                    if phrase.sense in allowed and (phrase.strict or not strict)
                ]
            else:
                waiting += self._steps(way, words)
        return found

    def _steps(self, way: _Way, words: Sequence[str]) -> Iterator[_Way]:
        heard = words[way.place]
        weight = self._weights.weight(heard)
        if not self._weights.tells(heard) and way.place and way.lost + weight <= MOST_LOST:
            yield _Way(way.node, way.place + 1, way.lost + weight, way.fixed, way.taken)
        for node in self._tree.after(way.node):
            meant = self._tree.words[node]
            if meant == OPEN:
                yield from self._open(way, node, words)
            elif meant == heard:
                yield _Way(node, way.place + 1, way.lost, way.fixed + weight, way.taken)
            elif self._weights.tells(meant) and (apart := self._distance(heard, meant)) <= NEAR_ENOUGH:
                weight = self._weights.weight(meant)
                if way.lost + apart * weight <= MOST_LOST:
                    yield _Way(node, way.place + 1, way.lost + apart * weight, way.fixed + weight, way.taken)

    def _open(self, way: _Way, node: int, words: Sequence[str]) -> Iterator[_Way]:
        if self._tree.ends(node):
            end = len(words)
            while (courtesy := self._polite.before(words, end)) and end - courtesy > way.place:
                end -= courtesy
            yield _Way(node, len(words), way.lost, way.fixed, (*way.taken, tuple(words[way.place : end])))
        for end in range(way.place + 1, len(words)):
            if self._tree.goes_on_with(node, words[end]):
                yield _Way(node, end, way.lost, way.fixed, (*way.taken, tuple(words[way.place : end])))

    def _score(self, way: _Way) -> float:
        taken = sum(map(len, way.taken))
        return max(0.0, 1.0 - way.lost / max(way.fixed, 1.0) - LOST_PER_PLACE - LOST_PER_TAKEN * taken)
