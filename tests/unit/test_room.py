"""The simulated household: who speaks when, what reaches the microphone, and that it is the same each time.

The voice here is simulated: a tone as long as the text, so that no speech engine is needed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EvensongError, IntentsError
from assistant.events import SAMPLE_RATE_HZ, AudioChunk, AudioClip, PlaybackFinished
from assistant.room.acoustics import Acoustics, convolved, impulse_response
from assistant.room.household import Household
from assistant.room.script import Script, load_script
from assistant.room.voices import Voices, at_level

CHUNKS_PER_S = 50


class ToneVoice:
    """A simulated voice: 50 ms of tone a letter."""

    def render(self, text: str, rate: float = 1.0) -> AudioClip:
        count = round(len(text) * 0.05 / rate * SAMPLE_RATE_HZ)
        wave = 8000 * np.sin(2 * np.pi * 200 * (np.arange(count) + 0.5) / SAMPLE_RATE_HZ)
        return AudioClip(wave.astype(np.int16), SAMPLE_RATE_HZ, text)


def evening(*lines: dict[str, object]) -> Script:
    people = {"Ana": {"pitch": 1.15}, "Ben": {}}
    return Script.model_validate({"title": "A test", "people": people, "lines": lines})


def household(script: Script, acoustics: Acoustics | None = None) -> Household:
    return Household(script, Voices(ToneVoice()), acoustics or Acoustics(hum_db=-90))


def prompt(text: str, seconds: float) -> AudioClip:
    return AudioClip(np.full(round(seconds * SAMPLE_RATE_HZ), 1000, np.int16), SAMPLE_RATE_HZ, text)


def run(room: Household, plays: dict[int, AudioClip], chunks: int = 3000) -> list[AudioChunk]:
    """Take chunks, playing a clip at the given chunk numbers."""
    heard = []
    for item in room.chunks():
        if isinstance(item, PlaybackFinished):
            continue
        heard.append(item)
        if len(heard) in plays:
            room.play(plays[len(heard)])
        if len(heard) == chunks:
            room.close()
    return heard


def test_a_person_waits_for_the_cue_and_for_silence() -> None:
    room = household(evening({"who": "Ana", "says": "ana and ben", "cue": "who is here", "after_s": 0.5}))
    run(room, {50: prompt("Who is here tonight?", 2.0)})
    assert room.said[0].start_s == pytest.approx(1.0 + 2.0 + 0.5, abs=0.06)


def test_an_interruption_comes_into_the_sentence() -> None:
    room = household(evening({"who": "Ben", "says": "pause", "cue": "breathe", "after_s": 0.4, "interrupts": True}))
    run(room, {50: prompt("Now breathe in.", 3.0)})
    assert room.said[0].start_s == pytest.approx(1.0 + 0.4, abs=0.06)


def test_thinking_pauses_are_inside_one_line() -> None:
    room = household(evening({"who": "Ana", "says": "the soup ... and the walk"}))
    heard = run(room, {})
    said = room.said[0]
    assert said.end_s - said.start_s == pytest.approx(len("the soup and the walk") * 0.05 + 1.5, abs=0.2)
    sound = np.concatenate([chunk.samples for chunk in heard])
    levels = np.abs(sound[: len(sound) // 1600 * 1600].reshape(-1, 1600)).max(axis=1)
    loud = np.flatnonzero(levels > 500)
    assert np.diff(loud).max() == pytest.approx(15, abs=3)  # tenths of a second of pause between the phrases


def test_the_recording_has_the_household_left_and_evensong_right() -> None:
    room = household(evening({"who": "Ana", "says": "hello", "cue": "hi"}))
    heard = run(room, {10: prompt("Hi.", 1.0)})
    recording = room.recording
    assert recording.shape == (len(heard) * 320, 2)
    assert np.array_equal(recording[:, 0], np.concatenate([chunk.samples for chunk in heard]))
    assert np.abs(recording[:SAMPLE_RATE_HZ, 1]).max() == 1000


def test_the_same_evening_sounds_the_same_twice() -> None:
    script = evening({"who": "Ana", "says": "hello there", "cue": "hi"}, {"who": "Ben", "says": "good night"})
    loud = Acoustics(hum_db=-40, echo_db=-20, seed=3)
    first = household(script, loud)
    second = household(script, loud)
    run(first, {10: prompt("Hi.", 1.0)})
    run(second, {10: prompt("Hi.", 1.0)})
    assert np.array_equal(first.recording, second.recording)


def test_evensongs_voice_reaches_the_microphone_later_and_softer() -> None:
    script = evening({"who": "Ana", "says": "hello", "cue": "never said"})
    room = household(script, Acoustics(reverberation_s=0, hum_db=-120, echo_db=-20, echo_delay_s=0.06))
    heard = run(room, {50: prompt("Good evening.", 1.0)}, chunks=200)
    sound = np.concatenate([chunk.samples for chunk in heard])
    first = int(np.flatnonzero(np.abs(sound) > 50)[0])
    assert first == 50 * 320 + round(0.06 * SAMPLE_RATE_HZ)
    assert np.abs(sound).max() == pytest.approx(100, abs=2)


def test_a_household_that_waits_in_vain_says_what_for() -> None:
    room = household(evening({"who": "Ana", "says": "hello", "cue": "the moon"}))
    with pytest.raises(EvensongError, match=r"Ana waited 90 s in vain for .the moon."):
        run(room, {10: prompt("Hi.", 1.0)}, chunks=100 * CHUNKS_PER_S)


def test_a_level_is_the_level_of_what_sounds() -> None:
    tone = ToneVoice().render("hello").samples
    padded = np.concatenate([np.zeros(16_000, np.int16), tone])
    scaled = at_level(padded, -20.0)[16_000:].astype(np.float64)
    assert 20 * np.log10(np.sqrt(np.mean(scaled**2)) / 32_768) == pytest.approx(-20, abs=0.5)


def test_walls_add_a_tail_and_keep_the_direct_sound() -> None:
    response = impulse_response(0.3, seed=1)
    click = np.zeros(100, np.int16)
    click[0] = 10_000
    heard = convolved(click, response)
    assert heard[0] == pytest.approx(10_000, rel=1e-6)
    tail_db = 10 * np.log10(np.sum(heard[1:] ** 2) / heard[0] ** 2)
    assert tail_db == pytest.approx(-12, abs=0.5)


def test_a_line_of_somebody_unknown_is_refused_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "evening.yaml"
    file.write_text("title: x\npeople: {Ana: {}}\nlines:\n  - {who: Bob, says: hi}\n")
    with pytest.raises(IntentsError, match=r"evening\.yaml.*Bob speaks but is not among the people"):
        load_script(file)
