"""A picture of the terminal view, taken in the middle of an evening."""

from __future__ import annotations

import io
import re

from rich.console import Console, RenderableType

from assistant.evening.observing import Notice
from assistant.events import AudioChunk, Listen, UtteranceHeard
from assistant.view.live import Screen

COLUMNS = 84  # wide enough for a sentence, narrow enough to be read on a page
TALKING_DB = -40.0  # somebody is in the middle of a sentence, not just after it
FONTS_FROM_ELSEWHERE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Picture:
    """Watches an evening and keeps its fullest moment: the most lines, and somebody in the middle of a sentence."""

    def __init__(self, wake_phrase: str) -> None:
        self._screen = Screen(wake_phrase)
        self._kept: RenderableType = self._screen.render()
        self._fullness = (0, 0)
        self._candidate: tuple[RenderableType, tuple[int, int]] | None = None  # until its utterance is told

    def chunk(self, chunk: AudioChunk) -> None:
        self._screen.chunk(chunk)

    def notice(self, at_s: float, what: Notice) -> None:
        self._screen.notice(what)
        fullness = (len(self._screen.lines), len(self._screen.partial))
        if self._screen.partial and self._screen.level_db > TALKING_DB and fullness >= self._fullness:
            self._candidate = self._screen.render(), fullness
        if isinstance(what, UtteranceHeard) and self._candidate is not None:
            self._kept, self._fullness = self._candidate
        if isinstance(what, UtteranceHeard | Listen):
            self._candidate = None

    def svg(self) -> str:
        """The moment as SVG; it names no address, so that looking at it fetches nothing."""
        console = Console(record=True, file=io.StringIO(), width=COLUMNS)
        console.print(self._kept)
        return FONTS_FROM_ELSEWHERE.sub("", console.export_svg(title="evensong listen", unique_id="evensong"))
