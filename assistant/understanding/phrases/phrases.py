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

from assistant.understanding.phrases.bags import Bags
from assistant.understanding.phrases.table import Phrase, PhraseTable, Sense
from assistant.understanding.words.sounds import Sounds
from assistant.understanding.words.weights import Weights

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


class PhraseBook:
    """Phrases of several senses, searchable by words and sounds; none of them open (open_phrases.py)."""

    def __init__(self, phrases: PhraseTable, bags: Bags, weights: Weights, sounds: Sounds) -> None:
        words = phrases.columns.words
        self.phrases = phrases
        self.senses = phrases.columns.senses
        self._weights = weights
        self._sounds = sounds
        self._bags = bags
        self._totals = bags.totals(np.array([weights.weight(word) for word in words], dtype=np.float32))
        self._codes = [sounds.code(word) for word in words]
        # Words that stand in no bag, because others tell their phrases better, are found by no word.
        self._findable = [number for number in range(len(words)) if len(bags.with_word(number))]
        self._findable_codes = [self._codes[number] for number in self._findable]
        self._near_words: dict[str, tuple[tuple[int, float], ...]] = {}

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
        if not len(bags):
            return []
        starts = self._bags.starts
        rows = np.concatenate([self._bags.rows[starts[bag] : starts[bag + 1]] for bag in bags])
        shares = np.repeat(estimate[bags], np.diff(starts)[bags])
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
        estimates = np.empty((len(heard), len(self._totals)), dtype=np.float32)
        for row, utterance in zip(estimates, heard, strict=True):
            # In the order of the words, so that sums are the same to the last digit.
            words = dict.fromkeys(utterance)
            near = [pair for word in words for pair in self._near(word)]
            bags = [self._bags.with_word(number) for number, _ in near]
            shares = np.repeat([weight for _, weight in near], list(map(len, bags)))
            found = np.bincount(np.concatenate(bags), shares, len(row)) if bags else 0.0
            said = sum(self._weights.weight(word) for word in words if self._weights.is_content(word))
            np.minimum(found / np.maximum(self._totals, said), 1.0, out=row, casting="same_kind")
        return estimates

    def _code(self, row: int) -> str:
        columns = self.phrases.columns
        words = columns.numbers[columns.starts[row] : columns.starts[row + 1]].tolist()
        return "".join([self._codes[word] for word in words])

    def _near(self, word: str) -> tuple[tuple[int, float], ...]:
        """Words of the phrases (their numbers) that ``word`` may stand for, each with how much it counts."""
        known = self._near_words.get(word)
        if known is None:
            if len(self._near_words) > _CACHE_LIMIT:
                self._near_words.clear()
            least = NEAR_WORD if self._weights.is_content(word) else SAME_WORD
            alike = process.cdist(
                [self._sounds.code(word)],
                self._findable_codes,
                scorer=Levenshtein.normalized_similarity,
                dtype=np.float32,
                score_cutoff=least,
            )[0]
            words = self.phrases.columns.words
            near = [self._findable[place] for place in np.flatnonzero(alike).tolist()]
            apart = {number: self._sounds.distance(word, words[number]) for number in near}
            near = sorted(near, key=lambda number: (apart[number], number))[:NEAR_WORDS]
            known = tuple((number, (1.0 - apart[number]) * self._weights.weight(words[number])) for number in near)
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
