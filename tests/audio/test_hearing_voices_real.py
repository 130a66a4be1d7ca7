"""The installed voice encoder: Resemblyzer's own numbers, and voices that are told apart; and two voices at once."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant import config
from assistant.commands.keep import model_store
from assistant.hearing.speakers.enrolment import Enrolled, Refused, enrol, print_of
from assistant.hearing.speakers.segmentation import ALONE, FRAME_S, TOGETHER, load_segmentation
from assistant.hearing.speakers.voice_encoder import VoiceEncoder, load_voice_encoder
from assistant.hearing.speakers.voice_features import levelled, mels
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.voice_activity import VoiceActivityDetector
from assistant.room.script import Line, Person
from assistant.room.voices import Voices
from assistant.speaking.piper_engine import PiperEngine

REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "voice_encoder.json").read_text(encoding="utf-8"))
ENROLMENT = (
    "The kettle is on and the window is open, so come in and sit down for a while. "
    "Yesterday we walked along the river until the lamps were lit. "
    "I would like some bread and butter, and perhaps an apple from the garden."
)
LATER = "Somebody has to feed the cat before we leave for the station tomorrow morning."


@pytest.fixture(scope="module")
def encoder() -> VoiceEncoder:
    return load_voice_encoder(model_store(config.Settings()).verify("voices").path)


@pytest.fixture(scope="module")
def voices() -> Voices:
    return Voices(PiperEngine())


LOW, HIGH = Person(pitch=0.9), Person(pitch=1.25)


def spoken(voices: Voices, person: Person, text: str) -> np.ndarray:
    return voices.speak(person, Line(who="", says=text)).samples


def test_prints_are_those_of_resemblyzer(encoder: VoiceEncoder) -> None:
    t = np.arange(16_000) / 16_000
    phase = 110 * t + 3 * np.sin(2 * np.pi * 2 * t)
    hum = sum(np.sin(2 * np.pi * k * phase) / k for k in range(1, 25)) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t)) * 0.1
    frames = mels(np.asarray(hum))
    np.testing.assert_allclose(encoder.print_of(frames), REFERENCE["print"], atol=1e-4)
    np.testing.assert_allclose(encoder.print_of(frames[20:70]), REFERENCE["short_print"], atol=1e-4)


def test_two_people_are_told_apart_and_a_mixture_is_not_remembered(encoder: VoiceEncoder, voices: Voices) -> None:
    detector = VoiceActivityDetector()
    prints = {}
    for name, person in (("Ana", HIGH), ("Ben", LOW)):
        found = enrol(spoken(voices, person, ENROLMENT), encoder, detector)
        assert isinstance(found, Enrolled), found
        prints[name] = found.values
    known = VoicePrints(prints)
    for name, person in (("Ana", HIGH), ("Ben", LOW)):
        frames = mels(spoken(voices, person, LATER))
        heard = encoder.print_of(levelled(frames[50:250]))
        assert known.who(heard, 2.0) == name
    both = np.concatenate([spoken(voices, HIGH, ENROLMENT[:120]), spoken(voices, LOW, ENROLMENT[:120])])
    assert enrol(both, encoder, detector) in (Refused("not_one_voice", pytest.approx(12, abs=8)),)


def test_the_print_does_not_depend_on_how_loud_somebody_spoke(encoder: VoiceEncoder, voices: Voices) -> None:
    frames = mels(spoken(voices, LOW, LATER))
    np.testing.assert_allclose(print_of(frames, encoder), print_of(frames / 30, encoder), atol=1e-3)


def test_two_voices_at_once_are_heard_as_two_and_the_same_people_in_turn_as_one(voices: Voices) -> None:
    network = load_segmentation(model_store(config.Settings()).verify("overlaps").path)
    low = spoken(voices, LOW, ENROLMENT)[:64_000].astype(np.int32)
    high = spoken(voices, HIGH, LATER)[:40_000].astype(np.int32)
    over = np.concatenate([low[:32_000], low[32_000:] + high[:32_000]])
    told = network.told((over // 2).astype(np.int16))[:, TOGETHER].sum(axis=1)
    assert told[: round(1.7 / FRAME_S)].mean() < 0.1
    assert told[round(2.4 / FRAME_S) :].mean() > 0.6
    turns = network.told((np.concatenate([low[:40_000], high]) // 2).astype(np.int16))
    assert turns[:, TOGETHER].sum(axis=1).mean() < 0.1
    first, second = turns[: round(2.2 / FRAME_S), ALONE].sum(axis=0), turns[round(2.8 / FRAME_S) :, ALONE].sum(axis=0)
    assert first.argmax() != second.argmax()
