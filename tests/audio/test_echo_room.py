"""A loudspeaker whose sound comes back: Evensong never answers itself, and knows when cancelling does not help."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import app, config
from assistant.conversation.conversation import Conversation
from assistant.evening.evening import Evening
from assistant.evening.observing import Notice, Speaking
from assistant.events import AudioChunk, Failed, Record, UtteranceHeard
from assistant.loading.ears import load_ears
from assistant.loading.phrases import load_library
from assistant.memory import Journal
from benchmarks.barge_in import OWN_DBFS
from benchmarks.echo_room import EchoRoom
from benchmarks.echo_room import Path as Way
from benchmarks.narration import Narration
from benchmarks.shoebox import ROOMS

BEDROOM = ROOMS[0]
EVENING = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
TOO_LATE_S = 0.45  # as by a wireless loudspeaker: beyond what the canceller reaches back
LOUDER_DB = 8.0  # than the echo in a room
PROMPTS = (
    "Say go on when you want to. You can also say pause, or stop.",
    "If you want to stop, say stop. To hear it once more, say that again.",
    "When this is too loud, say quieter please. Say help for more.",
    "Say stop listening, and I will be silent until you say skip this one.",
)


class Noticed:
    def __init__(self) -> None:
        self.all: list[Notice] = []

    def notice(self, at_s: float, what: Notice) -> None:
        self.all.append(what)

    def chunk(self, chunk: AudioChunk) -> None:
        pass


class Asked(Noticed):
    """Asks for ``ritual`` by hand as soon as somebody listens."""

    evening: Evening | None = None

    def __init__(self, ritual: str) -> None:
        super().__init__()
        self._ritual = ritual

    def chunk(self, chunk: AudioChunk) -> None:
        if self.evening is not None and self.evening.begin_ritual(self._ritual, self._ritual):
            self.evening = None


class Prompts(Narration):
    """Says the prompts in turn, again and again."""

    said = 0

    def _next_text(self) -> str:
        self.said += 1
        return PROMPTS[self.said % len(PROMPTS)]


@pytest.fixture(scope="module")
def settings(model_path: Path) -> config.Settings:
    return config.Settings.model_validate(
        {"paths": {"models": str(model_path.parent)}, "speech": {"engine": "pyttsx3"}}
    )


@pytest.mark.parametrize("delay_s", [0.06, TOO_LATE_S])
def test_it_does_not_do_what_it_says_that_people_may_say(
    settings: config.Settings, tmp_path: Path, delay_s: float
) -> None:
    ears = load_ears(settings)
    read = load_library(settings)
    room = EchoRoom(Way(BEDROOM, delay_s), (), OWN_DBFS, seed=1, lasts_s=25.0)
    noticed = Noticed()
    with Journal.open(tmp_path / "journal.db", lambda: EVENING) as journal:
        prompts = Prompts(*read, journal, PROMPTS, seed=1)
        with app.evening(settings, room, prompts, [noticed], ears=ears, cache=tmp_path) as evening:
            evening.run()
    heard = [what.utterance.text for what in noticed.all if isinstance(what, UtteranceHeard)]
    assert (prompts.taken, prompts.said) == ([], pytest.approx(6, abs=2)), heard
    told = [what for what in noticed.all if isinstance(what, Failed)]
    assert len(told) == (delay_s == TOO_LATE_S), "that cancelling does not help is told once"


def test_it_keeps_no_answer_that_nobody_gave(settings: config.Settings, tmp_path: Path) -> None:
    """The microphone hears the loudspeaker alone and late, as when it was moved to listen to it; words are misheard."""
    ears = load_ears(settings)
    library, understanding = load_library(settings)
    wire = replace(BEDROOM, reflected=0.0)
    room = EchoRoom(Way(wire, TOO_LATE_S), (), OWN_DBFS - LOUDER_DB, seed=1, lasts_s=12.0)
    with Journal.open(tmp_path / "journal.db", lambda: EVENING) as journal:
        conversation = Conversation(library, understanding, journal, ("Ana", "Ben"), 1)
        asked = Asked("mood")
        with app.evening(settings, room, conversation, [asked], ears=ears, cache=tmp_path) as evening:
            asked.evening = evening
            evening.run()
    assert [what.text for what in asked.all if isinstance(what, Speaking) and what.text.endswith("?")]
    assert not [what for what in asked.all if isinstance(what, Record)]
