"""pyttsx3 with espeak-ng as an engine: light, instant, plain."""

from __future__ import annotations

import numpy as np

from assistant.errors import SpeakingError
from assistant.events import AudioClip
from assistant.speaking import driver
from assistant.speaking.level import levelled
from assistant.speaking.wording import speakable

DEFAULT_VOICE = "en-us"
CALM_WPM = 150


class Pyttsx3Engine:
    """Renders with espeak-ng. One at a time in a process; raises SpeakingError when it or the voice is missing."""

    def __init__(self, voice: str = "") -> None:
        self._pcm: list[bytes] = []
        self._rate_hz = 0
        self._error: Exception | None = None
        self._engine = driver.init()
        self._engine.connect("audio", self._on_audio)
        self._engine.connect("error", self._on_error)
        self._engine.setProperty("voice", voice or DEFAULT_VOICE)
        self._run()

    def render(self, text: str, rate: float = 1.0) -> AudioClip:
        """``text`` as speech at 22,050 Hz; ``rate`` 0.5..2.0 times 150 words a minute. No words: an empty clip."""
        self._pcm.clear()
        self._engine.setProperty("rate", CALM_WPM * rate)
        self._engine.say(speakable(text))
        self._run()
        samples = np.frombuffer(b"".join(self._pcm), np.int16).astype(np.float32) / 32768.0
        return levelled(samples, self._rate_hz or 22_050, text)

    def _run(self) -> None:
        self._engine.runAndWait()
        error, self._error = self._error, None
        if isinstance(error, SpeakingError):
            raise error
        if error is not None:
            raise SpeakingError(f"pyttsx3 could not speak a sentence ({error}).") from error

    def _on_audio(self, pcm: bytes, rate_hz: int, name: str | None) -> None:
        self._pcm.append(pcm)
        self._rate_hz = rate_hz

    def _on_error(self, exception: Exception, name: str | None) -> None:
        self._error = self._error or exception
