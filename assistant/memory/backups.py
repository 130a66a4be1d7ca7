"""Copies of the journal, one a day, beside it: seven days are kept, and the first copy of each of six months."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from itertools import groupby
from pathlib import Path

from assistant.errors import JournalError
from assistant.memory import schema
from assistant.memory.copying import check, write_copy
from assistant.memory.daily_copy import DailyCopy
from assistant.memory.engine import connect
from assistant.memory.opening import key_of, lock
from assistant.memory.trouble import explained_opening

DAYS_KEPT = 7
MONTHS_KEPT = 6
_NAME = re.compile(r"journal-(\d{4}-\d{2})-\d{2}\.sqlite")


def folder_of(journal: Path) -> Path:
    return journal.with_name(journal.name + "-backups")


class Backups:
    """A part of `Journal`, which hands out its connection and its ``key``; raises JournalError as the journal does."""

    def __init__(self, path: Path, db: sqlite3.Connection, key: bytes | None, now: Callable[[], datetime]) -> None:
        self._path = path
        self._db = db
        self._key = key
        self._now = now
        self._folder = folder_of(path)
        self._copy: DailyCopy | None = None
        self._tried: Path | None = None

    def all(self) -> tuple[Path, ...]:
        """The copies there are, the oldest first."""
        return tuple(sorted(file for file in self._folder.glob("journal-*.sqlite") if _NAME.fullmatch(file.name)))

    def daily(self) -> Path | None:
        """Make today's copy, unless there is one or nothing to copy, and drop those that are too many."""
        self.stop()
        today = self._today()
        if today is not None:
            self.write(today)
            self._drop_old()
        return today

    def keep_up(self) -> None:
        """Like `daily`, beside everything else: to be asked now and then, and tried once a day.

        Raises JournalError when the copy that was begun before could not be made.
        """
        if self._copy is not None and not self._copy.running:
            trouble, self._copy = self._copy.take_trouble(), None
            if trouble is not None:
                raise trouble
        today = self._today() if self._copy is None else None
        if today is not None and today != self._tried:
            self._tried = today
            with explained_opening(today):
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._copy = DailyCopy(self._path, today, self._key, self._drop_old)

    def stop(self) -> None:
        """Give up a copy that is being made: before the journal is closed, and before anything is deleted from it."""
        if self._copy is not None:
            self._copy.stop()
            self._copy, self._tried = None, None

    def _today(self) -> Path | None:
        """Where today's copy is to be made; None when there is one, or nothing to copy."""
        today = self._folder / f"journal-{self._now().date().isoformat()}.sqlite"
        if today.exists() or not self._db.execute("SELECT 1 FROM sessions LIMIT 1").fetchone():
            return None
        return today

    def _drop_old(self) -> None:
        for file in set(self.all()) - set(kept(self.all())):
            file.unlink()

    def write(self, target: Path) -> None:
        """A checked copy at ``target``, encrypted when the journal is, with the same key."""
        with explained_opening(target):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_copy(self._db, target, self._key)

    def renew(self) -> None:
        """After something was removed: no earlier copy may hold it, so all go, and one is made of what is left."""
        earlier = self.all()
        for file in earlier:
            file.unlink()
        if earlier:
            self.daily()


def kept(files: tuple[Path, ...]) -> list[Path]:
    """Of ``files`` (the oldest first) those that stay."""
    by_month = [list(of) for _, of in groupby(files, key=lambda file: _NAME.fullmatch(file.name)[1])]  # type: ignore[index]
    firsts = [of_month[0] for of_month in by_month[-MONTHS_KEPT:]]
    return [file for file in files if file in firsts or file in files[-DAYS_KEPT:]]


def restore_checked(backup: Path, journal: Path, key_file: Path | None = None) -> None:
    """Put the copy ``backup`` in the place of ``journal``, which nobody may have open. Checked before anything changes.

    ``key_file``: as for `Journal.open`. Raises JournalError.
    """
    if not backup.exists():
        raise JournalError(f"There is no backup {backup}; they lie in {folder_of(journal)}.")
    with explained_opening(journal):
        held = lock(journal)
    try:
        _put_back(backup, journal, key_file)
    finally:
        os.close(held)


def _put_back(backup: Path, journal: Path, key_file: Path | None) -> None:
    with explained_opening(backup):
        used = key_of(backup, key_file, journal)
        with closing(connect(f"{backup.as_uri()}?mode=ro", used)) as db:
            check(db, backup)
            if schema.version(db) < len(schema.STEPS):
                raise JournalError(f"{backup} is of an older Evensong; put it in the place of {journal} by hand.")
            write_copy(db, journal, used)
        for end in ("-wal", "-shm"):  # they belonged to the journal that was there
            journal.with_name(journal.name + end).unlink(missing_ok=True)
        os.sync()
