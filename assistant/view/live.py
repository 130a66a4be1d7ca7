"""The live terminal view: state, input level, partial words, and what was said and heard last."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from assistant.app import Notice, Speaking
from assistant.events import (
    AudioChunk,
    DeviceBack,
    DeviceLost,
    Failed,
    Listen,
    ListenMode,
    OpenSession,
    PartialHeard,
    PlaybackFinished,
    UtteranceHeard,
    WakeHeard,
)

FLOOR_DB = -60.0
METER_WIDTH = 32
MEMORY_LINES = 8
CHUNKS_PER_FRAME = 5

WAITING = {
    ListenMode.WAKE: "asleep",
    ListenMode.COMMAND: "listening for a command",
    ListenMode.CHOICE: "listening for your choice",
    ListenMode.ANSWER: "listening, take your time",
    ListenMode.BARGE_IN: "speaking",
    ListenMode.OFF: "ears closed",
}


class LiveView:
    """Use as a context manager around the evening."""

    def __init__(self, console: Console, wake_phrase: str) -> None:
        self._wake_phrase = wake_phrase
        self._state = WAITING[ListenMode.WAKE]
        self._waiting_for = ListenMode.WAKE
        self._level_db = FLOOR_DB
        self._partial = ""
        self._ritual = ""
        self._lines: deque[tuple[str, str]] = deque(maxlen=MEMORY_LINES)
        self._chunks = 0
        self._live = Live(self.render(), console=console, auto_refresh=False, transient=False)

    def __enter__(self) -> LiveView:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def chunk(self, chunk: AudioChunk) -> None:
        rms = float(np.sqrt(np.mean(chunk.samples.astype(np.float64) ** 2)))
        level_db = 20 * math.log10(max(rms, 1.0) / 32_768)
        self._level_db = max(level_db, self._level_db - 3)  # falls slowly, so that the eye can follow
        self._chunks += 1
        if self._chunks % CHUNKS_PER_FRAME == 0:
            self._live.update(self.render(), refresh=True)

    def notice(self, at_s: float, what: Notice) -> None:
        match what:
            case Listen(expectation):
                self._waiting_for = expectation.mode
                self._state = WAITING[expectation.mode]
            case Speaking(_, text) if text:
                self._state = WAITING[ListenMode.BARGE_IN]
                self._lines.append(("Evensong", text))
            case PlaybackFinished():
                self._state = WAITING[self._waiting_for]
            case WakeHeard(_, phrase):
                self._lines.append(("you", phrase))
            case PartialHeard(_, text):
                self._partial = text
            case UtteranceHeard(_, utterance):
                self._partial = ""
                self._lines.append(("you", utterance.text))
            case OpenSession(ritual):
                self._ritual = ritual
            case DeviceLost(_, reason):
                self._state = f"sound device lost: {reason}"
            case DeviceBack():
                self._state = WAITING[self._waiting_for]
            case Failed(_, stage, message):
                self._lines.append((stage, message))
            case _:
                return

    def render(self) -> RenderableType:
        talk = Table.grid(padding=(0, 2))
        talk.add_column(justify="right", style="dim", no_wrap=True)
        talk.add_column()
        for who, text in self._lines:
            talk.add_row(who, Text(text, style="cyan" if who == "Evensong" else ""))
        if self._partial:
            talk.add_row("you", Text(f"{self._partial} …", style="italic dim"))
        asleep = self._waiting_for is ListenMode.WAKE and self._state == WAITING[ListenMode.WAKE]
        hint = f'Say "{self._wake_phrase}".' if asleep else 'You can always say "pause", "skip", "help" or "stop".'
        title = f"Evensong · {self._ritual}" if self._ritual and not asleep else "Evensong"
        head = Text.assemble((self._state, "bold"), "   ", _meter(self._level_db))
        return Panel(Group(head, Text(""), talk, Text(""), Text(hint, style="dim")), title=title, border_style="blue")


def _meter(level_db: float) -> Text:
    filled = round(METER_WIDTH * (max(level_db, FLOOR_DB) - FLOOR_DB) / -FLOOR_DB)
    style = "red" if level_db > -3 else "green"
    return Text.assemble(("▮" * filled, style), ("▯" * (METER_WIDTH - filled), "dim"), f" {level_db:5.0f} dB")
