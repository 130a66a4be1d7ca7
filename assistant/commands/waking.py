"""`wake test`: how a wake phrase would fare, before anybody lives with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant import config
from assistant.audio.files import read_recording
from assistant.commands.keep import model_store, print_line
from assistant.commands.simulate import people_engine
from assistant.events import SAMPLE_RATE_HZ, AudioChunk, ListenMode, Samples, WakeHeard
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.vocabulary import vocabulary
from assistant.hearing.wake.measured import at_most, measured, share_at_most
from assistant.hearing.wake.phrase import WakePhrase
from assistant.hearing.wake.sound_alikes import sound_alikes, syllables
from assistant.room.acoustics import hum, to_int16
from assistant.room.script import Line, Person
from assistant.room.voices import Voices
from assistant.understanding.data_file import load_yaml

FEW_SYLLABLES = 3  # phrases with fewer are heard in other words
PITCHES, RATES = (0.85, 0.95, 1.05, 1.2), (0.9, 1.1)
QUIET_DB, NOISY_DB, VOICE_DB = -66.0, -33.0, -23.0
TALK_LINES = 50  # of the talk that is kept under intents/: about two minutes
CHUNK_SAMPLES = 320


def test(settings: config.Settings, phrase: str, background: Path | None) -> None:
    """Print how ``phrase`` is made, what sounds like it, and how often it is missed and mistaken.

    Raises HearingError when the recogniser does not know a word of it.
    """
    recogniser = Recogniser(model_store(settings).path(settings.hearing.model))
    wake = WakePhrase(phrase, recogniser, settings.wake.sensitivity)
    _describe(wake.phrase, recogniser)
    hearing = Hearing(recogniser, wake)
    voices = Voices(people_engine())
    people = [Person(pitch=pitch, rate=rate, level_db=VOICE_DB) for pitch in PITCHES for rate in RATES]
    calls = [_said(voices, one, phrase) for one in people]
    for where, room_db in (("in a quiet room", QUIET_DB), ("in noise, at 10 dB", NOISY_DB)):
        missed = sum(not woken(hearing, _in_room([call], room_db)) for call in calls)
        print_line(f"Made voices say it {where}: {_told(missed, len(calls))}")
    _mistaken(hearing, "made talk about the house", _talk(settings, voices, people))
    if background is not None:
        _mistaken(hearing, str(background), _recordings(background))
    _sensitivity(settings.wake.sensitivity)
    print_line("Real voices in your room decide.")


def _describe(phrase: str, recogniser: Recogniser) -> None:
    count = syllables(phrase)
    advice = " That is few; more of them are mistaken less." if count < FEW_SYLLABLES else ""
    print_line(f'"{phrase}" has about {count} syllable{"" if count == 1 else "s"}.{advice}')
    known = vocabulary(recogniser.model_path)
    for word in phrase.split():
        alike = ", ".join(sound_alikes(word, known)) or "nothing that it knows"
        print_line(f'"{word}" sounds like: {alike}.')


def _sensitivity(now: float) -> None:
    known = measured()
    print_line(f"Sensitivity is {now:g} (wake.sensitivity); more wakes it more easily, also by mistake.")
    print_line(
        f'"{known.phrase}", as {known.voices} made voices called it, and with real people talking of other things:'
    )
    for line in known.lines():
        print_line(f"  {line}")


def _told(missed: int, calls: int) -> str:
    """So few calls prove little, and that is told as well."""
    most = round(100 * share_at_most(missed, calls))
    advice = " Say it with other words, or raise wake.sensitivity." if missed else ""
    return f"{missed} of {calls} missed; of many more, up to {most} in 100 might be.{advice}"


def _mistaken(hearing: Hearing, what: str, sound: Samples) -> None:
    minutes = len(sound) / SAMPLE_RATE_HZ / 60
    count = len(woken(hearing, sound))
    most = math.ceil(at_most(count) * 60 / minutes)
    print_line(f"Mistaken in {minutes:.1f} minutes of {what}: {count}; in so little that may still be {most} an hour.")


def woken(hearing: Hearing, sound: Samples) -> list[float]:
    """When ``sound`` wakes it, in seconds from now on; after each time it goes back to sleep."""
    _sleep(hearing)
    began_s = hearing.now_s
    found = []
    for place in range(0, len(sound), CHUNK_SAMPLES):
        chunk = AudioChunk(sound[place : place + CHUNK_SAMPLES], began_s + place / SAMPLE_RATE_HZ)
        for event in hearing.hear(chunk):
            if isinstance(event, WakeHeard):
                found.append(event.at_s - began_s)
                _sleep(hearing)
    return found


def _sleep(hearing: Hearing) -> None:
    hearing.open(Order(ListenMode.OFF))
    hearing.open(Order(ListenMode.WAKE))


def _said(voices: Voices, person: Person, text: str) -> Samples:
    return voices.speak(person, Line(who="", says=text)).samples


def _talk(settings: config.Settings, voices: Voices, people: Sequence[Person]) -> Samples:
    lines = load_yaml(config.shipped("intents") / settings.household.language / "background.yaml").data["background"]
    chosen = lines[:: max(1, len(lines) // TALK_LINES)]
    return _in_room([_said(voices, people[place % len(people)], text) for place, text in enumerate(chosen)], QUIET_DB)


def _recordings(source: Path) -> Samples:
    files = sorted(source.glob("*.flac")) + sorted(source.glob("*.wav")) if source.is_dir() else [source]
    return np.concatenate(list(_with_pauses([read_recording(file) for file in files])))


def _in_room(parts: Sequence[Samples], room_db: float) -> Samples:
    sound = np.concatenate(list(_with_pauses(parts)))
    return to_int16(sound + hum(len(sound), room_db, np.random.default_rng(1)))


def _with_pauses(parts: Sequence[Samples]) -> Iterator[Samples]:
    """A second before, between and after."""
    pause = np.zeros(SAMPLE_RATE_HZ, np.int16)
    yield pause
    for part in parts:
        yield part
        yield pause
