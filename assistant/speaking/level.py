"""Makes clips of every engine alike: as loud, with as little silence around the words, without clicks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.events import AudioClip
from assistant.speaking.loudness import loudness_lufs

SPEECH_LUFS = -21.0
LOUDEST_LUFS = -17.0  # of any 0.4 s: one stressed word may not startle either
PEAK_DBFS = -3.0
LEAD_S = 0.020
TAIL_S = 0.060
FADE_S = 0.005

_FRAME_S = 0.005
_SPEECH_BELOW_LOUDEST_DB = 30.0
_SOUND_BELOW_SPEECH_DB = 42.0  # keeps a soft "h" in front and a dying "s" at the end
_SILENCE = 1e-4  # -80 dBFS: an engine that gave no speech at all
_LIMITER_S = 0.004

Floats = NDArray[np.float32]


def levelled(samples: Floats, rate_hz: int, text: str) -> AudioClip:
    """Speech from ``samples`` (float32, shape (n,), mono, -1..1) at the loudness of all clips.

    The words have -21 LUFS (EBU R128), less where 0.4 s of them would be above -17, and no peak above -3 dBFS, with
    20 ms before and 60 ms after them and 5 ms fades.
    Silence gives an empty clip.
    """
    samples = np.ascontiguousarray(samples, dtype=np.float32)
    frame = max(1, round(_FRAME_S * rate_hz))
    levels = _frame_levels(samples, frame)
    loudest = float(levels.max(initial=0.0))
    if loudest < _SILENCE:
        return AudioClip(np.zeros(0, np.int16), rate_hz, text)
    speech = _speech_level(levels, loudest)
    sounding = np.flatnonzero(levels > speech * _ratio(-_SOUND_BELOW_SPEECH_DB))
    words = samples[sounding[0] * frame : (sounding[-1] + 1) * frame]
    integrated, loudest = loudness_lufs(words, rate_hz)
    loud = _limited(words * np.float32(_ratio(min(SPEECH_LUFS - integrated, LOUDEST_LUFS - loudest))), rate_hz)
    _fade(loud, round(FADE_S * rate_hz))
    framed = np.concatenate([_zeros(LEAD_S, rate_hz), loud, _zeros(TAIL_S, rate_hz)])
    return AudioClip(np.rint(framed * 32767.0).astype(np.int16), rate_hz, text)


def _ratio(db: float) -> float:
    return float(10 ** (db / 20))


def _zeros(seconds: float, rate_hz: int) -> Floats:
    return np.zeros(round(seconds * rate_hz), np.float32)


def _frame_levels(samples: Floats, frame: int) -> Floats:
    """RMS of each frame of ``frame`` samples; the last one is filled up with silence."""
    padded = np.pad(samples, (0, -len(samples) % frame))
    levels: Floats = np.sqrt(np.mean(np.square(padded.reshape(-1, frame)), axis=1))
    return levels


def _speech_level(levels: Floats, loudest: float) -> float:
    speech = levels[levels > loudest * _ratio(-_SPEECH_BELOW_LOUDEST_DB)]
    return float(np.sqrt(np.mean(np.square(speech))))


def _limited(samples: Floats, rate_hz: int) -> Floats:
    """Turns the few peaks above the ceiling down smoothly, a few milliseconds ahead, instead of cutting them off."""
    ceiling = np.float32(_ratio(PEAK_DBFS) * 0.999)
    peaks = np.abs(samples)
    if float(peaks.max(initial=0.0)) <= ceiling:
        return samples
    half = round(_LIMITER_S * rate_hz)
    wanted = np.minimum(1.0, ceiling / np.maximum(peaks, ceiling)).astype(np.float32)
    # The lowest gain within the window, averaged over the same window, is never above the gain wanted at its middle.
    held = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, 2 * half, constant_values=1.0), 2 * half + 1)
    window = np.hanning(2 * half + 3)[1:-1].astype(np.float32)
    gains = np.convolve(held.min(axis=1), window / window.sum(), mode="valid")
    limited: Floats = (samples * gains).astype(np.float32)
    return limited


def _fade(samples: Floats, length: int) -> None:
    length = min(length, len(samples) // 2)
    ramp = np.linspace(0.0, 1.0, length, endpoint=False, dtype=np.float32)
    samples[:length] *= ramp
    if length:
        samples[-length:] *= ramp[::-1]
