"""The pyttsx3 driver: PCM as it is made, words as they come, a queue that is kept, a stop that stops."""

from __future__ import annotations

import time
from typing import Any

import pytest

from assistant.errors import SpeakingError
from assistant.speaking import driver
from assistant.speaking.espeak import start

TEXT = "Let us take one slow breath together, and then begin."


class Listener:
    """What the engine notified."""

    def __init__(self, engine: Any) -> None:
        self.pcm: list[bytes] = []
        self.first_s = 0.0
        self.words: list[str] = []
        self.finished: list[bool] = []
        self.errors: list[Exception] = []
        self.stop_after = 10_000
        self._engine = engine
        self._tokens = [
            engine.connect("audio", self.on_audio),
            engine.connect("started-word", self.on_word),
            engine.connect("finished-utterance", self.on_finished),
            engine.connect("error", self.on_error),
        ]

    def on_audio(self, pcm: bytes, rate_hz: int, name: str | None) -> None:
        self.first_s = self.first_s or time.perf_counter()
        self.pcm.append(pcm)
        assert rate_hz == 22_050
        if len(self.pcm) >= self.stop_after:
            self._engine.stop()

    def on_word(self, location: int, length: int, name: str | None) -> None:
        self.words.append(TEXT[location : location + length])

    def on_finished(self, completed: bool, name: str | None) -> None:
        self.finished.append(completed)

    def on_error(self, exception: Exception, name: str | None) -> None:
        self.errors.append(exception)

    def close(self) -> None:
        for token in self._tokens:
            self._engine.disconnect(token)


@pytest.fixture
def engine() -> Any:
    engine = driver.init()
    engine.setProperty("voice", "en-us")
    engine.setProperty("rate", 150)
    engine.runAndWait()
    return engine


@pytest.fixture
def listener(engine: Any) -> Any:
    listener = Listener(engine)
    yield listener
    listener.close()


def test_pcm_comes_in_pieces_of_forty_milliseconds_long_before_the_end(engine: Any, listener: Listener) -> None:
    engine.say(TEXT)
    before = time.perf_counter()
    engine.runAndWait()
    assert listener.errors == []
    assert listener.first_s - before < 0.1
    assert len(listener.pcm) > 40
    assert max(len(piece) for piece in listener.pcm) <= 2 * 22_050 * 0.05
    assert listener.words == TEXT.replace(",", "").replace(".", "").split()


def test_of_several_sentences_none_is_lost(engine: Any, listener: Listener) -> None:
    for _ in range(3):
        engine.say(TEXT)
    engine.runAndWait()
    assert listener.finished == [True, True, True]


def test_stop_stops_at_the_next_piece_and_the_next_sentence_is_whole(engine: Any, listener: Listener) -> None:
    listener.stop_after = 3
    engine.say(TEXT)
    engine.runAndWait()
    assert listener.finished == [False]
    assert len(listener.pcm) <= 4
    listener.stop_after = 10_000
    engine.say(TEXT)
    engine.runAndWait()
    assert listener.finished == [False, True]
    assert len(listener.pcm) > 40


def test_properties_are_kept(engine: Any, listener: Listener) -> None:
    engine.setProperty("rate", 120)
    engine.setProperty("volume", 0.5)
    engine.runAndWait()
    assert engine.getProperty("rate") == 120
    assert engine.getProperty("volume") == 0.5
    assert engine.getProperty("voice").lower().endswith("en-us")
    assert len(engine.getProperty("voices")) > 50
    engine.setProperty("volume", 1.0)
    engine.setProperty("colour", 1)
    engine.runAndWait()
    assert isinstance(listener.errors[0], KeyError)


def test_without_espeak_it_says_how_to_install_it() -> None:
    with pytest.raises(SpeakingError, match=r"not installed.*sudo apt-get install espeak-ng.*espeakng-loader"):
        start(("libespeak-not-there.so.9",), None)
