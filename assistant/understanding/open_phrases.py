"""Sentences with an open place ("remind us to ..."), where any words may stand: Home Assistant's wildcard lists.

Such a sentence cannot be opened out, and weighing it as a whole would make whatever stands in the open place count
against it. So its fixed words are followed one by one through a tree that all open sentences share; an open place
takes one word or more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from assistant.understanding.phrases import Phrase, Sense
from assistant.understanding.shells import Runs
from assistant.understanding.templates import OPEN
from assistant.understanding.weights import Weights

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


@dataclass(slots=True)
class _Node:
    after: dict[str, _Node] = field(default_factory=dict)
    ends: list[Phrase] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Way:
    node: _Node
    place: int
    lost: float
    fixed: float
    taken: tuple[tuple[str, ...], ...]


class OpenPhrases:
    """All open sentences of a phrase book; looking one up costs little, however many there are."""

    def __init__(self, phrases: Iterable[Phrase], weights: Weights, distance: Distance, polite: Runs) -> None:
        self._weights = weights
        self._distance = distance
        self._polite = polite
        self._root = _Node()
        for phrase in sorted(phrases, key=lambda phrase: (phrase.words, phrase.sense, phrase.template)):
            node = self._root
            for word in phrase.words:
                node = node.after.setdefault(word, _Node())
            node.ends.append(phrase)

    def find(self, words: Sequence[str], allowed: Set[Sense], strict: bool) -> list[Found]:
        """The open phrases of the ``allowed`` senses that ``words`` as a whole may be, in no order."""
        found: list[Found] = []
        waiting = [_Way(self._root, 0, 0.0, 0.0, ())]
        while waiting and len(found) < MOST_FOUND:
            way = waiting.pop()
            if way.place == len(words):
                found += [
                    Found(phrase, way.taken, self._score(way))
                    for phrase in way.node.ends
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
        for meant, node in way.node.after.items():
            if meant == OPEN:
                yield from self._open(way, node, words)
            elif meant == heard:
                yield _Way(node, way.place + 1, way.lost, way.fixed + weight, way.taken)
            elif self._weights.tells(meant) and (apart := self._distance(heard, meant)) <= NEAR_ENOUGH:
                weight = self._weights.weight(meant)
                if way.lost + apart * weight <= MOST_LOST:
                    yield _Way(node, way.place + 1, way.lost + apart * weight, way.fixed + weight, way.taken)

    def _open(self, way: _Way, node: _Node, words: Sequence[str]) -> Iterator[_Way]:
        if node.ends:
            end = len(words)
            while (courtesy := self._polite.before(words, end)) and end - courtesy > way.place:
                end -= courtesy
            yield _Way(node, len(words), way.lost, way.fixed, (*way.taken, tuple(words[way.place : end])))
        for end in range(way.place + 1, len(words)):
            if words[end] in node.after:
                yield _Way(node, end, way.lost, way.fixed, (*way.taken, tuple(words[way.place : end])))

    def _score(self, way: _Way) -> float:
        taken = sum(map(len, way.taken))
        return max(0.0, 1.0 - way.lost / max(way.fixed, 1.0) - LOST_PER_PLACE - LOST_PER_TAKEN * taken)
