"""Listening drills in the simulated room, audio to audio: both roles, a microphone each, known voices, and alone."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from assistant import app, config
from assistant.commands.keep import now
from assistant.commands.simulate import people_engine
from assistant.conversation.conversation import Conversation
from assistant.dialogue import Library
from assistant.evening.observing import Notice, Speaking
from assistant.events import (
    AudioChunk,
    CloseSession,
    Interrupted,
    KeepFloor,
    Play,
    Record,
    Samples,
)
from assistant.hearing.speakers.enrolment import Enrolled, enrol
from assistant.hearing.speakers.voice_encoder import load_voice_encoder
from assistant.hearing.voice_activity import VoiceActivityDetector
from assistant.loading.phrases import load_library
from assistant.memory import Journal
from assistant.room.acoustics import Acoustics
from assistant.room.household import Household, Said
from assistant.room.script import Line, Script
from assistant.room.voices import Spoken, Voices
from assistant.understanding import Understanding

TONE_WITHIN_S = 1.5
PEOPLE = {
    "Ana": {"pitch": 1.16, "rate": 1.2, "level_db": -24},
    "Ben": {"pitch": 0.92, "rate": 1.2, "level_db": -24},
}
ANA_SPEAKS = "Ben.*(listens|listen)|Ben keeps still|Ana, tell what"
BEN_SPEAKS = "Ben, you have|Ben, it is your|Ben speaks now|Ana (listens|keeps still)"
WHO_BEGINS = "All right|Is that good"
ASKED = "what did you hear|say back|your own words|What happened"
SENTENCES = (
    "The kettle is on, and the cat is asleep on the chair by the window.",
    "On Sunday we walked along the river and counted all the little boats.",
    "My grandmother used to keep her keys in a blue jar beside the bread.",
)


class RememberedVoices(Voices):
    """Each line is rendered once for all evenings."""

    def __init__(self) -> None:
        super().__init__(people_engine())
        self._spoken: dict[tuple[object, str], Spoken] = {}

    def speak(self, person: object, line: Line) -> Spoken:  # type: ignore[override]
        key = (person, line.says)
        if key not in self._spoken:
            self._spoken[key] = super().speak(person, line)  # type: ignore[arg-type]
        return self._spoken[key]


@dataclass
class Watched:
    """What went on, for the tests to look at."""

    conversation: Conversation
    notices: list[tuple[float, Notice]] = field(default_factory=list)
    known: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def notice(self, at_s: float, what: Notice) -> None:
        self.notices.append((at_s, what))
        if isinstance(what, KeepFloor):
            self.known = self.conversation.voices()

    def chunk(self, chunk: AudioChunk) -> None:
        pass

    def of(self, kind: type) -> list[Notice]:
        return [what for _, what in self.notices if isinstance(what, kind)]

    @property
    def said(self) -> str:
        return " ".join(what.text for _, what in self.notices if isinstance(what, Speaking))


class House:
    """A household that is set up once; its evenings each have a journal of their own."""

    def __init__(self, model_path: Path, cache: Path) -> None:
        self.models = model_path.parent
        self.cache = cache
        self.voices = RememberedVoices()
        self.read: tuple[Library, Understanding] = load_library(self.settings())

    def settings(self, **audio: object) -> config.Settings:
        return config.Settings.model_validate(
            {
                "household": {"people": ["Ana", "Ben"]},
                "paths": {"models": str(self.models)},
                "speech": {"engine": "pyttsx3"},
                "audio": audio,
            }
        )

    @contextmanager
    def conversation(self, folder: Path) -> Iterator[tuple[Conversation, Journal]]:
        library, understanding = self.read
        with Journal.open(folder / "journal.sqlite", now) as journal:
            yield Conversation(library, understanding, journal, ("Ana", "Ben"), 7), journal

    def evening(
        self, conversation: Conversation, lines: tuple[Line, ...], apart_db: float | None = None, **audio: object
    ) -> tuple[Watched, list[Said]]:
        script = Script.model_validate(
            {"title": "A drill", "people": PEOPLE, "lines": [line.model_dump() for line in lines]}
        )
        watched = Watched(conversation)
        household = Household(script, self.voices, Acoustics(apart_db=apart_db))
        with app.evening(self.settings(**audio), household, conversation, [watched], cache=self.cache) as evening:
            evening.run()
        return watched, household.said

    def print_of(self, who: str) -> list[float]:
        person = Script.model_validate({"title": "", "people": PEOPLE, "lines": [Line(who=who, says="Hi.")]})
        pause = np.zeros(6_000, np.int16)
        spoken: list[Samples] = []
        for text in SENTENCES:
            spoken += [self.voices.speak(person.people[who], Line(who=who, says=text)).samples, pause]
        found = enrol(np.concatenate(spoken), load_voice_encoder(self.models / "voices"), VoiceActivityDetector())
        assert isinstance(found, Enrolled)
        return [float(value) for value in found.values]


@pytest.fixture(scope="module")
def house(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(model_path, tmp_path_factory.mktemp("speech"))


def onset_s(said: list[Said], words: str) -> float:
    return next(one.start_s for one in said if one.line.says.startswith(words))


def test_both_hold_the_floor_each_with_a_microphone_and_hear_the_report(house: House, tmp_path: Path) -> None:
    lines = (
        Line(who="Ana", says="Hey Evensong."),
        Line(who="Ana", says="Listening drill for one minute."),
        Line(who="Ben", says="Yes.", cue=WHO_BEGINS),
        Line(who="Ana", says="My boss called me into the office on Monday.", cue=ANA_SPEAKS),
        Line(who="Ben", says="Mhm.", after_s=0.5),
        Line(who="Ana", says="They will close our branch in the spring.", after_s=0.8),
        Line(who="Ben", says="But that is not possible, they promised to keep it.", after_s=1.5),
        Line(who="Ana", says="Pass the floor.", after_s=2.0),
        Line(who="Ben", says="Your boss called you, and the branch closes in the spring.", cue=ASKED),
        Line(who="Ana", says="Yes.", cue="get it|what you meant"),
        Line(who="Ben", says="My sister wants to move to the sea next year.", cue=BEN_SPEAKS),
        Line(who="Ben", says="I'm done.", after_s=2.5),
        Line(who="Ana", says="Pass.", cue=ASKED),
        Line(who="Ana", says="Hey Evensong.", cue="two microphones", after_s=14.0),
        Line(who="Ana", says="Listening drill for one minute."),
        Line(who="Ben", says="Yes.", cue=WHO_BEGINS),
        Line(who="Ben", says="My sister called me on Monday.", cue=BEN_SPEAKS),
        Line(who="Ana", says="Stop.", after_s=1.5),
    )
    with house.conversation(tmp_path) as (conversation, journal):
        watched, said = house.evening(conversation, lines, apart_db=10.0, microphones=["Ana", "Ben"])
        stopped, session = journal.sessions()
    assert stopped.outcome == "stopped", "the listener may stop it as well as the speaker"
    told = watched.of(Interrupted)
    assert [one.who for one in told] == ["Ben"], "the short listening sound is none"  # type: ignore[attr-defined]
    assert 0.5 < told[0].at_s - onset_s(said, "But that") < TONE_WITHIN_S  # type: ignore[union-attr]
    assert watched.of(Play).count(Play("interruption")) == 1
    assert [(one.holder, one.others) for one in watched.of(KeepFloor)] == [
        ("Ana", ("Ben",)),
        ("Ben", ("Ana",)),
        ("Ben", ("Ana",)),
    ]
    assert session.outcome == "finished"
    assert "two microphones" in watched.said
    kept = {(one.key, one.person): one.number for one in session.entries}
    assert kept[("interruptions", "Ben")] == 1
    assert kept[("interruptions", "Ana")] == 0
    assert 3 <= (kept[("talk_s", "Ana")] or 0) <= 9
    assert (kept[("points_back", "Ben")] or 0) >= 1
    assert {one.text for one in session.entries if one.text} == {"microphones"}, "no word of it is kept"


def test_a_voice_is_learned_tells_who_cut_in_is_forgotten_and_a_disclosure_ends_the_drill(
    house: House, tmp_path: Path
) -> None:
    lines = (
        Line(who="Ana", says="Hey Evensong."),
        Line(who="Ana", says="Remember my voice."),
        Line(who="Ana", says="Ana.", cue="[Ww]ho"),
        *(Line(who="Ana", says=sentence, cue=sentence[4:20]) for sentence in SENTENCES),
        Line(who="Ana", says="Hey Evensong.", cue="voice", after_s=12.0),
        Line(who="Ana", says="Who is speaking?"),
        Line(who="Ana", says="Listening drill for one minute.", cue="Ana"),
        Line(who="Ana", says="Yes.", cue=WHO_BEGINS),
        Line(who="Ana", says="My boss called me into the office, and he was very friendly.", cue=ANA_SPEAKS),
        Line(who="Ben", says="But that is not possible, they promised to keep it.", after_s=2.0),
        Line(who="Ana", says="He hit me again, and I am afraid of him.", after_s=1.5),
        Line(who="Ana", says="Hey Evensong.", after_s=6.0),
        Line(who="Ana", says="Forget my voice."),
        Line(who="Ana", says="Ana.", cue="Ana or Ben|of Ana and Ben"),
        Line(who="Ana", says="Yes.", cue="Ana"),
    )
    with house.conversation(tmp_path) as (conversation, journal):
        conversation.keep_voice("Ben", house.print_of("Ben"))
        watched, said = house.evening(conversation, lines)
        learned = conversation.voices()
        (session,) = journal.sessions()
    assert set(learned) == {"Ben"}, watched.said
    assert re.search("(sounds like|is) Ana", watched.said)
    mark = array("f", watched.known["Ana"]).tobytes()[400:440]
    assert any(mark)
    assert not any(mark in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    told = watched.of(Interrupted)
    assert [one.who for one in told] == ["Ben"], watched.said  # type: ignore[attr-defined]
    assert told[0].at_s - onset_s(said, "But that") < TONE_WITHIN_S  # type: ignore[union-attr]
    assert [one.outcome for one in watched.of(CloseSession)] == ["stopped"]  # type: ignore[attr-defined]
    assert not watched.of(Record)
    assert session.entries == ()


def test_who_sounds_like_somebody_whose_voice_is_known_is_told_so(house: House, tmp_path: Path) -> None:
    lines = (
        Line(who="Ana", says="Hey Evensong."),
        Line(who="Ana", says="Remember my voice."),
        Line(who="Ana", says="Ana.", cue="[Ww]ho"),
        *(Line(who="Ana", says=sentence, cue=sentence[4:20]) for sentence in SENTENCES),
    )
    with house.conversation(tmp_path) as (conversation, _):
        conversation.keep_voice("Ben", house.print_of("Ben"))
        conversation.keep_voice("Cleo", house.print_of("Ana"))  # a twin
        watched, _ = house.evening(conversation, lines)
        assert set(conversation.voices()) == {"Ana", "Ben", "Cleo"}, watched.said
    assert re.search("alike.* Cleo|Cleo sound|from Cleo|like Cleo", watched.said), watched.said
    assert "microphone" in watched.said


def test_alone_a_story_is_heard_a_pause_is_talked_into_and_it_is_told_back(house: House, tmp_path: Path) -> None:
    library, understanding = house.read
    key = next(story for story in library.stories["first"] if story.id == "the_key")
    short = key.model_copy(update={"tell": key.tell[:5], "points": key.points[:3]})
    lines = (
        Line(who="Ana", says="Hey Evensong."),
        Line(who="Ana", says="I want to practise listening on my own."),
        Line(who="Ana", says="The first one please.", cue="level|hard one"),
        Line(who="Ana", says="And what did she do then?", cue="for her key", after_s=1.8, interrupts=True),
        Line(who="Ana", says="Marta could not find her key, and she put down her heavy bags.", cue=ASKED),
    )
    with Journal.open(tmp_path / "journal.sqlite", now) as journal:
        alone = replace(library, stories=dict.fromkeys(library.stories, (short,)))
        watched, said = house.evening(Conversation(alone, understanding, journal, ("Ana",), 7), lines)
        (session,) = journal.sessions()
    told = watched.of(Interrupted)
    assert len(told) == 1, watched.said
    assert told[0].at_s - onset_s(said, "And what") < TONE_WITHIN_S  # type: ignore[union-attr]
    kept = {one.key: one.number for one in session.entries}
    assert session.outcome == "finished"
    assert (kept["interruptions"], kept["points"]) == (1, 3)
    assert (kept["points_back"] or 0) >= 1
    assert "arta could not find her key" in watched.said, "in the story's own words"
