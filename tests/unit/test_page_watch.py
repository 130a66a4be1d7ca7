"""What of a running evening reaches the page, what is for the room alone, and how the page's wishes reach it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from page_household import Calendar, read_from

from assistant.conversation.conversation import Conversation
from assistant.dialogue import Library
from assistant.errors import JournalError, PageError
from assistant.evening.evening import BY_HAND, Evening
from assistant.evening.observing import Speaking
from assistant.events import (
    AudioChunk,
    Effect,
    Event,
    Expectation,
    Hypothesis,
    Listen,
    ListenMode,
    Meaning,
    PartialHeard,
    PlaybackFinished,
    Say,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.memory import Journal
from assistant.page.desk import Desk
from assistant.page.live_view import MOST_STREAMS, LiveView
from assistant.page.watch import CHUNKS_PER_LOOK, Watch
from assistant.understanding import Understanding

CHUNK = AudioChunk(np.zeros(320, np.int16), 0.0)
ASLEEP = Expectation(ListenMode.WAKE)
SECRET = "marigold"


@dataclass
class Room:
    """An evening without sound: what is said passes at once, and the watch is told as `Evening` tells it."""

    conversation: Conversation
    watch: Watch
    ears: Expectation = ASLEEP
    unmuted: bool = False

    def hear(self, text: str) -> None:
        if self.ears.mode is ListenMode.WAKE:
            self.take(WakeHeard(0.0, "hey evensong"))
        self.watch.notice(0.0, PartialHeard(0.0, text))
        heard = UtteranceHeard(0.0, Utterance((Hypothesis(text),)))
        event = self.conversation.understood(heard, self.ears)
        if event.meaning is not None and event.meaning.safety is not None:
            self.watch.notice(0.0, PartialHeard(0.0, ""))
            self._perform(self.conversation.step(event))
        else:
            self.take(event)

    def take(self, event: Event) -> None:
        self.watch.notice(0.0, event)
        self._perform(self.conversation.step(event))

    def _perform(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            self.watch.notice(0.0, effect)
        said = [effect for effect in effects if isinstance(effect, Say)]
        for effect in effects:
            if isinstance(effect, Listen):
                self.ears = effect.expectation
        for effect in said:
            self.watch.notice(0.0, Speaking(0.0, effect.text))
        if said:
            self.take(PlaybackFinished(0.0))

    def begin_ritual(self, ritual: str, title: str) -> bool:
        if not self.conversation.is_free:
            return False
        self.take(WakeHeard(0.0, BY_HAND))
        self.take(UtteranceHeard(0.0, Utterance((Hypothesis(title),)), Meaning(title, f"start_{ritual}", score=1.0)))
        return True

    def unmute(self) -> None:
        self.unmuted = True

    def look(self) -> dict[str, Any]:
        for _ in range(CHUNKS_PER_LOOK):
            self.watch.chunk(CHUNK)
        return self.watch.seen

    def shown(self) -> str:
        return json.dumps(self.look())


@pytest.fixture
def room(shipped: tuple[Library, Understanding], tmp_path: Path) -> Iterator[Room]:
    with Journal.open(tmp_path / "journal.sqlite", Calendar()) as journal:
        journal.open_session("mood", ("Ana", "Ben"), 1)
        journal.record("word", "Ana", "calm")
        journal.close_session("finished")
        journal.open_session("checkin", ("Ana",), 1)
        journal.record("feeling", "Ana", f"the {SECRET} letter")
        journal.close_session("finished")
        journal.passphrases.set("Ana", "copper kettle")
        conversation = Conversation(*shipped, journal, (), 3)
        watch = Watch("hey evensong", journal, alone_is_private=True)
        made = Room(conversation, watch)
        watch.opens(cast(Evening, made))
        conversation.begin()
        yield made


def test_what_was_heard_and_said_is_shown_with_the_ritual_and_its_step(room: Room) -> None:
    room.hear("mood")
    room.hear("ana and ben")
    seen = room.look()
    assert seen["running"]
    assert seen["ritual"]["id"] == "mood"
    assert 1 <= seen["ritual"]["number"] <= seen["ritual"]["of"]
    assert "ana and ben" in [line["text"] for line in seen["lines"]]
    numbers = [line["number"] for line in seen["lines"]]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_words_are_shown_only_when_they_are_told(room: Room) -> None:
    room.watch.notice(0.0, PartialHeard(0.0, f"I am {SECRET}"))
    assert SECRET not in room.shown()
    assert room.look()["hearing"]


def test_what_is_not_for_an_exercise_never_reaches_the_page(room: Room) -> None:
    room.hear("mood")
    room.hear("ana and ben")
    room.hear("he hit me again last night")
    assert "hit me" not in room.shown()


def test_what_one_person_says_alone_is_for_the_room(room: Room) -> None:
    room.hear("mood")
    room.hear("just me")
    room.hear("ana")
    room.hear("four")
    room.hear(SECRET)
    seen = room.look()
    assert seen["discreet"]
    assert SECRET not in json.dumps(seen)
    assert "four" not in [line["text"] for line in seen["lines"]]


def test_what_is_answered_apart_is_for_the_room_and_what_comes_after_is_shown(room: Room) -> None:
    for said in ("ask us a deep question", "ana and ben", "yes", "answer apart", "yes"):
        room.hear(said)
    assert room.conversation.place.apart
    room.hear(SECRET)
    assert SECRET not in room.shown()
    assert "answer apart" in room.shown()


def test_a_passphrase_and_what_it_opens_are_for_the_room(room: Room) -> None:
    room.hear("what did i say about the letter")
    room.hear("copper kettle")
    seen = room.look()
    assert seen["discreet"]
    assert "copper" not in json.dumps(seen)
    assert SECRET not in json.dumps(seen)


def test_asking_for_help_is_for_the_room(room: Room) -> None:
    room.hear("i need help")
    assert [line["text"] for line in room.look()["lines"]] == ["hey evensong"]
    assert room.look()["discreet"]


def test_a_ritual_is_begun_from_the_page_when_nobody_is_talked_to(room: Room) -> None:
    begun = room.watch.begin("mood")
    assert not begun.done()  # it waits for the evening's own thread
    room.look()
    assert begun.result(0) is None
    again = room.watch.begin("gratitude")
    unknown = room.watch.begin("no_such")
    room.look()
    with pytest.raises(PageError, match="being talked to"):
        again.result(0)
    with pytest.raises(PageError, match="no such ritual"):
        unknown.result(0)


def test_closed_ears_are_opened_from_the_page(room: Room) -> None:
    room.watch.open_ears()
    room.look()
    assert room.unmuted


def test_a_change_that_the_journal_refuses_does_not_touch_the_evening(room: Room) -> None:
    done = room.watch.change(lambda journal: journal.correct(99, "x"))
    room.look()
    with pytest.raises(JournalError):
        done.result(0)
    fine = room.watch.change(lambda journal: journal.correct(1, "quiet"))
    room.look()
    assert fine.result(0) is None


def test_after_the_evening_nothing_is_begun_and_at_the_end_nothing_is_done(room: Room) -> None:
    room.watch.ended()
    begun = room.watch.begin("mood")
    room.look()
    with pytest.raises(PageError, match="over"):
        begun.result(0)
    assert not room.watch.seen["running"]
    room.watch.close()
    with pytest.raises(PageError, match="over"):
        room.watch.change(lambda journal: None).result(0)


def test_streams_tell_what_has_changed_and_are_few(room: Room, tmp_path: Path) -> None:
    async def watched() -> list[str]:
        desk = Desk(read_from(tmp_path / "journal.sqlite", Calendar()), room.watch)
        live = LiveView(desk, room.watch)
        live_route = live.routes()[0].endpoint
        open_streams = [(await live_route(None)).body_iterator for _ in range(MOST_STREAMS)]
        assert (await live_route(None)).status_code == 503
        first = [await anext(stream) for stream in open_streams]
        room.watch.notice(0.0, Speaking(0.0, "Good evening."))
        second = await anext(open_streams[0])
        for stream in open_streams:
            await stream.aclose()
        assert (await live_route(None)).status_code == 200
        desk.close()
        return [*first, second]

    told = asyncio.run(watched())
    assert all(one.startswith("event: evening\ndata: {") for one in told)
    assert "Good evening." not in told[0]
    assert "Good evening." in told[-1]
