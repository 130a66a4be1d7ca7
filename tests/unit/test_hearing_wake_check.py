"""What the first look at the wake phrase refuses is looked at once more, with all of its sound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hearing_fakes import FakeDecoder, FakeRecogniser, sound

from assistant.events import Hypothesis, Samples, Word
from assistant.hearing.wake import Spotter, WakePhrase
from assistant.hearing.wake_check import SecondLook, found_at
from assistant.hearing.wake_spelling import spelling, spellings

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


def test_an_unsure_phrase_wakes_when_the_second_look_is_sure() -> None:
    second = SecondLook(PHRASE, FakeDecoder(None), 0.0)
    samples = sound(0.5, "hey", "evensong", 1.5)
    sure = spotted(Spotter(PHRASE, FakeDecoder(None), second), samples)
    unsure = spotted(Spotter(PHRASE, FakeDecoder(None, posterior=0.5), second), samples)
    assert [end_s for _, end_s in unsure] == [pytest.approx(1.1, abs=0.001)]
    assert 0.2 < unsure[0][0] - sure[0][0] < 0.35


def test_it_is_not_asked_when_the_first_look_is_sure_or_sees_nothing() -> None:
    second = SecondLook(PHRASE, Readings(reading("hey evensong", 9.0)), 0.0)
    assert len(spotted(Spotter(PHRASE, FakeDecoder(None), second), sound("hey", "evensong", 1.5))) == 1
    assert spotted(Spotter(PHRASE, FakeDecoder(None, posterior=0.5), second), sound("hey", "song", 1.5)) == []


@pytest.mark.parametrize(("lead", "wakes"), [(0.0, False), (-2.0, False), (-3.0, True)])
def test_the_phrase_must_lead_what_else_was_heard(lead: float, wakes: bool) -> None:
    readings = Readings(reading("hey even so", 5.0), reading("hey evensong", 2.5), reading("hey", 1.0))
    found = SecondLook(PHRASE, readings, lead).found(np.zeros(32_000, np.int16), 0.0)
    assert (found and (found.start_s, found.end_s)) == (pytest.approx((1.0, 1.6)) if wakes else None)


@pytest.mark.parametrize(("score", "wakes"), [(3.4, True), (3.6, False)])
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

    second = SecondLook(PHRASE, FakeDecoder(None), 0.0)
    spotter = Spotter(PHRASE, Short(None, posterior=0.5), second)
    assert len(spotted(spotter, sound(0.5, "hey", "evensong", 1.5))) == 1


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
