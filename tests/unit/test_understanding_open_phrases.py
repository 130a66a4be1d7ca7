"""Sentences with an open place take whatever is said there, and nothing that was not meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import IntentsError
from assistant.events import Hypothesis, Meaning
from assistant.understanding import Intent, Understanding, load_commands

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
BUY = Intent(
    "buy",
    ("buy {anything:what} for {anything:whom}", "buy {anything:what}", "buy a lamp", "order a box of {anything:what}"),
)


@pytest.fixture(scope="module")
def shopping() -> Understanding:
    return Understanding((BUY,), ENGLISH)


def meant(understanding: Understanding, text: str) -> Meaning:
    return understanding.understand([Hypothesis(text)], understanding.expectation_for("all"))


def test_an_open_place_takes_one_word_or_more(shopping: Understanding) -> None:
    assert meant(shopping, "buy bread").slots == {"what": "bread"}
    assert meant(shopping, "could you buy the big red umbrella please").slots == {"what": "the big red umbrella"}
    assert meant(shopping, "buy").intent is None


def test_two_open_places_are_told_apart_by_the_word_between(shopping: Understanding) -> None:
    meaning = meant(shopping, "buy a bunch of flowers for my mother")
    assert meaning.slots == {"what": "a bunch of flowers", "whom": "my mother"}


def test_a_sentence_without_an_open_place_goes_first(shopping: Understanding) -> None:
    meaning = meant(shopping, "buy a lamp")
    assert (meaning.slots, meaning.score) == ({}, 1.0)


def test_the_fixed_words_may_be_misheard_but_must_be_there(shopping: Understanding) -> None:
    assert meant(shopping, "order a bocks of long matches").slots == {"what": "long matches"}
    assert meant(shopping, "sell the big red umbrella").intent is None
    assert meant(shopping, "i will never buy bread").intent is None


def test_a_template_that_is_nothing_but_an_open_place_is_refused() -> None:
    with pytest.raises(IntentsError, match="anything that is said"):
        Understanding((Intent("it", ("{anything}",)),), ENGLISH)


def test_what_may_go_on_with_an_open_place_is_not_complete() -> None:
    english = Understanding(load_commands(ENGLISH), ENGLISH)
    everything = english.expectation_for("all")
    assert not english.is_complete("remind us", everything)
    assert not english.is_complete("what did we say", everything)
    assert english.is_complete("who am i", everything)


def test_the_recogniser_is_told_the_fixed_parts(shopping: Understanding) -> None:
    grammar = shopping.grammar(shopping.expectation_for("all"), lambda word: True)
    assert grammar is not None
    assert "buy" in grammar
    assert "for" in grammar
    assert not any("\N{HORIZONTAL ELLIPSIS}" in phrase for phrase in grammar)
