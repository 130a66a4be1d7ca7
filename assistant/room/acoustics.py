"""The room's sound: walls that answer, a quiet hum, and noise at a chosen level.

Everything here is made from a seed, so that an evening in the room sounds the same each time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples

FULL_SCALE = 32_768.0


@dataclass(frozen=True, slots=True)
class Acoustics:
    """How the room sounds.

    ``reverberation_s`` is the time in which an echo of the walls falls by 60 dB (0: outdoors). ``echo_db`` is
    how loud Evensong's own voice reaches the microphone, relative to how it left (None: not at all), after
    ``echo_delay_s``. ``hum_db`` is the level of the room's own quiet noise in dBFS. ``noise`` is looped over
    the evening, already at its level. ``apart_db``: the first two people have a microphone each, left and right, and
    are so much softer at the other's (None: one microphone for all).
    """

    reverberation_s: float = 0.25
    echo_db: float | None = None
    echo_delay_s: float = 0.06
    hum_db: float = -66.0
    noise: Samples | None = None
    apart_db: float | None = None
    seed: int = 1


def impulse_response(reverberation_s: float, seed: int) -> NDArray[np.float64]:
    """The direct sound, then an exponentially decaying tail 12 dB below it; float, shape (n,), 16 kHz."""
    if reverberation_s <= 0:
        return np.ones(1)
    rng = np.random.default_rng(seed)
    count = round(reverberation_s * SAMPLE_RATE_HZ)
    tail = rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    tail[: round(0.004 * SAMPLE_RATE_HZ)] = 0.0  # the first wall is more than a metre away
    tail *= 10 ** (-12 / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return tail


def convolved(samples: Samples, response: NDArray[np.float64]) -> NDArray[np.float64]:
    """``samples`` as heard through ``response``; float in int16 units, shape (n + len(response) - 1,)."""
    count = len(samples) + len(response) - 1
    size = 1 << (count - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[:count]


def hum(count: int, level_db: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """``count`` samples of faint noise at ``level_db`` dBFS RMS, darker than white as rooms are."""
    white = rng.standard_normal(count + 7)
    dark = np.convolve(white, np.ones(8) / np.sqrt(8), mode="valid")
    return dark * FULL_SCALE * 10 ** (level_db / 20)


def to_int16(samples: NDArray[np.floating]) -> Samples:
    """Clipped, not wrapped, where too loud."""
    clipped: Samples = np.clip(np.rint(samples), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
    return clipped


def at_snr(noise: Samples, speech_rms: float, snr_db: float) -> Samples:
    """``noise`` scaled so that speech of ``speech_rms`` (int16 units) stands ``snr_db`` above it."""
    rms = float(np.sqrt(np.mean(noise.astype(np.float64) ** 2))) or 1.0
    return to_int16(noise * (speech_rms / rms) * 10 ** (-snr_db / 20))
