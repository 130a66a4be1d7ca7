"""A ritual of one's own, made, held and deleted by voice: typed, through the real understanding and real files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from assistant import config
from assistant.conversation.conversation import Conversation
from assistant.conversation.own_rituals import OwnRituals
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.loading.phrases import load_library
from assistant.memory import Journal
from assistant.understanding import Understanding

MAKE = (
    "let's make our own ritual",
    "friday candles",
    "say something",
    "light the candle please",
    "a question",
    "what made you laugh this week",
    "silence",
    "one minute",
    "that's all",
)


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    (tmp_path / "rituals").mkdir()
    return config.Settings(paths=config.Paths(rituals=str(tmp_path / "rituals")))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", lambda: datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) as opened:
        yield opened


Talk = Callable[..., str]


@pytest.fixture
def talk(settings: config.Settings, journal: Journal, shipped: tuple[Library, Understanding]) -> Talk:
    """Type lines to a program that has just been started; all that it says."""

    def type_lines(*lines: str) -> str:
        said: list[str] = []
        read = load_library(settings) if any(settings.own_rituals_path.glob("*")) else shipped
        conversation = Conversation(*read, journal, (), 1, OwnRituals(settings))
        TypedEvening(conversation, "hey evensong", said.append).run(lines)
        return " ".join(said)

    return type_lines


def file_of(settings: config.Settings) -> Path:
    return settings.own_rituals_path / "friday_candles.yaml"


def test_it_is_made_read_back_kept_and_held(talk: Talk, settings: config.Settings, journal: Journal) -> None:
    said = talk(*MAKE, "each of us in turn", "yes", "start friday candles", "Ana and Ben", "the cat", "the rain")
    read_back = said.partition("ilence.")[0]
    assert "light the candle please" in read_back
    assert "what made you laugh this week" in read_back
    assert "one minute" in said
    held = said.partition("friday candles")[2]
    assert "Light the candle please." in held
    assert "Ana. What made you laugh this week?" in held
    assert "And you, Ben?" in held
    session = journal.sessions()[0]
    assert (session.ritual, session.outcome) == ("friday_candles", "finished")
    assert [(entry.person, entry.text) for entry in session.entries] == [("Ana", "the cat"), ("Ben", "the rain")]
    assert yaml.safe_load(file_of(settings).read_text())["title"] == "friday candles"


def test_it_can_be_deleted_by_voice_after_a_yes(talk: Talk, settings: config.Settings) -> None:
    talk(*MAKE, "once", "yes")
    assert file_of(settings).exists()
    talk("delete the ritual friday candles", "no")
    assert file_of(settings).exists()
    talk("delete the ritual friday candles", "yes")
    assert not file_of(settings).exists()


def test_a_name_that_sounds_like_something_else_is_refused(talk: Talk, settings: config.Settings) -> None:
    said = talk("create a ritual", "gratitude", "never mind")
    assert "gratitude" in said
    assert list(settings.own_rituals_path.iterdir()) == []


@pytest.mark.parametrize("last", ["no", "stop"])
def test_nothing_is_kept_without_a_yes(talk: Talk, settings: config.Settings, last: str) -> None:
    talk(*MAKE, "once", last)
    assert list(settings.own_rituals_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_and_nothing_breaks(talk: Talk, settings: config.Settings) -> None:
    settings.own_rituals_path.rmdir()
    settings.own_rituals_path.write_text("a file stands where the folder was")
    said = talk(*MAKE, "once", "yes", "how is my mood")
    assert "folder for rituals" in said
    assert "who" in said.lower()


def test_words_that_a_file_could_misread_are_only_words(talk: Talk, settings: config.Settings) -> None:
    odd = ("make our own ritual", "sunday: {tea} #1", "say something", "[a] {b}: - c", "silence", "one minute", "done")
    talk(*odd, "yes")
    (path,) = settings.own_rituals_path.iterdir()
    assert load_library(settings)[0].rituals[path.stem].title == "sunday tea 1"


def test_a_step_may_be_told_with_its_words(talk: Talk, settings: config.Settings) -> None:
    steps = ("um, first say light a candle", "then ask us what was hard today", "that's all")
    said = talk("make our own ritual", "friday candles", *steps, "each of us", "yes")
    assert "light a candle" in said
    written = file_of(settings).read_text()
    assert "hat was hard today" in written
    assert "ask us" not in written
