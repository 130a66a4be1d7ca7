"""Remembering a voice: some ten seconds of one person's speech become one print of 256 numbers; the sound is dropped.

The print is the mean over windows of speech alone. Each window is taken as it was heard and again with made brown noise
in it, so that the print also fits the voice when the kitchen is loud (docs/decisions/0006-voices.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.speakers.voice_encoder import LONGEST_FRAMES, Print, VoiceEncoder
from assistant.hearing.speakers.voice_features import BANDS, HOP_SAMPLES, Mels, levelled, mels
from assistant.hearing.speech_level import CLIPPED, CLIPPING, LEAST_ABOVE_NOISE_DB, QUIETEST_DB
from assistant.hearing.voice_activity import BLOCK_SAMPLES, VoiceActivityDetector

Reason = Literal["too_short", "too_quiet", "too_loud", "too_noisy", "not_one_voice"]

LEAST_SPEECH_S = 8.0
SPEECH = 0.5  # probability from which on a block is speech
STEP_FRAMES = 80
APART = 0.74  # cosine of two halves of the windows below which they are two people's
SMALLER_HALF = 0.2  # of the windows, below which a few odd ones are let pass

_FULL_SCALE = 32_768.0
_NOISE_BELOW_DB = 5.0
_NOISE_S = 20


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A print to keep, and on how much speech it rests."""

    values: Print
    speech_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the speech was not good enough to remember a voice by, and how much of it there was."""

    reason: Reason
    speech_s: float


def enrol(samples: Samples, encoder: VoiceEncoder, detector: VoiceActivityDetector) -> Enrolled | Refused:
    """Make a print of the speech in ``samples`` (int16, 16 kHz mono), which one person spoke in a quiet room."""
    heard = speech_frames(samples, detector)
    speech_s = heard.mean() * len(heard) * HOP_SAMPLES / SAMPLE_RATE_HZ if len(heard) else 0.0
    if speech_s < LEAST_SPEECH_S:
        return Refused("too_short", speech_s)
    if reason := _fault(samples, heard):
        return Refused(reason, speech_s)
    frames = mels(samples)[: len(heard)][heard]
    windows = cut(frames)
    if not _one_voice(encoder.prints(windows)):
        return Refused("not_one_voice", speech_s)
    return Enrolled(print_of(frames, encoder), speech_s)


def speech_frames(samples: Samples, detector: VoiceActivityDetector) -> NDArray[np.bool_]:
    """Which frames of `mels` are speech, shape (frames of ``samples``,)."""
    detector.reset()
    whole = len(samples) // BLOCK_SAMPLES
    blocks = samples[: whole * BLOCK_SAMPLES].reshape(whole, BLOCK_SAMPLES)
    speech = np.array([detector(block) >= SPEECH for block in blocks], dtype=np.bool_)
    places = np.arange(0, len(samples), HOP_SAMPLES) // BLOCK_SAMPLES
    return np.asarray(speech[places[places < whole]], dtype=np.bool_)


def cut(frames: Mels) -> NDArray[np.float32]:
    """Overlapping windows, each brought to the same level: shape (n, LONGEST_FRAMES, BANDS)."""
    starts = range(0, max(1, len(frames) - LONGEST_FRAMES + 1), STEP_FRAMES)
    return np.stack([levelled(frames[start : start + LONGEST_FRAMES]) for start in starts])


def print_of(frames: Mels, encoder: VoiceEncoder) -> Print:
    """The print of frames of speech alone, in quiet and in noise."""
    clean = encoder.prints(cut(frames)).mean(axis=0)
    mean = clean + encoder.prints(cut(_with_noise(frames))).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _with_noise(frames: Mels) -> Mels:
    """Powers add, as voice and noise know nothing of one another."""
    noise = np.resize(_noise(), (len(frames), BANDS))
    scale = frames.sum(axis=1).mean() / noise.sum(axis=1).mean() / 10 ** (_NOISE_BELOW_DB / 10)
    return np.asarray(frames + noise * np.float32(scale), dtype=np.float32)


@cache
def _noise() -> Mels:
    """The same noise each time, its power falling with the square of the frequency."""
    length = _NOISE_S * SAMPLE_RATE_HZ
    rng = np.random.default_rng(5)
    frequencies = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ), 50.0)
    spectrum = rng.standard_normal(len(frequencies)) + 1j * rng.standard_normal(len(frequencies))
    return mels(np.fft.irfft(spectrum / frequencies, length))


def _fault(samples: Samples, heard: NDArray[np.bool_]) -> Reason | None:
    whole = samples[: len(heard) * HOP_SAMPLES].astype(np.float64)
    mask = np.repeat(heard, HOP_SAMPLES)[: len(whole)]
    speech, rest = whole[mask], whole[~mask]
    level_db = _db(speech)
    if level_db < QUIETEST_DB:
        return "too_quiet"
    if float(np.mean(np.abs(speech) >= CLIPPING)) > CLIPPED:
        return "too_loud"
    if len(rest) > SAMPLE_RATE_HZ // 2 and level_db - _db(rest) < LEAST_ABOVE_NOISE_DB:
        return "too_noisy"
    return None


def _db(samples: NDArray[np.float64]) -> float:
    return float(20 * np.log10(max(1.0, np.sqrt(np.mean(samples**2))) / _FULL_SCALE)) if len(samples) else -100.0


def _one_voice(prints: NDArray[np.float32]) -> bool:
    """Whether windows of speech are one person's: split in two where they differ most, the halves are still alike."""
    alike = prints @ prints.T
    first, second = np.unravel_index(int(alike.argmin()), alike.shape)
    nearer = alike[first] >= alike[second]
    if min(nearer.mean(), 1 - nearer.mean()) < SMALLER_HALF:
        return True
    halves = [prints[nearer].mean(axis=0), prints[~nearer].mean(axis=0)]
    one, other = (half / np.linalg.norm(half) for half in halves)
    return float(one @ other) >= APART
