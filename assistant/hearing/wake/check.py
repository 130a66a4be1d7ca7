"""A second look at what may have been the wake phrase: its sound heard once more, whole, with several readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Hypothesis, Samples, Word
from assistant.hearing.noise import speech_above_noise_db, without_noise
from assistant.hearing.recogniser import Decoder
from assistant.hearing.second_hearing import AFTER_S, CLEAR_DB
from assistant.hearing.wake.spelling import Spelling

LONGEST_S = 3.0  # of sound that is kept for it
_LONGEST_WORD_S = 1.4
_SHORTEST_PHRASE_S_PER_LETTER = 0.018
# By so much a reading may lead that has the phrase's core and something else before it: "hey" is short, and in noise
# it is as soon "a", "made" or "get" (docs/decisions/0012-wake-phrase.md).
_MISHEARD = 2.0
_PEAK = 16_384.0  # of int16, to which a look's sound is raised
_LEAST_PEAK = 512.0  # what is softer is not raised to it altogether: there is nothing but hiss
# As loud as the hiss of a common microphone beside a voice so raised. What is recorded without any is like nothing
# that the model has met, and the soft beginnings of words ("hey" before a vowel) are lost first.
_HISS = np.rint(20.0 * np.random.default_rng(0).standard_normal(round(LONGEST_S * SAMPLE_RATE_HZ))).astype(np.int16)


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
        """The phrase in ``sound``, int16 of at most `LONGEST_S`, which began at ``start_s`` (audio seconds); None: it
        is not in it.
        """
        return next((reread for reread in self._rereads(sound, start_s) if reread.lead >= self._lead), None)

    def read(self, sound: Samples, start_s: float) -> Reread | None:
        """As `found`, whatever the lead, the surest; None: no reading has the phrase."""
        return max(self._rereads(sound, start_s), key=lambda reread: reread.lead, default=None)

    def _rereads(self, sound: Samples, start_s: float) -> Iterator[Reread]:
        """As it is and, in noise, without the noise: either may lose a word that the other keeps."""
        ways = [_as_usual(sound)]
        if len(sound) >= LONGEST_S / 10 * SAMPLE_RATE_HZ and speech_above_noise_db(sound) < CLEAR_DB:
            ways.append(_as_usual(without_noise(sound)))
        for way in ways:
            reread = self._reread(way, start_s)
            if reread is not None:
                yield reread

    def _reread(self, sound: Samples, start_s: float) -> Reread | None:
        self._decoder.reset(start_s)
        self._decoder.accept(sound)
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


def _as_usual(sound: Samples) -> Samples:
    """``sound`` as loud as recordings commonly are, with as much hiss."""
    gain = _PEAK / max(_LEAST_PEAK, np.abs(sound.astype(np.float64)).max(initial=0.0))
    raised: Samples = np.clip(np.rint(gain * sound + _HISS[: len(sound)]), -32_768, 32_767).astype(np.int16)
    return raised
