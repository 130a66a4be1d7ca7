"""Every sentence that can be meant, indexed so that the few near an utterance are found among many thousands.

Phrases that differ only in little words share a bag of content words. Finding is in two steps: a weighted overlap of
words, where words that sound alike count in part, is computed for every bag at once; the phrases of the best bags are
then compared sound by sound. Only the last few are aligned (alignment.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from assistant.understanding.sounds import Sounds
from assistant.understanding.templates import OPEN, Slots
from assistant.understanding.weights import Weights

SenseKind = Literal["intent", "choice", "yes_no", "number"]
Sense = tuple[SenseKind, str]

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
class Phrase:
    """One sentence in full words and what it means. ``strict``: counts inside a free answer too.

    The word ``OPEN`` is a place where any words may stand; the slot whose value is ``OPEN`` takes them.
    """

    words: tuple[str, ...]
    sense: Sense
    template: str
    strict: bool
    slots: Slots = ()

    @property
    def is_open(self) -> bool:
        return OPEN in self.words

    def filled(self, taken: Sequence[tuple[str, ...]]) -> Phrase:
        """An open phrase with the words that were said in its open places, in their order."""
        said = [" ".join(words) for words in taken][::-1]
        return replace(self, slots=tuple((name, said.pop() if value == OPEN else value) for name, value in self.slots))


@dataclass(frozen=True, slots=True)
class Candidate:
    """``phrase`` may be what utterance number ``heard`` means; ``rank`` is a first estimate, higher is better."""

    heard: int
    phrase: Phrase
    rank: float


class PhraseBook:
    """Phrases of several senses, searchable by words and sounds; the open ones are kept apart (open_phrases.py)."""

    def __init__(self, phrases: Iterable[Phrase], weights: Weights, sounds: Sounds) -> None:
        self._weights = weights
        self._sounds = sounds
        self._exact = _without_doubles(phrases)
        every = [phrase for same in self._exact.values() for phrase in same]
        self.phrases = tuple(phrase for phrase in every if not phrase.is_open)
        self.open_phrases = tuple(phrase for phrase in every if phrase.is_open)
        self.senses: tuple[Sense, ...] = tuple(sorted({phrase.sense for phrase in self.phrases}))
        self._codes: dict[tuple[str, ...], str] = {}
        self._near_words: dict[str, tuple[tuple[str, float], ...]] = {}
        self._fill_bags()

    def _fill_bags(self) -> None:
        light = self._weights.light
        bags: dict[tuple[Sense, frozenset[str]], list[Phrase]] = {}
        for phrase in self.phrases:
            words = frozenset(phrase.words)
            # A phrase of little words only ("go on") is found by them; any other by its content words.
            bags.setdefault((phrase.sense, words - light or words), []).append(phrase)
        # Sorted, so that the order of files decides nothing.
        ordered = sorted(bags.items(), key=lambda bag: (bag[0][0], sorted(bag[0][1])))
        self._members = [sorted(members, key=lambda phrase: phrase.words) for _, members in ordered]
        numbers = {sense: number for number, sense in enumerate(self.senses)}
        self._sense_of = np.array([numbers[sense] for (sense, _), _ in ordered], dtype=np.int32)
        self._strict = np.array([any(phrase.strict for phrase in members) for members in self._members], dtype=bool)
        self._totals = np.array([sum(map(self._weights.weight, words)) for (_, words), _ in ordered], dtype=np.float32)
        places: dict[str, list[int]] = {}
        for number, ((_, words), _) in enumerate(ordered):
            for word in words:
                places.setdefault(word, []).append(number)
        self._vocabulary = sorted(places)
        self._places = {word: np.array(places[word], dtype=np.int32) for word in self._vocabulary}
        self._vocabulary_codes = [self._sounds.code(word) for word in self._vocabulary]

    def exact(self, words: tuple[str, ...]) -> Sequence[Phrase]:
        """The phrases that are exactly these words."""
        return self._exact.get(words, ())

    def candidates(
        self, heard: Sequence[tuple[str, ...]], handicaps: Sequence[float], allowed: Set[Sense], strict: bool
    ) -> list[Candidate]:
        """The phrases worth aligning with the utterances in ``heard``, of the ``allowed`` senses.

        ``handicaps`` are taken off each utterance's rank. At most SENSES senses, PER_SENSE phrases of each.
        """
        if not self.phrases or not heard:
            return []
        mask = np.array([sense in allowed for sense in self.senses], dtype=bool)[self._sense_of]
        if strict:
            mask &= self._strict
        if not mask.any():
            return []
        estimates = self._estimates(heard) * mask
        best = estimates.max(axis=1) - np.array(handicaps, dtype=np.float32)
        promising = [n for n in np.argsort(-best, kind="stable")[:UTTERANCES] if best[n] >= best.max() - _FAR_BEHIND]
        found: list[Candidate] = []
        for number in promising:
            found += self._shortlist(int(number), heard[number], handicaps[number], estimates[number], strict)
        return _best_of_each_sense(found)

    def _shortlist(
        self, number: int, words: tuple[str, ...], handicap: float, estimate: NDArray[np.float32], strict: bool
    ) -> list[Candidate]:
        bags = np.flatnonzero(estimate >= max(_LEAST_ESTIMATE, float(estimate.max()) - _FAR_BEHIND))
        if len(bags) > BAGS:
            bags = bags[np.argsort(-estimate[bags], kind="stable")[:BAGS]]
        members = [
            (phrase, float(estimate[bag]))
            for bag in bags
            for phrase in self._members[bag]
            if phrase.strict or not strict
        ]
        if not members:
            return []
        codes = [self._code(phrase.words) for phrase, _ in members]
        alike = process.cdist([self._code(words)], codes, scorer=Indel.normalized_similarity, dtype=np.float32)[0]
        found: list[Candidate] = []
        best = 0.0
        for (phrase, share), sound in zip(members, alike.tolist(), strict=True):
            rank = 0.5 * share + 0.5 * sound
            best = max(best, rank)
            if rank >= best - _FAR_BEHIND:
                found.append(Candidate(number, phrase, rank - handicap))
        return found

    def _estimates(self, heard: Sequence[tuple[str, ...]]) -> NDArray[np.float32]:
        """Shape (utterances, bags): the share of the heavier one's weight that is found in the other, 0..1."""
        words = list(dict.fromkeys(word for utterance in heard for word in utterance))
        rows = np.zeros((len(words), len(self._members)), dtype=np.float32)
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

    def _code(self, words: tuple[str, ...]) -> str:
        known = self._codes.get(words)
        if known is None:
            if len(self._codes) > _CACHE_LIMIT:
                self._codes.clear()
            known = self._codes[words] = "".join(map(self._sounds.code, words))
        return known

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


def _without_doubles(phrases: Iterable[Phrase]) -> dict[tuple[str, ...], list[Phrase]]:
    """Phrases by their words; of several templates of one sense that give the same words, one: strict before loose."""
    found: dict[tuple[str, ...], list[Phrase]] = {}
    for phrase in phrases:
        same = found.setdefault(phrase.words, [])
        for place, other in enumerate(same):
            if other.sense == phrase.sense:
                same[place] = min(other, phrase, key=lambda p: (not p.strict, p.template, repr(p.slots)))
                break
        else:
            same.append(phrase)
    return found


def _best_of_each_sense(found: list[Candidate]) -> list[Candidate]:
    found.sort(key=attrgetter("rank"), reverse=True)  # stable: equal ranks stay in the order of senses and words
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
