"""Watching an evening: what those who watch are told, and what they must be able to take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.events import AudioChunk, Effect, Event


@dataclass(frozen=True, slots=True)
class Speaking:
    """A sentence (or earcon, text "") begins to sound."""

    at_s: float
    text: str


Notice = Event | Effect | Speaking


class Observer(Protocol):
    """Somebody who watches the evening: the terminal view, the transcript, the event log."""

    def notice(self, at_s: float, what: Notice) -> None: ...

    def chunk(self, chunk: AudioChunk) -> None: ...
