"""Who speaks, where each of two people has a microphone of their own: the left channel and the right.

One voice reaches both microphones, its own the louder, so the difference of the levels tells who it is. In between
there are both at once, or a third source as far from one as from the other (a television). Two voices seldom have the
same pitches at the same moment: then some bands are louder on the left and others on the right; or they share nothing,
and the channels are incoherent. One source in the middle is as loud on both sides in every band, and coherent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.turns import Moment
from assistant.hearing.voice_activity import BLOCK_S, BLOCK_SAMPLES

SPEECH = 0.5
FORGET = 0.25  # of the levels and spectra so far, each block of 32 ms: about an eighth of a second is remembered
APART_DB = 9.0  # how much louder a voice is at its own microphone, until more is known
LEARN = 0.02
BOTH_WITHIN = 0.55  # of that difference: nearer to even than this, more than one may speak
COHERENT = 0.6
ONE_SIDED = 0.6  # of that difference: a band that differs more belongs to one person
BOTH_SHARE = 0.12  # of the power that each must have in bands of their own
LOW_HZ, HIGH_HZ = 200.0, 3500.0
PAUSE_BLOCKS = 4

Floats = NDArray[np.float64]


class TwoMicrophones:
    """``names`` are those of the left and of the right channel; ``detectors`` as `VoiceActivityDetector`, one each."""

    def __init__(
        self, names: tuple[str, str], detectors: tuple[Callable[[Samples], float], Callable[[Samples], float]]
    ) -> None:
        self._names = names
        self._detectors = detectors
        self._rest: Samples = np.zeros((0, 2), np.int16)
        bins = np.fft.rfftfreq(BLOCK_SAMPLES, 1 / SAMPLE_RATE_HZ)
        self._band = (bins >= LOW_HZ) & (bins <= HIGH_HZ)
        self._window = np.hanning(BLOCK_SAMPLES)
        self._power: Floats = np.zeros((2, int(self._band.sum())))
        self._cross = np.zeros(int(self._band.sum()), np.complex128)
        self._floor: Floats = np.full(2, np.inf)
        self._apart_db = np.array([APART_DB, APART_DB])
        self._blocks = 0
        self._quiet = PAUSE_BLOCKS
        self._who: frozenset[str] | None = None
        self._since_s = 0.0

    def hear(self, samples: Samples) -> list[Moment]:
        """The moments (of 32 ms) that are over now; ``samples`` int16, 16 kHz, shape (any, 2)."""
        self._rest = np.concatenate([self._rest, samples])
        found = []
        while len(self._rest) >= BLOCK_SAMPLES:
            block, self._rest = self._rest[:BLOCK_SAMPLES], self._rest[BLOCK_SAMPLES:]
            self._blocks += 1
            found.append(self._moment(block))
        return found

    def _moment(self, block: Samples) -> Moment:
        at_s = self._blocks * BLOCK_S
        speech = [detect(np.ascontiguousarray(block[:, side])) for side, detect in enumerate(self._detectors)]
        levels = self._levels(block)
        who = self._told(levels) if max(speech) >= SPEECH else None
        if who is None:
            self._quiet += 1
            # Between two words of one turn nobody has stopped speaking.
            who = self._who if self._quiet < PAUSE_BLOCKS and self._who is not None else None
        else:
            self._quiet = 0
        if who != self._who:
            self._since_s = at_s - BLOCK_S
            self._who = who
        sure = {name: float(who is not None and name in who) for name in self._names}
        return Moment(at_s, who, self._since_s, sure, BLOCK_S)

    def _levels(self, block: Samples) -> Floats:
        """Power at the two microphones, smoothed, above their noise."""
        spectra = np.fft.rfft(block.T * self._window, axis=1)[:, self._band]
        power = np.abs(spectra) ** 2
        self._power += FORGET * (power - self._power)
        self._cross += FORGET * (spectra[0] * np.conj(spectra[1]) - self._cross)
        now = self._power.sum(axis=1)
        self._floor = np.minimum(self._floor * 1.003, np.maximum(now, 1.0))
        return np.asarray(np.maximum(now - self._floor, 0.02 * now) + 1e-9)

    def _told(self, levels: Floats) -> frozenset[str]:
        louder_db = float(10 * np.log10(levels[0] / levels[1]))  # left over right
        side = 0 if louder_db >= 0 else 1
        between = abs(louder_db) < BOTH_WITHIN * self._apart_db[side]
        if not between:
            self._apart_db[side] += LEARN * (abs(louder_db) - self._apart_db[side])
            return frozenset({self._names[side]})
        share = np.abs(self._cross) ** 2 / (self._power[0] * self._power[1] + 1e-9)
        weight = self._power.sum(axis=0)
        coherence = float((share * weight).sum() / weight.sum())
        bands_db = 10 * np.log10((self._power[0] + 1e-9) / (self._power[1] + 1e-9))
        left = weight[bands_db > ONE_SIDED * self._apart_db[0]].sum()
        right = weight[-bands_db > ONE_SIDED * self._apart_db[1]].sum()
        if min(left, right) > BOTH_SHARE * weight.sum():
            return frozenset(self._names)
        return frozenset() if coherence > COHERENT else frozenset(self._names)
