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


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be reminded of: a ``ritual`` (id), or ``what`` in the words it was asked for.

    It comes again and again by ``rrule`` (RFC 5545, wall clock), or once ``at`` a wall-clock time (2026-11-22T21:00)
    or an instant (2026-11-22T20:00:00Z); ``summary`` is its compact form (docs/reminders.md). ``created`` and
    ``announced`` (the time for which it was last given) are wall-clock times. Put off, it is said again at
    ``again_at`` (aware), and has been put off ``put_off`` times for its present time.
    """

    id: int
    ritual: str | None
    what: str | None
    summary: str
    rrule: str | None
    at: str | None
    created: datetime
    announced: datetime | None = None
    again_at: datetime | None = None
    put_off: int = 0
