"""Speech without end, which commands cut: what talking over it is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.conversation.conversation import Conversation
from assistant.dialogue import Library
from assistant.dialogue.commands import COMMANDS
from assistant.events import Effect, Event, Hush, PlaybackFinished, Say, UtteranceHeard
from assistant.memory import Journal
from assistant.understanding import Understanding

NOT_FOR = ("yes", "no", "finished", "more_time", "resume")  # what an exercise does not cut its sentence for


@dataclass(frozen=True, slots=True)
class Taken:
    """An utterance that was taken for a command."""

    at_s: float
    start_s: float
    intent: str
    text: str


class Narration(Conversation):
    """The household's conversation, but for what it says: ``texts``, drawn by ``seed``, one after the other.

    A command cuts the sentence, and the next one comes. ``taken`` holds what was taken for one.
    """

    def __init__(
        self, library: Library, understanding: Understanding, journal: Journal, texts: Sequence[str], seed: int
    ) -> None:
        super().__init__(library, understanding, journal, (), seed)
        self._rng = np.random.default_rng(seed)
        self._texts = texts
        self.taken: list[Taken] = []

    def begin(self) -> tuple[Effect, ...]:
        return (self._next(),)

    def step(self, event: Event) -> tuple[Effect, ...]:
        if isinstance(event, PlaybackFinished):
            return (self._next(),)
        if isinstance(event, UtteranceHeard) and event.meaning is not None:
            intent = event.meaning.intent or ""
            if intent in COMMANDS and intent not in NOT_FOR:
                heard = event.utterance
                self.taken.append(Taken(event.at_s, heard.start_s, intent, heard.text))
                return (Hush(),)
        return ()

    def is_fixed(self, text: str) -> bool:
        return True

    def upcoming(self) -> tuple[str, ...]:
        return ()

    def _next(self) -> Say:
        return Say(self._next_text(), 0.3)

    def _next_text(self) -> str:
        return str(self._rng.choice(self._texts))
