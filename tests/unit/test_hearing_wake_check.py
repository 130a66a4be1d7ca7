"""What the first look at the wake phrase refuses, and the beginning of all speech, is looked at once more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hearing_fakes import FakeDecoder, FakeRecogniser, sound

from assistant.events import Hypothesis, Samples, Word
from assistant.hearing.wake.check import Reread, SecondLook, found_at
from assistant.hearing.wake.phrase import Spotter, WakePhrase
from assistant.hearing.wake.spelling import spelling, spellings

PHRASE = (spelling("hey evensong"),)
BLOCK = 512


def spotted(spotter: Spotter, samples: Samples) -> list[tuple[float, float]]:
    """When the phrase was spotted, and where it ended."""
    spotter.reset(0.0)
    found = []
    for place in range(0, len(samples), BLOCK):
        spotter.accept(samples[place : place + BLOCK])
        now_s = (place + BLOCK) / 16_000
        end_s = spotter.check(now_s, 0.0)
        if end_s is not None:
            found.append((now_s, end_s))
    return found


def reading(text: str, score: float, word_s: float = 0.3) -> Hypothesis:
    words = tuple(
        Word(word, 1.0 + place * word_s, 1.0 + (place + 1) * word_s) for place, word in enumerate(text.split())
    )
    return Hypothesis(text, score, words)


class Readings(FakeDecoder):
    """Hears ``readings``, whatever it is given."""

    def __init__(self, *readings: Hypothesis) -> None:
        super().__init__(None)
        self._readings = readings

    def finish(self) -> tuple[Hypothesis, ...]:
        return self._readings


class Sure:
    """A second look that finds the phrase where its sound holds it, and keeps what it was asked about."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def found(self, samples: Samples, start_s: float) -> Reread | None:
        self.asked.append(start_s + len(samples) / 16_000)
        decoder = FakeDecoder(None)
        decoder.reset(start_s)
        decoder.accept(samples)
        words = [word for word, _ in decoder.finish_with_posteriors()]
        place = found_at(PHRASE, words)
        return None if place is None else Reread(words[place][0].start_s, words[place][-1].end_s, 1.0)


class Deaf(FakeDecoder):
    """A first look that makes nothing of anything."""

    def partial(self) -> str:
        return ""


def test_an_unsure_phrase_wakes_when_the_second_look_is_sure() -> None:
    samples = sound(0.5, "hey", "evensong", 1.5)
    sure = spotted(Spotter(PHRASE, FakeDecoder(None), Sure()), samples)
    unsure = spotted(Spotter(PHRASE, FakeDecoder(None, posterior=0.5), Sure()), samples)
    assert unsure[0][1] == pytest.approx(1.1, abs=0.001)
    assert 0.2 < unsure[0][0] - sure[0][0] < 0.35


def test_it_is_not_asked_when_the_first_look_is_sure() -> None:
    second = Sure()
    assert len(spotted(Spotter(PHRASE, FakeDecoder(None), second), sound("hey", "evensong", 0.5))) == 1
    assert second.asked == []


def test_the_beginning_of_speech_is_looked_at_though_the_first_look_saw_nothing() -> None:
    second = Sure()
    samples = sound("hey", "evensong", "stop:4.0")
    found = spotted(Spotter(PHRASE, Deaf(None), second), samples)
    assert [end_s for _, end_s in found] == [pytest.approx(0.6, abs=0.001)]
    assert second.asked == [pytest.approx(2.0, abs=0.1)]


def test_a_beginning_of_unknown_words_is_not_looked_at() -> None:
    class Talk(FakeDecoder):
        def partial(self) -> str:
            return "get [unk]"

    second = Sure()
    assert spotted(Spotter(PHRASE, Talk(None), second), sound("hey", "evensong", "stop:4.0")) == []
    assert second.asked == []


def test_what_is_said_in_the_middle_of_speech_needs_the_first_look() -> None:
    assert spotted(Spotter(PHRASE, Deaf(None), Sure()), sound("stop:3.0", "hey", "evensong", "stop:3.0")) == []


def test_a_short_beginning_is_looked_at_when_it_is_over() -> None:
    spotter = Spotter(PHRASE, Deaf(None), Sure())
    spotter.reset(0.0)
    assert [spotter.check(0.03, 0.0), spotter.check(0.6, 0.0), spotter.check(0.8, 0.2)] == [None, None, None]
    spotter.accept(sound("hey", "evensong", 0.3))
    assert spotter.check(0.9, 0.3) == pytest.approx(0.6, abs=0.001)


def test_a_cough_before_it_does_not_use_up_its_look() -> None:
    spotter = Spotter(PHRASE, Deaf(None), Sure())
    spotter.reset(0.0)
    assert [spotter.check(0.03, 0.0), spotter.check(0.4, 0.3), spotter.check(1.1, 0.0)] == [None, None, None]
    spotter.accept(sound("huh:0.1", 0.4, "hey", "evensong", 0.3))
    assert spotter.check(1.4, 0.3) == pytest.approx(1.1, abs=0.001)


def test_a_soft_call_is_raised_and_given_a_hiss() -> None:
    heard: list[Samples] = []

    class Kept(Readings):
        def accept(self, samples: Samples) -> None:
            heard.append(samples)

    soft = np.zeros(16_000, np.int16)
    soft[4_000:8_000] = 600
    for _ in range(2):
        SecondLook(PHRASE, Kept(Hypothesis("")), 0.0).found(soft, 0.0)
    raised, again = heard[0].astype(float), heard[2]
    assert raised[4_000:8_000].mean() == pytest.approx(16_384, rel=0.01)
    assert raised[:4_000].std() == pytest.approx(20.0, rel=0.1)
    assert np.array_equal(heard[0], again)


def test_in_noise_it_is_heard_with_the_noise_and_without() -> None:
    class Once(FakeDecoder):
        """Hears the phrase in the ``right`` one of what it is given."""

        def __init__(self, right: int) -> None:
            super().__init__(None)
            self._finished = 0
            self._right = right

        def finish(self) -> tuple[Hypothesis, ...]:
            self._finished += 1
            return (reading("hey evensong" if self._finished == self._right else "hay", 1.0),)

    noise = np.rint(np.random.default_rng(1).normal(0.0, 900.0, 32_000)).astype(np.int16)
    found = [bool(SecondLook(PHRASE, Once(right), 0.0).found(noise, 0.0)) for right in (1, 2, 3)]
    assert found == [True, True, False]


@pytest.mark.parametrize(("lead", "wakes"), [(0.0, False), (-2.0, False), (-3.0, True)])
def test_the_phrase_must_lead_what_else_was_heard(lead: float, wakes: bool) -> None:
    readings = Readings(reading("hey even so", 5.0), reading("hey evensong", 2.5), reading("hey", 1.0))
    found = SecondLook(PHRASE, readings, lead).found(np.zeros(32_000, np.int16), 0.0)
    assert (found and (found.start_s, found.end_s)) == (pytest.approx((1.0, 1.6)) if wakes else None)


@pytest.mark.parametrize(("score", "wakes"), [(4.4, True), (4.6, False)])
def test_what_has_all_but_its_first_short_word_may_lead_by_a_little(score: float, wakes: bool) -> None:
    readings = Readings(reading("get evensong", score), reading("hey evensong", 2.5), reading("hey even so", 2.0))
    assert bool(SecondLook(PHRASE, readings, 0.0).found(np.zeros(32_000, np.int16), 0.0)) is wakes


def test_a_word_written_as_two_is_the_phrase() -> None:
    spelt = spellings("hey evensong", lambda _word: True)
    assert SecondLook(spelt, Readings(reading("hey even song", 1.0)), 0.0).found(np.zeros(99, np.int16), 0.0)


def test_a_first_look_that_lost_the_short_word_is_looked_at_again() -> None:
    class Short(FakeDecoder):
        def partial(self) -> str:
            return super().partial().replace("hey", "get")

    spotter = Spotter(PHRASE, Short(None, posterior=0.5), Sure())
    assert spotted(spotter, sound(0.5, "hey", "evensong", 1.5))


def test_the_only_reading_leads() -> None:
    assert SecondLook(PHRASE, Readings(reading("hey evensong", 1.0)), 9.0).found(np.zeros(99, np.int16), 0.0)


def test_nothing_heard_is_no_phrase() -> None:
    assert SecondLook(PHRASE, Readings(Hypothesis("")), 0.0).found(np.zeros(0, np.int16), 0.0) is None


@pytest.mark.parametrize("word_s", [0.02, 2.0])
def test_a_length_in_which_nobody_says_it_is_refused(word_s: float) -> None:
    assert found_at(PHRASE, reading("hey evensong", 1.0, word_s).words) is None


def test_the_last_of_two_is_taken() -> None:
    assert found_at(PHRASE, reading("hey evensong hey evensong", 1.0).words) == slice(2, 4)


class Unsure(FakeRecogniser):
    """Sure to 0.8 at the first look; at the second it hears something else."""

    def grammar(self, phrases: Sequence[str], n_best: int = 10, likelier: Sequence[str] = ()) -> FakeDecoder:
        return FakeDecoder(phrases, 0.8) if n_best == 1 else Readings(reading("hay evensong", 1.0))


@pytest.mark.parametrize(("sensitivity", "wakes"), [(0.0, False), (0.5, True), (1.0, True)])
def test_sensitivity_decides_how_sure_it_must_be(sensitivity: float, wakes: bool) -> None:
    spotter = WakePhrase("hey evensong", Unsure(), sensitivity).spotter()
    assert bool(spotted(spotter, sound("hey", "evensong", 1.0))) is wakes
