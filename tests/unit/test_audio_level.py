"""Telling a microphone from a loopback of nothing, and saying what to do about either."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.audio.level import level_db, level_report
from assistant.events import Samples


def hiss(rms_db: float, seconds: float = 1.0) -> Samples:
    amplitude = 32768 * 10 ** (rms_db / 20)
    sound = np.random.default_rng(1).standard_normal(round(seconds * 16_000)) * amplitude
    return np.clip(sound, -32768, 32767).astype(np.int16)


def test_a_quiet_room_is_a_microphone() -> None:
    report = level_report(hiss(-55))
    assert report.rms_db == pytest.approx(-55, abs=0.5)
    assert report.peak_db > report.rms_db
    assert not report.silent
    assert report.verdict == "It hears the room."


@pytest.mark.parametrize("value", [0, 1, -700])
def test_nothing_but_one_value_is_silent(value: int) -> None:
    report = level_report(np.full(16_000, value, np.int16))
    assert report.silent
    assert report.rms_db == -math.inf
    assert "muted" in report.verdict
    assert "`evensong devices`" in report.verdict


def test_a_faint_microphone_is_told_to_be_turned_up_and_is_not_silent() -> None:
    report = level_report(hiss(-80))
    assert not report.silent
    assert "turn its input level up" in report.verdict


def test_a_distorting_microphone_is_told_to_be_turned_down() -> None:
    assert "turn its input level down" in level_report(hiss(-2)).verdict


def test_a_constant_offset_is_not_loudness() -> None:
    report = level_report((hiss(-55).astype(int) + 3_000).astype(np.int16))
    assert report.rms_db == pytest.approx(-55, abs=0.5)


def test_no_sound_at_all_is_said() -> None:
    report = level_report(np.zeros(0, np.int16))
    assert report.silent
    assert "No sound came" in report.verdict


def test_the_level_of_full_scale_and_of_nothing() -> None:
    assert level_db(np.full(100, 32767, np.int16)) == pytest.approx(0, abs=0.01)
    assert level_db(np.zeros(100, np.int16)) == -math.inf
    assert level_db(np.zeros(0, np.int16)) == -math.inf
