"""A journal written anew, row by row: for backups, for encrypting, and for taking a key away.

So a copy holds what the journal holds, and nothing that was ever removed from it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from assistant.errors import JournalError
from assistant.memory import schema
from assistant.memory.engine import connect

TABLES = (
    "sessions",
    "entries",
    "closed",
    "state",
    "unfinished",
    "reminders",
    "passphrases",
    "voices",
    "sqlite_sequence",
)
_PRIVATE = 0o600


def write_copy(
    source: sqlite3.Connection,
    target: Path,
    key: bytes | None,
    prepare: Callable[[sqlite3.Connection], None] | None = None,
) -> None:
    """Write what ``source`` holds to the new file ``target``, encrypted with ``key`` unless it is None, and check it.

    ``prepare`` is done with the connection that is written to.

    The file is whole when this returns, or not there. Raises JournalError, OSError, one of `engine.errors`.
    """
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))
    try:
        with closing(connect(f"{part.as_uri()}?mode=rw", key)) as copy:
            if prepare is not None:
                prepare(copy)
            schema.migrate(copy)
            copy_rows(source, copy)
            check(copy, target)
        _to_disk(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def rewrite(db: sqlite3.Connection, path: Path, key: bytes | None, stale: Iterable[Path]) -> None:
    """Write the journal ``db`` at ``path`` anew, encrypted with ``key`` unless it is None, and close it.

    What lay there before, and the files ``stale``, are overwritten. Raises as `write_copy`; then nothing has changed.
    """
    fresh = path.with_name(path.name + ".fresh")
    write_copy(db, fresh, key)
    db.close()
    put_in_place(fresh, path)
    for file in stale:
        if file.exists():
            wipe(file)


def copy_rows(source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """All rows of ``source`` into ``copy``, whose tables are empty; both of this version. One transaction."""
    copy.execute("PRAGMA foreign_keys = OFF")
    copy.execute("BEGIN IMMEDIATE")
    for table in TABLES:
        copy.execute(f"DELETE FROM {table}")  # noqa: S608
        columns, rows = rows_of(source, table)
        marks = ", ".join("?" * len(columns))
        copy.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
    copy.execute("COMMIT")
    copy.execute("PRAGMA foreign_keys = ON")


def rows_of(db: sqlite3.Connection, table: str) -> tuple[list[str], Iterable[tuple[object, ...]]]:
    """The names of the columns of ``table`` that are kept, and its rows."""
    columns = [str(row[1]) for row in db.execute(f"PRAGMA table_info({table})")]
    return columns, db.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608


def check(db: sqlite3.Connection, path: Path) -> None:
    """Raise JournalError unless ``db`` is a whole journal of a version that is known here."""
    schema.check(db, path)
    wrong = [row[0] for row in db.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
    if wrong or not schema.version(db) or db.execute("PRAGMA foreign_key_check").fetchone():
        raise JournalError(f"{path} is no whole journal; take another copy.")


def put_in_place(fresh: Path, of: Path) -> None:
    """``fresh`` takes the place of the file ``of``, whose content is then overwritten, as far as the disk lets one."""
    with of.open("r+b") as old:
        fresh.replace(of)
        _zero(old)


def wipe(path: Path) -> None:
    """Overwrite ``path`` before it goes, as far as the disk lets one."""
    with path.open("r+b") as file:
        _zero(file)
    path.unlink()


def _zero(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    file.write(bytes(size))
    file.flush()
    os.fsync(file.fileno())


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
