"""The speaking process: loads one voice, then answers each text with its PCM.

It may hang or crash without harm: its parent kills it and starts another. It ends at once when its parent is gone.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, Protocol

from assistant.errors import SpeakingError, install_command
from assistant.events import AudioClip
from assistant.speaking.wire import BrokenFrame, frame, read_frame, write_all


class Engine(Protocol):
    def render(self, text: str, rate: float = 1.0) -> AudioClip: ...


def main(arguments: list[str]) -> None:
    """Serve the engine and voice named by ``arguments`` on standard input and output until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes us
    out = os.dup(1)
    os.dup2(2, 1)  # a library that prints must not do so between two frames
    requests: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests,), name="requests", daemon=True).start()
    name, voice = arguments
    try:
        engine = make_engine(name, voice)
    except SpeakingError as error:
        write_all(out, frame({"failed": str(error)}))
        return
    write_all(out, frame({"ready": True}))
    # espeak-ng carries the phase of its voice from one sentence to the next, so that a text would sound different
    # each time. In a fork it always starts from the same state. Piper has no such state, but threads.
    answer = _answer_in_fork if name == "pyttsx3" else _answer
    while True:
        text, rate = requests.get()
        answer(engine, text, rate, out)


def make_engine(name: str, voice: str) -> Engine:
    """The engine ``pyttsx3`` or ``piper``; only its own libraries are imported."""
    if name == "pyttsx3":
        from assistant.speaking.pyttsx3_engine import Pyttsx3Engine  # noqa: PLC0415

        return Pyttsx3Engine(voice)
    try:
        from assistant.speaking.piper_engine import PiperEngine  # noqa: PLC0415
    except ImportError as error:
        raise SpeakingError(
            f"Piper cannot be loaded ({error}); run `{install_command('natural')}` or set speech.engine to pyttsx3."
        ) from None
    return PiperEngine(voice)


def _answer(engine: Engine, text: str, rate: float, out: int) -> None:
    try:
        clip = engine.render(text, rate)
    except SpeakingError as error:
        write_all(out, frame({"failed": str(error)}))
        return
    write_all(out, frame({"rate_hz": clip.rate_hz}, clip.samples.astype("<i2", copy=False).tobytes()))


def _answer_in_fork(engine: Engine, text: str, rate: float, out: int) -> None:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _answer(engine, text, rate, out)
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(1)  # the parent sees the end of our output and starts another


def _receive(requests: queue.SimpleQueue[tuple[str, float]]) -> None:
    """Hands requests on, and ends the whole process as soon as the input ends, even amid a render that hangs."""
    try:
        while True:
            header: dict[str, Any] = read_frame(_exactly(0))[0]
            requests.put((str(header["text"]), float(header["rate"])))
    except (BrokenFrame, OSError, KeyError, ValueError):
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)  # with a forked renderer, if there is one
    finally:
        os._exit(0)


def _exactly(descriptor: int) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = os.read(descriptor, count - len(parts))
            if not part:
                raise BrokenFrame("the end")
            parts += part
        return bytes(parts)

    return read


if __name__ == "__main__":
    main(sys.argv[1:])
