"""Events as lines: JSON for programs, plain text for people who keep logs.

A log may be kept, so the plain one holds states and numbers and never a word that somebody said. The JSON
one does hold words: it is written only where somebody asks for it by name (`replay --json`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from assistant.evening.observing import Notice, Speaking
from assistant.events import (
    AudioChunk,
    CloseSession,
    DeviceBack,
    DeviceLost,
    Failed,
    Listen,
    ListenMode,
    OpenSession,
    PartialHeard,
    Record,
    Silence,
    StopRequested,
    UtteranceHeard,
    WakeHeard,
)


def as_json(value: object) -> Any:
    """Frozen dataclasses, enums, mappings and tuples as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: as_json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value


class JsonLog:
    """One JSON object a line: ``at_s``, ``type`` and the fields of the event or effect.

    What has been heard of an utterance so far waits until the utterance is told, and everything after it waits with
    it; when it is not told, those words are never written.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._waiting: list[dict[str, Any]] = []

    def notice(self, at_s: float, what: Notice) -> None:
        line = {"at_s": round(at_s, 4), "type": type(what).__name__}
        line.update((key, value) for key, value in as_json(what).items() if key != "at_s")
        self._waiting.append(line)
        if isinstance(what, PartialHeard) and what.text:
            return
        if isinstance(what, PartialHeard | Listen | Silence | WakeHeard | StopRequested):
            self._waiting = [one | {"text": ""} if one["type"] == "PartialHeard" else one for one in self._waiting]
        elif not isinstance(what, UtteranceHeard) and any(one["type"] == "PartialHeard" for one in self._waiting):
            return
        for one in self._waiting:
            self._write(json.dumps(one, ensure_ascii=False))
        self._waiting = []

    def chunk(self, chunk: AudioChunk) -> None:
        pass


class PlainLog:
    """One line for each thing worth knowing afterwards, without anybody's words."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def notice(self, at_s: float, what: Notice) -> None:
        text = _plain(what)
        if text:
            self._write(f"{at_s:8.2f}  {text}")

    def chunk(self, chunk: AudioChunk) -> None:
        pass


def _plain(what: Notice) -> str:
    match what:
        case WakeHeard():
            return "woken"
        case UtteranceHeard(_, utterance, meaning):
            count = len(utterance.text.split())
            waited_ms = (utterance.decided_s - utterance.end_s) * 1000
            meant = meaning.intent if meaning and meaning.intent else "an answer"
            return f"heard {count} words ({meant}), decided after {waited_ms:.0f} ms"
        case Speaking(_, text) if text:
            return f"speaking ({len(text.split())} words)"
        case Listen(expectation) if expectation.mode is ListenMode.WAKE:
            return "waiting for the wake phrase"
        case Listen(expectation) if expectation.mode is ListenMode.OFF:
            return "ears closed"
        case OpenSession(ritual, people):
            return f"{ritual} begins, {len(people)} people"
        case CloseSession(outcome):
            return f"ritual {outcome}"
        case Record(key):
            return f"kept an answer ({key})"
        case DeviceLost(_, reason):
            return f"sound device lost: {reason}"
        case DeviceBack():
            return "sound device back"
        case Failed(_, stage, message):
            return f"{stage} failed: {message}"
        case _:
            return ""
