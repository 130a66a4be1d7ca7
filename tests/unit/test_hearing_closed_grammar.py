"""What the readings of a closed grammar are worth: its own charges weighed, and two hearings put together."""

from __future__ import annotations

from math import log

import pytest

from assistant.events import Hypothesis, Samples, Word
from assistant.hearing.closed_grammar import TOLD, Bigrams, ClosedGrammar


class Never:
    """A decoder that is not asked here."""

    def reset(self, start_s: float = 0.0) -> None:
        raise AssertionError

    def accept(self, samples: Samples) -> None:
        raise AssertionError

    def partial(self) -> str:
        raise AssertionError

    def finish(self) -> tuple[Hypothesis, ...]:
        raise AssertionError


def closed(*phrases: str) -> ClosedGrammar:
    return ClosedGrammar(Never(), phrases)


def texts(readings: tuple[Hypothesis, ...]) -> list[str]:
    return [reading.text for reading in readings]


def test_a_model_charges_as_vosk_does() -> None:
    # "a b", "a c": after a comes b once of two; alone there are a, a, b, c and two ends.
    model = Bigrams(("a b", "a c"))
    assert model.charged(["a", "b"]) == pytest.approx(log(0.5 * 2 / 6) + log(0.5 * 1 / 2) + log(0.5 * 1 / 1))


def test_words_out_of_order_are_charged_for_backing_off() -> None:
    model = Bigrams(("a b", "a c"))
    assert model.charged(["b", "c"]) == pytest.approx(log(0.5 * 1 / 6) + log(0.5) + log(0.5 * 1 / 6) + log(0.5 * 1 / 1))


def test_a_pair_that_comes_often_in_the_phrases_is_no_reason_to_have_heard_it() -> None:
    grammar = closed("small mocha", "small mocha please", "small mocha thanks", "large mocha")
    heard = [Hypothesis("small mocha", 10.0), Hypothesis("large mocha", 9.9)]
    told = grammar.together([heard])
    assert texts(told)[0] == "large mocha"
    assert told[0].score > told[1].score  # the matcher weighs by it


def test_many_words_are_not_less_likely_than_few() -> None:
    grammar = closed("mocha", "mocha with cream")
    heard = [Hypothesis("mocha", 10.0), Hypothesis("mocha with cream", 9.5)]
    assert texts(grammar.together([heard])) == ["mocha with cream", "mocha"]


def test_what_both_hearings_have_goes_before_what_one_has() -> None:
    grammar = closed("one shot", "two shots", "three shots")
    with_noise = [Hypothesis("one shot", 10.0), Hypothesis("two shots", 9.0)]
    without = [Hypothesis("three shots", 5.0), Hypothesis("two shots", 4.5)]
    assert texts(grammar.together([without, with_noise]))[0] == "two shots"


def test_times_are_those_of_the_first_hearing() -> None:
    words = (Word("mocha", 1.0, 1.4),)
    told = closed("mocha").together([[Hypothesis("mocha", 1.0, words)], [Hypothesis("mocha", 3.0)]])
    assert told[0].words == words


def test_nothing_comes_of_hearings_without_words() -> None:
    assert closed("mocha").together([[Hypothesis("")], []]) == ()


def test_no_more_is_told_than_can_be_matched_in_time() -> None:
    phrases = tuple(f"w{number}" for number in range(2 * TOLD))
    heard = [Hypothesis(phrase, -0.1 * place) for place, phrase in enumerate(phrases)]
    assert texts(closed(*phrases).together([heard])) == list(phrases[:TOLD])
