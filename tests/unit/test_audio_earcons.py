"""Earcons, listened to by numbers: soft, short, without a click, each its own."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import numpy as np
import pytest

from assistant.audio.earcons import earcon
from assistant.events import Earcon
from assistant.speaking.level import SPEECH_LUFS
from assistant.speaking.loudness import loudness_lufs

NAMES: tuple[Earcon, ...] = get_args(Earcon)


def envelope_db(name: Earcon) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Root mean square of each 10 ms, dBFS."""
    samples = earcon(name).samples.astype(float) / 32768
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    return 20 * np.log10(np.sqrt((frames**2).mean(axis=1)) + 1e-9)


def fingerprint(name: Earcon) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Where its energy lies in pitch (semitones) and in the thirds of its length; unit length."""
    samples = earcon(name).samples.astype(float)
    parts = []
    for third in np.array_split(samples, 3):
        power = np.abs(np.fft.rfft(third, 16_384)) ** 2
        hz = np.fft.rfftfreq(16_384, 1 / 16_000)
        semitones = np.round(12 * np.log2(np.maximum(hz, 60) / 60)).astype(int)
        parts.append(np.bincount(semitones, power, minlength=100)[:100])
    joined = np.sqrt(np.concatenate(parts))
    return joined / np.linalg.norm(joined)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_soft_short_and_without_a_click(name: Earcon) -> None:
    clip = earcon(name)
    assert clip.text == ""
    assert (2.5 <= clip.duration_s <= 3.5) if name == "bell" else (0.08 <= clip.duration_s <= 0.4)
    peak_db = 20 * np.log10(np.abs(clip.samples.astype(int)).max() / 32768)
    assert peak_db == pytest.approx(-15, abs=0.2)
    assert -30 < envelope_db(name).max() < -16
    assert np.abs(clip.samples[:4]).max() < 100
    assert np.abs(clip.samples[-4:]).max() < 100


@pytest.mark.parametrize("name", NAMES)
def test_it_swells_softly_and_dies_away(name: Earcon) -> None:
    level_db = envelope_db(name)
    assert level_db[0] < level_db.max() - 2
    assert level_db[-1] < level_db.max() - 9


def test_the_bell_rings_for_two_and_a_half_seconds() -> None:
    level_db = envelope_db("bell")
    assert level_db[100] > level_db.max() - 30  # still there after a second
    assert level_db[250] < level_db.max() - 50


@pytest.mark.parametrize(("one", "other"), list(combinations(NAMES, 2)))
def test_each_can_be_told_from_every_other(one: Earcon, other: Earcon) -> None:
    assert float(fingerprint(one) @ fingerprint(other)) < 0.6


def test_waking_rises_and_goodbye_falls() -> None:
    def pitches(name: Earcon) -> list[float]:
        halves = np.array_split(earcon(name).samples.astype(float), 2)
        return [float(np.abs(np.fft.rfft(half, 16_000)).argmax()) for half in halves]

    assert pitches("woken")[1] > pitches("woken")[0] * 1.2
    assert pitches("goodbye")[1] < pitches("goodbye")[0] / 1.2


def test_it_is_the_same_each_time() -> None:
    first = earcon("bell").samples.copy()
    earcon.cache_clear()
    assert earcon("bell").samples.tolist() == first.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_it_is_softer_than_the_voice(name: Earcon) -> None:
    clip = earcon(name)
    assert loudness_lufs(clip.samples / np.float32(32_768), clip.rate_hz)[1] < SPEECH_LUFS
