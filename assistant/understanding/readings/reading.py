"""Readings: what an utterance may mean, each with its score and with what had to be forgiven for it.

The best complete reading wins. Ties break in this order, so that the answer never depends on the order of files:
1. the higher score; 2. an answer of the question before a command; 3. a template before a loose one or an example;
4. fewer words forgiven; 5. the better hypothesis of the recogniser; 6. the id, alphabetically.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.events import Hypothesis
from assistant.understanding.networks.book import NetworkBook
from assistant.understanding.phrases.open_phrases import OpenPhrases
from assistant.understanding.phrases.phrases import Candidate, PhraseBook
from assistant.understanding.phrases.table import Phrase, Sense
from assistant.understanding.templates.templates import RITUAL
from assistant.understanding.words.alignment import Alignment, Pair, align
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.shells import Core, Run, Shells
from assistant.understanding.words.sounds import SAME_SOUND, Sounds
from assistant.understanding.words.weights import Weights

MAX_HYPOTHESES = 10
COMPOUND_HYPOTHESES = 3
DISTANCES_KEPT = 50_000
LONGEST_COMMAND_WORDS = 24
LONGEST_WITH_SLOTS_WORDS = 40  # orders with many slots are long
# The recogniser's score is a lattice cost: a few units apart is nearly a toss-up, tens apart is not.
LOST_PER_SCORE = 0.02
LOST_PER_RANK = 0.004
MOST_LOST = 0.35
NEAR_ENOUGH = 0.34  # words this alike by sound may be taken for each other
TRUSTED = 0.3
LOST_PER_COMPOUND = 0.03
LONGEST_COMPOUND_WORDS = 12
# What people say before the thing itself ("no, strike that", "yes, go on").
LEADING_SENSES: frozenset[Sense] = frozenset({("intent", "yes"), ("intent", "no")})


@dataclass(frozen=True, slots=True)
class Heard:
    """One hypothesis, without some of what stands around it; ``handicap`` is what a reading of it loses."""

    hypothesis: int
    text: str
    core: Core
    handicap: float


@dataclass(frozen=True, slots=True)
class Reading:
    """``score`` 0..1 after all that is taken off; ``likeness`` is the bare alignment's."""

    sense: Sense
    score: float
    likeness: float
    phrase: Phrase
    heard: Heard
    pairs: tuple[Pair, ...]

    def order(self) -> tuple[float, bool, bool, bool, int, int, Sense, Run]:
        return (
            -round(self.score, 6),
            self.sense[0] == "intent",
            not self.phrase.strict,
            RITUAL in self.phrase.words,  # "stop listening": its own words go before a ritual's name
            len(self.heard.core.forgiven),
            self.heard.hypothesis,
            self.sense,
            self.phrase.words,
        )


def handicaps(hypotheses: Sequence[Hypothesis]) -> list[float]:
    """What each hypothesis loses against the best one, 0..MOST_LOST."""
    scores = [hypothesis.score if math.isfinite(hypothesis.score) else 0.0 for hypothesis in hypotheses]
    best = max(scores)
    return [min(MOST_LOST, LOST_PER_SCORE * (best - score) + LOST_PER_RANK * rank) for rank, score in enumerate(scores)]


class Reader:
    """Reads utterances against a phrase book."""

    def __init__(
        self, writing: Writing, shells: Shells, weights: Weights, sounds: Sounds, command_words: Set[str]
    ) -> None:
        self._writing = writing
        self._shells = shells
        self._weights = weights
        self._sounds = sounds
        self._command_words = command_words
        self._distances: dict[tuple[str, str], float] = {}

    def distance(self, heard: str, meant: str) -> float:
        """By sound; a word that is itself a word of commands was more likely said than misheard."""
        known = self._distances.get((heard, meant))
        if known is None:
            if len(self._distances) > DISTANCES_KEPT:
                self._distances.clear()
            known = self._sounds.distance(heard, meant)
            trusted = known > SAME_SOUND and heard in self._command_words
            if trusted and not self._sounds.same_stem(heard, meant):
                known = min(1.0, known + TRUSTED)
            self._distances[heard, meant] = known
        return known

    def heard(self, hypotheses: Sequence[Hypothesis], longest_words: int = LONGEST_COMMAND_WORDS) -> list[Heard]:
        """All ways to take what stands around a command away, of all hypotheses, without doubles."""
        found: dict[Run, Heard] = {}
        kept = hypotheses[:MAX_HYPOTHESES]
        for number, (hypothesis, handicap) in enumerate(zip(kept, handicaps(kept), strict=True)):
            words = self._writing.words(hypothesis.text)
            if not words or len(words) > longest_words:
                continue
            for core in self._shells.cores(words):
                known = found.get(core.words)
                if known is None or known.handicap + known.core.lost > handicap + core.lost:
                    found[core.words] = Heard(number, hypothesis.text, core, handicap)
        return list(found.values())

    def readings(self, heard: Sequence[Heard], book: PhraseBook, allowed: Set[Sense], strict: bool) -> list[Reading]:
        """All readings found, best first (see the module's order)."""
        found: list[Reading] = []
        for one in heard:
            for phrase in book.exact(one.core.words):
                if phrase.sense in allowed and (phrase.strict or not strict):
                    pairs = tuple(Pair(word, word, 0.0) for word in one.core.words)
                    found.append(Reading(phrase.sense, _score(1.0, one), 1.0, phrase, one, pairs))
            if one.hypothesis < COMPOUND_HYPOTHESES and one.core.whole:
                found += self._compounds(one, book, allowed, strict)
        fuzzy = outermost(heard)
        candidates = book.candidates(
            [one.core.words for one in fuzzy], [one.handicap + one.core.lost for one in fuzzy], allowed, strict
        )
        found += [reading for candidate in candidates if (reading := self._candidate(candidate, fuzzy))]
        found.sort(key=Reading.order)
        return found

    def open_readings(
        self, heard: Sequence[Heard], open_phrases: OpenPhrases, allowed: Set[Sense], strict: bool
    ) -> list[Reading]:
        """All readings as a sentence with an open place, in no order."""
        found: list[Reading] = []
        for one in heard:
            for way in open_phrases.find(one.core.words, allowed, strict):
                phrase = way.phrase.filled(way.taken)
                pairs = tuple(Pair(word, word, 0.0) for word in one.core.words)
                found.append(Reading(phrase.sense, _score(way.score, one), way.score, phrase, one, pairs))
        return found

    def network_readings(
        self, heard: Sequence[Heard], book: NetworkBook, allowed: Set[Sense], strict: bool
    ) -> list[Reading]:
        """All readings as a sentence of a large template, in no order."""
        outer = outermost(heard)
        runs = [one.core.words for one in outer]
        lost = [one.handicap + one.core.lost for one in outer]
        near = book.near(runs, lost, allowed, strict)
        found = (self._reading(one.phrase, outer[one.heard], one.alignment) for one in near)
        return [reading for reading in found if reading]

    def _candidate(self, candidate: Candidate, heard: Sequence[Heard]) -> Reading | None:
        one = heard[candidate.heard]
        alignment = align(one.core.words, candidate.phrase.words, self._weights.weight, self.distance)
        return self._reading(candidate.phrase, one, alignment)

    def _reading(self, phrase: Phrase, one: Heard, alignment: Alignment) -> Reading | None:
        if not self._carries(alignment):
            return None
        return Reading(phrase.sense, _score(alignment.score, one), alignment.score, phrase, one, alignment.pairs)

    def _compounds(self, one: Heard, book: PhraseBook, allowed: Set[Sense], strict: bool) -> list[Reading]:
        """Two sentences in one breath: the same meaning twice ("i'm lost, what do i do"), or "no, strike that"."""
        words = one.core.words
        found: list[Reading] = []
        if len(words) > LONGEST_COMPOUND_WORDS:
            return found
        for cut in range(1, len(words)):
            firsts = {phrase.sense for phrase in self._said(book, words[:cut]) if phrase.strict or not strict}
            firsts &= allowed
            if not firsts or all(map(self._weights.turns, words[:cut])):  # "never stop" is no "never, stop"
                continue
            for second in self._said(book, words[cut:]):
                fits = second.sense in firsts or (second.strict and firsts & LEADING_SENSES)
                if fits and second.sense in allowed and (second.strict or not strict):
                    pairs = tuple(Pair(word, word, 0.0) for word in words)
                    likeness = 1.0 - LOST_PER_COMPOUND
                    found.append(Reading(second.sense, _score(likeness, one), likeness, second, one, pairs))
        return found

    def _said(self, book: PhraseBook, words: Run) -> Sequence[Phrase]:
        """The phrases that are exactly these words, with or without what stands around them."""
        return book.exact(words) or book.exact(self._shells.bare(words))

    def _carries(self, alignment: Alignment) -> bool:
        """Whether the words that tell this phrase from others were heard, not only "not" and little ones."""
        told, total, nearest = 0.0, 0.0, 1.0
        for pair in alignment.pairs:
            for word in pair.meant.split():
                if self._weights.tells(word):
                    weight = self._weights.weight(word)
                    total += weight
                    told += weight * (1.0 - pair.apart)
                    nearest = min(nearest, pair.apart)
        return total == 0 or (told >= 0.5 * total and nearest <= NEAR_ENOUGH)


def _score(likeness: float, one: Heard) -> float:
    return max(0.0, likeness - one.handicap - one.core.lost)


def outermost(heard: Sequence[Heard]) -> list[Heard]:
    """Of each hypothesis the whole and the barest core: those between add nothing to a fuzzy search."""
    chosen: dict[Run, Heard] = {}
    by_hypothesis: dict[int, list[Heard]] = {}
    for one in heard:
        by_hypothesis.setdefault(one.hypothesis, []).append(one)
    for ways in by_hypothesis.values():
        for one in (ways[0], min(ways, key=lambda way: len(way.core.words))):
            chosen.setdefault(one.core.words, one)
    return list(chosen.values())
