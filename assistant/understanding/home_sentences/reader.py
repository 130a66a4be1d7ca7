"""Readings of utterances by sentences with slots, beside those of the listed phrases (reading.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from assistant.understanding.home_sentences.book import Match, SentenceBook
from assistant.understanding.home_sentences.sentences import Context, Sentences, ValueList
from assistant.understanding.phrases.table import Phrase, Sense
from assistant.understanding.readings.reading import Heard, Reading, outermost
from assistant.understanding.templates.templates import Slots
from assistant.understanding.vocabulary import Vocabulary
from assistant.understanding.words.normal import Writing

LOST_PER_PLACE = 1e-5  # what the book puts first stays first where the scores are equal
HARSHER = 0.77  # a likeness that counts sound by sound is lower, for the same utterance, than that of alignment.py
HARSHER_AS_SAID = 0.6  # where no word was taken for another: ordinary talk hardly ever comes near in that way
FREE_COSTS = 0.15  # more: a free slot takes any words, so a sentence that needs none goes before one that does
INEXACT = 0.12  # more, where anything was misheard: what is a sentence as it stands was most likely said so
COST_OF_ALL = 1.2  # this much more makes a reading worthless beside another
MAX_SEARCHED = 6  # utterances, with and without what stands around them: each search takes milliseconds


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Reads utterances against a book of sentences. ``context`` is what is known beforehand."""

    book: SentenceBook
    writing: Writing
    context: Context

    @classmethod
    def of(cls, sentences: Sentences, known: Vocabulary) -> SentenceReader:
        """Raises IntentsError naming the file for a template that cannot be used."""
        book = SentenceBook(sentences, known.language, known.writing, known.numbers, known.sounds)
        return cls(book, known.writing, {})

    @property
    def intents(self) -> tuple[str, ...]:
        return tuple(intent for _, intent in self.book.senses)

    def in_home(self, lists: Mapping[str, ValueList], context: Context) -> SentenceReader:
        """The same for a home whose names are in ``lists`` (none: as they were)."""
        return replace(self, book=self.book.with_lists(lists) if lists else self.book, context=dict(context))

    def readings(self, heard: Sequence[Heard], allowed: Set[Sense]) -> list[Reading]:
        """All readings found, those of the likeliest utterances; sorting them is the caller's."""
        usable = [one for one in heard if one.core.whole or not self.book.tells(one.core.forgiven)]
        likeliest = sorted(outermost(usable), key=lambda one: one.handicap + one.core.lost)[:MAX_SEARCHED]
        return [reading for one in likeliest for reading in self._readings(one, allowed)]

    def _readings(self, one: Heard, allowed: Set[Sense]) -> list[Reading]:
        """The best reading as near as it is; those behind it by what they cost more, in sentences of any length."""
        matches = self.book.find(one.core.words, allowed, self.context)
        # What can be meant by the very same words is for the book's order to decide, not for what was misheard.
        matches = [match for match in matches if match is matches[0] or match.words != matches[0].words]
        matches.sort(key=_cost)  # stable: what costs the same stays in the book's order
        harsher = HARSHER_AS_SAID if matches and matches[0].as_said else HARSHER
        near = _nearest_likeness(matches)
        readings: list[Reading] = []
        for place, match in enumerate(matches):
            behind = (_cost(match) - _cost(matches[0])) / COST_OF_ALL + LOST_PER_PLACE * place
            score = max(0.0, 1.0 - harsher * (1.0 - near) - behind - one.handicap - one.core.lost)
            phrase = Phrase(match.words, match.sense, match.template, strict=True, slots=self._slots(match, one))
            readings.append(Reading(match.sense, score, match.likeness, phrase, one, match.pairs))
        return readings

    def _slots(self, match: Match, one: Heard) -> Slots:
        slots: dict[str, Any] = dict(match.slots)
        for slot, (start, end) in match.free.items():
            slots[slot] = self.writing.said(one.text, one.core.words, start, end)
        return tuple(slots.items())


def _nearest_likeness(matches: Sequence[Match]) -> float:
    """How near the best reading is, in whichever of its sentences that mean the same is nearest ("nevermind")."""
    if not matches:
        return 0.0
    best = matches[0]
    same = [match for match in matches if (match.sense, match.slots) == (best.sense, best.slots)]
    return max(match.likeness - (_cost(match) - _cost(best)) / COST_OF_ALL for match in same)


def _cost(match: Match) -> float:
    return match.cost + (FREE_COSTS if match.free else 0.0) + (INEXACT if match.likeness < 1.0 else 0.0)
