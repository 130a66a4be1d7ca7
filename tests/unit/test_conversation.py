"""What the dialogue decides is in the journal at once, whole or not at all, and an evening can always begin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversation.conversation import Conversation
from assistant.dialogue import Library
from assistant.errors import JournalError
from assistant.events import (
    CloseSession,
    Effect,
    Expectation,
    Hypothesis,
    Listen,
    ListenMode,
    PlaybackFinished,
    Record,
    Say,
    TimerFired,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.memory import Journal
from assistant.understanding import Understanding

SOUP = "the soup at lunch"
SEED = 3


class Disk(Journal):
    """A real journal on a disk that, when told so, has room for answers but not for the state behind them."""

    full = False

    def save_state(self, state: str) -> None:
        if self.full:
            raise JournalError("The disk is full.")
        super().save_state(state)


class Room:
    """Two people, Ana and Ben, who hear out whatever is said to them."""

    def __init__(self, shipped: tuple[Library, Understanding], journal: Journal) -> None:
        library, understanding = shipped
        self.conversation = Conversation(library, understanding, journal, ("Ana", "Ben"), SEED)
        self.ears = Expectation(ListenMode.OFF)
        self.begun = self._take(self.conversation.begin())

    def wake(self) -> tuple[Effect, ...]:
        return self._take(self.conversation.step(WakeHeard(0.0, "hey evensong")))

    def say(self, text: str) -> tuple[Effect, ...]:
        hypotheses = (Hypothesis(text),)
        meaning = self.conversation.understand(hypotheses, self.ears)
        return self._take(self.conversation.step(UtteranceHeard(0.0, Utterance(hypotheses), meaning)))

    def come_to_the_first_question(self) -> None:
        self.wake()
        self.say("gratitude time")
        for _ in range(2):  # breathing in, and out
            self._take(self.conversation.step(TimerFired(0.0, "breath")))

    def _take(self, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """Hear out what is said; all effects until somebody has to do something."""
        for effect in effects:
            if isinstance(effect, Listen):
                self.ears = effect.expectation
        if any(isinstance(effect, Say) for effect in effects):
            effects += self._take(self.conversation.step(PlaybackFinished(0.0)))
        return effects


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk.open(tmp_path / "journal.sqlite", lambda: datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) as journal:
        assert isinstance(journal, Disk)
        yield journal


def kept(journal: Journal) -> list[tuple[str, str | None, str | None, str | None]]:
    """The answers of the latest session."""
    return [(entry.key, entry.person, entry.text, entry.about) for entry in journal.sessions(limit=1)[0].entries]


# --- what is kept ------------------------------------------------------------------------------------


def test_an_answer_is_in_the_journal_when_the_step_returns(shipped: tuple[Library, Understanding], disk: Disk) -> None:
    room = Room(shipped, disk)
    room.come_to_the_first_question()
    room.say(SOUP)
    assert kept(disk) == [("good_thing", "Ana", SOUP, None)]
    (session,) = disk.sessions()
    assert (session.ritual, session.people, session.outcome) == ("gratitude", ("Ana", "Ben"), "open")
    assert SOUP not in (disk.load_state() or "")


def test_an_appreciation_is_kept_with_the_one_it_is_for(shipped: tuple[Library, Understanding], disk: Disk) -> None:
    room = Room(shipped, disk)
    room.come_to_the_first_question()
    for text in ("pass", "pass", "you waited for me", "your patience"):
        room.say(text)
    assert kept(disk) == [
        ("appreciation", "Ana", "you waited for me", "Ben"),
        ("appreciation", "Ben", "your patience", "Ana"),
    ]
    assert disk.sessions()[0].outcome == "finished"


def test_taking_back_and_stopping_reach_the_journal(shipped: tuple[Library, Understanding], disk: Disk) -> None:
    room = Room(shipped, disk)
    room.come_to_the_first_question()
    room.say(SOUP)
    room.say("scratch that")
    assert kept(disk) == []
    room.say("stop")
    assert disk.sessions()[0].outcome == "stopped"


# --- together ----------------------------------------------------------------------------------------


def test_an_answer_and_the_state_behind_it_are_kept_together_or_not_at_all(
    shipped: tuple[Library, Understanding], disk: Disk
) -> None:
    room = Room(shipped, disk)
    room.come_to_the_first_question()
    before = disk.load_state()
    disk.full = True
    with pytest.raises(JournalError, match="full"):
        room.say(SOUP)
    assert kept(disk) == []
    assert disk.load_state() == before


def test_a_ritual_that_cannot_be_kept_does_not_begin(shipped: tuple[Library, Understanding], disk: Disk) -> None:
    room = Room(shipped, disk)
    room.wake()
    disk.full = True
    with pytest.raises(JournalError):
        room.say("gratitude time")
    assert disk.sessions() == ()


@pytest.mark.parametrize("restarted", [False, True])
def test_what_could_not_be_kept_is_asked_for_again(
    shipped: tuple[Library, Understanding], disk: Disk, restarted: bool
) -> None:
    room = Room(shipped, disk)
    room.come_to_the_first_question()
    disk.full = True
    with pytest.raises(JournalError):
        room.say(SOUP)
    disk.full = False
    if restarted:
        room = Room(shipped, disk)
        room.wake()
        room.say("yes")
    effects = room.say(SOUP)
    assert Record("good_thing", "Ana", SOUP) in effects
    assert kept(disk) == [("good_thing", "Ana", SOUP, None)]


# --- beginning again ---------------------------------------------------------------------------------


def test_an_evening_goes_on_where_it_was(shipped: tuple[Library, Understanding], disk: Disk) -> None:
    first = Room(shipped, disk)
    first.come_to_the_first_question()
    first.say(SOUP)
    second = Room(shipped, disk)
    second.wake()
    second.say("yes")
    second.say("the walk home")
    assert kept(disk) == [("good_thing", "Ana", SOUP, None), ("good_thing", "Ana", "the walk home", None)]


UNREADABLE = ["", "not json", "null", "[]", "{}", '{"seed": "x"}', '{"seed": 3, "phase": "dreaming"}', "{" * 5000]


@pytest.mark.parametrize("state", UNREADABLE)
def test_a_state_that_cannot_be_read_costs_the_place_in_the_ritual_and_nothing_else(
    shipped: tuple[Library, Understanding], disk: Disk, state: str
) -> None:
    first = Room(shipped, disk)
    first.come_to_the_first_question()
    first.say(SOUP)
    disk.save_state(state)

    second = Room(shipped, disk)

    assert second.ears.mode is ListenMode.WAKE
    assert disk.sessions()[0].outcome == "stopped"
    assert kept(disk) == [("good_thing", "Ana", SOUP, None)]
    second.come_to_the_first_question()
    second.say("the tea")
    assert kept(disk) == [("good_thing", "Ana", "the tea", None)]
    assert [session.outcome for session in disk.sessions()] == ["open", "stopped"]


def test_a_state_that_cannot_be_read_is_gone_from_the_journal(
    shipped: tuple[Library, Understanding], disk: Disk
) -> None:
    disk.save_state("not json")
    Room(shipped, disk)
    assert disk.load_state() is None


def test_a_ritual_whose_file_has_changed_ends_as_stopped_when_evensong_starts(
    shipped: tuple[Library, Understanding], disk: Disk
) -> None:
    first = Room(shipped, disk)
    first.come_to_the_first_question()
    first.say(SOUP)
    state = json.loads(disk.load_state() or "")
    state["session"]["edition"] += 1
    disk.save_state(json.dumps(state))

    second = Room(shipped, disk)

    assert CloseSession("stopped") in second.begun
    assert disk.sessions()[0].outcome == "stopped"
    assert kept(disk) == [("good_thing", "Ana", SOUP, None)]
