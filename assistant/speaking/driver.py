"""A pyttsx3 driver that hands PCM over as it is made, where pyttsx3's own plays it through a shell's `aplay`.

pyttsx3 calls the names below; docs of `pyttsx3.drivers.dummy` say when. Besides the topics of pyttsx3
("started-utterance", "started-word", "finished-utterance", "error") it notifies "audio" with ``pcm``: int16
mono bytes at ``rate_hz``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pyttsx3
from pyttsx3.voice import Voice

from assistant.speaking.espeak import PITCH, RATE, VOLUME, espeak

NAME = "evensong"


def init() -> Any:
    """A pyttsx3 engine on this driver (pyttsx3 keeps one while somebody holds it)."""
    # pyttsx3 imports "pyttsx3.drivers." + name; a module already known under that name is taken as it is.
    sys.modules[f"pyttsx3.drivers.{NAME}"] = sys.modules[__name__]
    return pyttsx3.init(NAME)


def buildDriver(proxy: Any) -> EspeakDriver:  # noqa: N802 - pyttsx3 looks for this name
    return EspeakDriver(proxy)


class EspeakDriver:
    """One voice of espeak-ng; everything happens within `say`, so there is nothing to wait for in its loop."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._espeak = espeak()
        self._stopped = False

    def destroy(self) -> None:
        self._stopped = True

    def say(self, text: str) -> None:
        self._stopped = False
        self._proxy.notify("started-utterance")
        self._espeak.synthesise(text, self._on_pcm, self._on_word)
        self._proxy.notify("finished-utterance", completed=not self._stopped)

    def _on_pcm(self, pcm: bytes) -> bool:
        self._proxy.notify("audio", pcm=pcm, rate_hz=self._espeak.rate_hz)
        return not self._stopped

    def _on_word(self, location: int, length: int) -> None:
        self._proxy.notify("started-word", location=location, length=length)

    def stop(self) -> None:
        """Ends the utterance at its next 40 ms."""
        self._stopped = True

    def startLoop(self) -> None:  # noqa: N802
        self._proxy.setBusy(False)  # runs everything queued, up to and with endLoop

    def endLoop(self) -> None:  # noqa: N802
        return

    def iterate(self) -> Iterator[None]:
        self._proxy.setBusy(False)
        yield

    def getProperty(self, name: str) -> Any:  # noqa: N802
        if name == "voices":
            return [Voice(file, title, [language]) for file, title, language in self._espeak.voices()]
        if name == "voice":
            return self._espeak.voice()
        if name == "volume":
            return self._espeak.parameter(VOLUME) / 100
        return self._espeak.parameter(_parameter(name))

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        if name == "voice":
            self._espeak.set_voice(str(value))
        elif name == "volume":
            self._espeak.set_parameter(VOLUME, round(float(value) * 100))
        else:
            self._espeak.set_parameter(_parameter(name), round(float(value)))


def _parameter(name: str) -> int:
    known = {"rate": RATE, "pitch": PITCH}
    if name not in known:
        raise KeyError(f"unknown property {name}")
    return known[name]
