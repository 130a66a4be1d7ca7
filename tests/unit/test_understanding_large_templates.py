"""Templates that stand for too many sentences to list are understood as the others are: whole, with their slots."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from assistant.errors import IntentsError
from assistant.events import Expectation, Hypothesis, ListenMode
from assistant.understanding import Intent, Understanding
from assistant.understanding.templates.slot_lists import SlotList

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
ORDER = "[please] (pack|bring) ([{count} of] {colour} {thing};[in a {box}];[for {guest}]) [(thanks|today)]"
LISTS = {
    "count": {"range": {"from": 1, "to": 40}},
    "colour": {"values": ["red", "dark blue", "light blue", "yellow", {"in": "(grey|silver)", "out": "grey"}]},
    "thing": {"values": ["lamps", "bicycles", "candles", "curtains", "cushions", "garden chairs"]},
    "box": {"values": ["small box", "large box", "paper bag"]},
    "guest": {"values": ["the neighbours", "my mother", "our friends", "the school"]},
}


def intent(*templates: str, name: str = "order") -> Intent:
    lists = tuple((name, SlotList.model_validate(values)) for name, values in LISTS.items())
    return Intent(name, templates, lists=lists, source="orders.yaml:3")


FETCH = (
    "(fetch|get|bring over|take out|lay out|hand over|pick up) [(me|us|them|him|her)] (the|my|our|your|all|some|those) "
    "[(old|new|red|good|best|worn|thick|thin)] (cards|books|plates|cups|keys|maps|toys) [(now|soon|today|please|again)]"
)
OTHERS = (Intent("leave", ("(close|leave) the shop",)), Intent("fetch", (FETCH,)))
shop = Understanding((intent(ORDER), *OTHERS), ENGLISH)
ANYTHING = Expectation(ListenMode.COMMAND, ("order", "leave"))


def test_a_sentence_of_it_is_understood_with_its_slots() -> None:
    meaning = shop.understand([Hypothesis("please bring in a paper bag twelve of silver candles today")], ANYTHING)
    assert (meaning.intent, meaning.score, meaning.template) == ("order", 1.0, ORDER)
    assert dict(meaning.slots) == {"box": "paper bag", "count": 12, "colour": "grey", "thing": "candles"}


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        (
            "could you bring red lamps for our friends please",
            {"colour": "red", "thing": "lamps", "guest": "our friends"},
        ),
        ("um pack the red lambs", {"colour": "red", "thing": "lamps"}),
        ("pack light blue bicycle in large box", {"colour": "light blue", "thing": "bicycles", "box": "large box"}),
    ],
)
def test_what_was_misheard_or_stands_around_it_is_forgiven(said: str, slots: dict[str, str]) -> None:
    meaning = shop.understand([Hypothesis(said)], ANYTHING)
    assert (meaning.intent, dict(meaning.slots)) == ("order", slots)
    assert meaning.score < 1.0


@pytest.mark.parametrize(
    "said",
    [
        "we had red lamps in the kitchen when i was young and my mother never liked them",
        "bring",
        "the garden chairs for the school are still in the rain",
        "did you see the bicycles over there",
        "what a large box",
    ],
)
def test_talk_about_the_same_things_is_no_order(said: str) -> None:
    assert shop.understand([Hypothesis(said)], ANYTHING).intent is None


def test_a_worse_hypothesis_that_is_a_whole_sentence_wins() -> None:
    heard = [
        Hypothesis("bring yellow for the neighbours", 200.0),
        Hypothesis("bring yellow curtains for the neighbours", 199.0),
    ]
    meaning = shop.understand(heard, ANYTHING)
    assert dict(meaning.slots) == {"colour": "yellow", "thing": "curtains", "guest": "the neighbours"}
    assert meaning.text == heard[1].text


def test_other_intents_are_not_disturbed() -> None:
    assert shop.understand([Hypothesis("leave the shop")], ANYTHING).intent == "leave"
    only = Expectation(ListenMode.COMMAND, ("leave",))
    assert shop.understand([Hypothesis("bring red lamps")], only).intent is None


def test_inside_an_answer_it_must_be_the_whole_utterance() -> None:
    answer = Expectation(ListenMode.ANSWER, ("order",), slot="free")
    assert shop.understand([Hypothesis("bring red lamps")], answer).intent == "order"
    told = "they asked us to bring red lamps for the school"
    assert shop.understand([Hypothesis(told)], answer).intent is None


def test_the_grammar_is_bounded_the_same_each_time_and_knows_every_pair_of_words() -> None:
    phrases = shop.grammar(ANYTHING, lambda word: word != "cushions") or ()
    assert phrases == Understanding(shop.intents, ENGLISH).grammar(ANYTHING, lambda word: word != "cushions")
    assert len(phrases) < 4_000
    assert not any("cushions" in phrase for phrase in phrases)
    pairs = {pair for phrase in phrases for pair in pairwise(phrase.split())}
    assert {("dark", "blue"), ("thirty", "nine"), ("silver", "curtains"), ("bag", "for"), ("box", "thanks")} <= pairs
    assert "cushions" in shop.unknown_words(lambda word: word != "cushions")


def test_a_large_template_that_cannot_be_used_is_told_with_its_place() -> None:
    with pytest.raises(IntentsError, match=r"orders\.yaml:3.*silence"):
        Understanding((intent("[{count}] [{colour}] [{thing}] [{box}] [{guest}] [{count}]"),), ENGLISH)


HEARD = [Hypothesis("pack red lamps in"), Hypothesis("pack red lambs")]


def everything(_word: str) -> bool:
    return True


def test_what_was_an_order_is_listened_for_again_as_an_order_and_nothing_else() -> None:
    grammar = shop.closed_grammar(HEARD, ANYTHING, everything)
    assert grammar is not None
    assert not {"[unk]", "how was your day", "close the shop"} & set(grammar)
    *phrases, ballast = grammar
    words = {word for phrase in phrases for word in phrase.split()}
    assert {"pack", "bicycles", "silver", "neighbours", "paper"} <= words
    assert set(ballast.split()).isdisjoint(words)
    assert len(ballast.split()) > 10 * sum(len(phrase.split()) for phrase in phrases)


def test_ballast_that_the_recogniser_does_not_know_is_left_out() -> None:
    grammar = shop.closed_grammar(HEARD, ANYTHING, lambda word: len(word) < 15)
    assert grammar is not None
    assert max(len(phrase.split()) for phrase in grammar) < 40


@pytest.mark.parametrize(
    ("said", "expectation"),
    [
        ("close the shop", ANYTHING),
        ("fetch the cards", Expectation(ListenMode.COMMAND, ("order", "leave", "fetch"))),
        ("what a lovely day it was", ANYTHING),
        ("pack red lamps", Expectation(ListenMode.COMMAND, ("leave",))),
        ("pack red lamps", Expectation(ListenMode.COMMAND, ("order",), slot="yes_no")),
        ("pack red lamps", Expectation(ListenMode.ANSWER, ("order",), slot="free")),
    ],
)
def test_other_talk_and_answers_keep_the_room_that_they_have(said: str, expectation: Expectation) -> None:
    assert shop.closed_grammar([Hypothesis(said)], expectation, everything) is None
