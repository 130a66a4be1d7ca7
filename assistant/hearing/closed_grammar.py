"""Hearing by a grammar that holds all that may have been said: what its readings are worth.

Vosk makes a bigram model of the phrases, and its scores contain what that model charges. Half of each word's
probability goes to words in any order, which a closed grammar does not mean to hear; and how often a pair of words
comes in the phrases tells little of how often people say it. So the charge is reckoned anew here, as Vosk's
language_model.cc reckons it, and part of it is given back (docs/decisions/0014-closed-grammar.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import inf, log

from assistant.events import Hypothesis
from assistant.hearing.recogniser import UNKNOWN, Decoder

DEEP = 60  # readings of one hearing: what was said is nearly always among them, and seldom among ten
TOLD = 30
GIVEN_BACK = 0.3  # of what the language model charges
PER_WORD = log(2.0)  # what each word is charged for the half that goes to words in any order
MISSING = -8.0  # against the best, where a hearing has no such reading

_DISCOUNT = 0.5
_END = ""


@dataclass(frozen=True, slots=True)
class ClosedGrammar:
    """``decoder`` hears nothing but ``phrases``, and gives `DEEP` readings."""

    decoder: Decoder
    phrases: tuple[str, ...]

    def weighed(self, readings: Sequence[Hypothesis]) -> dict[str, float]:
        """How much each text of ``readings`` (not empty) is worth, 0 for the best, in units of the recogniser."""
        bigrams = _bigrams(self.phrases)
        worth = {
            one.text: one.score - GIVEN_BACK * bigrams.charged(one.text.split()) + PER_WORD * len(one.text.split())
            for one in reversed(readings)  # of a text that comes twice the better one counts
        }
        best = max(worth.values())
        return {text: value - best for text, value in worth.items()}

    def together(self, hearings: Sequence[Sequence[Hypothesis]]) -> tuple[Hypothesis, ...]:
        """The readings of several hearings of one utterance as one list, best first, at most `TOLD`; () without any.

        Times of words are those of the first hearing that has the reading.
        """
        heard = [[one for one in readings if one.text] for readings in hearings]
        weighed = [self.weighed(readings) for readings in heard if readings]
        found = {one.text: one for readings in reversed(heard) for one in readings}
        scores = {text: sum(max(MISSING, worth.get(text, -inf)) for worth in weighed) / len(weighed) for text in found}
        best = sorted(scores, key=lambda text: (-scores[text], text))[:TOLD]
        return tuple(replace(found[text], score=scores[text]) for text in best)


class Bigrams:
    """The language model that Vosk makes of a list of phrases: words after words, backing off to words alone."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._after: dict[str, Counter[str]] = defaultdict(Counter)
        alone: Counter[str] = Counter()
        for phrase in phrases:
            words = phrase.split()
            alone.update(words[:1])
            for word, following in pairwise((*words, _END)):
                self._after[word][following] += 1
        for following_words in self._after.values():
            alone.update(following_words)
        self._all = alone.total()
        self._alone = alone
        self._times = {word: following_words.total() for word, following_words in self._after.items()}

    def charged(self, words: Sequence[str]) -> float:
        """The natural logarithm of the probability of ``words``, all of them out of the phrases; below 0."""
        probability_log = 0.0
        before = None
        for word in (*words, _END):
            alone = self._log(self._alone[word], self._all)
            if before is None:
                probability_log += alone
            else:
                after = self._log(self._after[before][word], self._times[before])
                probability_log += max(after, log(1 - _DISCOUNT) + alone)
            before = word
        return probability_log

    def _log(self, count: int, times: int) -> float:
        return log(_DISCOUNT * count / times) if count else -inf


@lru_cache(maxsize=8)
def _bigrams(phrases: tuple[str, ...]) -> Bigrams:
    return Bigrams((*dict.fromkeys(phrases), UNKNOWN))
