"""Which way the floor is kept: what the settings promise counts only where it is really heard."""

from __future__ import annotations

from hearing_fakes import ears, sound

from assistant.errors import ModelError
from assistant.evening.floor_keeping import FloorKeeping
from assistant.events import AudioChunk, KeepFloor, ListenMode
from assistant.hearing.listening_order import Order
from assistant.hearing.speakers.voice_encoder import VoiceEncoder


def no_encoder() -> VoiceEncoder:
    raise ModelError("There is none.")


def test_a_microphone_each_in_the_settings_and_one_on_the_table_means_words() -> None:
    hearing = ears()
    hearing.open(Order(ListenMode.ANSWER))
    hearing.hear(AudioChunk(sound("sister", 1.0), 0.0))
    floors = FloorKeeping(hearing, no_encoder, ("Ana", "Ben"))
    floors.keep(KeepFloor("2", "Ana", ("Ben",)), {})
    kept = floors.free(2.0)
    assert kept is not None
    assert kept.way == "words"
    assert floors.free(3.0) is None
