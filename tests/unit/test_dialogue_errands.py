"""Errands: begun by a request, decided by an answer, and back to where they began. Deleting is the example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversation.conversation import Conversation
from assistant.dialogue import Library
from assistant.events import (
    Effect,
    Expectation,
    Hypothesis,
    Listen,
    ListenMode,
    Meaning,
    PlaybackFinished,
    Say,
    Silence,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.memory import Journal
from assistant.understanding import Understanding

SOUP = "the soup at lunch"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path, lambda: datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) as opened:
        yield opened


class Talk:
    """A conversation that has been woken; what it says is heard out at once."""

    def __init__(self, shipped: tuple[Library, Understanding], journal: Journal) -> None:
        self.conversation = Conversation(*shipped, journal, (), 1)
        self.said: list[str] = []
        self.ears = Expectation(ListenMode.OFF)
        self._take(self.conversation.begin())
        self._take(self.conversation.step(WakeHeard(0.0, "hey evensong")))

    def ask_for(self, intent: str) -> str:
        """The request ``intent``, however it was worded."""
        return self._hear("a request", Meaning("a request", intent=intent))

    def say(self, text: str) -> str:
        return self._hear(text, self.conversation.understand((Hypothesis(text),), self.ears))

    def keep_silent(self) -> str:
        return self._answer(self.conversation.step(Silence(0.0, 10.0)))

    def _hear(self, text: str, meaning: Meaning) -> str:
        heard = UtteranceHeard(0.0, Utterance((Hypothesis(text),)), meaning)
        return self._answer(self.conversation.step(heard))

    def _answer(self, effects: tuple[Effect, ...]) -> str:
        before = len(self.said)
        self._take(effects)
        return " ".join(self.said[before:])

    def _take(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, Say):
                self.said.append(effect.text)
            if isinstance(effect, Listen):
                self.ears = effect.expectation
        if any(isinstance(effect, Say) for effect in effects):
            self._take(self.conversation.step(PlaybackFinished(0.0)))


def keep_two(journal: Journal) -> None:
    journal.open_session("gratitude", ("Ana",), 1)
    journal.record("good_thing", "Ana", "the walk")
    journal.record("good_thing", "Ana", SOUP)
    journal.close_session("finished")


def kept(journal: Journal) -> list[str | None]:
    return [entry.text for session in journal.sessions() for entry in session.entries]


def test_the_last_entry_goes_after_a_yes_that_knows_whose_it_is(
    shipped: tuple[Library, Understanding], journal: Journal, path: Path
) -> None:
    keep_two(journal)
    talk = Talk(shipped, journal)
    asked = talk.ask_for("delete_last_entry")
    assert "Ana" in asked
    assert "gratitude" in asked
    assert SOUP not in asked  # somebody else may be in the room
    assert kept(journal) == ["the walk", SOUP]
    assert talk.say("yes please")
    assert kept(journal) == ["the walk"]
    assert not any(SOUP.encode() in file.read_bytes() for file in path.parent.iterdir())


@pytest.mark.parametrize("answer", ["no", "stop", "skip"])
def test_anything_but_a_yes_deletes_nothing(
    shipped: tuple[Library, Understanding], journal: Journal, answer: str
) -> None:
    keep_two(journal)
    talk = Talk(shipped, journal)
    talk.ask_for("delete_everything")
    assert talk.say(answer)
    assert kept(journal) == ["the walk", SOUP]


def test_silence_asks_once_more_and_then_leaves_it(shipped: tuple[Library, Understanding], journal: Journal) -> None:
    keep_two(journal)
    talk = Talk(shipped, journal)
    asked = talk.ask_for("delete_everything")
    assert talk.keep_silent() == asked
    assert talk.keep_silent() not in ("", asked)
    assert talk.ears.mode is ListenMode.COMMAND
    assert kept(journal) == ["the walk", SOUP]


def test_everything_goes_names_too(shipped: tuple[Library, Understanding], journal: Journal, path: Path) -> None:
    keep_two(journal)
    talk = Talk(shipped, journal)
    talk.ask_for("delete_everything")
    talk.say("now")
    assert kept(journal) == []
    assert not any(b"Ana" in file.read_bytes() for file in path.parent.iterdir())


def test_an_empty_journal_says_so_and_asks_nothing(shipped: tuple[Library, Understanding], journal: Journal) -> None:
    talk = Talk(shipped, journal)
    assert talk.ask_for("delete_last_entry")
    assert talk.ears.mode is ListenMode.COMMAND


def test_it_is_awake_for_the_next_request_and_forgets_an_errand_when_it_is_started_anew(
    shipped: tuple[Library, Understanding], journal: Journal
) -> None:
    keep_two(journal)
    talk = Talk(shipped, journal)
    talk.ask_for("delete_everything")
    saved = json.loads(journal.load_state() or "{}")
    assert saved["phase"] == "errand"
    talk.say("no")
    assert "start_mood" in talk.ears.intents
    talk.ask_for("delete_everything")
    again = Talk(shipped, journal)
    assert again.ears.mode is ListenMode.COMMAND
    assert "errand" not in json.loads(journal.load_state() or "{}")
