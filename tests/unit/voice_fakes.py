"""Made voices: a tone each, an encoder that tells tones apart, and a detector that takes what is loud for speech."""

from __future__ import annotations

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.speakers.voice_features import mels

ANA_HZ, BEN_HZ, STRANGER_HZ = 300.0, 1200.0, 4000.0
ALIKE = 0.5  # cosine of two different voices' prints, about that of real ones


class Loudness:
    """In the place of `VoiceActivityDetector`."""

    def __call__(self, block: np.ndarray) -> float:
        return float(np.abs(block).max() > 100)

    def reset(self) -> None:
        pass


class Tones:
    """In the place of `VoiceEncoder`: the print is where the power is, and what all voices share."""

    def prints(self, windows: np.ndarray) -> np.ndarray:
        return np.stack([self.read(np.pad(window.sum(axis=0), (0, 216))) for window in windows])

    def print_of(self, window: np.ndarray) -> np.ndarray:
        return self.prints(window[None])[0]

    def advance(self, hidden: np.ndarray, cell: np.ndarray, frame: np.ndarray) -> None:
        hidden[-1, : len(frame)] += frame[:, None]

    def read(self, hidden: np.ndarray) -> np.ndarray:
        own = np.sqrt(np.maximum(hidden, 0))
        own = own / max(float(np.linalg.norm(own)), 1e-9) * np.sqrt(1 - ALIKE)
        own[-1] = np.sqrt(ALIKE)
        return own.astype(np.float32)


def tone(seconds: float, *hz: float, amplitude: float = 4000.0) -> Samples:
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (amplitude * sum(np.sin(2 * np.pi * each * t) for each in hz)).astype(np.int16)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.int16)


def print_of_tone(hz: float) -> np.ndarray:
    return Tones().print_of(mels(tone(1.0, hz)))
