"""Removed is removed: words that were deleted are cleared from the journal's file, its index and its log."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from assistant.errors import JournalError
from assistant.memory.backups import Backups
from assistant.memory.engine import errors
from assistant.memory.trouble import explained
from assistant.memory.word_meanings import keep_only_said

_COMPACT = "compact"  # the task in `unfinished` that outlives a crash


class Forgetting:
    """A part of `Journal`, which hands out its connection. Rows are deleted there; here their traces are cleared."""

    def __init__(self, path: Path, db: sqlite3.Connection, backups: Backups) -> None:
        self._backups = backups
        self._path = path
        self._db = db
        self._traces = False  # removed words may still stand in the log

    def note(self) -> None:
        """Something was deleted in this transaction: what is to be cleared is written down with it."""
        self._traces = True
        self._db.execute("INSERT OR IGNORE INTO unfinished VALUES (?)", (_COMPACT,))

    def clear_index(self) -> None:
        """Take what was deleted in this transaction out of the full-text index.

        Until then the index holds the word, and that it was deleted; optimising drops both. Quick enough for the
        middle of a ritual.
        """
        self._db.execute("INSERT INTO entry_words (entry_words) VALUES ('optimize')")

    def rebuild_index(self) -> None:
        """Make the full-text index anew from the answers there are."""
        self._db.execute("INSERT INTO entry_words (entry_words) VALUES ('rebuild')")

    def name(self, person: str) -> None:
        """Take ``person`` out of all that is left, inside a transaction. A session that was theirs alone goes."""
        for session, people in self._db.execute("SELECT id, people FROM sessions").fetchall():
            names = json.loads(people)
            if person not in names:
                continue
            left = [name for name in names if name != person]
            if left:
                changed = json.dumps(left, ensure_ascii=False)
                self._db.execute("UPDATE sessions SET people = ? WHERE id = ?", (changed, session))
            else:
                self._db.execute("DELETE FROM sessions WHERE id = ?", (session,))
        for table in ("passphrases", "voices"):
            self._db.execute(f"DELETE FROM {table} WHERE person = ?", (person,))  # noqa: S608
        self._db.execute("DELETE FROM reminders WHERE instr(lower(what), lower(?))", (person,))

    def cut_log_later(self) -> None:
        self._traces = True

    def after_commit(self) -> None:
        if self._traces:
            self._cut_log()

    def make_room(self) -> None:
        """On a full disk: the room that removing needs. A copy that is being made may not hold what is removed."""
        self._backups.stop()
        with explained(self._path):
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def finish_now(self) -> None:
        """`finish`, told as what it is when it cannot be done yet: the rows are gone, their traces are not."""
        try:
            self.finish()
        except JournalError as error:
            raise JournalError(
                f"It is deleted, but its traces stay in the journal's files until Evensong is next started: {error}"
            ) from None
        if self._traces:
            raise JournalError(
                f"It is deleted, but traces stay in the log of {self._path} while another program reads it or the disk "
                "is full; end that, and start Evensong once."
            )

    def finish(self) -> None:
        """Clear the file of what was removed, also when a crash came between.

        secure_delete alone is not enough: when SQLite moves rows to another page, a copy can stay behind in the
        unused part of the old one. VACUUM writes every page anew.
        """
        with explained(self._path):
            if self._db.execute("SELECT 1 FROM unfinished WHERE task = ?", (_COMPACT,)).fetchone():
                self.rebuild_index()
                keep_only_said(self._db)
                self._db.execute("VACUUM")
                self._backups.renew()
                self._db.execute("DELETE FROM unfinished WHERE task = ?", (_COMPACT,))
        self._cut_log()

    def _cut_log(self) -> None:
        """Write the log back and cut it to nothing; tried again after the next write while a reader holds it."""
        self._backups.stop()  # it reads the log
        try:
            (busy, _, _) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._traces = bool(busy)
        except errors("OperationalError"):
            self._traces = True  # no room just now: what was committed stands in the log and is safe
