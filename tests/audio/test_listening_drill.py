"""A listening drill in the simulated room, audio to audio, one microphone, two voices that were learned before."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant import app, config
from assistant.app import Notice
from assistant.commands.simulate import people_engine, scratch_conversation
from assistant.events import AudioChunk, CloseSession, Interrupted, KeepFloor, Play, Record, Samples
from assistant.hearing.enrolment import Enrolled, enrol
from assistant.hearing.voice_activity import VoiceActivityDetector
from assistant.hearing.voice_encoder import load_voice_encoder
from assistant.room.acoustics import Acoustics
from assistant.room.household import Household
from assistant.room.script import Line, Script
from assistant.room.voices import Voices

TONE_WITHIN_S = 1.2
FLOOR = "listens without|only listen now|keeps still and|only listens now|Ana keeps still|Ben listens|Ben keeps still"
LINES = (
    Line(who="Ana", says="Hey Evensong."),
    Line(who="Ana", says="Listening drill for one minute."),
    Line(who="Ana", says="My boss called me into the office, and he was very friendly.", cue=FLOOR),
    Line(who="Ben", says="Mhm.", after_s=0.6),
    Line(who="Ana", says="Then he told me that they close our branch in the spring.", after_s=1.0),
    Line(who="Ben", says="But that is not possible, they promised to keep it.", after_s=1.5),
    Line(who="Ana", says="He hit me again, and I am afraid of him.", after_s=1.5),
)
SCRIPT = Script.model_validate(
    {
        "title": "A drill that is stopped",
        "people": {
            "Ana": {"pitch": 1.16, "rate": 1.2, "level_db": -24},
            "Ben": {"pitch": 0.92, "rate": 1.2, "level_db": -24},
        },
        "lines": [line.model_dump() for line in LINES],
    }
)
SENTENCES = (
    "The kettle is on, and the cat is asleep on the chair by the window.",
    "On Sunday we walked along the river and counted all the little boats.",
    "My grandmother used to keep her keys in a blue jar beside the bread.",
)


class Watched:
    def __init__(self) -> None:
        self.notices: list[tuple[float, Notice]] = []

    def notice(self, at_s: float, what: Notice) -> None:
        self.notices.append((at_s, what))

    def chunk(self, chunk: AudioChunk) -> None:
        pass


def print_of(who: str, voices: Voices, models: Path) -> list[float]:
    pause = np.zeros(6_000, np.int16)
    spoken: list[Samples] = []
    for text in SENTENCES:
        spoken += [voices.speak(SCRIPT.people[who], Line(who=who, says=text)).samples, pause]
    found = enrol(np.concatenate(spoken), load_voice_encoder(models / "voices"), VoiceActivityDetector())
    assert isinstance(found, Enrolled)
    return [float(value) for value in found.values]


def test_a_drill_marks_the_interruption_alone_and_stops_at_a_disclosure(model_path: Path, tmp_path: Path) -> None:
    settings = config.Settings.model_validate(
        {
            "household": {"people": ["Ana", "Ben"]},
            "paths": {"models": str(model_path.parent)},
            "speech": {"engine": "pyttsx3"},
        }
    )
    voices, watched = Voices(people_engine()), Watched()
    household = Household(SCRIPT, voices, Acoustics())
    with scratch_conversation(settings) as (conversation, journal):
        for who in ("Ana", "Ben"):
            conversation.keep_voice(who, print_of(who, voices, model_path.parent))
        with app.evening(settings, household, conversation, [watched], cache=tmp_path) as evening:
            evening.run()
        (session,) = journal.sessions()
    told = [what for _, what in watched.notices if isinstance(what, Interrupted)]
    assert [one.who for one in told] == ["Ben"], "the short listening sound is none"
    onset_s = next(said.start_s for said in household.said if said.line.says.startswith("But"))
    assert told[0].at_s - onset_s < TONE_WITHIN_S
    assert [what for _, what in watched.notices].count(Play("interruption")) == 1
    assert any(isinstance(what, KeepFloor) for _, what in watched.notices)
    assert [what.outcome for _, what in watched.notices if isinstance(what, CloseSession)] == ["stopped"]
    assert not any(isinstance(what, Record) for _, what in watched.notices)
    assert session.entries == ()
