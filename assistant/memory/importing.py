"""Reading back what `evensong journal export --format json` printed (docs/journal-export.schema.json)."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, FiniteFloat, ValidationError

from assistant.errors import JournalError
from assistant.memory.export import EXPORT_VERSION
from assistant.memory.rows import clean, stamp


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Part):
    at: AwareDatetime
    person: str | None
    key: str
    text: str | None
    number: FiniteFloat | None
    about: str | None


class _Session(_Part):
    id: int
    ritual: str
    people: tuple[str, ...]
    seed: int
    outcome: Literal["open", "finished", "stopped"]
    started_at: AwareDatetime
    ended_at: AwareDatetime | None
    entries: tuple[_Entry, ...]


class _Reminder(_Part):
    id: int
    ritual: str | None
    what: str | None
    summary: str
    rrule: str | None
    at: str | None
    created: datetime


class Export(_Part):
    format: Literal["evensong-journal"]
    version: Literal[1]
    exported_at: AwareDatetime
    sessions: tuple[_Session, ...]
    reminders: tuple[_Reminder, ...] = ()


def read(text: str) -> Export:
    """Raises JournalError, naming the place and no word of what was said."""
    try:
        return Export.model_validate_json(text)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"]) or "the whole of it"
        raise JournalError(
            f"This is no export of a journal of version {EXPORT_VERSION} (at {where}); "
            "make one with `evensong journal export --format json`."
        ) from None


def write(db: sqlite3.Connection, export: Export) -> int:
    """Add what is not there yet, inside a transaction; how many sessions that were.

    A session is there when one of the same ritual began at the same moment. One that was open ends as stopped.
    """
    added = 0
    for session in sorted(export.sessions, key=lambda one: one.started_at):
        begun = stamp(session.started_at)
        same = "SELECT 1 FROM sessions WHERE ritual = ? AND started_at = ?"
        if db.execute(same, (clean(session.ritual), begun[0])).fetchone():
            continue
        added += 1
        _add(db, session, begun)
    for one in export.reminders:
        columns = (one.ritual, one.what, one.summary, one.rrule, one.at)
        if not db.execute(_SAME_REMINDER, columns).fetchone():
            db.execute(
                "INSERT INTO reminders (ritual, what, summary, rrule, at, created) VALUES (?, ?, ?, ?, ?, ?)",
                (*(value and clean(value) for value in columns), one.created.isoformat()),
            )
    return added


def _add(db: sqlite3.Connection, session: _Session, begun: tuple[str, int]) -> None:
    last = max((entry.at for entry in session.entries), default=session.started_at)
    cursor = db.execute(
        "INSERT INTO sessions (ritual, people, seed, outcome, started_at, started_offset_s, ended_at, ended_offset_s) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            clean(session.ritual),
            json.dumps([clean(name) for name in session.people], ensure_ascii=False),
            session.seed,
            "stopped" if session.outcome == "open" else session.outcome,
            *begun,
            *stamp(session.ended_at or last),
        ),
    )
    for entry in session.entries:
        words = (item and clean(item) for item in (entry.person, entry.key, entry.text, entry.about))
        db.execute(
            "INSERT INTO entries (session_id, at, offset_s, person, key, text, about, number) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (cursor.lastrowid, *stamp(entry.at), *words, entry.number),
        )


_SAME_REMINDER = "SELECT 1 FROM reminders WHERE ritual IS ? AND what IS ? AND summary = ? AND rrule IS ? AND at IS ?"
