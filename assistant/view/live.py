"""The live terminal view: state, input level, partial words, and what was said and heard last."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from rich.box import HORIZONTALS
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

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
    PlaybackFinished,
    UtteranceHeard,
    WakeHeard,
)

FLOOR_DB = -60.0
METER_WIDTH = 24
MEMORY_LINES = 8
CHUNKS_PER_FRAME = 5
EVENSONG = "Evensong"
PERSON = "you"

WAITING = {
    ListenMode.WAKE: "asleep",
    ListenMode.COMMAND: "listening for a command",
    ListenMode.CHOICE: "listening for your choice",
    ListenMode.ANSWER: "listening, take your time",
    ListenMode.BARGE_IN: "speaking",
    ListenMode.OFF: "ears closed until you press Enter",
}


class Screen:
    """What there is to see at a moment of the evening."""

    def __init__(self, wake_phrase: str) -> None:
        self._wake_phrase = wake_phrase
        self.state = WAITING[ListenMode.WAKE]
        self._waiting_for = ListenMode.WAKE
        self.level_db = FLOOR_DB
        self._ritual = ""
        self.partial = ""
        self.lines: deque[tuple[str, str]] = deque(maxlen=MEMORY_LINES)
        self.told = 0  # lines so far, with those that are out of sight

    def chunk(self, chunk: AudioChunk) -> None:
        rms = float(np.sqrt(np.mean(chunk.samples.astype(np.float64) ** 2)))
        level_db = 20 * math.log10(max(rms, 1.0) / 32_768)
        self.level_db = max(level_db, self.level_db - 3)  # falls slowly, so that the eye can follow

    def notice(self, what: Notice) -> None:
        match what:
            case Listen(expectation):
                self.partial = ""
                self._waiting_for = expectation.mode
                self.state = WAITING[expectation.mode]
            case Speaking(_, text) if text:
                self.partial = ""  # talk that Evensong does not answer to leaves nothing behind
                self.state = WAITING[ListenMode.BARGE_IN]
                self._tell(EVENSONG, text)
            case PlaybackFinished():
                self.state = WAITING[self._waiting_for]
            case WakeHeard(_, phrase):
                self._tell(PERSON, phrase)
            case PartialHeard(_, text):
                self.partial = text
            case UtteranceHeard(_, utterance):
                self.partial = ""
                self._tell(PERSON, utterance.text)
            case OpenSession(ritual):
                self._ritual = ritual
            case CloseSession():
                self._ritual = ""
            case DeviceLost(_, reason):
                self.state = f"sound device lost: {reason}"
            case DeviceBack():
                self.state = WAITING[self._waiting_for]
            case Failed(_, stage, message):
                self._tell(stage, message)
            case _:
                return

    def _tell(self, who: str, text: str) -> None:
        self.lines.append((who, text))
        self.told += 1

    def render(self) -> RenderableType:
        asleep = self.state == WAITING[ListenMode.WAKE]
        hint = f'Say "{self._wake_phrase}".' if asleep else 'You can always say "pause", "skip", "help" or "stop".'
        title = Text.assemble(("Evensong", "bold"), f" · {self._ritual}" if self._ritual else "")
        head = Table.grid(expand=True)
        head.add_column(ratio=1)
        head.add_column(justify="right", no_wrap=True)
        head.add_row(Text(self.state, style="bold"), _meter(self.level_db))
        return Panel(
            Group(head, Text(""), self._talk(), Text(""), Text(hint, style="dim")),
            title=title,
            title_align="left",
            border_style="cyan",
            box=HORIZONTALS,
            padding=(1, 2),
        )

    def _talk(self) -> RenderableType:
        talk = Table.grid(padding=(0, 2))
        talk.add_column(no_wrap=True, width=len(EVENSONG))
        talk.add_column()
        rows = [(who, Text(text, style="cyan" if who == EVENSONG else "")) for who, text in self.lines]
        if self.partial:
            rows.append((PERSON, Text(f"{self.partial} …", style="italic")))
        before = ""
        for who, text in rows:
            talk.add_row(Text("" if who == before else who, style="dim"), text)
            before = who
        for _ in range(MEMORY_LINES + 1 - len(rows)):  # the frame keeps its height, so that nothing jumps
            talk.add_row("", "")
        return talk


class LiveView:
    """The screen in a terminal; use as a context manager around the evening."""

    def __init__(self, console: Console, wake_phrase: str) -> None:
        self._screen = Screen(wake_phrase)
        self._chunks = 0
        self._live = Live(self._screen.render(), console=console, auto_refresh=False, transient=False)

    def __enter__(self) -> LiveView:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._screen.partial = ""  # what stays on the terminal holds nothing that was not told in the end
        self._live.update(self._screen.render())
        self._live.stop()

    def chunk(self, chunk: AudioChunk) -> None:
        self._screen.chunk(chunk)
        self._chunks += 1
        if self._chunks % CHUNKS_PER_FRAME == 0:
            self._live.update(self._screen.render(), refresh=True)

    def notice(self, at_s: float, what: Notice) -> None:
        self._screen.notice(what)


def _meter(level_db: float) -> Text:
    """The level as a bar on a scale from FLOOR_DB to 0 dBFS; red where it would be cut off."""
    filled = round(METER_WIDTH * (max(level_db, FLOOR_DB) - FLOOR_DB) / -FLOOR_DB)
    style = "red" if level_db > -3 else "green"
    return Text.assemble(("━" * filled, style), ("━" * (METER_WIDTH - filled), "dim"), (f"{level_db:4.0f} dB", "dim"))
