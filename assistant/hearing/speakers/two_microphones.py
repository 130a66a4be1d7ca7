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
from assistant.hearing.speakers.turns import Moment
from assistant.hearing.voice_activity import BLOCK_S, BLOCK_SAMPLES

SPEECH = 0.5
FORGET = 0.4  # of the levels and spectra so far, each block of 32 ms: about a twelfth of a second is remembered
APART_DB = 9.0  # how much louder a voice is at its own microphone, until more is known
LEARN = 0.02
BETWEEN = 0.55  # of that difference: nearer to even than this, it may be nobody, or both
COHERENT = 0.6
OWN_DB = 4.0  # a band that is so much louder at one microphone belongs to its person
OWN_SHARE = 0.15  # of what a microphone hears lies in bands of its own while its person speaks
LOW_HZ, HIGH_HZ = 200.0, 3500.0
PAUSE_BLOCKS = 4
# The detectors hear a voice for a quarter of a second after it has ended; its level tells at once that it fades.
LOUD = 10 ** (-20 / 10)  # of the loudest block lately: softer is the end of a word, or the room's echo of it
PEAK_FALLS = 10 ** (-0.6 * BLOCK_S)  # 6 dB a second
FADING = 0.5  # how sure it is that somebody still speaks whose voice fades

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
        self._peak = np.zeros(2)
        self._loud = np.zeros(2, np.bool_)
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
        loud = dict(zip(self._names, self._loud, strict=True))
        sure = {name: (1.0 if loud[name] else FADING) if who and name in who else 0.0 for name in self._names}
        talk_s = 0.0 if who and self._quiet else BLOCK_S  # what is bridged is no talk
        return Moment(at_s, who, self._since_s, sure, talk_s)

    def _levels(self, block: Samples) -> Floats:
        """Power at the two microphones, smoothed, above their noise."""
        spectra = np.fft.rfft(block.T * self._window, axis=1)[:, self._band]
        power = np.abs(spectra) ** 2
        self._power += FORGET * (power - self._power)
        self._cross += FORGET * (spectra[0] * np.conj(spectra[1]) - self._cross)
        now = power.sum(axis=1)
        self._peak = np.maximum(now, self._peak * PEAK_FALLS)
        self._loud = now >= self._peak * LOUD
        now = self._power.sum(axis=1)
        self._floor = np.minimum(self._floor * 1.003, np.maximum(now, 1.0))
        return np.asarray(np.maximum(now - self._floor, 0.02 * now) + 1e-9)

    def _told(self, levels: Floats) -> frozenset[str]:
        louder_db = float(10 * np.log10(levels[0] / levels[1]))  # left over right
        side = 0 if louder_db >= 0 else 1
        who = {name for name, share in zip(self._names, self._own_shares(), strict=True) if share > OWN_SHARE}
        if abs(louder_db) >= BETWEEN * self._apart_db[side]:
            self._apart_db[side] += LEARN * (abs(louder_db) - self._apart_db[side])
            who.add(self._names[side])
        elif len(who) < 2 and self._coherence() <= COHERENT:
            who.update(self._names)
        return frozenset(who)

    def _own_shares(self) -> Floats:
        """Of what each microphone hears, how much lies in bands that are louder there than at the other."""
        bands_db = 10 * np.log10((self._power[0] + 1e-9) / (self._power[1] + 1e-9))
        own = np.stack([bands_db > OWN_DB, -bands_db > OWN_DB])
        return np.asarray((self._power * own).sum(axis=1) / (self._power.sum(axis=1) + 1e-9))

    def _coherence(self) -> float:
        weight = self._power.sum(axis=0)
        share = np.abs(self._cross) ** 2 / (self._power[0] * self._power[1] + 1e-9)
        return float((share * weight).sum() / (weight.sum() + 1e-9))
