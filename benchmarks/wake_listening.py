"""What the wake phrase's two looks make of a sound, at every sensitivity at once.

The spotters run as they do in Evensong, but never wake: what the first look found (the least posterior of the phrase's
words) and what the second (by how much the phrase led) is written down, and `woken` tells afterwards what a sensitivity
would have made of it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, AudioChunk, ListenMode, Samples, Word
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.voice_activity import BLOCK_S, BLOCK_SAMPLES, VoiceActivityDetector
from assistant.hearing.wake.check import Reread, SecondLook, found_at
from assistant.hearing.wake.phrase import Spotter, SpottingDecoder, WakePhrase, asked_at
from assistant.hearing.wake.spelling import Spelling

CHUNK_SAMPLES = 10 * BLOCK_SAMPLES
APART_S = 1.5  # of two looks at one and the same phrase, at most
VOICE = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: the phrase's end in seconds of the sound, and how sure it was (the other's are -inf)."""

    end_s: float
    posterior: float = -math.inf
    lead: float = -math.inf


def woken(looks: Sequence[Look], sensitivity: float) -> list[float]:
    """When it would have woken."""
    posterior, lead = asked_at(sensitivity)
    found: list[float] = []
    for look in looks:
        sure = look.posterior >= posterior or look.lead >= lead
        if sure and not (found and look.end_s - found[-1] < APART_S):
            found.append(look.end_s)
    return found


class _Watched(WakePhrase):
    """A wake phrase that notes every look in ``looks`` and never wakes."""

    def __init__(self, phrase: str, recogniser: Recogniser) -> None:
        super().__init__(phrase, recogniser)
        self.looks: list[Look] = []

    def spotter(self) -> Spotter:
        first = _NotedDecoder(self.decoder, self.spellings, self.looks)
        return Spotter(self.spellings, first, _NotedSecondLook(self.second, self.looks), math.inf)


class _NotedDecoder:
    def __init__(self, decoder: SpottingDecoder, spellings: Sequence[Spelling], looks: list[Look]) -> None:
        self._spellings = spellings
        self._looks = looks
        self._decoder = decoder
        self.reset, self.accept, self.partial, self.finish = (
            decoder.reset,
            decoder.accept,
            decoder.partial,
            decoder.finish,
        )

    def finish_with_posteriors(self) -> tuple[tuple[Word, float], ...]:
        found = self._decoder.finish_with_posteriors()
        place = found_at(self._spellings, [word for word, _ in found])
        if place is not None:
            least = min(posterior for _, posterior in found[place])
            self._looks.append(Look(found[place][-1][0].end_s, posterior=least))
        return found


class _NotedSecondLook:
    def __init__(self, second: SecondLook, looks: list[Look]) -> None:
        self._second = second
        self._looks = looks

    def found(self, sound: Samples, start_s: float) -> Reread | None:
        found = self._second.read(sound, start_s)
        if found is not None:
            self._looks.append(Look(found.end_s, lead=found.lead))
        return None


@dataclass(frozen=True, slots=True)
class Listened:
    """``looks`` by phrase; CPU seconds of telling voices, and of each phrase; seconds in which there was a voice."""

    looks: dict[str, list[Look]]
    cpu_voice_s: float
    cpu_s: dict[str, float]
    voiced_s: float


class Listeners:
    """Ears for each of ``phrases``."""

    def __init__(self, phrases: Sequence[str], recogniser: Recogniser) -> None:
        self._voice = VoiceActivityDetector()
        self._told: list[float] = []
        self._wakes = {phrase: _Watched(phrase, recogniser) for phrase in phrases}
        self._hearings = {
            phrase: Hearing(recogniser, wake, voice=lambda _block: self._told.pop())
            for phrase, wake in self._wakes.items()
        }

    def listen(self, sound: Samples, phrases: Sequence[str] | None = None) -> Listened:
        """``sound`` from sleep on: int16, 16 kHz; what is left over of blocks of 512 samples is not heard.

        ``phrases``: for these of them alone.
        """
        began = time.process_time()
        blocks = sound[: len(sound) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
        self._voice.reset()
        told = [self._voice(block) for block in blocks]
        cpu_voice_s = time.process_time() - began
        looks, cpu_s = {}, {}
        for phrase in self._hearings if phrases is None else phrases:
            began = time.process_time()
            self._told[:] = told[::-1]
            looks[phrase] = self._spot(self._hearings[phrase], self._wakes[phrase], blocks)
            cpu_s[phrase] = time.process_time() - began
        return Listened(looks, cpu_voice_s, cpu_s, sum(each >= VOICE for each in told) * BLOCK_S)

    def _spot(self, hearing: Hearing, wake: _Watched, blocks: Samples) -> list[Look]:
        wake.looks.clear()
        hearing.open(Order(ListenMode.OFF))
        hearing.open(Order(ListenMode.WAKE))
        began_s = hearing.now_s
        sound = blocks.ravel()
        for place in range(0, len(sound), CHUNK_SAMPLES):
            hearing.hear(AudioChunk(sound[place : place + CHUNK_SAMPLES], began_s + place / SAMPLE_RATE_HZ))
        return [Look(look.end_s - began_s, look.posterior, look.lead) for look in wake.looks]
