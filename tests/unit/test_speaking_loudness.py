"""Loudness as EBU R128 has it: its own test signals, and what ears do with bass, treble and pauses."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.speaking.loudness import loudness_lufs


def tone(hz: float, level_db: float, seconds: float = 2.0, rate_hz: int = 48_000) -> np.ndarray:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
def test_a_full_tone_of_997_hz_has_minus_three(rate_hz: int) -> None:
    """The calibration of BS.1770: 0 dBFS in one channel."""
    integrated, loudest = loudness_lufs(tone(997, 0.0, rate_hz=rate_hz), rate_hz)
    assert integrated == pytest.approx(-3.01, abs=0.1)
    assert loudest == pytest.approx(-3.01, abs=0.1)


def test_ten_decibels_are_ten_loudness_units() -> None:
    assert loudness_lufs(tone(1000, -33.0), 48_000)[0] == pytest.approx(
        loudness_lufs(tone(1000, -23.0), 48_000)[0] - 10, abs=0.01
    )


def test_bass_is_softer_and_treble_louder_than_their_level() -> None:
    bass, middle, treble = (loudness_lufs(tone(hz, -20.0), 48_000)[0] for hz in (40, 1_000, 4_000))
    assert bass < middle - 5
    assert treble == pytest.approx(middle + 3.3, abs=0.5)


def test_what_is_silent_or_soft_between_loud_words_does_not_count() -> None:
    """Tests 3 and 4 of EBU Tech 3341, shortened: what lies 13 dB below is a pause."""
    loud, soft = tone(1000, -23.0, 6.0), tone(1000, -36.0, 1.0)
    sound = np.concatenate([soft, loud, np.zeros(48_000, np.float32), soft])
    assert loudness_lufs(sound, 48_000)[0] == pytest.approx(loudness_lufs(loud, 48_000)[0], abs=0.3)


@pytest.mark.parametrize("seconds", [0.05, 0.25, 0.39, 0.41])
def test_short_sounds_have_the_loudness_of_long_ones(seconds: float) -> None:
    integrated, loudest = loudness_lufs(tone(1000, -20.0, seconds), 48_000)
    assert integrated == pytest.approx(-23.0, abs=0.3)
    assert loudest == integrated


def test_silence_has_no_loudness() -> None:
    assert loudness_lufs(np.zeros(16_000, np.float32), 16_000) == (float("-inf"), float("-inf"))
    assert loudness_lufs(np.zeros(0, np.float32), 16_000) == (float("-inf"), float("-inf"))
