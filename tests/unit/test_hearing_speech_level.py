"""Speech that comes in badly is noticed, after enough of it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.events import HardToHear, Samples
from assistant.hearing.speech_level import STRETCH_S, SpeechLevel

BLOCK = 512


def noise(level_db: float, seed: int) -> Samples:
    sound = np.random.default_rng(seed).standard_normal(BLOCK) * 32_768 * 10 ** (level_db / 20)
    return np.clip(sound, -32_768, 32_767).astype(np.int16)


def told(speech_db: float, pause_db: float, seconds: float = STRETCH_S + 1) -> list[HardToHear]:
    """Two seconds of pause, then speech."""
    level = SpeechLevel()
    found = [level.add(noise(pause_db, number), 0.0, voiced=False) for number in range(round(2 * 16_000 / BLOCK))]
    for number in range(round(seconds * 16_000 / BLOCK)):
        found.append(level.add(noise(speech_db, number), number * BLOCK / 16_000, voiced=True))
    return [one for one in found if one is not None]


@pytest.mark.parametrize(
    ("speech_db", "pause_db", "trouble"),
    [(-3.0, -60.0, "too_loud"), (-58.0, -80.0, "too_quiet"), (-30.0, -33.0, "too_noisy")],
)
def test_trouble_is_told_once_a_stretch(speech_db: float, pause_db: float, trouble: str) -> None:
    (one,) = told(speech_db, pause_db)
    assert one.trouble == trouble
    assert one.at_s == pytest.approx(STRETCH_S, abs=0.1)


def test_speech_at_an_ordinary_level_is_well() -> None:
    assert told(-26.0, -60.0) == []


def test_little_is_not_judged() -> None:
    assert told(-58.0, -80.0, STRETCH_S - 1) == []
