"""Answers become slots, each in the ways people say them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.events import Choice, Expectation, Hypothesis, ListenMode, Meaning, SlotKind
from assistant.understanding import Understanding, load_commands

ENGLISH = Path(__file__).parents[2] / "intents" / "en"


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding(load_commands(ENGLISH), ENGLISH)


def answered(english: Understanding, slot: SlotKind, *texts: str, **more: Any) -> Meaning:
    mode = ListenMode.ANSWER if slot in ("names", "word", "free") else ListenMode.CHOICE
    intents = tuple(intent.id for intent in english.intents)
    return english.understand([Hypothesis(text) for text in texts], Expectation(mode, intents, slot, **more))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("six", 6),
        ("Six.", 6),
        ("a 7", 7),
        ("about a seven", 7),
        ("i'd say six", 6),
        ("six or seven", 6),  # the midpoint, rounded down
        ("six seven", 6),
        ("somewhere between six and eight", 7),
        ("seven and a half", 7),
        ("seven out of ten", 7),
        ("7/10", 7),
        ("four out of five", 8),  # brought to the range that was asked for
        ("not great, four", 4),
        ("a solid eight", 8),
        ("well work was hard so probably a four", 4),
        ("it was a three because of my boss", 3),
        ("six, no, seven", 7),
        ("not a ten, more like a six", 6),
        ("on a scale of one to ten i'd say six", 6),
        ("for", 4),  # what the recogniser writes for "four" alone
        ("ten", 10),
    ],
)
def test_ratings(english: Understanding, text: str, value: int) -> None:
    meaning = answered(english, "rating", text)
    assert (meaning.intent, meaning.slots) == (None, {"rating": value})


@pytest.mark.parametrize(
    "text",
    [
        "eleven",
        "zero",
        "minus one",
        "i slept four hours",
        "that one",
        "no one",
        "it was for my boss",
        "a hundred",
        "the",
    ],
)
def test_what_is_no_rating(english: Understanding, text: str) -> None:
    meaning = answered(english, "rating", text)
    assert (meaning.intent, meaning.slots) == (None, {})


def test_a_pass_on_a_rating_is_the_command_skip(english: Understanding) -> None:
    for text in ("pass", "i'd rather not say", "nothing comes to mind", "next one"):
        assert answered(english, "rating", text).intent == "skip"
    assert answered(english, "rating", "one moment please").intent == "pause"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("there are three of us", 3),
        ("just me", 1),
        ("it's only me tonight", 1),
        ("i'm alone", 1),
        ("two", 2),
        ("it's just the two of us", 2),
        ("me and my wife", 2),
        ("we're four tonight", 4),
    ],
)
def test_how_many(english: Understanding, text: str, value: int) -> None:
    assert answered(english, "number", text, low=1, high=4).slots == {"number": value}


def test_a_count_outside_the_range_is_no_answer(english: Understanding) -> None:
    assert answered(english, "number", "twenty", low=1, high=4).slots == {}
    assert answered(english, "number", "just me", low=2, high=2).slots == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yeah", True),
        ("sure why not", True),
        ("go on then", True),
        ("yes i'd love to", True),
        ("yes we did it last week", True),
        ("mm hmm", True),
        ("not tonight", False),
        ("nope", False),
        ("yeah no", False),
        ("no i'm too tired", False),
        ("maybe later", False),
        ("i don't think so", False),
    ],
)
def test_yes_and_no(english: Understanding, text: str, value: bool) -> None:
    meaning = answered(english, "yes_no", text)
    assert (meaning.intent, meaning.slots) == (None, {"yes_no": value})


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("Yes, the rent is due", "the rent is due"),
        ("um yes the rent is due", "the rent is due"),
        ("no you left out the counting", "you left out the counting"),
        ("of course the garden made me happy", "the garden made me happy"),
        ("yes i'd really like to do that", None),
        ("yes that is a good idea", None),
        ("yes please", None),
        ("no it would be too late", None),
    ],
)
def test_a_yes_or_no_and_the_thing_itself_in_one_breath(english: Understanding, text: str, also: str | None) -> None:
    slots = answered(english, "yes_no", text, or_words=True).slots
    assert slots.get("also") == also
    assert slots["yes_no"] is not text.startswith("no")
    offered = Expectation(ListenMode.CHOICE, (), "yes_no", or_words=True)
    assert english.is_understood([Hypothesis(text)], offered) is (also is None), "what follows needs free hearing"


def test_commands_work_in_a_yes_no_question(english: Understanding) -> None:
    assert answered(english, "yes_no", "can you say that again").intent == "repeat"
    assert answered(english, "yes_no", "stop").intent == "stop"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ana and Ben", ["Ana", "Ben"]),
        ("I'm Ana and this is Ben", ["Ana", "Ben"]),
        ("it's just me, Ana", ["Ana"]),
        ("ana ben and clara", ["Ana", "Ben", "Clara"]),
        ("um there's ana ben clara and dan", ["Ana", "Ben", "Clara", "Dan"]),
        ("ana and my wife bea", ["Ana", "Bea"]),
        ("Mary Ann, Ben", ["Mary Ann", "Ben"]),
        ("this is Anne-Marie and O'Brien", ["Anne-Marie", "O'Brien"]),
        ("will and may", ["Will", "May"]),
        ("zoë and jürgen", ["Zoë", "Jürgen"]),
    ],
)
def test_names(english: Understanding, text: str, names: list[str]) -> None:
    assert answered(english, "names", text).slots == {"names": names}


def test_a_reading_that_is_nothing_but_names_is_preferred(english: Understanding) -> None:
    assert answered(english, "names", "on a and ben", "ana and ben").slots == {"names": ["Ana", "Ben"]}
    assert answered(english, "names", "ana and been", "ana and ben").slots == {"names": ["Ana", "Ben"]}
    assert answered(english, "names", "annabel", "anna bell").slots == {"names": ["Annabel"]}
    assert answered(english, "names", "me and ben", "amy and ben").slots == {"names": ["Ben"], "speaker_too": True}
    assert answered(english, "names", "on a and ben", "on it and ben").slots == {"names": ["Ben"]}


def test_talk_is_no_list_of_names(english: Understanding) -> None:
    for text in ("i'm not telling", "we had to stop at the shop and then we went home", "ann bo cy di eve"):
        assert answered(english, "names", text).slots == {}, text
    assert answered(english, "names", "pass").intent == "skip"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("tired", "tired"),
        ("I'd say hopeful", "hopeful"),
        ("i'm feeling a bit overwhelmed", "overwhelmed"),
        ("happy but tired", "happy"),
        ("kind of worn out", "worn out"),
        ("not good", "not good"),
        ("well", "well"),
        ("calm i think", "calm"),
        ("fine", "fine"),
    ],
)
def test_one_word(english: Understanding, text: str, word: str) -> None:
    assert answered(english, "word", text).slots == {"word": word}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("five minutes", 300),
        ("a minute and a half", 90),
        ("two and a half minutes", 150),
        ("ten", 600),
        ("let's do five please", 300),
        ("half an hour", 1800),
        ("a quarter of an hour", 900),
        ("thirty seconds", 30),
        ("one minute and thirty seconds", 90),
        ("one minute thirty", 90),
        ("ten or fifteen minutes", 600),
        ("ten or fifteen", 600),
        ("thirty seconds or forty", 30),
        ("20 min", 1200),
        ("five each", 300),
        ("five minutes for each of us", 300),
    ],
)
def test_durations(english: Understanding, text: str, seconds: int) -> None:
    assert answered(english, "duration", text).slots == {"duration_s": seconds}


CHOICES = (
    Choice("go_on", ("(go on|carry on|yes)", "pick up where we left off")),
    Choice("start_over", ("(start|begin) (over|again)", "from the (start|beginning)")),
    Choice("breathing", ("[the] (breathing|guided) [(one|exercise)]",)),
)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("go on", "go_on"),  # the command "resume" fits equally: the answer of the question wins
        ("yes", "go_on"),
        ("yes please", "go_on"),
        ("let's start over", "start_over"),
        ("the breathing one please", "breathing"),
        ("breeding", "breathing"),
    ],
)
def test_choices_go_before_commands_that_fit_equally(english: Understanding, text: str, choice: str) -> None:
    meaning = answered(english, "choice", text, choices=CHOICES)
    assert (meaning.intent, meaning.slots) == (None, {"choice": choice})


def test_commands_still_work_in_a_choice(english: Understanding) -> None:
    assert answered(english, "choice", "stop", choices=CHOICES).intent == "stop"
    assert answered(english, "choice", "something else entirely", choices=CHOICES).slots == {}


def test_a_later_hypothesis_may_hold_the_answer(english: Understanding) -> None:
    assert answered(english, "rating", "sex in", "six").slots == {"rating": 6}
    assert answered(english, "free", "the cat", "a cap").slots == {"text": "the cat"}


@pytest.mark.parametrize("text", ["more thyme", "bass", "quiet her"])
def test_what_only_sounds_like_a_command_is_an_answer_where_people_answer_freely(
    english: Understanding, text: str
) -> None:
    commands = Expectation(ListenMode.COMMAND, tuple(intent.id for intent in english.intents))
    assert english.understand([Hypothesis(text)], commands).intent is not None
    assert answered(english, "free", text).intent is None
    assert answered(english, "free", text).slots == {"text": text}


def test_what_sounds_like_two_choices_is_neither(english: Understanding) -> None:
    choices = (Choice("boat", ("rowing a small boat",)), Choice("goat", ("rowing a small goat",)))
    assert answered(english, "choice", "rowing a small boat", choices=choices).slots == {"choice": "boat"}
    assert answered(english, "choice", "rowing a small moat", choices=choices).slots == {}


@pytest.mark.parametrize("text", ["just me", "um, only me tonight", "nobody else", "i'm alone"])
def test_who_is_alone_says_so_without_a_name(english: Understanding, text: str) -> None:
    assert answered(english, "names", text).slots == {"alone": True}
