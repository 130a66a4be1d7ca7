"""Only known voices wake it, where that is wanted."""

from __future__ import annotations

import numpy as np
import pytest
from hearing_fakes import FakeRecogniser, chunks, sound, voice

from assistant.errors import ModelError
from assistant.evening.wake_gate import WakeGate, wake_gate, why_open
from assistant.events import ListenMode, Samples, WakeHeard
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.speakers.voice_encoder import PRINT_VALUES, Print, VoiceEncoder
from assistant.hearing.speakers.voice_features import Mels
from assistant.hearing.wake.phrase import WakePhrase

PHRASE_SAMPLES = round(0.6 * 16_000)
ANA, BEN = (tuple(np.eye(PRINT_VALUES)[place].tolist()) for place in (0, 1))


class Encoder(VoiceEncoder):
    """Hears Ana, whoever speaks."""

    def __init__(self) -> None:
        """Without weights."""

    def print_of(self, window: Mels) -> Print:
        return np.asarray(ANA, np.float32)


def missing() -> VoiceEncoder:
    raise ModelError("not installed")


def woken(said: Samples, hearing: Hearing) -> list[float]:
    hearing.open(Order(ListenMode.WAKE))
    return [event.at_s for chunk in chunks(said) for event in hearing.hear(chunk) if isinstance(event, WakeHeard)]


def test_the_gate_hears_the_phrase_alone_and_its_no_is_silent() -> None:
    recogniser = FakeRecogniser()
    hearing = Hearing(recogniser, WakePhrase("hey evensong", recogniser), voice=voice)
    asked: list[Samples] = []

    def second_only(samples: Samples) -> bool:
        asked.append(samples)
        return len(asked) > 1

    hearing.may_wake = second_only
    said = sound(0.5, "my", "hey", "evensong", 1.5, "hey", "evensong", 1.5)
    assert [at_s > 3.0 for at_s in woken(said, hearing)] == [True]
    assert [len(samples) for samples in asked] == [pytest.approx(PHRASE_SAMPLES, abs=400)] * 2


@pytest.mark.parametrize(("kept", "wakes"), [({"Ana": ANA}, True), ({"Ben": BEN}, False), ({}, True)])
def test_those_who_are_known_wake_it_and_all_where_nobody_is(kept: dict[str, tuple[float, ...]], wakes: bool) -> None:
    assert WakeGate(Encoder(), lambda: kept)(np.ones(PHRASE_SAMPLES, np.int16)) is wakes


def test_too_little_to_tell_by_is_nobody() -> None:
    assert not WakeGate(Encoder(), lambda: {"Ana": ANA})(np.ones(100, np.int16))


def test_where_it_stands_open_one_sentence_says_why() -> None:
    assert wake_gate(missing, dict) is None
    assert "evensong models install voices" in why_open(missing, {"Ana": ANA})
    assert "remember my voice" in why_open(Encoder, {})
    assert why_open(Encoder, {"Ana": ANA}) == ""
