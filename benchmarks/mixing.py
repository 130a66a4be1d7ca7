"""Noise mixed into speech as in Picovoice's public speech-to-intent benchmark, so that figures can be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRAME_SAMPLES = 2048

Sound = NDArray[np.float64]


def loudest_frame(sound: Sound) -> float:
    """The energy of the loudest whole frame of ``sound`` (shape (n,), n >= FRAME_SAMPLES)."""
    frames = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    return float(np.square(frames).sum(axis=1).max())


def mixed(speech: Sound, noise: Sound, snr_db: float, start: int) -> Sound:
    """``speech`` with the stretch of ``noise`` from sample ``start`` on, so loud that the loudest frames are
    ``snr_db`` apart, then scaled so that the peak is at half of full range (1.0).

    Shorter noise is repeated.
    """
    stretch = np.take(noise, np.arange(start, start + len(speech)), mode="wrap")
    scale = np.sqrt(loudest_frame(speech) / (loudest_frame(stretch) * 10 ** (snr_db / 10)))
    both = speech + scale * stretch
    scaled: Sound = both / (2 * np.abs(both).max())
    return scaled
