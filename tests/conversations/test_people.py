"""Who is here, told and put right by voice: in words, through the real understanding and the real journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.events import Listen, ListenMode, TimerFired
from assistant.memory import Journal
from assistant.understanding import Understanding


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", lambda: datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) as opened:
        yield opened


Talk = Callable[..., str]


@pytest.fixture
def talk(shipped: tuple[Library, Understanding], journal: Journal) -> Talk:
    """Type lines to a program that has just been started; all that it says."""

    def type_lines(*lines: str) -> str:
        said: list[str] = []
        TypedEvening(Conversation(*shipped, journal, (), 1), "hey evensong", said.append).run(lines)
        return " ".join(said)

    return type_lines


def people_of(journal: Journal) -> tuple[str, ...]:
    return journal.sessions()[0].people


def test_a_name_is_said_back_and_not_asked_for_again(talk: Talk, journal: Journal) -> None:
    said = talk("my name is Siobhan", "yes", "how is my mood", "seven", "stop")
    assert "Siobhan" in said
    assert "Who is here" not in said
    assert people_of(journal) == ("Siobhan",)


def test_no_anna_puts_it_right_as_often_as_it_takes(talk: Talk, journal: Journal) -> None:
    said = talk("my name is Hannah", "no, Anna", "yes", "gratitude time", "the soup", "stop")
    assert "Anna." in said
    assert people_of(journal) == ("Anna",)


def test_nobody_is_held_up_by_a_name(talk: Talk, journal: Journal) -> None:
    talk("my name is Hannah", "no, Anna", "no, Hanna", "no, Hanne", "gratitude time", "the soup", "stop")
    assert people_of(journal) == ("Hanna",)


def test_so_many_of_us_are_asked_for_their_names(talk: Talk, journal: Journal) -> None:
    said = talk("there are three of us tonight", "Ana, Ben and Clara", "yes", "gratitude time", "the soup", "stop")
    assert "Ana, Ben and Clara" in said
    assert sorted(people_of(journal)) == ["Ana", "Ben", "Clara"]


def test_a_name_that_was_got_wrong_is_put_right_in_the_middle_of_a_ritual(talk: Talk, journal: Journal) -> None:
    said = talk("gratitude time", "Hannah and Ben", "the soup", "no, Anna", "stop")
    session = journal.sessions()[0]
    assert session.people == ("Anna", "Ben")
    assert [(entry.person, entry.text) for entry in session.entries] == [("Anna", "the soup")]
    assert "Hannah" not in said.partition("Anna")[2]


def test_an_answer_that_begins_with_no_stays_an_answer(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "Ana and Ben", "no rain today", "stop")
    assert [entry.text for entry in journal.sessions()[0].entries] == ["no rain today"]


def test_whoever_is_nobodys_name(talk: Talk, journal: Journal) -> None:
    said = talk("gratitude time", "Ana, Ben and whoever else is here", "the soup", "stop")
    assert "Whoever" not in said
    assert people_of(journal) == ("Ana", "Ben")


def test_who_named_only_the_other_is_asked_who_else_is_here(talk: Talk, journal: Journal) -> None:
    talk("let's practise mirroring", "me and Sam", "my name is Peter", "the week was long", "stop")
    assert sorted(people_of(journal)) == ["Peter", "Sam"]


def test_names_told_anew_stand_for_themselves(talk: Talk, journal: Journal) -> None:
    talk("let's practise mirroring", "Sam", "Anna and Ben", "the week was long", "stop")
    assert sorted(people_of(journal)) == ["Anna", "Ben"]


def test_going_to_bed_ends_a_ritual_in_the_middle_of_a_list(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "Ana", "the soup", "ok stop, we go to bed")
    session = journal.sessions()[0]
    assert ([entry.text for entry in session.entries], session.outcome) == (["the soup"], "stopped")


def test_a_guest_is_here_for_one_evening(shipped: tuple[Library, Understanding], journal: Journal, talk: Talk) -> None:
    talk("my name is Ana", "yes", "we have a guest tonight called Tom", "yes", "gratitude time", "the soup", "stop")
    assert sorted(people_of(journal)) == ["Ana", "Tom"]
    said = talk("gratitude time", "yes", "the bread", "stop")
    assert "Tom" not in said
    assert people_of(journal) == ("Ana",)


def test_in_three_hours_the_guest_has_gone(shipped: tuple[Library, Understanding], journal: Journal) -> None:
    conversation = Conversation(*shipped, journal, (), 1)
    TypedEvening(conversation, "hey evensong", lambda text: None).run(
        ["my name is Ana", "yes", "we have a visitor called Tom", "yes"]
    )
    conversation.step(TimerFired(0.0, "evening"))
    said: list[str] = []
    TypedEvening(conversation, "hey evensong", said.append).run(["who are you talking to"])
    assert "Tom" not in " ".join(said)


def test_names_of_earlier_evenings_are_known_by_their_sound(
    shipped: tuple[Library, Understanding], journal: Journal, talk: Talk
) -> None:
    journal.open_session("gratitude", ("Katharina",), 1)
    journal.close_session("finished")
    talk("gratitude time", "katarina", "the soup", "stop")
    assert people_of(journal) == ("Katharina",)


def test_the_ears_are_told_who_is_here(shipped: tuple[Library, Understanding], journal: Journal) -> None:
    conversation = Conversation(*shipped, journal, ("Ana", "Ben"), 1)
    listen = [effect for effect in conversation.begin() if isinstance(effect, Listen)]
    assert listen[0].expectation.mode is ListenMode.WAKE
    assert listen[0].expectation.people == ()


# --- named with the ritual ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "mirroring with Ana and Ben",
        "can we do some mirroring with ana and ben tonight please",
        "let's practise mirroring, with Ana and Ben",
        "a mirror talk between ana and ben",
    ],
)
def test_who_takes_part_may_be_said_with_the_ritual(talk: Talk, journal: Journal, asked: str) -> None:
    said = talk(asked, "the week was long", "stop")
    assert "Who is here" not in said
    assert sorted(people_of(journal)) == ["Ana", "Ben"]


@pytest.mark.parametrize("asked", ["gratitude with Ben", "gratitude time with me and ben"])
def test_who_takes_part_with_the_speaker_leaves_the_speakers_name_to_be_asked(
    talk: Talk, journal: Journal, asked: str
) -> None:
    talk(asked, "Ana", "the soup", "stop")
    assert sorted(people_of(journal)) == ["Ana", "Ben"]


def test_people_who_are_here_already_are_not_asked_for_again(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "Ana and Ben", "the soup", "stop", "mirroring with Ben", "the week was long", "stop")
    assert sorted(people_of(journal)) == ["Ana", "Ben"]


def test_what_is_no_name_is_nobody(talk: Talk, journal: Journal) -> None:
    said = talk("gratitude with sprinkles", "Ana and Ben", "the soup", "stop")
    assert "Sprinkles" not in said
    assert people_of(journal) == ("Ana", "Ben")


# --- somebody comes later --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Ben is here now", "Ben wants to join us", "Ben has just come in"])
def test_who_comes_later_takes_part_from_there_on(talk: Talk, journal: Journal, words: str) -> None:
    rest = ("that's all", "pass", "the bread", "that's all", "pass", "your soup", "your laugh")
    said = talk("gratitude time", "just me, Ana", "the soup", words, *rest)
    session = journal.sessions()[0]
    assert session.people == ("Ana", "Ben")
    assert [(entry.person, entry.text) for entry in session.entries] == [
        ("Ana", "the soup"),
        ("Ben", "the bread"),
        ("Ana", "your soup"),
        ("Ben", "your laugh"),
    ]
    assert "Ana and Ben" in said


def test_what_was_asked_is_asked_again_when_somebody_has_come(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "Ana", "Ben is here now", "the soup", "stop")
    assert [(entry.person, entry.text) for entry in journal.sessions()[0].entries] == [("Ana", "the soup")]


def test_who_left_may_come_back(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "Ana, Ben and Mia", "Mia has to go", "Mia is back", "the soup", "that's all", "pass")
    said = talk("yes", "the bread", "that's all", "pass")
    assert "Mia" in said


def test_where_only_two_can_take_part_a_third_waits(talk: Talk, journal: Journal) -> None:
    talk("let's practise mirroring", "Ana and Ben", "Mia wants to join us", "stop")
    session = journal.sessions()[0]
    assert (session.people, session.entries) == (("Ana", "Ben"), ())


@pytest.mark.parametrize(
    "answer", ["spring is here", "the pizza has just arrived", "my brother is back", "Ana is here now"]
)
def test_what_comes_and_is_nobody_new_is_an_answer(talk: Talk, journal: Journal, answer: str) -> None:
    talk("gratitude time", "Ana and Ben", answer, "stop")
    assert [entry.text for entry in journal.sessions()[0].entries] == [answer]


def test_just_the_two_of_us_now_asks_who_has_left(talk: Talk, journal: Journal) -> None:
    rest = ("the soup", "that's all", "pass", "the bread", "that's all", "pass", "stop")
    talk("gratitude time", "Ana, Ben and Mia", "it's just the two of us now", "Ben", *rest)
    entries = journal.sessions()[0].entries
    assert [(entry.person, entry.text) for entry in entries] == [("Ana", "the soup"), ("Mia", "the bread")]


def test_who_comes_between_rituals_takes_part_in_the_next(talk: Talk, journal: Journal) -> None:
    talk("my name is Ana", "yes", "Ben is here now", "yes", "gratitude time", "the soup", "stop")
    assert sorted(people_of(journal)) == ["Ana", "Ben"]
