"""Before a room is known, its own voice is told from people by what a filter can make of it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.echo.own_share import OwnShare

FRAME = 320
LENGTH_S = 4.0
MOMENT_S = (2.6, 3.3)


def speech(seed: int, level: float = 1500.0) -> NDArray[np.float64]:
    """Syllables of noise, dark as speech is."""
    rng = np.random.default_rng(seed)
    count = round(LENGTH_S * SAMPLE_RATE_HZ)
    syllables = np.repeat(rng.uniform(0.1, 1.0, round(LENGTH_S * 5)), SAMPLE_RATE_HZ // 5)
    dark = np.convolve(rng.standard_normal(count), np.hanning(16), mode="same")
    return dark / dark.std() * syllables * level


def echo(played: NDArray[np.float64], ppm: float = 0.0) -> NDArray[np.float64]:
    """60 ms later, with the walls of a room, by another clock."""
    rng = np.random.default_rng(9)
    walls = rng.standard_normal(2000) * 10 ** (-3 * np.arange(2000) / 2000) * 0.1
    way = np.concatenate([np.zeros(960), [1.0], walls])
    size = 1 << (len(played) + len(way)).bit_length()
    late = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(way, size), size)[: len(played)]
    places = np.arange(len(late), dtype=np.float64)
    return np.interp(places * (1 + ppm * 1e-6), places, late)


def said(seed: int, level: float) -> NDArray[np.float64]:
    """A word of somebody's, in the middle of the moment."""
    word = np.zeros(round(LENGTH_S * SAMPLE_RATE_HZ))
    part = slice(round(2.7 * SAMPLE_RATE_HZ), round(3.2 * SAMPLE_RATE_HZ))
    word[part] = speech(seed, level)[part]
    return word


def share(heard: NDArray[np.float64], played: NDArray[np.float64]) -> OwnShare:
    own = OwnShare()
    for place in range(0, len(heard), FRAME):
        own.hear(samples(heard[place : place + FRAME]), samples(played[place : place + FRAME]))
    return own


def samples(sound: NDArray[np.float64]) -> Samples:
    return np.clip(np.rint(sound), -32_768, 32_767).astype(np.int16)


def hum() -> NDArray[np.float64]:
    return np.random.default_rng(3).normal(0, 8, round(LENGTH_S * SAMPLE_RATE_HZ))


@pytest.mark.parametrize("ppm", [0.0, 150.0, -100.0])
def test_an_echo_that_nothing_cancelled_is_its_own(ppm: float) -> None:
    played = speech(1)
    assert share(echo(played, ppm) + hum(), played).is_own(*MOMENT_S)


@pytest.mark.parametrize("seed", [20, 21, 22])
def test_somebody_as_loud_as_the_echo_is_somebody(seed: int) -> None:
    played = speech(1)
    assert not share(echo(played) + said(seed, 1500.0) + hum(), played).is_own(*MOMENT_S)


def test_what_is_heard_while_nothing_is_played_is_not_its_own() -> None:
    nothing = np.zeros(round(LENGTH_S * SAMPLE_RATE_HZ))
    assert share(said(20, 1500.0) + hum(), nothing).left_db(*MOMENT_S) is None


def test_of_what_need_not_be_remembered_nothing_is_told() -> None:
    played = speech(1)
    own = share(echo(played), played)
    own.skip()
    assert not own.is_own(*MOMENT_S)
