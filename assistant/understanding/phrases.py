"""Every sentence that can be meant, indexed so that the few near an utterance are found among many thousands.

Finding is in two steps. A bag of words with weights, where words that sound alike count in part, gives an estimate for
every phrase at once; the best of these are then compared sound by sound. Only the last few are aligned (alignment.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from assistant.understanding.sounds import Sounds
from assistant.understanding.templates import Slots
from assistant.understanding.weights import Weights

SenseKind = Literal["intent", "choice", "yes_no", "number"]
Sense = tuple[SenseKind, str]

NEAR_WORD = 0.5  # words less alike than this are not looked for in each other's place
UTTERANCES = 6  # of all hypotheses, with and without what stands around them, the most promising
SHORTLIST = 48
PER_SENSE = 3
SENSES = 4
_LEAST_ESTIMATE = 0.3
_FAR_BEHIND = 0.35  # this much below the best: not looked at again
_NEAR_CACHE_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in full words and what it means. ``strict``: counts inside a free answer too."""

    words: tuple[str, ...]
    sense: Sense
    template: str
    strict: bool
    slots: Slots = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """``phrase`` may be what utterance number ``heard`` means; ``rank`` is a first estimate, higher is better."""

    heard: int
    phrase: Phrase
    rank: float


class PhraseBook:
    """Phrases of several senses, searchable by words and sounds."""

    def __init__(self, phrases: Iterable[Phrase], weights: Weights, sounds: Sounds) -> None:
        # A phrase that several templates give counts once, strict before loose; sorting makes the order of files moot.
        best: dict[tuple[Sense, tuple[str, ...]], Phrase] = {}
        for phrase in sorted(phrases, key=lambda p: (p.sense, not p.strict, p.template)):
            best.setdefault((phrase.sense, phrase.words), phrase)
        self.phrases = tuple(best.values())
        self._weights = weights
        self._sounds = sounds
        self._exact: dict[tuple[str, ...], list[Phrase]] = {}
        for phrase in self.phrases:
            self._exact.setdefault(phrase.words, []).append(phrase)
        self._codes = ["".join(map(sounds.code, phrase.words)) for phrase in self.phrases]
        self._strict = np.array([phrase.strict for phrase in self.phrases], dtype=bool)
        self._index_words()
        self._index_senses()

    def _index_words(self) -> None:
        weigh = self._weights.weight
        places: dict[str, list[int]] = {}
        totals = np.zeros(len(self.phrases), dtype=np.float32)
        for number, phrase in enumerate(self.phrases):
            words = set(phrase.words)
            # A phrase of light words only ("go on") is found by them; any other by its content words.
            content = {word for word in words if self._weights.is_content(word)} or words
            for word in content:
                places.setdefault(word, []).append(number)
                totals[number] += weigh(word)
        self._places = {word: np.array(numbers, dtype=np.int32) for word, numbers in places.items()}
        self._totals = totals
        self._vocabulary = list(places)
        self._vocabulary_codes = [self._sounds.code(word) for word in self._vocabulary]
        self._near_words: dict[str, tuple[tuple[str, float], ...]] = {}

    def _index_senses(self) -> None:
        self.senses: tuple[Sense, ...] = tuple(dict.fromkeys(phrase.sense for phrase in self.phrases))
        numbers = {sense: number for number, sense in enumerate(self.senses)}
        self._sense_of = np.array([numbers[phrase.sense] for phrase in self.phrases], dtype=np.int32)

    def exact(self, words: tuple[str, ...]) -> Sequence[Phrase]:
        """The phrases that are exactly these words."""
        return self._exact.get(words, ())

    def candidates(
        self, heard: Sequence[tuple[str, ...]], handicaps: Sequence[float], allowed: Set[Sense], strict: bool
    ) -> list[Candidate]:
        """The phrases worth aligning with the utterances in ``heard``, of the ``allowed`` senses.

        ``handicaps`` are taken off each utterance's rank. At most SENSES senses, PER_SENSE phrases of each.
        """
        if not self.phrases:
            return []
        open_senses = np.array([sense in allowed for sense in self.senses], dtype=bool)
        mask = open_senses[self._sense_of]
        if strict:
            mask &= self._strict
        estimates = self._estimates(heard) * mask
        best = estimates.max(axis=1) - np.array(handicaps, dtype=np.float32)
        promising = [n for n in np.argsort(-best, kind="stable")[:UTTERANCES] if best[n] >= best.max() - _FAR_BEHIND]
        found: list[Candidate] = []
        for number in promising:
            found += self._shortlist(int(number), heard[number], handicaps[number], estimates[number])
        return _best_of_each_sense(found)

    def _shortlist(
        self, number: int, words: tuple[str, ...], handicap: float, estimate: NDArray[np.float32]
    ) -> list[Candidate]:
        places = np.flatnonzero(estimate >= max(_LEAST_ESTIMATE, float(estimate.max()) - _FAR_BEHIND))
        if len(places) > SHORTLIST:
            places = places[np.argsort(-estimate[places], kind="stable")[:SHORTLIST]]
        if not len(places):
            return []
        code = "".join(map(self._sounds.code, words))
        alike = process.cdist(
            [code], [self._codes[place] for place in places], scorer=Indel.normalized_similarity, dtype=np.float32
        )[0]
        rank = 0.5 * estimate[places] + 0.5 * alike - handicap
        return [Candidate(number, self.phrases[place], float(rank[i])) for i, place in enumerate(places)]

    def _estimates(self, heard: Sequence[tuple[str, ...]]) -> NDArray[np.float32]:
        """Shape (utterances, phrases): the share of the heavier one's weight that is found in the other, 0..1."""
        words = list(dict.fromkeys(word for utterance in heard for word in utterance))
        rows = np.zeros((len(words), len(self.phrases)), dtype=np.float32)
        for row, word in zip(rows, words, strict=True):
            for near, alike in self._near(word):
                row[self._places[near]] += alike * self._weights.weight(near)
        row_of = {word: number for number, word in enumerate(words)}
        holds = np.zeros((len(heard), len(words)), dtype=np.float32)
        said = np.zeros((len(heard), 1), dtype=np.float32)
        for number, utterance in enumerate(heard):
            for word in set(utterance):
                holds[number, row_of[word]] = 1.0
                if self._weights.is_content(word):
                    said[number] += self._weights.weight(word)
        estimates: NDArray[np.float32] = np.minimum((holds @ rows) / np.maximum(self._totals, said), 1.0)
        return estimates

    def _near(self, word: str) -> tuple[tuple[str, float], ...]:
        known = self._near_words.get(word)
        if known is None:
            if len(self._near_words) > _NEAR_CACHE_LIMIT:
                self._near_words.clear()
            alike = process.cdist(
                [self._sounds.code(word)],
                self._vocabulary_codes,
                scorer=Levenshtein.normalized_similarity,
                dtype=np.float32,
                score_cutoff=NEAR_WORD,
            )[0]
            known = tuple(
                (self._vocabulary[place], 1.0 - self._sounds.distance(word, self._vocabulary[place]))
                for place in np.flatnonzero(alike)
            )
            self._near_words[word] = known
        return known


def _best_of_each_sense(found: list[Candidate]) -> list[Candidate]:
    found.sort(key=lambda c: (-c.rank, c.heard, c.phrase.sense, c.phrase.words))
    kept: dict[Sense, list[Candidate]] = {}
    for candidate in found:
        if candidate.rank < found[0].rank - _FAR_BEHIND:
            break
        of_sense = kept.get(candidate.phrase.sense)
        if of_sense is None:
            if len(kept) < SENSES:
                kept[candidate.phrase.sense] = [candidate]
        elif len(of_sense) < PER_SENSE:
            of_sense.append(candidate)
    return [candidate for of_sense in kept.values() for candidate in of_sense]


def as_mapping(slots: Slots) -> Mapping[str, Any]:
    """Slot values of a phrase as a plain mapping."""
    return dict(slots)
