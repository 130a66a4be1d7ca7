"""How the journal's file is opened: private to its owner, by one writer at a time, by any number of readers."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from assistant.errors import JournalError
from assistant.memory import schema
from assistant.memory.trouble import explained_opening

_PRIVATE = 0o600
_NO_LOG = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)  # what SQLite says when it cannot make its log
_BUSY_S = 1.0  # how long a reader may hold up the writer, and the other way round


def open_for_writing(path: Path) -> tuple[sqlite3.Connection, int]:
    """The journal at ``path``, made and brought up to date where needed, and the lock (a descriptor) that goes with it.

    Raises JournalError; a journal that could not be made leaves no file behind.
    """
    with explained_opening(path):
        _refuse_odd_places(path)
        if path.exists():
            with closing(_connect(path, "ro")) as db:
                schema.check(db, path)
            if not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, "read-only")  # SQLite would open it and fail at the first word
        else:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _lock(path)
        try:
            return _open_locked(path), lock
        except BaseException:
            os.close(lock)
            raise


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The journal at ``path`` as it is, whether or not somebody writes it; nothing in the file is changed.

    No journal yet reads as an empty one, and one from an older Evensong is brought up to date in memory only.
    """
    with explained_opening(path):
        _refuse_odd_places(path)
        db = _connect_to_read(path) if path.exists() else _tuned(sqlite3.connect(":memory:", isolation_level=None))
        try:
            schema.check(db, path)
            if schema.version(db) < len(schema.STEPS):
                copy = _tuned(sqlite3.connect(":memory:", isolation_level=None))
                with closing(db):
                    db.backup(copy)
                db = copy
                schema.migrate(db)
        except BaseException:
            db.close()
            raise
        return db


def files_of(path: Path) -> tuple[Path, ...]:
    """All files that hold words of the journal: itself, its write-ahead log and the log's index."""
    return tuple(path.with_name(path.name + end) for end in ("", "-wal", "-shm"))


def _open_locked(path: Path) -> sqlite3.Connection:
    made = _make(path)
    db = _connect(path, "rw")
    try:
        schema.check(db, path)
        _make_safe(db, path)
        schema.migrate(db)
        for file in files_of(path):
            # Somebody else's file may stay as it is; `Journal.integrity` tells of it.
            with suppress(FileNotFoundError, PermissionError):
                file.chmod(_PRIVATE)
    except BaseException:
        db.close()
        if made:
            for file in files_of(path):
                file.unlink(missing_ok=True)
        raise
    return db


def _make_safe(db: sqlite3.Connection, path: Path) -> None:
    """Every commit reaches the disk before it returns, and what is deleted is overwritten."""
    (journal_mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if journal_mode != "wal":
        raise JournalError(
            f"The folder of {path} cannot hold a journal safely (a network folder?); set paths.journal to a folder "
            "on this machine."
        )
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA secure_delete = ON")


def _refuse_odd_places(path: Path) -> None:
    if path.is_dir():
        raise JournalError(f"{path} is a folder; set paths.journal to a file in it, such as {path / 'journal.sqlite'}.")
    if path.exists() and not path.is_file():
        raise JournalError(f"{path} is not an ordinary file; set paths.journal to another place.")


def _lock(path: Path) -> int:
    """Be the only writer until the descriptor is closed or the process ends, however it ends. Readers do not ask.

    The lock has a file of its own: one taken on the journal itself would be lost as soon as any other descriptor
    of it is closed in this process, SQLite's among them.
    """
    lock_path = path.with_name(path.name + "-lock")
    if lock_path.exists() and not os.access(lock_path, os.W_OK):
        raise JournalError(f"{lock_path} belongs to somebody else (was Evensong run as root once?); remove that file.")
    lock = os.open(lock_path, os.O_RDWR | os.O_CREAT, _PRIVATE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise JournalError(
            f"Another Evensong is writing the journal {path}; end that one first (`evensong journal list`, `show` "
            "and `export` work meanwhile)."
        ) from None
    except BaseException:
        os.close(lock)
        raise
    return lock


def _make(path: Path) -> bool:
    """Make an empty, private file (SQLite gives its log the same mode). False: there is one."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))
    except FileExistsError:
        return False
    return True


def _connect_to_read(path: Path) -> sqlite3.Connection:
    db = _connect(path, "ro")
    try:
        schema.version(db)
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in _NO_LOG or not os.access(path, os.R_OK):
            raise
    except BaseException:
        db.close()
        raise
    else:
        return db
    # A read-only disk, where SQLite cannot make its log: nobody writes there, so it needs none.
    log = files_of(path)[1]
    if log.exists() and log.stat().st_size:
        raise JournalError(
            f"The journal {path} was not closed and lies on a read-only disk; copy it together with {log.name} to a "
            "folder of yours and set paths.journal to the copy."
        )
    return _connect(path, "ro&immutable=1")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return _tuned(sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=_BUSY_S))


def _tuned(db: sqlite3.Connection) -> sqlite3.Connection:
    # A damaged letter must neither hide the rest nor put the words around it into an error message.
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA temp_store = MEMORY")  # what is sorted or rewritten never touches a temporary folder
    return db
