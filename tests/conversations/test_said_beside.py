"""What people say into a question that is no answer to it: a pass in their own words, a question back, somebody who
cries or sleeps, a second thought. None of it belongs in the journal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.dialogue import Library
from assistant.events import Expectation, Hypothesis, ListenMode
from assistant.memory import Journal
from assistant.understanding import Understanding

Talk = Callable[..., list[str]]
BEGIN = ("gratitude time", "Ana and Ben")


def kept(journal: Journal) -> list[tuple[str | None, str | None]]:
    return [(entry.person, entry.text) for entry in journal.sessions()[0].entries]


@pytest.mark.parametrize(
    "words",
    [
        "dunno",
        "i dunno really",
        "no clue",
        "nothing really",
        "not much to be honest",
        "nothing i can think of",
        "i haven't got one",
        "none of your business",
    ],
)
def test_a_shrug_is_a_pass(talk: Talk, journal: Journal, words: str) -> None:
    said = talk(*BEGIN, words, "stop")
    assert kept(journal) == []
    assert any(text.startswith(("Now you, Ben", "Over to you, Ben", "Ben, and")) for text in said)


@pytest.mark.parametrize("words", ["er i'd have to think", "good question", "that's a hard one", "where do i start"])
def test_who_has_to_think_is_given_time(talk: Talk, journal: Journal, words: str) -> None:
    said = talk(*BEGIN, words, "the soup", "stop")
    assert kept(journal) == [("Ana", "the soup")]
    assert {"Take your time.", "There is all the time you need.", "As long as you like."}.intersection(said)


@pytest.mark.parametrize(
    "words",
    ["what do you mean by that", "can you say it simpler", "how do you mean", "i don't understand the question"],
)
def test_a_question_that_was_not_understood_is_put_in_other_words(talk: Talk, journal: Journal, words: str) -> None:
    said = talk(*BEGIN, words, "the soup", "stop")
    assert kept(journal) == [("Ana", "the soup")]
    asked = next(text for text in said if text.startswith("Ana, "))
    again = said[said.index(asked) + 1]
    assert again in ("One good thing from today.", "Something good, however small.", "What was good today?")


@pytest.mark.parametrize(
    "words", ["she's crying", "he is in tears", "she needs a moment", "give him a second", "i'm crying"]
)
def test_tears_are_given_time(talk: Talk, journal: Journal, words: str) -> None:
    said = talk(*BEGIN, "my father died a year ago today", words, "go on", "stop")
    assert kept(journal) == [("Ana", "my father died a year ago today")]
    assert any("go on" in text for text in said), "it waits until they want to go on"


@pytest.mark.parametrize(
    "words",
    ["are you recording this", "is this private", "who can hear us", "who made you", "why do you ask", "are you there"],
)
def test_a_question_back_is_answered_and_then_asked_again(talk: Talk, journal: Journal, words: str) -> None:
    said = talk(*BEGIN, words, "the soup", "stop")
    assert kept(journal) == [("Ana", "the soup")]
    asked = next(text for text in said if text.startswith("Ana, "))
    assert said.count(asked) == 2


@pytest.mark.parametrize("words", ["what time is it", "what's the date today", "tell me the time"])
def test_the_time_is_kindly_left_to_others(talk: Talk, journal: Journal, words: str) -> None:
    said = talk(words, *BEGIN, words, "the soup", "stop")
    assert kept(journal) == [("Ana", "the soup")]
    assert not {"I did not catch that.", "Once more, please?", "That one went past me."}.intersection(said)
    assert len(said[0].split()) <= 6, "short"


def test_a_question_about_closeness_is_no_reason_to_leave_a_ritual(talk: Talk, journal: Journal) -> None:
    talk(*BEGIN, "is silence good for us", "stop")
    assert kept(journal) == [("Ana", "is silence good for us")]


def test_skipping_somebody_leaves_out_the_whole_turn(talk: Talk, journal: Journal) -> None:
    said = talk("gratitude time", "Ana, Ben and Mia", "the soup", "that's all", "pass", "skip Ben", "the bread", "stop")
    assert kept(journal) == [("Ana", "the soup"), ("Mia", "the bread")]
    assert not any("later" in text for text in said), "Ben has not left"


def test_who_was_skipped_is_asked_again_in_the_next_round(talk: Talk) -> None:
    said = talk(*BEGIN, "the soup", "that's all", "pass", "skip Ben", "thank you for the soup")
    assert said[-1].startswith(("And you, Ben", "Ben, "))


@pytest.mark.parametrize("words", ["skip the housework", "skip Carla"])
def test_skipping_what_does_not_take_part_is_an_answer(talk: Talk, journal: Journal, words: str) -> None:
    talk(*BEGIN, words, "stop")
    assert kept(journal) == [("Ana", words)]


@pytest.mark.parametrize("words", ["i think he's fallen asleep", "she has fallen asleep", "he's out cold"])
def test_when_one_of_two_sleeps_it_ends(talk: Talk, journal: Journal, words: str) -> None:
    talk(*BEGIN, "the soup", words)
    assert (kept(journal), journal.sessions()[0].outcome) == ([("Ana", "the soup")], "stopped")


def test_when_one_of_three_sleeps_the_others_go_on(talk: Talk, journal: Journal) -> None:
    said = talk("gratitude time", "Ana, Ben and Mia", "the soup", "that's all", "pass", "i think he's fallen asleep")
    assert said[-1].startswith(("Now you, Mia", "Over to you, Mia", "Mia, and"))


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("no, I meant the soup", "the soup"),
        ("haha that's not what i meant, i meant the soup", "the soup"),
        ("sorry, I mean the soup at lunch", "the soup at lunch"),
        ("i meant the soup", "the soup"),
    ],
)
def test_a_second_thought_takes_the_place_of_the_first(talk: Talk, journal: Journal, words: str, instead: str) -> None:
    talk(*BEGIN, "the sup", words, "the bread", "stop")
    assert kept(journal) == [("Ana", instead), ("Ana", "the bread")]


@pytest.mark.parametrize("words", ["i meant to call my mother and i did", "i mean it was quiet", "no rain all day"])
def test_what_only_begins_like_a_second_thought_is_an_answer(talk: Talk, journal: Journal, words: str) -> None:
    talk(*BEGIN, "the soup", words, "stop")
    assert kept(journal) == [("Ana", "the soup"), ("Ana", words)]


def test_two_people_of_one_name_are_told_apart(talk: Talk, journal: Journal) -> None:
    said = talk("gratitude time", "Ana and Ana", "Annie", "the soup", "that's all", "pass", "the bread", "stop")
    assert not any("Hello, Ana." in text for text in said)
    assert any("Ana" in text for text in said[1:2])
    assert journal.sessions()[0].people == ("Annie", "Ana")


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("mostly", True),
        ("more or less", True),
        ("he did", True),
        ("nearly", False),
        ("he didn't", False),
        ("partly", False),
    ],
)
def test_did_he_get_it_is_answered_as_people_do(
    shipped: tuple[Library, Understanding], words: str, understood: bool
) -> None:
    understanding = shipped[1]
    meaning = understanding.understand([Hypothesis(words)], Expectation(ListenMode.CHOICE, ("yes", "no"), "yes_no"))
    assert meaning.slots.get("yes_no") is understood


@pytest.mark.parametrize("words", ["sorry i drifted off, what did you want", "let me see", "that's my lot"])
def test_who_was_far_away_or_has_no_more_says_nothing_to_keep(talk: Talk, journal: Journal, words: str) -> None:
    talk(*BEGIN, "the soup", words, "stop")
    assert kept(journal) == [("Ana", "the soup")]


def test_not_for_the_diary_takes_it_out(talk: Talk, journal: Journal) -> None:
    talk(*BEGIN, "the soup", "don't put that in the diary", "stop")
    assert kept(journal) == []


def test_another_day_ends_it(talk: Talk, journal: Journal) -> None:
    talk(*BEGIN, "the soup", "can we do this tomorrow")
    assert journal.sessions()[0].outcome == "stopped"


def test_who_has_nodded_off_is_not_asked(talk: Talk, journal: Journal) -> None:
    said = talk("gratitude time", "Ana, Ben and Mia", "the soup", "that's all", "pass", "Ben's nodded off")
    assert said[-1].startswith(("Now you, Mia", "Over to you, Mia", "Mia, and"))
