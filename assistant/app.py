"""The composition root: builds the parts of an evening and puts them down again. It alone knows them all."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from assistant import config
from assistant.audio.device import Device
from assistant.evening.floor_keeping import FloorKeeping
from assistant.evening.voice_learning import VoiceLearning
from assistant.evening.wake_gate import wake_gate
from assistant.hearing.echo.canceller import EchoCanceller, echo_canceller
from assistant.hearing.hearing import Hearing
from assistant.loading.ears import Ears, build_ears
from assistant.speaking import Speaker

if TYPE_CHECKING:  # its phrases take longest to import; `listen` reads them while it already waits to be woken
    from assistant.conversation.conversation import Conversation

from assistant.evening.evening import Evening
from assistant.evening.observing import Observer


@contextmanager
def evening(
    settings: config.Settings,
    device: Device,
    conversation: Conversation | Callable[[], Conversation | None],
    observers: Sequence[Observer],
    *,
    ears: Future[Ears] | None = None,
    cache: Path | None = None,
    echo: Callable[[], EchoCanceller | None] = echo_canceller,
) -> Iterator[Evening]:
    """An evening ready to run; puts everything down cleanly afterwards. Ctrl-C and SIGTERM end it.

    ``ears`` may have begun to load before (`load_ears`). ``cache`` is where the sound of fixed wording is kept;
    None: the usual place. ``echo`` makes the echo canceller, where the settings want one.
    """
    cache_folder = cache or settings.cache_path / "speech"
    speaker = Speaker(settings.speech.engine, settings.speech.voice, cache_folder=cache_folder)
    try:
        parts = ears.result() if ears else build_ears(settings)
        speaker.warm()  # in a process of its own, and only now: the ears come first
        canceller = echo() if settings.audio.echo_cancelling else None
        hearing = Hearing(parts.recogniser, parts.wake, patience=settings.hearing.patience, echo=canceller)
        own_voice_out = canceller is not None
        floors = FloorKeeping(
            hearing,
            parts.voice_encoder,
            settings.audio.microphones,
            own_voice_out=own_voice_out,
            segmentation=parts.segmentation,
        )
        voices = VoiceLearning(hearing, parts.voice_encoder)
        made = Evening(device, hearing, parts.recogniser, conversation, speaker, settings, floors, voices, observers)
        if settings.wake.only_known_voices:
            hearing.may_wake = wake_gate(parts.voice_encoder, made.known_voices)
        with _ended_by_signals(made):
            yield made
    finally:
        device.close()
        speaker.close()


@contextmanager
def _ended_by_signals(running: Evening) -> Iterator[None]:
    def end(number: int, _frame: FrameType | None) -> None:
        running.stop(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
