"""How much of a moment's sound is Evensong's own voice, whether or not the canceller knows the room yet.

A canceller learns while it goes; in its first seconds most of the echo is left, and a recogniser makes commands of it.
Looking back one can do better: the best filter for just these three seconds is found by least squares, in each band of
a short-time Fourier transform with the last frames of what was played as its taps (convolutive transfer functions:
Talmon, Cohen and Gannot, IEEE Trans. ASLP 17(4), 2009). What no filter can make of what was played, somebody else said.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.events import CHUNK_SAMPLES, SAMPLE_RATE_HZ, Samples

KEPT_S = 7.0
WINDOW_S = 3.0  # up to the moment's end: much longer than the filters, which could follow a person otherwise
DRIFTS_PPM = (-150.0, 0.0, 150.0)  # of two clocks, for which the reference is tried; the drift is not known so early
LONGEST_S = 1.5  # of a moment: its last words
AFTER_S = 0.15
LEAST_S = 0.4  # of sound: a filter follows anything shorter
LEFT_OF_OWN_DB = -8.5  # measured: its own voice leaves -9 to -21 dB, a person as loud as its echo mostly -2 to -6
QUIET = 100.0  # mean square of what was played; less makes no echo that matters

_FRAME_SAMPLES = 512
_HOP_SAMPLES = 256
_TAPS = 16
_BAND_HZ = (300.0, 3000.0)
_RIDGE = 1e-3

Floats = NDArray[np.float64]
Spectra = NDArray[np.complex128]


class OwnShare:
    """Give it each frame of 20 ms: what the microphone heard and what was played, int16. It remembers some seconds."""

    def __init__(self) -> None:
        self._frames: deque[tuple[Samples, Samples]] = deque(maxlen=round(KEPT_S * SAMPLE_RATE_HZ / CHUNK_SAMPLES))
        self._count = 0

    def hear(self, sound: Samples, played: Samples) -> None:
        self._frames.append((sound.copy(), played.copy()))  # not the longer arrays that they are parts of
        self._count += 1

    def skip(self) -> None:
        """A frame that need not be remembered, and what came before neither."""
        self._frames.clear()
        self._count += 1

    def is_own(self, start_s: float, end_s: float) -> bool:
        """Whether nothing but its own voice was heard between two moments, in seconds since its first frame."""
        left_db = self.left_db(start_s, end_s)
        return left_db is not None and left_db < LEFT_OF_OWN_DB

    def left_db(self, start_s: float, end_s: float) -> float | None:
        """What is left of that sound's power without what can be made of what was played, 0 or less.

        None: too little is remembered, or nothing was played.
        """
        first_s = (self._count - len(self._frames)) * CHUNK_SAMPLES / SAMPLE_RATE_HZ
        until = round((end_s + AFTER_S - first_s) * SAMPLE_RATE_HZ)
        since = max(0, until - round(WINDOW_S * SAMPLE_RATE_HZ))
        if not self._frames or until - since < LEAST_S * SAMPLE_RATE_HZ:
            return None
        sound, played = (np.concatenate(part)[since:until] for part in zip(*self._frames, strict=True))
        if len(sound) < LEAST_S * SAMPLE_RATE_HZ or np.mean(np.square(played.astype(np.float64))) < QUIET:
            return None
        heard = _spectra(sound.astype(np.float64))
        begin = (max(start_s, end_s - LONGEST_S) - first_s) * SAMPLE_RATE_HZ - since
        from_frame = min(max(0, int(begin) // _HOP_SAMPLES), len(heard) - 1)
        to_frame = round((end_s - first_s) * SAMPLE_RATE_HZ - since) // _HOP_SAMPLES + 1
        left = min(
            _power(_unexplained(heard, _spectra(_drifting(played, ppm)))[from_frame:to_frame]) for ppm in DRIFTS_PPM
        )
        return float(10 * np.log10((left + 1.0) / (_power(heard[from_frame:to_frame]) + 1.0)))


def _drifting(samples: Samples, ppm: float) -> Floats:
    """``samples`` by a clock that counts so much slower, in step with the other one at their end."""
    places = np.arange(len(samples), dtype=np.float64)
    if not ppm:
        return samples.astype(np.float64)
    return np.interp(places + (places - len(samples)) * ppm * 1e-6, places, samples.astype(np.float64))


def _spectra(samples: Floats) -> Spectra:
    """Shape (frames, bands)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME_SAMPLES)[::_HOP_SAMPLES]
    spectra: Spectra = np.fft.rfft(frames * np.hanning(_FRAME_SAMPLES), axis=1)
    hz = np.fft.rfftfreq(_FRAME_SAMPLES, 1 / SAMPLE_RATE_HZ)
    return spectra[:, (hz >= _BAND_HZ[0]) & (hz <= _BAND_HZ[1])]


def _unexplained(heard: Spectra, played: Spectra) -> Spectra:
    """``heard`` without what the best filter of each band makes of ``played``; both of shape (frames, bands)."""
    padded = np.concatenate([np.zeros((_TAPS - 1, played.shape[1])), played])
    left = np.empty_like(heard)
    for band in range(heard.shape[1]):
        past = np.lib.stride_tricks.sliding_window_view(padded[:, band], _TAPS)
        products = past.conj().T @ past
        ridge = _RIDGE * (products.trace().real / _TAPS + 1.0) * np.eye(_TAPS)
        filters = np.linalg.solve(products + ridge, past.conj().T @ heard[:, band])
        left[:, band] = heard[:, band] - past @ filters
    return left


def _power(spectra: Spectra) -> float:
    return float(np.sum(np.square(np.abs(spectra))))
