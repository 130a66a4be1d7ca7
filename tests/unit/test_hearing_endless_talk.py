"""Talk without a pause is parted where it is soft, and where it never is, before it has gone on for ever."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.endless_talk import LONG_S, LONGEST_S, SOFT_S, Stretch

BLOCK_SAMPLES = 512


def noise(seconds: float, level: float) -> Samples:
    count = round(seconds * SAMPLE_RATE_HZ)
    return (level * np.random.default_rng(1).standard_normal(count)).astype(np.int16)


def parted_s(sound: Samples) -> list[float]:
    """Where a stretch is ended; another begins there."""
    stretch, found = Stretch(), []
    for place in range(0, len(sound), BLOCK_SAMPLES):
        if stretch.goes_on_too_long(sound[place : place + BLOCK_SAMPLES]):
            found.append(min(place + BLOCK_SAMPLES, len(sound)) / SAMPLE_RATE_HZ)
            stretch.begin()
    return found


def talk(seconds: float, under: float) -> Samples:
    """A second and a half of words and 0.4 s of breath, over and over, and what sounds ``under`` it all the time."""
    sentence = np.concatenate([noise(1.5, 3000), np.zeros(round(0.4 * SAMPLE_RATE_HZ), np.int16)])
    count = round(seconds * SAMPLE_RATE_HZ)
    return np.resize(sentence, count) + noise(seconds, under)


@pytest.mark.parametrize("under", [0, 5, 600])
def test_it_is_parted_in_a_gap_between_words(under: float) -> None:
    places_s = parted_s(talk(65, under))
    assert len(places_s) == 3
    assert all(1.5 + SOFT_S - 0.05 <= place_s % 1.9 <= 1.9 for place_s in places_s)
    assert LONG_S <= places_s[0] <= LONG_S + 2.0


def test_without_a_gap_it_is_parted_all_the_same() -> None:
    assert parted_s(noise(70, 3000)) == pytest.approx([LONGEST_S, 2 * LONGEST_S], abs=0.1)


def test_an_answer_of_some_seconds_is_left_whole() -> None:
    assert parted_s(talk(LONG_S - 1, 5)) == []


def test_all_at_once_is_as_long_as_bit_by_bit() -> None:
    assert Stretch().goes_on_too_long(noise(LONGEST_S, 3000))
    assert not Stretch().goes_on_too_long(noise(12, 3000))
