"""An evening with a disclosure at every kind of place: no byte of it in any file, while it runs or afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import config
from assistant.commands.keep import open_journal
from assistant.conversation.conversation import Conversation
from assistant.conversation.own_rituals import OwnRituals
from assistant.conversation.reminding import quiet_hours
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.events import Expectation, UtteranceHeard
from assistant.memory import Journal
from assistant.understanding import Understanding
from assistant.view.log import as_json

# What leads to a place, and what is said there. A word of each stands in no file of ours.
TOLD_AT: dict[str, tuple[tuple[str, ...], str]] = {
    "idle": ((), "my husband hit me again wilhelmina"),
    "names": (("gratitude time",), "ben hits me when i sleep tarquin"),
    "answer": (("gratitude time", "ana and ben"), "i am scared of what he does to me bluffington"),
    "reminder of what": (("remind me at nine",), "he said he will kill me quimbly"),
    "reminder when": (("remind us to do gratitude",), "he threatens to kill me zanzibar"),
    "name of a ritual": (("let's make our own ritual",), "he forces me to have sex with him xanthippe"),
    "step of a ritual": (("let's make our own ritual", "the tea hour", "say"), "i want to kill myself ottoline"),
    "rating": (("mood check", "just ana"), "i don't want to live any more peregrine"),
    "pause": (("gratitude time", "ana and ben", "pause"), "he beat me with his belt on tuesday marmaduke"),
    "very long": (("gratitude time", "ana and ben"), "we had soup and bread " * 700 + "and my wife hits me ethelbert"),
}
AFTERWARDS = ("mood check", "seven", "what reminders do we have", "stop")


class Logged(Conversation):
    """Writes down what observers are told, as `replay --json` and the log do."""

    log: Path

    def understood(self, event: UtteranceHeard, expectation: Expectation) -> UtteranceHeard:
        heard = super().understood(event, expectation)
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(as_json(heard)) + "\n")
        return heard


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    monkeypatch.setenv("EVENSONG_HOME", str(tmp_path))
    with open_journal(config.load()) as opened:
        yield opened


@pytest.fixture
def conversation(shipped: tuple[Library, Understanding], journal: Journal, tmp_path: Path) -> Conversation:
    settings = config.load()
    own = OwnRituals(settings)
    conversation = Logged(*shipped, journal, (), 7, own, quiet_hours(settings.household))
    conversation.log = tmp_path / "events.log"
    return conversation


def traces(home: Path, *words: str) -> list[str]:
    """Which of ``words`` stand in which file."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [f"{word}: {path}" for path in files for word in words if word.encode() in path.read_bytes().lower()]


@pytest.mark.parametrize("place", TOLD_AT)
def test_nothing_of_it_is_in_any_file(
    place: str, conversation: Conversation, journal: Journal, shipped: tuple[Library, Understanding], tmp_path: Path
) -> None:
    before, told = TOLD_AT[place]
    words = (told.split()[-1], " ".join(told.split()[-4:-1]))
    paused = {str(line) for line in shipped[0].prompts.safety.paused}
    said: list[str] = []

    def evening() -> Iterator[str]:
        yield from before
        said.clear()
        yield told
        assert set(said) & paused, said
        assert traces(tmp_path, *words) == [], "in the journal, in what it has not written back yet, or in the log"
        yield from AFTERWARDS

    TypedEvening(conversation, "hey evensong", said.append).run(evening())
    assert traces(tmp_path, *words) == []
    journal.close()
    assert traces(tmp_path, *words) == []


def test_what_is_no_disclosure_would_have_been_found(conversation: Conversation, tmp_path: Path) -> None:
    lines = (
        "gratitude time",
        "ana and ben",
        "the soup at lunch rapunzel",
        "remind me at nine",
        "to call balthazar",
        "yes",
    )
    TypedEvening(conversation, "hey evensong", lambda text: None).run(lines[:3])
    assert any("journal" in found for found in traces(tmp_path, "rapunzel"))
    assert any("events.log" in found for found in traces(tmp_path, "rapunzel"))
