"""A day's grace for "delete everything": all of it is out of the journal at once, and can be brought back for a day.

Meanwhile it lies in a file of its own beside the journal, encrypted when the journal is, which nothing else opens. When
the day is over the file is overwritten and removed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.memory import schema
from assistant.memory.copying import check, put_in_place, rows_of, wipe, write_copy
from assistant.memory.engine import connect
from assistant.memory.rows import utc_text
from assistant.memory.trouble import explained, explained_opening

GRACE = timedelta(days=1)
# The task in `unfinished`: what it is and the time it was asked for.
_BEGUN, _DONE = "leaving", "left"


def file_of(journal: Path) -> Path:
    return journal.with_name(journal.name + "-leaving")


class Leaving:
    """A part of `Journal`, which hands out its connection and its ``key``; raises JournalError as the journal does."""

    def __init__(self, path: Path, db: sqlite3.Connection, key: bytes | None, now: Callable[[], datetime]) -> None:
        self._path = path
        self._db = db
        self._key = key
        self._now = now
        self._file = file_of(path)

    def begin(self) -> None:
        """Set everything aside; what was set aside before goes for good. Then everything is to be deleted, with `done`.

        That it was asked for is written down first: after a crash it `is_halfway`, and must be begun again.
        """
        with explained_opening(self._path):
            self._db.execute("DELETE FROM unfinished WHERE task LIKE ?", (f"{_DONE} %",))
            if not self.is_halfway():
                self._db.execute("INSERT INTO unfinished VALUES (?)", (f"{_BEGUN} {utc_text(self._now())}",))
            if self._file.exists():
                wipe(self._file)
            try:
                write_copy(self._db, self._file, self._key)
            except BaseException:  # no room for it: then nothing is deleted, and nothing stands to be
                self._db.execute("DELETE FROM unfinished WHERE task LIKE ?", (f"{_BEGUN} %",))
                raise

    def done(self) -> None:
        """Inside the transaction that deletes everything."""
        self._db.execute(
            "UPDATE unfinished SET task = replace(task, ?, ?) WHERE task LIKE ?",
            (f"{_BEGUN} ", f"{_DONE} ", f"{_BEGUN} %"),
        )

    def is_halfway(self) -> bool:
        return self._asked(_BEGUN) is not None

    def is_over(self) -> bool:
        """Whether the day is over; also when the clock was set back by more than a day, or it would never be."""
        asked = self._asked(_DONE)
        return asked is not None and abs(self._now().astimezone(UTC) - asked) >= GRACE

    def since(self) -> datetime | None:
        """When everything was deleted that can still be brought back; None: nothing can."""
        return self._asked(_DONE) if self._file.exists() else None

    def drop(self) -> None:
        """What was set aside goes for good."""
        with explained_opening(self._path):
            if self._file.exists():
                wipe(self._file)
            self._db.execute("DELETE FROM unfinished WHERE task LIKE ? OR task LIKE ?", (f"{_BEGUN} %", f"{_DONE} %"))

    def bring_back(self) -> bool:
        """Inside a transaction, put everything back before what was kept since. False: nothing was leaving.

        When that is on the disk, the file is to go, with `drop`.
        """
        if self.since() is None:
            return False
        with explained_opening(self._file), closing(connect(f"{self._file.as_uri()}?mode=rw", self._key)) as old:
            schema.migrate(old)
            check(old, self._file)
            _make_room(self._db, old)
            for table in ("sessions", "entries", "closed", "reminders", "passphrases", "voices"):
                columns, rows = rows_of(old, table)
                marks = ", ".join("?" * len(columns))
                names = ", ".join(columns)
                self._db.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
        return True

    def rekey(self, key: bytes | None) -> None:
        """Encrypt what is leaving as the journal is from now on."""
        if not self._file.exists():
            return
        fresh = self._file.with_name(self._file.name + ".fresh")
        with explained_opening(self._file):
            with closing(connect(f"{self._file.as_uri()}?mode=ro", self._key)) as old:
                write_copy(old, fresh, key)
            put_in_place(fresh, self._file)

    def _asked(self, state: str) -> datetime | None:
        with explained(self._path):
            row = self._db.execute("SELECT task FROM unfinished WHERE task LIKE ?", (f"{state} %",)).fetchone()
        return None if row is None else datetime.fromisoformat(str(row[0]).partition(" ")[2])


def _make_room(db: sqlite3.Connection, old: sqlite3.Connection) -> None:
    """What was kept since gets numbers after all that comes back, so that numbers stay in the order of time."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    db.execute("DELETE FROM words_seen")
    for tables in (("sessions",), ("entries", "closed"), ("reminders",)):
        by = max(_highest(each, table) for each in (old, db) for table in tables)
        for table in tables:
            db.execute(f"UPDATE {table} SET id = id + ?", (by,))  # noqa: S608
            if table == "sessions":
                for other in ("entries", "closed", "state"):
                    db.execute(f"UPDATE {other} SET session_id = session_id + ?", (by,))  # noqa: S608


def _highest(db: sqlite3.Connection, table: str) -> int:
    (found,) = db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608
    return int(found)
