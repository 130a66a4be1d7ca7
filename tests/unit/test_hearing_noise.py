"""Noise is taken out of an utterance that was said in it, and the utterance is heard once more."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.events import SAMPLE_RATE_HZ, Hypothesis, Samples
from assistant.hearing.closed_grammar import ClosedGrammar
from assistant.hearing.noise import LEAST_GAIN, speech_above_noise_db, without_noise
from assistant.hearing.second_hearing import AFTER_S, LONGEST_S, heard_again

FIRST = (Hypothesis("stop", 5.0),)
SECOND = (Hypothesis("gratitude time", 4.0),)


def syllables(seconds: float = 4.0, start_s: float = 1.5, end_s: float = 2.5) -> Samples:
    """A voice of sorts: harmonics that rise and fall five times a second, between silence."""
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    voice = sum(np.sin(2 * np.pi * 140 * harmonic * times) / harmonic for harmonic in range(1, 20))
    loudness = np.maximum(0.0, np.sin(2 * np.pi * 2.5 * times)) * ((times >= start_s) & (times < end_s))
    return np.asarray(4_000 * voice * loudness, np.int16)


def hiss(count: int, loudness: float) -> Samples:
    return np.asarray(loudness * np.random.default_rng(3).standard_normal(count), np.int16)


def power_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples.astype(float))) + 1e-9))


def noisy(loudness: float = 400.0) -> Samples:
    clean = syllables()
    return np.asarray(clean + hiss(len(clean), loudness), np.int16)


def test_the_pauses_become_quieter_and_the_voice_stays() -> None:
    clean, sound = syllables(), noisy()
    quieter = without_noise(sound)
    before, voice = slice(16_000, 22_000), slice(24_000, 40_000)
    assert power_db(quieter[before]) < power_db(sound[before]) - 6
    assert power_db(quieter[voice]) == pytest.approx(power_db(clean[voice]), abs=1.5)
    assert speech_above_noise_db(quieter) > speech_above_noise_db(sound) + 6


def test_noise_is_never_taken_out_altogether() -> None:
    noise = hiss(32_000, 400.0)
    most_db = -20 * np.log10(LEAST_GAIN)
    quieter = without_noise(np.concatenate([noise, syllables()]).astype(np.int16))
    assert power_db(quieter[8_000:24_000]) > power_db(noise) - most_db - 3


def test_the_sound_keeps_its_length_its_place_and_its_peak() -> None:
    sound = noisy()[:50_001]
    quieter = without_noise(sound)
    assert quieter.shape == sound.shape
    assert quieter.dtype == np.int16
    assert np.abs(quieter).max() == pytest.approx(np.abs(sound).max(), abs=2)
    shifts = range(-40, 41)
    alike = [np.dot(sound[100:-100].astype(float), np.roll(quieter, shift)[100:-100]) for shift in shifts]
    assert shifts[int(np.argmax(alike))] == 0


@pytest.mark.parametrize("sound", [np.zeros(9_000, np.int16), np.zeros(0, np.int16)])
def test_silence_stays_silence(sound: Samples) -> None:
    assert np.array_equal(without_noise(sound), sound)


@pytest.mark.parametrize("count", [1, 300, 700, 5_000])
def test_however_short_it_is(count: int) -> None:
    assert len(without_noise(hiss(count, 3_000.0))) == count


def test_the_same_sound_becomes_the_same() -> None:
    assert np.array_equal(without_noise(noisy()), without_noise(noisy()))


class Decoder:
    """Gives ``readings`` and remembers what it was fed."""

    def __init__(self, readings: tuple[Hypothesis, ...] = SECOND) -> None:
        self._readings = readings
        self.start_s: float | None = None
        self.fed_samples = 0

    def reset(self, start_s: float = 0.0) -> None:
        self.start_s = start_s

    def accept(self, samples: Samples) -> None:
        self.fed_samples += len(samples)

    def partial(self) -> str:
        return ""

    def finish(self) -> tuple[Hypothesis, ...]:
        return self._readings


def test_what_was_said_in_noise_is_heard_again_from_its_beginning() -> None:
    decoder = Decoder()
    assert heard_again(decoder, FIRST, noisy(), 10.0, 11.25) == SECOND
    assert decoder.start_s == 11.25
    assert decoder.fed_samples == round((4.0 - 1.25 + AFTER_S) * SAMPLE_RATE_HZ)


def test_clear_speech_is_heard_once() -> None:
    decoder = Decoder()
    assert heard_again(decoder, FIRST, noisy(5.0), 10.0, 11.25) == FIRST
    assert decoder.start_s is None


@pytest.mark.parametrize("seconds", [0.0, 0.1, LONGEST_S + 1])
def test_so_is_what_is_too_short_or_too_long(seconds: float) -> None:
    decoder = Decoder()
    sound = np.resize(noisy(), round(seconds * SAMPLE_RATE_HZ))
    assert heard_again(decoder, FIRST, sound, 10.0, 10.0) == FIRST
    assert decoder.start_s is None


def test_the_first_hearing_counts_where_the_second_gives_no_word() -> None:
    assert heard_again(Decoder((Hypothesis(""),)), FIRST, noisy(), 10.0, 10.0) == FIRST


def test_where_it_is_known_what_it_may_have_been_nothing_else_is_listened_for() -> None:
    decoder, closed = Decoder(), Decoder((Hypothesis("two shots"), Hypothesis("two")))
    again = heard_again(decoder, FIRST, noisy(), 10.0, 11.25, lambda: ClosedGrammar(closed, ("two shots", "two")))
    assert {hypothesis.text for hypothesis in again} == {"two shots", "two"}
    assert (decoder.start_s, closed.start_s) == (None, 11.25)


def test_it_is_listened_for_with_the_noise_and_without() -> None:
    closed = Decoder()
    heard_again(Decoder(), FIRST, noisy(), 10.0, 11.25, lambda: ClosedGrammar(closed, (SECOND[0].text,)))
    assert closed.fed_samples == 2 * round((4.0 - 1.25 + AFTER_S) * SAMPLE_RATE_HZ)


def test_the_first_hearing_counts_where_a_closed_grammar_gives_no_word() -> None:
    closed = ClosedGrammar(Decoder((Hypothesis(""),)), ("two shots",))
    assert heard_again(Decoder(), FIRST, noisy(), 10.0, 11.25, lambda: closed) == FIRST


def test_nobody_is_asked_what_clear_speech_may_have_been() -> None:
    def never() -> ClosedGrammar:
        raise AssertionError

    assert heard_again(Decoder(), FIRST, noisy(5.0), 10.0, 11.25, never) == FIRST
