"""How loud people find a sound: integrated loudness in LUFS, after ITU-R BS.1770-4 and EBU R128, for one channel.

The two filters (the head's treble, and less bass) are applied to the power spectra of steps of 0.1 s. Level and
loudness differ: of two voices of one level, the shriller is louder.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.1
STEPS = 4  # of a block, of which one begins at each step
_ABSOLUTE_LUFS = -70.0  # blocks below are silence
_RELATIVE_LU = -10.0  # blocks so far below the others are pauses
_OFFSET_LUFS = -0.691

# The analogue filters of BS.1770, from which their coefficients at any rate follow: frequency, quality, gain.
_SHELF = (1681.974450955533, 0.7071752369554196, 3.999843853973347)
_HIGH_PASS = (38.13547087602444, 0.5003270373238773)

Floats = NDArray[np.float32]
Coefficients = tuple[float, float, float]


def loudness_lufs(samples: Floats, rate_hz: int) -> tuple[float, float]:
    """The integrated loudness of ``samples`` (float32, shape (n,), -1..1), and that of the loudest 0.4 s of it.

    Pauses are left out of the first. What is shorter than 0.4 s counts as it is. Silence has -inf.
    """
    powers = _block_powers(samples, rate_hz)
    heard = powers[powers > _power(_ABSOLUTE_LUFS)]
    if not len(heard):
        return float("-inf"), float("-inf")
    return _lufs(heard[heard > heard.mean() * 10 ** (_RELATIVE_LU / 10)].mean()), _lufs(heard.max())


def _block_powers(samples: Floats, rate_hz: int) -> NDArray[np.float64]:
    """Mean square of each block, as the ear weights it."""
    count = len(samples)
    if not count:
        return np.zeros(0)
    step = round(STEP_S * rate_hz)
    steps = np.pad(samples, (0, -count % step)).reshape(-1, step)
    spectra = np.fft.rfft(steps, axis=1)
    # By Parseval, a spectrum's lines add up to the power; all but the first and the last stand for two.
    powers = np.square(np.abs(spectra)) @ _weights(rate_hz) / step**2
    if count <= 4 * step:
        return np.array([powers.sum() * step / count])
    return np.asarray(np.convolve(powers[: count // step], np.full(STEPS, 1 / STEPS), mode="valid"))


@cache
def _weights(rate_hz: int) -> NDArray[np.float64]:
    """How much each line of a step's spectrum counts."""
    size = round(STEP_S * rate_hz)
    late = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    counts = np.full(size // 2 + 1, 2.0)
    counts[0] = 1.0
    counts[size // 2 :] = 1.0 if size % 2 == 0 else 2.0
    for above, below in _filters(rate_hz):
        ratio = (above[0] + above[1] * late + above[2] * late**2) / (below[0] + below[1] * late + below[2] * late**2)
        counts *= np.square(np.abs(ratio))
    return counts


def _filters(rate_hz: int) -> tuple[tuple[Coefficients, Coefficients], ...]:
    """Numerator and denominator of the shelf and the high pass, by the bilinear transform."""
    hz, quality, gain_db = _SHELF
    k = np.tan(np.pi * hz / rate_hz)
    high, band = 10 ** (gain_db / 20), 10 ** (gain_db / 20 * 0.4996667741545416)
    rising = (high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k)
    shelf = (rising, (1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k))
    hz, quality = _HIGH_PASS
    k = np.tan(np.pi * hz / rate_hz)
    scale = 1 + k / quality + k * k
    return shelf, ((1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_LUFS) / 10))


def _lufs(power: float) -> float:
    return _OFFSET_LUFS + 10 * float(np.log10(power))
