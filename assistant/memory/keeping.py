"""A session and its answers: begun, answered, taken back, ended; inside a transaction of `Journal`."""

from __future__ import annotations

import json
import math
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.errors import JournalError
from assistant.memory import rows
from assistant.memory.closed import NEXT_ID
from assistant.memory.word_meanings import forget_words


def begin(db: sqlite3.Connection, now: datetime, ritual: str, people: tuple[str, ...], seed: int) -> int:
    """The id of the new session, which is never given again."""
    names = json.dumps([rows.clean(name) for name in people], ensure_ascii=False)
    cursor = db.execute(
        "INSERT INTO sessions (ritual, people, seed, started_at, started_offset_s) VALUES (?, ?, ?, ?, ?)",
        (rows.clean(ritual), names, seed, *rows.stamp(now)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def end(db: sqlite3.Connection, now: datetime, outcome: Literal["finished", "stopped"]) -> None:
    """End the open session, if there is one."""
    db.execute(
        "UPDATE sessions SET outcome = ?, ended_at = ?, ended_offset_s = ? WHERE outcome = 'open'",
        (outcome, *rows.stamp(now)),
    )


def answer(
    db: sqlite3.Connection,
    now: datetime,
    words: tuple[str | None, str, str | None, str | None],
    number: float | None,
    *,
    closed: bool = False,
) -> None:
    """Keep an answer in the open session: ``words`` are who, the step's key, the text, and whom it is about.

    ``closed``: until it is opened nobody can read it (`closed.Closed`).

    Raises JournalError when no session is open, ValueError when ``number`` is not finite.
    """
    if number is not None and not math.isfinite(number):
        raise ValueError("number must be finite")
    cursor = db.execute(
        f"INSERT INTO {'closed' if closed else 'entries'} "  # noqa: S608
        "(id, session_id, at, offset_s, person, key, text, about, number) "
        f"SELECT {NEXT_ID}, id, ?, ?, ?, ?, ?, ?, ? FROM sessions WHERE outcome = 'open'",
        (*rows.stamp(now), *(None if item is None else rows.clean(item) for item in words), number),
    )
    if cursor.rowcount == 0:
        raise JournalError("An answer was to be kept but no ritual is running; start the ritual again.")


def take_back(db: sqlite3.Connection) -> str | None:
    """Delete the last answer of the open session; its key, or None when there was none."""
    last = latest(db, "s.outcome = 'open'")
    if last is None:
        return None
    delete(db, last)
    return last.key


@dataclass(frozen=True, slots=True)
class Latest:
    """The answer that was kept last, open or closed, without what it says."""

    id: int
    ritual: str
    person: str | None
    key: str


def latest(db: sqlite3.Connection, condition: str = "1") -> Latest | None:
    """The newest answer of the sessions (s) that meet ``condition``; None when there is none."""
    either = " UNION ALL ".join(
        f"SELECT * FROM (SELECT e.id, s.ritual, e.person, e.key FROM {table} AS e "  # noqa: S608
        f"JOIN sessions AS s ON s.id = e.session_id WHERE {condition}{said} ORDER BY e.id DESC LIMIT 1)"
        for table, said in (("entries", ""), ("closed", " AND e.text IS NOT NULL"))
    )
    row = db.execute(f"SELECT * FROM ({either}) ORDER BY id DESC LIMIT 1").fetchone()  # noqa: S608
    return None if row is None else Latest(*row)


def delete(db: sqlite3.Connection, one: Latest) -> None:
    forget_words(db, one.id)
    for table in ("entries", "closed"):
        db.execute(f"DELETE FROM {table} WHERE id = ?", (one.id,))  # noqa: S608


def join(db: sqlite3.Connection, person: str) -> None:
    """``person`` takes part in the open session, when there is one, after those who did before."""
    row = db.execute("SELECT id, people FROM sessions WHERE outcome = 'open'").fetchone()
    if row is not None:
        people = list(dict.fromkeys((*json.loads(row[1]), rows.clean(person))))
        db.execute("UPDATE sessions SET people = ? WHERE id = ?", (json.dumps(people, ensure_ascii=False), row[0]))


def rename(db: sqlite3.Connection, old: str, new: str) -> None:
    """In the open session, all that is kept under ``old`` belongs to ``new`` from now on."""
    wrong, right = rows.clean(old), rows.clean(new)
    row = db.execute("SELECT id, people FROM sessions WHERE outcome = 'open'").fetchone()
    if row is None:
        return
    people = list(dict.fromkeys(right if name == wrong else name for name in json.loads(row[1])))
    db.execute("UPDATE sessions SET people = ? WHERE id = ?", (json.dumps(people, ensure_ascii=False), row[0]))
    for table in ("entries", "closed"):
        for column in ("person", "about"):
            db.execute(
                f"UPDATE {table} SET {column} = ? WHERE session_id = ? AND {column} = ?",  # noqa: S608
                (right, row[0], wrong),
            )


def stand(db: sqlite3.Connection, body: str) -> None:
    """Keep where the conversation stands; it belongs to the latest session. Nothing is written when it is the same."""
    db.execute(
        "INSERT INTO state (id, session_id, body) VALUES (1, (SELECT max(id) FROM sessions), ?) "
        "ON CONFLICT (id) DO UPDATE SET session_id = excluded.session_id, body = excluded.body "
        "WHERE body <> excluded.body OR session_id IS NOT excluded.session_id",
        (rows.clean(body),),
    )
