"""As people really talk at bedtime: who is here without a name, interruptions, words that were forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.memory import Journal

Talk = Callable[..., list[str]]


def kept(journal: Journal) -> list[str | None]:
    return [entry.text for entry in journal.sessions()[0].entries]


# --- who is here ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["me and Ben", "Ben and me", "it's me and Ben", "Ben and I", "Ben is here with me"])
def test_me_and_somebody_are_two_people(talk: Talk, journal: Journal, answer: str) -> None:
    talk("gratitude time", answer, "Ana", "stop")
    assert journal.sessions()[0].people == ("Ana", "Ben")


def test_who_will_not_say_the_name_is_not_asked_twice(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "me and Ben", "never you mind what it is", "stop")
    assert journal.sessions()[0].people == ("Ben",)


def test_i_am_ana_is_one_person(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "I'm Ana and this is Ben", "stop")
    assert journal.sessions()[0].people == ("Ana", "Ben")


@pytest.mark.parametrize("answer", ["just me", "only me tonight", "it's just me", "nobody else", "I'm alone"])
def test_just_me_is_asked_for_one_name(talk: Talk, journal: Journal, answer: str) -> None:
    said = talk("how is my mood", answer, "Tom", "six", "stop")
    assert not any("names" in text for text in said)
    assert journal.sessions()[0].people == ("Tom",)


# --- a drill for two, and one person -------------------------------------------------------------------


@pytest.mark.parametrize("answers", [("just me",), ("Tom", "just me"), ("Tom", "no, nobody")])
def test_one_alone_is_offered_the_drill_for_one(talk: Talk, answers: tuple[str, ...]) -> None:
    said = talk("i want to practise listening", *answers)
    assert "the listening story" in " ".join(said[-2:])


def test_the_offer_is_taken_up_with_the_name_that_was_given(talk: Talk, journal: Journal) -> None:
    talk("let's do the listening drill", "Tom", "just me", "yes please", "the first one", "stop")
    session = journal.sessions()[0]
    assert (session.ritual, session.people) == ("solo_listening", ("Tom",))


def test_after_a_no_to_the_offer_something_else_can_be_asked_for(talk: Talk, journal: Journal) -> None:
    talk("let's do the listening drill", "just me", "no thanks", "how is my mood", "just me", "Tom", "six", "stop")
    assert journal.sessions()[0].ritual == "mood"


# --- in the middle of an answer ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "aside",
    [
        "sorry, what was the question",
        "what was i supposed to say",
        "sorry what did you ask again",
        "hang on, the kids are up",
        "hold on the baby is crying",
        "i don't know what to say",
        "can we do this off the record",
        "no particular reason",
    ],
)
def test_an_aside_is_no_answer(talk: Talk, journal: Journal, aside: str) -> None:
    talk("gratitude time", "Ana and Ben", "the soup", aside, "stop")
    assert kept(journal) == ["the soup"]


def test_too_tired_ends_it_and_keeps_what_was_said(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "Ana and Ben", "the soup", "i'm too tired for this")
    session = journal.sessions()[0]
    assert (kept(journal), session.outcome) == (["the soup"], "stopped")


@pytest.mark.parametrize("answer", ["no reason to complain today", "i am too tired for words but the soup was good"])
def test_an_answer_that_begins_like_an_aside_is_kept(talk: Talk, journal: Journal, answer: str) -> None:
    talk("gratitude time", "Ana and Ben", answer, "stop")
    assert kept(journal) == [answer]


def test_okay_is_a_word_for_a_day(talk: Talk, journal: Journal) -> None:
    talk("how is my mood", "Tom", "six", "okay", "stop")
    assert "okay" in kept(journal)


def test_what_was_done_on_a_day_is_not_put_right_by_another_day(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "Tom", "on saturday we danced", "no, sunday", "stop")
    assert "on saturday we danced" in kept(journal)


# --- beside rituals ------------------------------------------------------------------------------------


def test_cancel_that_takes_back_the_request_and_not_the_evening(talk: Talk, journal: Journal) -> None:
    said = talk("remind us tomorrow at nine to do gratitude", "cancel that", "how is my mood")
    assert not journal.reminders.all()
    assert "Who" in said[-1]


def test_also_is_no_part_of_what_it_reminds_of(talk: Talk, journal: Journal) -> None:
    talk("also remind me to call my mum on friday at six", "yes")
    assert [one.what for one in journal.reminders.all()] == ["call my mum"]


def test_to_breathe_together_is_not_asked_whether_to_breathe(talk: Talk) -> None:
    said = talk("can we breathe together", "two minutes")
    assert not any("silence" in text for text in said)


def test_a_step_told_without_say_or_ask_is_read_back(talk: Talk) -> None:
    steps = ("we drink a cup of tea", "ask us what was hard today", "that's all", "all of us")
    said = talk("let's make our own ritual", "tea and talk", *steps)
    assert any("drink a cup of tea" in text for text in said)


# --- somebody leaves -----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Ben has to go to bed", "ben's fallen asleep", "go on without Ben"])
def test_who_leaves_is_not_asked_any_more(talk: Talk, journal: Journal, words: str) -> None:
    said = talk("gratitude time", "Ana and Ben", "the soup", words, "that's all", "because it was warm", "and more")
    after = said[said.index(next(text for text in said if "Ben" in text and "Ana" not in text)) + 1 :]
    assert not any("Ben" in text for text in after)
    assert not any("each other" in text or "one another" in text for text in after), "nobody else is left"
    session = journal.sessions()[0]
    assert (kept(journal), session.outcome) == (["the soup", "because it was warm"], "finished")


def test_the_question_of_who_leaves_is_left_out_at_once(talk: Talk) -> None:
    said = talk("gratitude time", "Ana, Ben and Mia", "the soup", "that's all", "pass", "ben has to leave now")
    assert said[-1].startswith("Mia") or "Mia" in " ".join(said[-3:])


def test_where_two_are_needed_it_ends_when_one_leaves(talk: Talk, journal: Journal) -> None:
    talk("let's practise mirroring", "Sam and Peter", "the week was long", "Peter has to go")
    assert journal.sessions()[0].outcome == "stopped"


@pytest.mark.parametrize("answer", ["the old car has to go", "my mother is asleep", "Carla has to go to bed"])
def test_what_is_told_of_others_is_an_answer(talk: Talk, journal: Journal, answer: str) -> None:
    talk("gratitude time", "Ana and Ben", answer, "stop")
    assert kept(journal) == [answer]
