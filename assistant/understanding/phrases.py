"""Every sentence that can be meant, indexed so that the few near an utterance are found among many thousands.

Phrases that differ only in little words share a bag of content words. Finding is in two steps: a weighted overlap of
words, where words that sound alike count in part, is computed for every bag at once; the phrases of the best bags are
then compared sound by sound. Only the last few are aligned (alignment.py).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from assistant.understanding.phrase_table import Phrase, PhraseTable, Rows, Sense, matrix
from assistant.understanding.sounds import Sounds
from assistant.understanding.weights import Weights

NEAR_WORD = 0.5  # words less alike than this are not looked for in each other's place
SAME_WORD = 0.9  # little words stand for content words only when they sound the same ("for", "four")
NEAR_WORDS = 8
UTTERANCES = 6  # of all hypotheses, with and without what stands around them, the most promising
BAGS = 24
PER_SENSE = 3
SENSES = 4
_LEAST_ESTIMATE = 0.3
_FAR_BEHIND = 0.35  # this much below the best: not looked at again
_CACHE_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """``phrase`` may be what utterance number ``heard`` means; ``rank`` is a first estimate, higher is better."""

    heard: int
    phrase: Phrase
    rank: float


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A candidate as the row of its phrase."""

    heard: int
    row: int
    rank: float


@dataclass(frozen=True, slots=True, eq=False)
class _Bags:
    """The content words of phrases, each set of them once for each sense.

    ``rows[starts[n]:starts[n + 1]]`` are the phrases of bag n, ``sense`` and ``strict`` (whether any of them is) have
    shape (bags,), and so has ``totals``, what their words weigh. ``places`` is for each word the bags that hold it.
    """

    rows: Rows
    starts: Rows
    sense: Rows
    strict: NDArray[np.bool_]
    totals: NDArray[np.float32]
    places: dict[str, NDArray[np.int32]]


def _bags(table: PhraseTable, weights: Weights) -> _Bags:
    columns = table.columns
    lengths = np.diff(columns.starts).astype(np.intp)
    numbers = columns.numbers.astype(np.intp) + 1
    content = np.array([False, *map(weights.is_content, columns.words)])
    rows = matrix(numbers, lengths)
    # A phrase of little words only ("go on") is found by them; any other by its content words.
    told = content[rows]
    told[~told.any(axis=1)] = True
    words = _sets(np.where(told, rows, 0))
    # Sorted by sense and words, so that the order of files decides nothing.
    keys = np.concatenate((columns.sense[:, None], words), axis=1).astype(">u2")
    _, first, bag_of = np.unique(keys.view(f"S{2 * keys.shape[1]}").reshape(-1), return_index=True, return_inverse=True)
    bag_of = bag_of.reshape(-1)
    held = words[first]
    weight = np.array([0.0, *map(weights.weight, columns.words)])
    strict = np.zeros(len(first), bool)
    strict[bag_of[columns.strict]] = True
    bag, place = np.nonzero(held)
    word = held[bag, place]
    bags = bag[np.argsort(word, kind="stable")].astype(np.int32)
    ends = np.cumsum(np.bincount(word, minlength=len(columns.words) + 1))
    return _Bags(
        np.argsort(bag_of, kind="stable"),
        np.concatenate(([0], np.cumsum(np.bincount(bag_of, minlength=len(first))))),
        columns.sense[first].astype(np.intp),
        strict,
        weight[held].sum(axis=1).astype(np.float32),
        {
            name: bags[ends[number] : ends[number + 1]]
            for number, name in enumerate(columns.words)
            if ends[number] < ends[number + 1]
        },
    )


def _sets(words: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Each row's words once and in order, filled up with zeros."""
    last = np.iinfo(np.uint16).max
    ordered = np.sort(np.where(words == 0, last, words), axis=1)
    ordered[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = last
    ordered.sort(axis=1)
    return np.where(ordered == last, 0, ordered).astype(np.uint16)


class PhraseBook:
    """Phrases of several senses, searchable by words and sounds; none of them open (open_phrases.py)."""

    def __init__(self, phrases: PhraseTable, weights: Weights, sounds: Sounds) -> None:
        self.phrases = phrases
        self.senses = phrases.columns.senses
        self._weights = weights
        self._sounds = sounds
        self._bags = _bags(phrases, weights)
        self._vocabulary = sorted(self._bags.places)
        self._vocabulary_codes = [sounds.code(word) for word in self._vocabulary]
        self._word_codes = [sounds.code(word) for word in phrases.columns.words]
        self._near_words: dict[str, tuple[tuple[str, float], ...]] = {}

    def exact(self, words: tuple[str, ...]) -> Sequence[Phrase]:
        """The phrases that are exactly these words."""
        return [self.phrases.phrase(row) for row in self.phrases.exact(words)]

    def candidates(
        self, heard: Sequence[tuple[str, ...]], handicaps: Sequence[float], allowed: Set[Sense], strict: bool
    ) -> list[Candidate]:
        """The phrases worth aligning with the utterances in ``heard``, of the ``allowed`` senses.

        ``handicaps`` are taken off each utterance's rank. At most SENSES senses, PER_SENSE phrases of each.
        """
        if not len(self.phrases) or not heard:
            return []
        mask = np.array([sense in allowed for sense in self.senses], dtype=bool)[self._bags.sense]
        if strict:
            mask &= self._bags.strict
        if not mask.any():
            return []
        estimates = self._estimates(heard) * mask
        best = estimates.max(axis=1) - np.array(handicaps, dtype=np.float32)
        promising = [n for n in np.argsort(-best, kind="stable")[:UTTERANCES] if best[n] >= best.max() - _FAR_BEHIND]
        found: list[_Ranked] = []
        for number in promising:
            found += self._shortlist(int(number), heard[number], handicaps[number], estimates[number], strict)
        best_ones = _best_of_each_sense(found, self.phrases.columns.sense)
        return [Candidate(one.heard, self.phrases.phrase(one.row), one.rank) for one in best_ones]

    def _shortlist(
        self, number: int, words: tuple[str, ...], handicap: float, estimate: NDArray[np.float32], strict: bool
    ) -> list[_Ranked]:
        bags = np.flatnonzero(estimate >= max(_LEAST_ESTIMATE, float(estimate.max()) - _FAR_BEHIND))
        if len(bags) > BAGS:
            bags = bags[np.argsort(-estimate[bags], kind="stable")[:BAGS]]
        starts = self._bags.starts
        rows = np.concatenate([self._bags.rows[starts[bag] : starts[bag + 1]] for bag in bags] or [bags])
        shares = np.repeat(estimate[bags], starts[bags + 1] - starts[bags])
        if strict:
            counts = self.phrases.columns.strict[rows]
            rows, shares = rows[counts], shares[counts]
        if not len(rows):
            return []
        codes = [self._code(row) for row in rows.tolist()]
        sought = "".join(map(self._sounds.code, words))
        alike = process.cdist([sought], codes, scorer=Indel.normalized_similarity, dtype=np.float32)[0]
        ranks = 0.5 * shares.astype(np.float64) + 0.5 * alike
        near = np.flatnonzero(ranks >= np.maximum.accumulate(ranks) - _FAR_BEHIND)
        return [_Ranked(number, int(rows[place]), float(ranks[place]) - handicap) for place in near]

    def _estimates(self, heard: Sequence[tuple[str, ...]]) -> NDArray[np.float32]:
        """Shape (utterances, bags): the share of the heavier one's weight that is found in the other, 0..1."""
        words = list(dict.fromkeys(word for utterance in heard for word in utterance))
        rows = np.zeros((len(words), len(self._bags.totals)), dtype=np.float32)
        for row, word in zip(rows, words, strict=True):
            for near, alike in self._near(word):
                row[self._bags.places[near]] += alike * self._weights.weight(near)
        row_of = {word: number for number, word in enumerate(words)}
        holds = np.zeros((len(heard), len(words)), dtype=np.float32)
        said = np.zeros((len(heard), 1), dtype=np.float32)
        for number, utterance in enumerate(heard):
            for word in set(utterance):
                holds[number, row_of[word]] = 1.0
                if self._weights.is_content(word):
                    said[number] += self._weights.weight(word)
        estimates: NDArray[np.float32] = np.minimum((holds @ rows) / np.maximum(self._bags.totals, said), 1.0)
        return estimates

    def _code(self, row: int) -> str:
        columns = self.phrases.columns
        words = columns.numbers[columns.starts[row] : columns.starts[row + 1]].tolist()
        return "".join([self._word_codes[word] for word in words])

    def _near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Words of the phrases that ``word`` may stand for, each with how much it counts, 0..1."""
        known = self._near_words.get(word)
        if known is None:
            if len(self._near_words) > _CACHE_LIMIT:
                self._near_words.clear()
            least = NEAR_WORD if self._weights.is_content(word) else SAME_WORD
            alike = process.cdist(
                [self._sounds.code(word)],
                self._vocabulary_codes,
                scorer=Levenshtein.normalized_similarity,
                dtype=np.float32,
                score_cutoff=least,
            )[0]
            near = [
                (self._vocabulary[place], 1.0 - self._sounds.distance(word, self._vocabulary[place]))
                for place in np.flatnonzero(alike)
            ]
            known = tuple(sorted(near, key=lambda pair: (-pair[1], pair[0]))[:NEAR_WORDS])
            self._near_words[word] = known
        return known


def _best_of_each_sense(found: list[_Ranked], sense_of: NDArray[np.uint16]) -> list[_Ranked]:
    found.sort(key=attrgetter("rank"), reverse=True)  # stable: equal ranks stay in the order of senses and words
    kept: dict[int, list[_Ranked]] = {}
    for candidate in found:
        if candidate.rank < found[0].rank - _FAR_BEHIND:
            break
        sense = int(sense_of[candidate.row])
        of_sense = kept.get(sense)
        if of_sense is None:
            if len(kept) < SENSES:
                kept[sense] = [candidate]
        elif len(of_sense) < PER_SENSE:
            of_sense.append(candidate)
    return [candidate for of_sense in kept.values() for candidate in of_sense]
