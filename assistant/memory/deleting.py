"""Which rows go when something is deleted; inside a transaction of `Journal`, which then clears their traces."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from assistant.errors import JournalError
from assistant.memory import keeping

_EVERYTHING = ("state", "entries", "closed", "sessions", "reminders", "passphrases", "voices", "sqlite_sequence")


def session(db: sqlite3.Connection, session_id: int) -> None:
    """A session, its answers and its state. Raises JournalError when there is none of that number."""
    if db.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount == 0:
        raise no_such(session_id)


def no_such(session_id: int) -> JournalError:
    return JournalError(f"The journal holds no session {session_id}; see `evensong journal list` for the numbers.")


def last_entry(db: sqlite3.Connection) -> None:
    """The newest answer, open or closed, in whichever session it is."""
    one = keeping.latest(db)
    if one is not None:
        keeping.delete(db, one)


def some(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """The answers of these ids, open or closed, and sessions of which nothing is left."""
    sessions = _sessions(db, ids)
    for table in ("entries", "closed"):
        db.executemany(f"DELETE FROM {table} WHERE id = ?", [(one,) for one in ids])  # noqa: S608
    db.executemany(
        "DELETE FROM sessions WHERE id = ? AND outcome <> 'open' "
        "AND id NOT IN (SELECT session_id FROM entries) AND id NOT IN (SELECT session_id FROM closed)",
        [(session_id,) for session_id in sessions],
    )


def held(db: sqlite3.Connection) -> dict[str, int]:
    """How much there is of what `everything` deletes, as far as it can be named to people."""
    counted = {
        "sessions": "SELECT count(*) FROM sessions",
        "answers": "SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM closed WHERE text IS NOT NULL)",
        "reminders": "SELECT count(*) FROM reminders",
        "voices": "SELECT count(*) FROM voices",
    }
    return {name: int(db.execute(query).fetchone()[0]) for name, query in counted.items()}


def sessions_of(db: sqlite3.Connection, ids: Sequence[int]) -> int:
    """Of how many sessions these answers are."""
    return len(_sessions(db, ids))


def _sessions(db: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    wanted = json.dumps(list(ids))
    rows = db.execute(
        "SELECT session_id FROM entries WHERE id IN (SELECT value FROM json_each(?1)) "
        "UNION SELECT session_id FROM closed WHERE id IN (SELECT value FROM json_each(?1))",
        (wanted,),
    )
    return {int(row[0]) for row in rows}


def everything(db: sqlite3.Connection) -> None:
    for table in _EVERYTHING:
        db.execute(f"DELETE FROM {table}")  # noqa: S608
