"""What the journal gives back: sessions and their entries, frozen, with times that know their offset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["open", "finished", "stopped"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer. ``key`` is the step's name in its ritual; ``at`` is aware, in the local time of then.

    ``about`` is the person it was said to or about, when that is another than ``person``.
    """

    at: datetime
    person: str | None
    key: str
    text: str | None
    number: float | None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One time a ritual was held: who took part, how it ended, and what was kept, in the order it was said.

    ``ended_at`` is None exactly while ``outcome`` is "open". Times are aware, in the local time of then.
    """

    id: int
    ritual: str
    people: tuple[str, ...]
    seed: int
    outcome: Outcome
    started_at: datetime
    ended_at: datetime | None
    entries: tuple[Entry, ...]
