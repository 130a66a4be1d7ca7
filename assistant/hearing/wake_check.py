"""A second look at what may have been the wake phrase: its sound heard once more, whole, with several readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Hypothesis, Samples, Word
from assistant.hearing.noise import speech_above_noise_db, without_noise
from assistant.hearing.recogniser import Decoder
from assistant.hearing.second_hearing import AFTER_S, CLEAR_DB
from assistant.hearing.wake_spelling import Spelling

LONGEST_S = 3.0  # of sound that is kept for it
_LONGEST_WORD_S = 1.4
_SHORTEST_PHRASE_S_PER_LETTER = 0.018
# By so much a reading may lead that has the phrase's core and something else before it: "hey" is short, and in noise
# it is as soon "a", "made" or "get" (docs/decisions/0012-wake-phrase.md).
_MISHEARD = 1.0


def found_at(spellings: Sequence[Spelling], words: Sequence[Word]) -> slice | None:
    """Where ``words`` hold the whole phrase last, at a length in which it can be said; None: nowhere."""
    found = [place for each in spellings if (place := _spelt_at(each.words, words)) is not None]
    return max(found, key=lambda place: place.start, default=None)


def _spelt_at(phrase: Sequence[str], words: Sequence[Word]) -> slice | None:
    count = len(phrase)
    for place in range(len(words) - count, -1, -1):
        part = words[place : place + count]
        if [word.text for word in part] == list(phrase) and _can_be_said(part):
            return slice(place, place + count)
    return None


def _can_be_said(part: Sequence[Word]) -> bool:
    letters = sum(len(word.text) for word in part) + len(part) - 1
    return (
        all(word.end_s - word.start_s <= _LONGEST_WORD_S for word in part)
        and part[-1].end_s - part[0].start_s >= _SHORTEST_PHRASE_S_PER_LETTER * letters
    )


@dataclass(frozen=True, slots=True)
class Reread:
    """Where the phrase lies (audio seconds), and by how much the best reading with it leads the best without."""

    start_s: float
    end_s: float
    lead: float


class SecondLook:
    """``decoder`` hears what the first look hears, and gives several readings.

    The best reading with the phrase must lead the best without by ``lead`` of the recogniser's units (natural
    logarithms of likelihood); a negative lead lets it lie behind by so much. A reading with the phrase's core alone
    may lie in front of it by a little more.
    """

    def __init__(self, spellings: Sequence[Spelling], decoder: Decoder, lead: float) -> None:
        self._spellings = spellings
        self._decoder = decoder
        self._lead = lead

    def found(self, sound: Samples, start_s: float) -> Reread | None:
        """The phrase in ``sound``, int16, which began at ``start_s`` (audio seconds); None: it is not in it."""
        found = self.read(sound, start_s)
        return found if found is not None and found.lead >= self._lead else None

    def read(self, sound: Samples, start_s: float) -> Reread | None:
        """As `found`, whatever the lead; None: no reading has the phrase."""
        noisy = len(sound) >= LONGEST_S / 10 * SAMPLE_RATE_HZ and speech_above_noise_db(sound) < CLEAR_DB
        self._decoder.reset(start_s)
        self._decoder.accept(without_noise(sound) if noisy else sound)
        self._decoder.accept(np.zeros(round(AFTER_S * SAMPLE_RATE_HZ), np.int16))
        readings = self._decoder.finish()
        said = [(reading, place) for reading in readings if (place := found_at(self._spellings, reading.words))]
        if not said:
            return None
        best, place = max(said, key=lambda one: one[0].score)
        others = [reading for reading in readings if all(reading is not other for other, _ in said)]
        rivals = [
            reading.score - (_MISHEARD if any(_holds(reading, each.core_text) for each in self._spellings) else 0.0)
            for reading in others
        ]
        said_words = best.words[place]
        lead = best.score - max(rivals, default=float("-inf"))
        return Reread(said_words[0].start_s, said_words[-1].end_s, lead)


def _holds(reading: Hypothesis, text: str) -> bool:
    return f" {text} " in f" {reading.text} "
