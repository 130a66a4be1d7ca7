"""Whole evenings in the simulated room: real speech (a synthetic voice), real recognition, real journal."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np
import pytest

from assistant import app, config
from assistant.audio.files import FileDevice, load_recording, write_wav
from assistant.commands.simulate import people_engine, scratch_conversation
from assistant.evening.observing import Notice
from assistant.events import SAMPLE_RATE_HZ, AudioChunk, CloseSession, OpenSession, Samples
from assistant.memory import Session
from assistant.room.acoustics import Acoustics
from assistant.room.household import Household, Said
from assistant.room.script import load_script
from assistant.room.voices import Voices
from assistant.view.log import JsonLog
from assistant.view.transcript import Transcript, words

GRATITUDE = Path(app.__file__).parent / "room" / "evenings" / "gratitude.yaml"
WER_LIMIT = 0.20


@dataclass(frozen=True)
class Held:
    """An evening that was held once, for several tests to look at."""

    said: list[Said]
    transcript: Transcript
    notices: list[Notice]
    sessions: tuple[Session, ...]
    recording: Samples


class Collector:
    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def notice(self, at_s: float, what: Notice) -> None:
        self.notices.append(what)

    def chunk(self, chunk: AudioChunk) -> None:
        pass


@pytest.fixture(scope="module")
def settings(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    return config.Settings.model_validate({"paths": {"models": str(model_path.parent)}})


@pytest.fixture(scope="module")
def held(settings: config.Settings) -> Held:
    return held_in(Acoustics(), settings)


def held_in(acoustics: Acoustics, settings: config.Settings) -> Held:
    household = Household(load_script(GRATITUDE), Voices(people_engine()), acoustics)
    transcript, collector = Transcript(household.said), Collector()
    with scratch_conversation(settings) as (conversation, journal):
        with app.evening(settings, household, conversation, [transcript, collector]) as evening:
            evening.run()
        sessions = journal.sessions()
    return Held(household.said, transcript, collector.notices, sessions, household.recording)


def test_the_household_is_led_through_the_whole_ritual(held: Held) -> None:
    assert [what.ritual for what in held.notices if isinstance(what, OpenSession)] == ["gratitude"]
    assert [what.outcome for what in held.notices if isinstance(what, CloseSession)] == ["finished"]
    assert set(held.sessions[0].people) == {"Ana", "Ben"}


def test_the_journal_holds_the_words_that_were_spoken(held: Held) -> None:
    """Every answer of the script is kept under the right person, misheard in fewer than one word of five."""
    the_journal_holds_what_was_said(held)


def the_journal_holds_what_was_said(held: Held) -> None:
    spoken = [said for said in held.said if len(said.line.says.split()) > 5]
    kept = [entry for entry in held.sessions[0].entries if entry.text]
    assert [entry.person for entry in kept] == [said.line.who for said in spoken]
    references = [" ".join(words(said.spoken)) for said in spoken]
    heard = [" ".join(words(entry.text or "")) for entry in kept]
    assert jiwer.wer(references, heard) < WER_LIMIT


def test_an_answer_with_a_thinking_pause_is_one_answer(held: Held) -> None:
    kept = [entry.text or "" for entry in held.sessions[0].entries]
    assert any("sun" in text and "work" in text for text in kept)


def test_talking_over_it_makes_it_wait(held: Held) -> None:
    meant = [entry.meant for entry in held.transcript.entries]
    assert "pause" in meant
    assert "resume" in meant[meant.index("pause") :]


def test_the_evening_is_loud_enough_and_never_clips(held: Held) -> None:
    own = held.recording[:, 1].astype(np.float64)
    sounding = own[np.abs(own) > 300]
    level_db = 20 * np.log10(np.sqrt(np.mean(sounding**2)) / 32_768)
    assert -32 < level_db < -14
    assert np.abs(held.recording.astype(np.int32)).max() < 32_767


def replayed(settings: config.Settings, source: Path | Samples, chunk_ms: int) -> list[str]:
    lines: list[str] = []
    device = FileDevice(source, block_ms=chunk_ms, tail_s=4.0)
    with (
        scratch_conversation(settings) as (conversation, _),
        app.evening(settings, device, conversation, [JsonLog(lines.append)]) as evening,
    ):
        evening.run()
    return lines


def test_a_recording_gives_the_same_events_each_time_in_any_blocks(
    held: Held, settings: config.Settings, tmp_path: Path
) -> None:
    minute = held.recording[: 60 * 16_000, 0]
    file = tmp_path / "minute.wav"
    write_wav(file, minute, 16_000)
    assert np.array_equal(load_recording(file).samples, minute)
    first = replayed(settings, file, 20)
    assert any(re.search('"type": "WakeHeard"', line) for line in first)
    assert any(re.search('"type": "OpenSession"', line) for line in first)
    assert replayed(settings, file, 20) == first
    assert replayed(settings, file, 10) == first
    assert replayed(settings, file, 50) == first


class LeavesMemory:
    """At 3 s something frees 40 MB that the C library keeps; ``resident_mb`` is told then and at 15 s."""

    def __init__(self) -> None:
        self.resident_mb: list[float] = []
        self._last = b""

    def notice(self, at_s: float, what: Notice) -> None:
        pass

    def chunk(self, chunk: AudioChunk) -> None:
        if len(self.resident_mb) == 0 and chunk.start_s >= 3.0:
            kept = [bytes(2_000) for _ in range(20_000)]
            self._last = bytes(2_000)  # what lies above holds the rest in place
            del kept
            self.resident_mb.append(resident_mb())
        elif len(self.resident_mb) == 1 and chunk.start_s >= 15.0:
            self.resident_mb.append(resident_mb())


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_asleep_it_gives_freed_memory_back(settings: config.Settings) -> None:
    device = FileDevice(np.zeros(16 * SAMPLE_RATE_HZ, np.int16), tail_s=0.0)
    memory = LeavesMemory()
    with (
        scratch_conversation(settings) as (conversation, _),
        app.evening(settings, device, conversation, [memory]) as evening,
    ):
        evening.run()
    freed, asleep = memory.resident_mb
    assert freed - asleep > 20
