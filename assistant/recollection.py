"""What dialogue asks memory, answered: each topic of `Inquire` as plain values that can be spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from assistant.events import Topic
from assistant.memory import Journal
from assistant.memory.listening import last_listening

Facts = Mapping[str, Any]


class Recollection:
    """Answers from ``journal``; docs/contracts.md lists the topics and their facts."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def answer(self, topic: Topic, about: Mapping[str, Any]) -> Facts | None:
        """The facts of ``topic``; None when there are none, or none are kept here. Raises JournalError."""
        match topic:
            case "last_entry":
                return self._last_entry()
            case "everything":
                return self._everything()
            case "listening":
                return last_listening(self._journal.sessions(ritual=str(about["ritual"])), about["people"])
            case _:
                return None

    def forget(self, what: Literal["last_entry", "everything"]) -> None:
        """Really remove it. Raises JournalError."""
        if what == "last_entry":
            self._journal.delete_last_entry()
        else:
            self._journal.delete_everything()

    def _last_entry(self) -> Facts | None:
        for session in self._journal.sessions():
            if session.entries:
                return {"ritual": session.ritual, "person": session.entries[-1].person}
        return None

    def _everything(self) -> Facts | None:
        sessions = len(self._journal.sessions())
        return {"sessions": sessions} if sessions else None
