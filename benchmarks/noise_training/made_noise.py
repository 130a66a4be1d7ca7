"""Noise of a household made by code, of kinds that few freely usable recordings hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ

Sound = NDArray[np.float64]

_HIGHEST_HZ = 7_800.0
_BUBBLE_S = 0.03


def water(rng: np.random.Generator, samples: int) -> Sound:
    """A tap or a pan: hiss whose loudness wanders, with many small bubbles."""
    hiss = rng.standard_normal(samples) * wandering(rng, samples, rng.uniform(2, 12), rng.uniform(1, 4))
    time_s = np.arange(round(_BUBBLE_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    bubbles = np.zeros(samples + len(time_s))
    for _ in range(rng.poisson(rng.uniform(5, 60) * samples / SAMPLE_RATE_HZ)):
        start = int(rng.integers(0, samples))
        rising = rng.uniform(400, 4000) * time_s * (1 + rng.uniform(0, 20) * time_s)
        bubble = np.sin(2 * np.pi * rising) * np.exp(-time_s * rng.uniform(100, 900))
        bubbles[start : start + len(time_s)] += 10 ** (rng.uniform(-25, 0) / 20) * bubble
    made: Sound = hiss + rng.uniform(0, 6) * bubbles[:samples]
    return made


def struck(rng: np.random.Generator) -> Sound:
    """A dish, cutlery, a pot or a door, 0.05 to 1 s: a click, and partials that die away."""
    time_s = np.arange(int(rng.uniform(0.05, 1.0) * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    lowest_hz = rng.choice([rng.uniform(120, 600), rng.uniform(500, 3500), rng.uniform(1500, 6000)])
    decay = rng.uniform(4, 60)
    made = np.zeros(len(time_s))
    for _ in range(int(rng.integers(3, 14))):
        hz = min(_HIGHEST_HZ, lowest_hz * rng.uniform(1, 5) ** rng.uniform(0, 1))
        ringing = np.sin(2 * np.pi * hz * time_s + rng.uniform(0, 6))
        dying = np.exp(-time_s * decay * rng.uniform(0.5, 2.5) * (1 + hz / 6000))
        made += 10 ** (rng.uniform(-20, 0) / 20) * ringing * dying
    count = min(len(made), int(rng.uniform(20, 600)))
    click = rng.standard_normal(count) * np.exp(-np.arange(count) / count * 5)
    made[:count] += click * rng.uniform(0.1, 2.5) * max(0.05, np.abs(made).max()) / (np.abs(click).max() + 1e-9)
    sound: Sound = made / (np.abs(made).max() + 1e-6)
    return sound


def motor(rng: np.random.Generator, samples: int) -> Sound:
    """A machine: partials of a pitch that wanders, with broad noise."""
    base_hz = rng.uniform(25, 240) * wandering(rng, samples, rng.uniform(0.3, 3), rng.uniform(0, 0.4))
    turns = 2 * np.pi * np.cumsum(base_hz) / SAMPLE_RATE_HZ
    count = int(min(rng.integers(5, 40), _HIGHEST_HZ // base_hz.max()))
    strengths = 10 ** (np.cumsum(rng.normal(-0.4, 2.0, count)) / 20)
    partials: Sound = np.zeros(samples)
    for number, strength in enumerate(strengths, start=1):
        partials += strength * np.sin(number * turns + rng.uniform(0, 6))
    loudness = float(np.sqrt(np.square(partials).mean())) + 1e-9
    return partials / loudness + rng.uniform(0.1, 2) * rng.standard_normal(samples)


def music(rng: np.random.Generator, samples: int) -> Sound:
    """Chords of made instruments, one to each beat."""
    made = np.zeros(samples)
    beat, root_hz = int(rng.uniform(0.2, 0.7) * SAMPLE_RATE_HZ), rng.uniform(60, 300)
    for start in range(0, samples, beat):
        time_s = np.arange(samples - start) / SAMPLE_RATE_HZ
        dying = np.exp(-time_s * rng.uniform(0.8, 6))
        for halftones in rng.choice((0, 2, 4, 5, 7, 9, 11, 12, 14, 16), size=rng.integers(1, 4), replace=False):
            hz, dull = root_hz * 2 ** (halftones / 12), rng.uniform(0.6, 2)
            for number in range(1, int(min(rng.integers(3, 9), _HIGHEST_HZ // hz + 1))):
                made[start:] += dying * np.sin(2 * np.pi * hz * number * time_s) / number**dull
    return made


def wandering(rng: np.random.Generator, samples: int, hertz: float, spread_db: float) -> Sound:
    """A random gain that turns ``hertz`` times a second."""
    count = int(samples / SAMPLE_RATE_HZ * hertz) + 4
    places = np.arange(samples) * hertz / SAMPLE_RATE_HZ
    gains: Sound = 10 ** (np.interp(places, np.arange(count), rng.normal(0, spread_db, count)) / 20)
    return gains
