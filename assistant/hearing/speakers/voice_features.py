"""What the voice encoder hears: the power in 40 mel bands, 25 ms long, every 10 ms.

As `librosa.feature.melspectrogram` gives it (Slaney's mel scale and area normalisation), which the encoder's weights
were trained on; it is the power itself, not its logarithm, so the level of the sound matters and is normalised.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples

Mels = NDArray[np.float32]

FRAME_SAMPLES = SAMPLE_RATE_HZ * 25 // 1000
HOP_SAMPLES = SAMPLE_RATE_HZ * 10 // 1000
FRAMES_A_SECOND = SAMPLE_RATE_HZ // HOP_SAMPLES
BANDS = 40
SPEECH_POWER = 0.367  # mean of a frame's bands together, of speech at -30 dBFS (RMS), which the encoder was trained on

_FULL_SCALE = 32_767.0
_LINEAR_HZ = 1000.0  # Slaney's scale is linear up to here, logarithmic above
_HZ_PER_MEL = 200.0 / 3
_LOG_STEP = np.log(6.4) / 27.0


def mels(samples: NDArray[np.float64] | NDArray[np.float32] | Samples) -> Mels:
    """Frames of ``samples`` (16 kHz mono; float -1..1, or int16), shape (1 + len // HOP_SAMPLES, BANDS).

    Frames stand around every hop; what lies before the beginning and after the end is silence.
    """
    sound = samples / _FULL_SCALE if samples.dtype == np.int16 else np.asarray(samples, dtype=np.float64)
    return _frames(np.pad(sound, FRAME_SAMPLES // 2))


def _frames(sound: NDArray[np.float64]) -> Mels:
    """Frames that lie wholly in ``sound``."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME_SAMPLES)[::HOP_SAMPLES]
    power = np.abs(np.fft.rfft(frames * _window(), axis=1)) ** 2
    return np.asarray(power @ _bands().T, dtype=np.float32)


class MelStream:
    """`mels` of sound that comes in pieces, the same frames; each comes 12.5 ms after its middle."""

    def __init__(self) -> None:
        self._rest: NDArray[np.float64] = np.zeros(FRAME_SAMPLES // 2)

    def hear(self, samples: Samples) -> Mels:
        """The frames that are whole now, shape (0 or more, BANDS); ``samples`` int16, 16 kHz, any length."""
        self._rest = np.concatenate([self._rest, samples / _FULL_SCALE])
        if len(self._rest) < FRAME_SAMPLES:
            return np.zeros((0, BANDS), np.float32)
        found = _frames(self._rest)
        self._rest = self._rest[len(found) * HOP_SAMPLES :]
        return found


def levelled(frames: Mels) -> Mels:
    """``frames`` scaled so that their mean power is SPEECH_POWER; silence stays silence."""
    power = float(frames.sum(axis=1).mean()) if len(frames) else 0.0
    return frames * np.float32(SPEECH_POWER / power) if power > 0 else frames


@cache
def _window() -> NDArray[np.float64]:
    """Hann, periodic."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME_SAMPLES) / FRAME_SAMPLES)


@cache
def _bands() -> NDArray[np.float64]:
    """Triangles of equal area, shape (BANDS, FRAME_SAMPLES // 2 + 1)."""
    top = _LINEAR_HZ / _HZ_PER_MEL + np.log(SAMPLE_RATE_HZ / 2 / _LINEAR_HZ) / _LOG_STEP
    mel = np.linspace(0.0, top, BANDS + 2)
    knee = _LINEAR_HZ / _HZ_PER_MEL
    edges = np.where(mel < knee, mel * _HZ_PER_MEL, _LINEAR_HZ * np.exp(_LOG_STEP * (mel - knee)))
    bins = np.fft.rfftfreq(FRAME_SAMPLES, 1 / SAMPLE_RATE_HZ)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.maximum(0.0, np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)))
    return np.asarray(triangles * 2.0 / (high - low), dtype=np.float64)
