"""Two clocks that differ: how the drift is found, and what is left of an echo that drifts."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.echo.canceller import echo_canceller
from assistant.hearing.echo.drift import Drift

FRAME = 320


def played(seconds: float) -> NDArray[np.float64]:
    """Noise in syllables, dark as speech."""
    rng = np.random.default_rng(3)
    count = round(seconds * SAMPLE_RATE_HZ)
    dark = np.convolve(rng.standard_normal(count), [0.4, 0.3, 0.2, 0.1], mode="same")
    at_s = np.arange(count) / SAMPLE_RATE_HZ
    return dark * np.clip(np.sin(2 * np.pi * 3.3 * at_s) + 0.4, 0, 1) * 6000


def heard(sound: NDArray[np.float64], ppm: float, delay: int = 960) -> NDArray[np.float64]:
    """The echo of ``sound``, a quarter as loud, by a clock that runs ``ppm`` slower than the loudspeaker's."""
    places = np.arange(len(sound)) * (1 + ppm * 1e-6) - delay
    return np.interp(places, np.arange(len(sound)), sound, left=0.0) * 0.25


def int16(sound: NDArray[np.float64]) -> Samples:
    return np.clip(np.rint(sound), -32_768, 32_767).astype(np.int16)


@pytest.mark.parametrize("ppm", [0.0, 50.0, 200.0, -200.0])
def test_the_drift_is_found_within_seconds(ppm: float) -> None:
    sound = played(12)
    drift = Drift()
    microphone, loudspeaker = int16(heard(sound, ppm)), int16(sound)
    for place in range(0, len(sound), FRAME):
        drift.follow(microphone[place : place + FRAME], loudspeaker[place : place + FRAME])
    assert drift.ppm == pytest.approx(-ppm, abs=8)


@pytest.mark.parametrize("ppm", [200.0, -200.0])
def test_an_echo_that_drifts_is_cancelled_as_one_that_does_not(ppm: float) -> None:
    sound = played(16)
    canceller = echo_canceller(suppress=False)
    assert canceller is not None, "speexdsp is missing; `make setup` installs it"
    microphone = int16(heard(sound, ppm) + np.random.default_rng(4).standard_normal(len(sound)) * 3)
    left = np.concatenate(
        [
            canceller.cancel(microphone[place : place + FRAME], int16(sound[place : place + FRAME]))
            for place in range(0, len(sound), FRAME)
        ]
    )
    last = slice(12 * SAMPLE_RATE_HZ, 15 * SAMPLE_RATE_HZ)
    before, after = (np.mean(part[last].astype(np.float64) ** 2) for part in (microphone, left))
    assert 10 * np.log10(before / after) > 18


def test_a_reference_that_is_laid_anew_is_followed_at_once() -> None:
    sound = played(16)
    drift = Drift()
    microphone = int16(heard(sound, 100.0))
    half = len(sound) // 2
    loudspeaker = int16(np.concatenate([sound[:half], sound[half - 480 : -480]]))  # later from here on
    moved = [
        drift.follow(microphone[place : place + FRAME], loudspeaker[place : place + FRAME])
        for place in range(0, len(sound), FRAME)
    ]
    last = np.concatenate(moved)[-SAMPLE_RATE_HZ:].astype(np.float64)
    early = np.concatenate(moved)[5 * SAMPLE_RATE_HZ : 6 * SAMPLE_RATE_HZ].astype(np.float64)

    def late(reference: NDArray[np.float64], start: int) -> int:
        found = np.correlate(microphone[start : start + SAMPLE_RATE_HZ].astype(np.float64), reference, mode="full")
        return int(np.argmax(found))

    assert late(last, len(sound) - SAMPLE_RATE_HZ) == pytest.approx(late(early, 5 * SAMPLE_RATE_HZ), abs=3)
    assert drift.ppm == pytest.approx(-100, abs=20)


def test_nothing_is_known_of_silence_and_of_rooms_without_echo() -> None:
    drift = Drift()
    silence = np.zeros(FRAME, np.int16)
    sound, noise = int16(played(6)), int16(np.random.default_rng(1).standard_normal(6 * SAMPLE_RATE_HZ) * 500)
    for place in range(0, len(sound), FRAME):
        drift.follow(silence, silence)
        drift.follow(noise[place : place + FRAME], sound[place : place + FRAME])
    assert drift.ppm == 0.0
