"""Whether what is said reaches the microphone well: not clipped, not too quiet, not lost in noise.

Judged over stretches of speech, so that one shout or one murmur counts for nothing. The limits are those by which a
voice is refused when it is to be remembered.
"""

from __future__ import annotations

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, HardToHear, Samples

QUIETEST_DB = -55.0  # RMS of the speech, dBFS
CLIPPED = 0.005  # of the speech's samples stand at the edge of what the microphone can give
CLIPPING = 32_700
LEAST_ABOVE_NOISE_DB = 6.0
STRETCH_S = 12.0  # of speech, after which it is judged
LEAST_NOISE_S = 1.0  # without a voice in the same time, to know the noise by

_FULL_SCALE = 32_768.0


class SpeechLevel:
    """Feed it what is said to Evensong and the pauses in it, block by block."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._voiced = self._clipped = self._unvoiced = 0  # samples
        self._voice_power = self._noise_power = 0.0  # summed

    def add(self, block: Samples, now_s: float, *, voiced: bool) -> HardToHear | None:
        """More sound: int16, any length, up to ``now_s``; what is wrong with the stretch of speech that it ends."""
        sound = block.astype(np.float64)
        power = float(np.sum(np.square(sound)))
        if not voiced:
            self._unvoiced += len(block)
            self._noise_power += power
            return None
        self._voiced += len(block)
        self._voice_power += power
        self._clipped += int(np.count_nonzero(np.abs(sound) >= CLIPPING))
        if self._voiced < STRETCH_S * SAMPLE_RATE_HZ:
            return None
        found = self._trouble(now_s)
        self._begin()
        return found

    def _trouble(self, now_s: float) -> HardToHear | None:
        level_db = _db(self._voice_power / self._voiced)
        if self._clipped / self._voiced > CLIPPED:
            return HardToHear(now_s, "too_loud")
        if level_db < QUIETEST_DB:
            return HardToHear(now_s, "too_quiet")
        known = self._unvoiced >= LEAST_NOISE_S * SAMPLE_RATE_HZ
        if known and level_db - _db(self._noise_power / self._unvoiced) < LEAST_ABOVE_NOISE_DB:
            return HardToHear(now_s, "too_noisy")
        return None


def _db(power: float) -> float:
    return 10.0 * float(np.log10(max(1.0, power) / _FULL_SCALE**2))
