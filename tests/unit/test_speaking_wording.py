"""What is changed in a text before it is read aloud, and how clips are made alike."""

import math

import numpy as np
import pytest

from assistant.speaking.level import levelled
from assistant.speaking.loudness import loudness_lufs
from assistant.speaking.wording import speakable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" ... ", ""),
        ("Good night", "Good night."),
        ("From 1-10?", "From 1 to 10?"),
        ("Slow — and calm.", "Slow, and calm."),
        ("Breathe in... and out…", "Breathe in, and out."),
        ("**Ana** & [[Ben]]", "Ana and Ben."),
        ("“It’s me,” said Ana.", "It's me, said Ana."),
        ("well-being is 7.5 of 10.", "well-being is 7.5 of 10."),
        ("a\x00b\x1b[0m", "a b 0m."),
    ],
)
def test_wording(text: str, expected: str) -> None:
    assert speakable(text) == expected


def words(level: float, rate_hz: int = 22_050) -> np.ndarray:
    """Half a second of silence, a second of pulsing tone, half a second of silence."""
    time_s = np.arange(rate_hz) / rate_hz
    tone = level * np.sin(2 * np.pi * 200 * time_s) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time_s))
    quiet = np.zeros(rate_hz // 2)
    return np.concatenate([quiet, tone, quiet]).astype(np.float32)


@pytest.mark.parametrize("level", [0.01, 0.1, 1.0])
def test_quiet_and_loud_voices_come_out_alike(level: float) -> None:
    clip = levelled(words(level), 22_050, "hello")
    assert loudness_lufs(clip.samples / np.float32(32_768), clip.rate_hz)[0] == pytest.approx(-21.0, abs=0.3)
    assert clip.text == "hello"
    assert clip.samples.dtype == np.int16


def test_one_loud_word_in_a_soft_sentence_does_not_startle() -> None:
    sentence = np.concatenate([words(0.05), words(0.05), words(0.4), words(0.05)])
    clip = levelled(sentence, 22_050, "")
    integrated, loudest = loudness_lufs(clip.samples / np.float32(32_768), clip.rate_hz)
    assert loudest <= -16.9
    assert integrated < -21.0


def test_silence_around_the_words_is_trimmed_and_the_edges_are_soft() -> None:
    clip = levelled(words(0.3), 22_050, "")
    assert clip.duration_s == pytest.approx(1.0 + 0.020 + 0.060, abs=0.012)
    lead, tail = round(0.020 * 22_050), round(0.060 * 22_050)
    assert not clip.samples[:lead].any()
    assert not clip.samples[-tail:].any()
    assert np.abs(np.diff(clip.samples.astype(int))).max() < 1_000


def test_peaks_stay_below_minus_three_decibels_without_being_cut_off() -> None:
    spiky = words(0.1)
    spiky[20_000:20_010] = 1.0
    clip = levelled(spiky, 22_050, "")
    peak = np.abs(clip.samples.astype(float)).max() / 32_768
    assert 20 * math.log10(peak) <= -3.0


def test_silence_gives_an_empty_clip() -> None:
    assert len(levelled(np.zeros(22_050, np.float32), 22_050, "").samples) == 0
    assert len(levelled(np.zeros(0, np.float32), 22_050, "").samples) == 0
