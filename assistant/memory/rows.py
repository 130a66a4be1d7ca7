"""How sessions, times and words stand in the journal's rows, and how they are read back."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby
from typing import Any

from assistant.memory.records import Entry, Session

_SESSIONS = """
    SELECT s.id, s.ritual, s.people, s.seed, s.outcome, s.started_at, s.started_offset_s, s.ended_at, s.ended_offset_s,
           e.id, e.at, e.offset_s, e.person, e.key, e.text, e.number, e.about
    FROM (SELECT * FROM sessions WHERE {condition} ORDER BY id DESC LIMIT :limit) AS s
    LEFT JOIN entries AS e ON e.session_id = s.id
    ORDER BY s.id DESC, e.id
"""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Text that SQLite, JSON and a terminal all take.

    Of the control characters only tab and line feed are left; a lone surrogate becomes U+FFFD.
    """
    return _HALF.sub("\ufffd", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def utc_text(moment: datetime) -> str:
    """Fixed width, so that text order is time order: 2026-11-22T20:58:03.120Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def stamp(now: datetime) -> tuple[str, int]:
    """The two columns of a moment: UTC as text, and the local offset of then in seconds."""
    offset = now.utcoffset()
    if offset is None:
        raise ValueError("now() must return an aware datetime")
    return utc_text(now), round(offset.total_seconds())


def read_sessions(db: sqlite3.Connection, condition: str, values: Mapping[str, object]) -> tuple[Session, ...]:
    """The sessions that meet ``condition`` (SQL on the table sessions), the latest first, in one consistent read.

    Raises sqlite3.Error; ValueError, TypeError or OverflowError when a row holds what was never written.
    """
    rows = db.execute(_SESSIONS.format(condition=condition), dict(values)).fetchall()
    return tuple(_session(list(group)) for _, group in groupby(rows, key=lambda row: row[0]))


def people(db: sqlite3.Connection, most: int = -1) -> tuple[str, ...]:
    """The names of ``most`` who ever took part (-1: everybody), in no order."""
    found = db.execute("SELECT DISTINCT value FROM sessions, json_each(people) LIMIT ?", (most,))
    return tuple(str(row[0]) for row in found)


def _session(rows: list[tuple[Any, ...]]) -> Session:
    """``rows``: the same session with each of its entries, or once with none."""
    session_id, ritual, people, seed, outcome, started_at, started_offset_s, ended_at, ended_offset_s = rows[0][:9]
    return Session(
        id=session_id,
        ritual=ritual,
        people=tuple(json.loads(people)),
        seed=seed,
        outcome=outcome,
        started_at=local_time(started_at, started_offset_s),
        ended_at=None if ended_at is None else local_time(ended_at, ended_offset_s),
        entries=tuple(
            Entry(local_time(at, offset_s), person, key, text, number, about)
            for entry_id, at, offset_s, person, key, text, number, about in (row[9:] for row in rows)
            if entry_id is not None
        ),
    )


def local_time(text: str, offset_s: int) -> datetime:
    """The two columns of a moment, read back: aware, in the local time of then."""
    return datetime.fromisoformat(text).astimezone(timezone(timedelta(seconds=offset_s)))
