"""What the recogniser is told to expect comes from the templates, and only in words that it knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.events import Choice, Expectation, ListenMode
from assistant.understanding import Understanding, load_commands

ENGLISH = Path(__file__).parents[2] / "intents" / "en"


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding(load_commands(ENGLISH), ENGLISH)


def test_the_grammar_holds_commands_as_people_say_them_and_room_for_other_talk(english: Understanding) -> None:
    grammar = english.grammar(english.expectation_for("ritual"), lambda word: True)
    assert grammar is not None
    assert {"stop", "i'm done", "i am done", "[unk]", "how was your day"} <= set(grammar)
    assert len(grammar) <= 4_100
    assert all(phrase == phrase.lower() for phrase in grammar)


def test_phrases_with_unknown_words_are_left_out_and_reported_with_words_that_are_known(english: Understanding) -> None:
    def knows(word: str) -> bool:
        return word not in ("timeout", "unpause", "louder")

    expectation = Expectation(ListenMode.COMMAND, ("pause", "louder"))
    fresh = Understanding(english.intents, ENGLISH)
    grammar = fresh.grammar(expectation, knows)
    assert grammar is not None
    assert not any("louder" in phrase.split() for phrase in grammar)
    unknown = fresh.unknown_words(knows)
    assert "time out" in unknown["timeout"]
    assert "loud" in unknown["louder"]


def test_free_answers_are_decoded_freely(english: Understanding) -> None:
    for slot in ("free", "names", "word"):
        assert english.grammar(Expectation(ListenMode.ANSWER, ("stop",), slot), lambda word: True) is None
    assert english.grammar(Expectation(ListenMode.WAKE), lambda word: True) is None


def test_answers_of_the_question_are_in_the_grammar(english: Understanding) -> None:
    rating = english.grammar(Expectation(ListenMode.CHOICE, ("stop",), "rating", low=1, high=5), lambda word: True)
    assert rating is not None
    assert {"five", "about a three", "three or four", "four out of five"} <= set(rating)
    assert "six" not in rating
    closed = Expectation(ListenMode.CHOICE, ("stop",), "choice", (Choice("silence", ("(silence|quiet)",)),))
    assert "silence" in (english.grammar(closed, lambda word: True) or ())


def test_where_a_number_is_awaited_loose_phrases_are_not_listened_for(english: Understanding) -> None:
    """ "Bye" sounds like "five", and would end everything."""
    rating = english.grammar(Expectation(ListenMode.CHOICE, ("stop",), "rating", low=1, high=5), lambda word: True)
    choice = english.grammar(Expectation(ListenMode.CHOICE, ("stop",), "yes_no"), lambda word: True)
    assert rating is not None
    assert choice is not None
    assert "bye" in choice
    assert "bye" not in rating
    assert "stop" in rating


def test_the_vocabulary_is_asked_once_for_each_word(english: Understanding) -> None:
    asked: list[str] = []

    def knows(word: str) -> bool:
        asked.append(word)
        return True

    fresh = Understanding(english.intents, ENGLISH)
    first = fresh.grammar(fresh.expectation_for("ritual"), knows)
    assert len(asked) == len(set(asked))
    assert fresh.grammar(fresh.expectation_for("ritual"), knows) is first


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("pause", True),
        ("um pause please", True),
        ("louder", True),
        ("stop", False),  # "stop listening" means something else
        ("stop listening", True),
        ("go", False),
        ("how much", False),
        ("we had to", False),
        ("", False),
    ],
)
def test_a_partial_is_complete_when_nothing_continues_it(english: Understanding, text: str, complete: bool) -> None:
    assert english.is_complete(text, english.expectation_for("ritual")) is complete


@pytest.mark.parametrize(("text", "complete"), [("yes please", True), ("no thanks", True), ("we", False)])
def test_a_yes_that_answers_is_complete_also_where_yes_is_a_command(
    english: Understanding, text: str, complete: bool
) -> None:
    asked = Expectation(ListenMode.CHOICE, ("yes", "no", "scratch", "stop"), "yes_no")
    assert english.is_complete(text, asked) is complete


@pytest.mark.parametrize("text", ["stop", "help", "please stop"])
def test_a_command_that_may_go_on_is_one_already(english: Understanding, text: str) -> None:
    ritual = english.expectation_for("ritual")
    assert not english.is_complete(text, ritual)
    assert english.is_complete(text, ritual, may_go_on=True)


def test_over_a_voice_a_word_and_please_are_expected_together(english: Understanding) -> None:
    """A recogniser takes what it has read in this order for likelier than "us please"."""
    over_a_voice = Expectation(ListenMode.BARGE_IN, ("stop", "pause"))
    assert "pause please" in (english.grammar(over_a_voice, lambda _word: True) or ())


def test_half_a_command_is_none(english: Understanding) -> None:
    assert not english.is_complete("how much", english.expectation_for("ritual"), may_go_on=True)


def test_stop_is_complete_where_nothing_else_begins_with_it(english: Understanding) -> None:
    assert english.is_complete("stop", Expectation(ListenMode.BARGE_IN, ("stop", "pause")))


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("that's all", True),
        ("i'd rather not say", True),
        ("um stop", True),
        ("yes", False),  # "yes ... it was the walk"
        ("and back", False),
        ("we had to stop at the shop", False),
        ("and then we went", False),
    ],
)
def test_thinking_aloud_is_not_complete_but_a_command_that_ends_an_answer_is(
    english: Understanding, text: str, complete: bool
) -> None:
    assert english.is_complete(text, english.expectation_for("answer")) is complete
