"""Which rows go when something is deleted; inside a transaction of `Journal`, which then clears their traces."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from assistant.memory.recall import Found

_EVERYTHING = ("state", "entries", "sessions", "reminders", "passphrases", "voices", "sqlite_sequence")


def session(db: sqlite3.Connection, session_id: int) -> bool:
    """A session, its answers and the state that belongs to it. False: there is none of that number."""
    return db.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount > 0


def last_entry(db: sqlite3.Connection) -> None:
    """The newest answer, in whichever session it is."""
    db.execute("DELETE FROM entries WHERE id = (SELECT max(id) FROM entries)")


def some(db: sqlite3.Connection, entries: Sequence[Found]) -> None:
    """These answers, and sessions of which nothing is left."""
    db.executemany("DELETE FROM entries WHERE id = ?", [(one.id,) for one in entries])
    db.executemany(
        "DELETE FROM sessions WHERE id = ? AND outcome <> 'open' AND NOT EXISTS "
        "(SELECT 1 FROM entries WHERE session_id = sessions.id)",
        [(session_id,) for session_id in {one.session for one in entries}],
    )


def everything(db: sqlite3.Connection) -> None:
    for table in _EVERYTHING:
        db.execute(f"DELETE FROM {table}")  # noqa: S608
