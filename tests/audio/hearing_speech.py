"""Speech made at test time, with Piper and espeak-ng, at the ears' rate; and the room around it."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from functools import cache

import numpy as np
import soundfile
import soxr

from assistant.events import SAMPLE_RATE_HZ, AudioChunk, Event, Samples
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.speaking.piper_engine import PiperEngine

_SOUNDING = 200


@cache
def _piper() -> PiperEngine:
    return PiperEngine(noise_scale=0.0, noise_w_scale=0.0)


@cache
def piper(text: str) -> Samples:
    """``text`` in the natural voice, from its first to its last sound."""
    clip = _piper().render(text)
    return _trimmed(_at_ears_rate(clip.samples, clip.rate_hz))


@cache
def espeak(text: str, voice: str = "en-us") -> Samples:
    """``text`` in a formant voice, from its first to its last sound."""
    done = subprocess.run(["espeak-ng", "-v", voice, "--stdout", text], check=True, capture_output=True)
    samples, rate_hz = soundfile.read(io.BytesIO(done.stdout), dtype="int16")
    return _trimmed(_at_ears_rate(samples, rate_hz))


def _at_ears_rate(samples: Samples, rate_hz: int) -> Samples:
    return np.rint(soxr.resample(samples.astype(np.float32), rate_hz, SAMPLE_RATE_HZ)).astype(np.int16)


def _trimmed(samples: Samples) -> Samples:
    sounding = np.flatnonzero(np.abs(samples) > _SOUNDING)
    return samples[sounding[0] : sounding[-1] + 1]


def scene(*parts: Samples | float, room_db: float = -70.0, seed: int = 1) -> Samples:
    """Sounds and silences (seconds) in a row, in a room whose own noise is at ``room_db`` dBFS."""
    row = [np.zeros(round(part * SAMPLE_RATE_HZ)) if isinstance(part, float | int) else part for part in parts]
    sound = np.concatenate(row)
    noise = np.random.default_rng(seed).standard_normal(len(sound)) * 32_768 * 10 ** (room_db / 20)
    return np.clip(np.rint(sound + noise), -32_768, 32_767).astype(np.int16)


def at_level(samples: Samples, level_db: float) -> Samples:
    """``samples`` at ``level_db`` dBFS RMS."""
    rms = np.sqrt(np.mean(samples.astype(np.float64) ** 2)) / 32_768
    return np.rint(samples * (10 ** (level_db / 20) / rms)).astype(np.int16)


def heard(
    hearing: Hearing, samples: Samples, answer: Callable[[Event], Order | None] = lambda _event: None, length: int = 320
) -> list[Event]:
    """All events of ``samples``; ``answer`` may give a new order after each."""
    events: list[Event] = []
    for place in range(0, len(samples), length):
        for event in hearing.hear(AudioChunk(samples[place : place + length], place / SAMPLE_RATE_HZ)):
            events.append(event)
            order = answer(event)
            if order is not None:
                hearing.open(order)
    return events
