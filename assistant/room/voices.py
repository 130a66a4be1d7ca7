"""The voices of the simulated people: one natural Piper voice, shifted in pitch and formants for each.

These are simulated voices, and nothing presents them as anything else. Playing speech faster raises pitch and
formants together, as a smaller throat does; speaking slower beforehand keeps the pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.audio.playback import resampled
from assistant.events import SAMPLE_RATE_HZ, AudioClip, Samples
from assistant.room.acoustics import FULL_SCALE, to_int16
from assistant.room.script import Line, Person

THINKING_S = 1.5
AUDIBLE = 300  # int16; some 40 dB below full scale


class Voice(Protocol):
    """Whatever can render a sentence: an engine of `assistant.speaking`."""

    def render(self, text: str, rate: float = 1.0) -> AudioClip: ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line as sound at the speaker's mouth: 16 kHz mono; ``pauses_s`` are thinking pauses inside it."""

    samples: Samples
    text: str


class Voices:
    """Renders the people's lines through one engine."""

    def __init__(self, engine: Voice) -> None:
        self._engine = engine

    def speak(self, person: Person, line: Line) -> Spoken:
        pause = np.zeros(round(THINKING_S * SAMPLE_RATE_HZ), np.int16)
        parts: list[Samples] = []
        for phrase in line.phrases:
            if parts:
                parts.append(pause)
            parts.append(self._phrase(person, phrase))
        return Spoken(at_level(np.concatenate(parts), person.level_db), " ".join(line.phrases))

    def _phrase(self, person: Person, text: str) -> Samples:
        clip = self._engine.render(text, rate=person.rate / person.pitch)
        return trimmed(resampled(clip.samples, round(clip.rate_hz * person.pitch), SAMPLE_RATE_HZ))


def trimmed(samples: Samples) -> Samples:
    """``samples`` from the first to the last that can be heard, so that a line's end is where the voice ends."""
    audible = np.flatnonzero(np.abs(samples.astype(np.int32)) > AUDIBLE)
    return samples[audible[0] : audible[-1] + 1] if len(audible) else samples[:0]


def at_level(samples: Samples, level_db: float) -> Samples:
    """``samples`` scaled to ``level_db`` dBFS RMS, measured over what is not silence."""
    sounding = samples[np.abs(samples.astype(np.int32)) > AUDIBLE].astype(np.float64)
    if not len(sounding):
        return samples
    rms = float(np.sqrt(np.mean(sounding**2)))
    return to_int16(samples * (FULL_SCALE * 10 ** (level_db / 20) / rms))
