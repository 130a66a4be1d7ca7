"""The short sounds of Evensong, made by code: soft in attack, quiet enough for bedtime, each its own.

Each is a handful of decaying sines. They can be told apart by their movement: waking rises, goodbye falls,
"heard" is one note, the bell is long, the reminder is two small bowls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, AudioClip, Earcon

PEAK_DB = -15.0  # a sine of this peak has -18 dBFS
ATTACK_S = 0.012
RELEASE_S = 0.02


@dataclass(frozen=True, slots=True)
class _Note:
    """A struck tone: partials as (ratio, share), falling by 60 dB in ``decay_s``."""

    hz: float
    start_s: float
    length_s: float
    decay_s: float
    partials: tuple[tuple[float, float], ...] = ((1.0, 1.0), (2.0, 0.12))


# The partials of a small bowl: not harmonic, the upper ones softer.
_BOWL = ((1.0, 1.0), (2.71, 0.35), (5.16, 0.1))

_NOTES: Mapping[Earcon, tuple[_Note, ...]] = {
    "woken": (_Note(659.3, 0.0, 0.12, 0.5), _Note(987.8, 0.1, 0.2, 0.5)),
    "heard": (_Note(784.0, 0.0, 0.1, 0.4),),
    "bell": (_Note(392.0, 0.0, 3.0, 2.5, _BOWL),),
    "tick": (_Note(440.0, 0.0, 0.08, 0.12, ((1.0, 1.0), (2.76, 0.3))),),
    "interruption": (_Note(293.7, 0.0, 0.25, 0.6, ((1.0, 1.0), (3.0, 0.1))),),
    "goodbye": (_Note(880.0, 0.0, 0.15, 0.5), _Note(523.3, 0.14, 0.26, 0.6)),
    "reminder": (_Note(349.2, 0.0, 0.2, 0.6, _BOWL), _Note(466.2, 0.17, 0.23, 0.6, _BOWL)),
    "thinking": (_Note(587.3, 0.0, 0.13, 0.3), _Note(587.3, 0.2, 0.15, 0.3)),
}


@cache
def earcon(name: Earcon) -> AudioClip:
    """The earcon ``name``: 16 kHz, peak -15 dBFS, 80 to 400 ms (the bell 3 s)."""
    notes = _NOTES[name]
    total = max(round((note.start_s + note.length_s) * SAMPLE_RATE_HZ) for note in notes)
    sound = np.zeros(total)
    for note in notes:
        start = round(note.start_s * SAMPLE_RATE_HZ)
        struck = _struck(note)
        sound[start : start + len(struck)] += struck[: total - start]
    sound *= 10 ** (PEAK_DB / 20) / np.abs(sound).max()
    return AudioClip(np.round(sound * 32767).astype(np.int16), SAMPLE_RATE_HZ)


def _struck(note: _Note) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time_s = np.arange(round(note.length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    sound = np.zeros(len(time_s))
    for ratio, share in note.partials:
        # Upper partials die sooner, as on anything that is struck.
        sound += share * np.sin(2 * np.pi * note.hz * ratio * time_s) * 10 ** (-3 * time_s * ratio**0.5 / note.decay_s)
    attack = np.clip(time_s / ATTACK_S, 0, 1)
    release = np.clip((note.length_s - time_s) / RELEASE_S, 0, 1)
    shaped: np.ndarray[tuple[int], np.dtype[np.float64]] = sound * np.sin(np.pi / 2 * attack) ** 2 * release
    return shaped
