"""Telling an echo that is not taken away from people who talk, from headphones and from one that is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.hearing.echo.loss import EchoLoss

SECONDS = 40
LEVELS = NDArray[np.float64]


def syllables(seed: int) -> LEVELS:
    """Energies of frames of 20 ms, as of somebody who talks: syllables, and pauses between sentences."""
    rng = np.random.default_rng(seed)
    louder = np.repeat(rng.uniform(30, 70, SECONDS * 5), 10)  # ten frames a syllable, in decibels
    pauses = np.repeat(rng.random(SECONDS) > 0.25, 50)
    return np.where(pauses, 10 ** (louder / 10), 1.0)


def measured(heard: LEVELS, left: LEVELS, played: LEVELS) -> EchoLoss:
    loss = EchoLoss()
    for frame in zip(heard, left, played, strict=True):
        loss.hear(*map(float, frame), audible=frame[2] > 1e4)
    return loss


@pytest.mark.parametrize("late_frames", [2, 30, 48])
def test_an_echo_that_stays_is_a_failure(late_frames: int) -> None:
    played = syllables(1)
    echo = np.roll(played, late_frames) * 0.1 + 100
    loss = measured(echo, echo, played)
    assert loss.failing
    assert loss.loss_db == pytest.approx(0.0, abs=0.1)


def test_an_echo_that_is_taken_away_is_none() -> None:
    played = syllables(1)
    echo = np.roll(played, 3) * 0.1
    loss = measured(echo + 100, echo * 0.001 + 100, played)
    assert not loss.failing
    assert loss.loss_db is not None
    assert loss.loss_db > 20


def test_people_who_talk_at_the_same_time_are_no_echo() -> None:
    played, people = syllables(1), syllables(2)
    echo = np.roll(played, 3) * 0.01
    assert not measured(echo + people, echo * 0.01 + people, played).failing


@pytest.mark.parametrize("seed", range(8))
def test_a_word_now_and_then_in_a_quiet_room_is_no_echo(seed: int) -> None:
    """A single word resembles the sentence that it falls into; not twice as late."""
    rng = np.random.default_rng(seed)
    words = np.ones(SECONDS * 50)
    for second in range(2, SECONDS, 4):
        begin = second * 50 + int(rng.integers(50))
        words[begin : begin + 25] = 10**6
    assert not measured(words, words, syllables(1)).failing


def test_with_headphones_there_is_nothing_to_measure() -> None:
    rng = np.random.default_rng(3)
    hum = rng.uniform(80, 120, SECONDS * 50)
    loss = measured(hum, hum, syllables(1))
    assert not loss.failing
    assert loss.loss_db is None


def test_a_room_that_has_been_learnt_after_all_works_again() -> None:
    played = syllables(1)
    echo = np.roll(played, 3) * 0.1 + 100
    left = np.where(np.arange(len(echo)) < len(echo) // 2, echo, echo * 0.01)
    assert not measured(echo, left, played).failing
