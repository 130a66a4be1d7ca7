"""The sentences of a word graph that are nearest to what was heard, found without listing any.

Viterbi's search (1967): for each node and each beginning of the utterance, the least that it costs to have come there,
all nodes at once. The costs are those of alignment.py: a word left out or added costs its weight, a word that sounds
alike a share of it, two words heard for one likewise; the value of a slot by how far its sounds are apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.understanding.home_sentences.spoken_values import Said, SpokenValues, nearest
from assistant.understanding.templates.pieces import Label, SlotArc
from assistant.understanding.templates.word_graph import WordGraph
from assistant.understanding.words.alignment import UNLIKE
from assistant.understanding.words.sounds import Sounds
from assistant.understanding.words.weights import LIGHT

MISHEARD = 0.06  # that a word was another, besides how they sound
MERGE_LIMIT = 0.25  # two words for one only when they nearly sound the same
MERGED = 0.3  # that two words were one, besides how they sound
AGAIN = 0.05  # a word more, when it is the one before it: people stammer, and recognisers hear twice
LONGEST_DROP = 8  # words in a row that may be missing
MOST_COST = 0.55  # of the weight of all that was heard, that a way may cost
# What it costs to take a word for one of a free slot; a number rather stands for itself.
FREE_WORD, FREE_LITTLE_WORD, FREE_NUMBER_WORD = 0.35, 0.1, 0.5
FREE_LITTLE_END = 0.35  # more, where it ends with a little word: "a dozen eggs to" is rather "a dozen eggs", and "to"
# Of ways that cost the same, the one with fewer words and values wins, and a value before a word.
PER_WORD, PER_VALUE = 1e-4, 0.9e-4
TELLING = 1.0
WEIGHT_PER_SOUND = 0.1  # at most: "hot" heard as "got" is likelier than one word more and one less
NEVER = 1e6  # and more: cannot be reached
_CACHE_LIMIT = 20_000

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Weight = Callable[[str], float]
Distance = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    ``costs``, shape (words + 1, nodes), is the least that it costs to have come to a node over so many words; NEVER and
    more where there is no way. ``added`` is what each word costs where the sentence has none. ``said`` are the values
    found, by where they end and their kind.
    """

    words: tuple[str, ...]
    added: tuple[float, ...]
    costs: Floats
    said: Mapping[tuple[int, int], list[Said]]


class GraphSearch:
    """Searches one graph. ``weight`` and ``distance`` (0..1) must be pure.

    Words of ``telling`` arcs (node, word) weigh at least TELLING, because another word there means something else.
    ``contracted`` has for two words the one that they may have been heard as ("weren't"): that was one word, misheard.
    """

    def __init__(
        self,
        graph: WordGraph,
        values: SpokenValues,
        sounds: Sounds,
        weight: Weight,
        distance: Distance,
        telling: Set[tuple[int, str]],
        contracted: Mapping[tuple[str, ...], str],
    ) -> None:
        self._values = values
        self._sounds = sounds
        self._weight = weight
        self._distance = distance
        self._contracted = contracted
        self._nodes = len(graph.arcs)
        self._into: list[list[tuple[int, Label, float]]] = [[] for _ in range(self._nodes)]
        of_word: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
        of_kind: dict[int, list[tuple[int, int]]] = defaultdict(list)
        free: list[tuple[int, int]] = []
        for node, row in enumerate(graph.arcs):
            for label, target in row.items():
                heavy = 0.0
                if isinstance(label, str):
                    heavy = max(weight(label), TELLING if (node, label) in telling else 0.0)
                self._into[target].append((node, label, heavy))
                if isinstance(label, str):
                    of_word[label].append((node, target, heavy))
                elif label in values.free:
                    free.append((node, target))
                elif isinstance(label, SlotArc):
                    of_kind[values.kinds[label]].append((node, target))
        self._vocabulary = sorted(of_word)
        self._codes = [sounds.weighed(word) for word in self._vocabulary]
        self._stems = [sounds.stem(word) for word in self._vocabulary]
        self._of_word = {word: _columns(arcs) for word, arcs in of_word.items()}
        self._of_kind = {
            kind: (np.array([a for a, _ in arcs], np.intp), np.array([b for _, b in arcs], np.intp))
            for kind, arcs in of_kind.items()
        }
        self._free_from = np.array([source for source, _ in free], np.intp)
        self._free_to = np.array([target for _, target in free], np.intp)
        # Of words that lead the same way, the one that is missed least.
        lightest: dict[tuple[int, int], float] = {}
        for arcs in of_word.values():
            for node, target, heavy in arcs:
                lightest[node, target] = min(heavy, lightest.get((node, target), heavy))
        self._dropped = _columns([(node, target, heavy) for (node, target), heavy in sorted(lightest.items())])
        self._near_words: dict[tuple[str, ...], _Arcs] = {}

    @property
    def words(self) -> frozenset[str]:
        """All words of the graph itself, without those of values."""
        return frozenset(self._vocabulary)

    def search(self, words: Sequence[str], skipped: Sequence[bool]) -> Found:
        """The costs of all nodes for ``words``; a word that is ``skipped`` may be left out for nothing."""
        said = nearest(self._values.find(words))
        ending: dict[int, list[tuple[int, list[Said]]]] = defaultdict(list)
        for (end, kind), ones in said.items():
            if kind in self._of_kind:
                ending[end].append((kind, ones))
        added = self._added(words, skipped)
        most = MOST_COST * (sum(added) + PER_WORD * len(words) + 1.0)
        costs = np.full((len(words) + 1, self._nodes), NEVER)
        free = np.full((len(words) + 1, len(self._free_from)), NEVER)
        costs[0, 0] = 0.0
        self._drop(costs[0], most)
        for end, word in enumerate(words, start=1):
            before, here = costs[end - 1], costs[end]
            here[:] = before + added[end - 1] + PER_WORD
            self._take(here, before, self.near((word,)))
            if end > 1:
                self._take(here, costs[end - 2], self.near((words[end - 2], word)))
            for kind, ones in ending[end]:
                sources, targets = self._of_kind[kind]
                for one in ones:
                    np.minimum.at(here, targets, costs[one.start, sources] + one.cost + PER_VALUE)
            if len(self._free_from):
                free[end] = np.minimum(free[end - 1], before[self._free_from]) + self.free_cost(word)
                np.minimum.at(here, self._free_to, free[end] + self.free_end_cost(word))
            self._drop(here, most)
        return Found(tuple(words), added, costs, said)

    def _added(self, words: Sequence[str], skipped: Sequence[bool]) -> tuple[float, ...]:
        weights = [0.0 if skip else self._weight(word) for word, skip in zip(words, skipped, strict=True)]
        again = [place > 0 and word == words[place - 1] for place, word in enumerate(words)]
        return tuple(min(weight, AGAIN) if same else weight for weight, same in zip(weights, again, strict=True))

    def _drop(self, here: Floats, most: float) -> None:
        """Words of the graph that were not heard. Nodes that cost more than ``most`` are given up."""
        sources, targets, weights = self._dropped
        here[here > most] = NEVER
        for _ in range(LONGEST_DROP):
            known = here.copy()
            ways = known[sources] + weights
            np.minimum.at(here, targets, np.where(ways <= most, ways + PER_WORD, NEVER))
            if np.array_equal(known, here):
                return

    def _take(self, here: Floats, before: Floats, arcs: _Arcs) -> None:
        np.minimum.at(here, arcs.targets, before[arcs.sources] + arcs.costs)

    def word_cost(self, count: int, apart: float, weight: Any) -> Any:
        """What it costs to take ``count`` words for one of ``weight`` (a number, or many)."""
        return apart * weight + (MERGED if count > 1 else MISHEARD if apart else 0.0)

    def rank_cost(self, heard: tuple[str, ...], word: str, apart: float, weight: Any) -> Any:
        """The same, to choose between sentences: a short word is misheard by fewer sounds than a long one."""
        together, count = self.as_heard(heard)
        sounds = max(len(self._sounds.weighed(together)), len(self._sounds.weighed(word)))
        return self.word_cost(count, apart, np.minimum(weight, WEIGHT_PER_SOUND * sounds))

    def as_heard(self, heard: tuple[str, ...]) -> tuple[str, int]:
        """The words as one, and how many they were."""
        one = self._contracted.get(heard)
        return ("".join(heard), len(heard)) if one is None else (one, 1)

    def free_cost(self, word: str) -> float:
        """What it costs to take a word for one of a free slot."""
        if self._weight(word) <= LIGHT:
            return FREE_LITTLE_WORD
        return FREE_NUMBER_WORD if word in self._values.number_words else FREE_WORD

    def free_end_cost(self, word: str) -> float:
        """What it costs more when a free slot ends with ``word``."""
        return FREE_LITTLE_END if self._weight(word) <= LIGHT else 0.0

    def value_weight(self, one: Said) -> float:
        return sum(map(self._weight, one.words))

    def near(self, heard: tuple[str, ...]) -> _Arcs:
        """The arcs that ``heard`` (a word, or two that were one) may stand for."""
        known = self._near_words.get(heard)
        if known is None:
            if len(self._near_words) > _CACHE_LIMIT:
                self._near_words.clear()
            known = self._near_words[heard] = self._find_near(heard)
        return known

    def _find_near(self, heard: tuple[str, ...]) -> _Arcs:
        together, count = self.as_heard(heard)
        most = UNLIKE if count == 1 else MERGE_LIMIT
        code = self._sounds.weighed(together)
        apart = process.cdist([code], self._codes, scorer=Levenshtein.normalized_distance, dtype=np.float32)[0]
        if count == 2:
            likely = np.flatnonzero(apart <= most)
        else:
            # Forms of one word count as near however they sound; so do words written alike.
            stem = self._sounds.stem(together)
            likely = np.flatnonzero((apart < most) | np.array([stem == other for other in self._stems]))
        parts: list[tuple[Places, Places, Floats]] = []
        distances: dict[str, float] = {}
        for place in likely.tolist():
            word = self._vocabulary[place]
            distance = self._distance(together, word)
            if distance < most:
                sources, targets, weights = self._of_word[word]
                distances[word] = distance
                parts.append((sources, targets, self.rank_cost(heard, word, distance, weights) + PER_WORD))
        if not parts:
            nothing = np.empty(0, np.intp)
            return _Arcs(nothing, nothing, np.empty(0), distances)
        return _Arcs(
            np.concatenate([sources for sources, _, _ in parts]),
            np.concatenate([targets for _, targets, _ in parts]),
            np.concatenate([costs for _, _, costs in parts]),
            distances,
        )

    def into(self, node: int) -> Sequence[tuple[int, Label, float]]:
        return self._into[node]

    def weight(self, word: str) -> float:
        return self._weight(word)

    def is_free(self, slot: SlotArc) -> bool:
        return slot in self._values.free

    def kind(self, slot: SlotArc) -> int:
        """The kind of a slot's values; -1 for a free one."""
        return self._values.kinds.get(slot, -1)


def _columns(arcs: Sequence[tuple[int, int, float]]) -> tuple[Places, Places, Floats]:
    return (
        np.array([source for source, _, _ in arcs], np.intp),
        np.array([target for _, target, _ in arcs], np.intp),
        np.array([weight for _, _, weight in arcs]),
    )


@dataclass(frozen=True, slots=True)
class _Arcs:
    sources: Places
    targets: Places
    costs: Floats
    apart: Mapping[str, float]
