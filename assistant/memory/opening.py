"""How the journal's file is opened: private to its owner, by one writer at a time, by any number of readers."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from assistant.errors import JournalError
from assistant.memory import keys, schema
from assistant.memory.engine import connect, errors, is_encrypted, tuned
from assistant.memory.trouble import explained_opening

_PRIVATE = 0o600
_NO_LOG = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)  # what SQLite says when it cannot make its log


def open_for_writing(path: Path, key_file: Path | None = None) -> tuple[sqlite3.Connection, int, bytes | None]:
    """The journal at ``path``, made and brought up to date where needed, its lock (a descriptor), and its key.

    ``key_file`` holds the key of an encrypted one, where no keyring does.

    Raises JournalError; a journal that could not be made leaves no file behind.
    """
    with explained_opening(path):
        _refuse_odd_places(path)
        key = key_of(path, key_file)
        if path.exists():
            with closing(_connect(path, _to_look(path), key)) as db:
                schema.check(db, path)
            if not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, "read-only")  # SQLite would open it and fail at the first word
        else:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = lock(path)
        try:
            return _open_locked(path, key), held, key
        except BaseException:
            os.close(held)
            raise


def open_for_reading(path: Path, key_file: Path | None = None) -> tuple[sqlite3.Connection, bytes | None]:
    """The journal at ``path`` as it is, whether or not somebody writes it; nothing in the file is changed.

    No journal yet reads as an empty one, and one from an older Evensong is brought up to date in memory only.
    """
    with explained_opening(path):
        _refuse_odd_places(path)
        key = key_of(path, key_file)
        db = _connect_to_read(path, key) if path.exists() else _in_memory()
        try:
            schema.check(db, path)
            if schema.version(db) < len(schema.STEPS):
                copy = _in_memory()
                with closing(db):
                    db.backup(copy)
                db = copy
                schema.migrate(db)
        except BaseException:
            db.close()
            raise
        return db, key


def files_of(path: Path) -> tuple[Path, ...]:
    """All files that hold words of the journal: itself, its write-ahead log and the log's index."""
    return tuple(path.with_name(path.name + end) for end in ("", "-wal", "-shm"))


def _open_locked(path: Path, key: bytes | None) -> sqlite3.Connection:
    made = _make(path)
    db = _connect(path, "rw", key)
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


def lock(path: Path) -> int:
    """Be the only writer until the descriptor is closed or the process ends, however it ends. Readers do not ask.

    The lock has a file of its own: one taken on the journal itself would be lost as soon as any other descriptor
    of it is closed in this process, SQLite's among them.
    """
    lock_path = path.with_name(path.name + "-lock")
    if lock_path.exists() and not os.access(lock_path, os.W_OK):
        raise JournalError(f"{lock_path} belongs to somebody else (was Evensong run as root once?); remove that file.")
    held = os.open(lock_path, os.O_RDWR | os.O_CREAT, _PRIVATE)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise JournalError(
            f"Another Evensong is writing the journal {path}; end that one first (`evensong journal list`, `show` "
            "and `export` work meanwhile)."
        ) from None
    except BaseException:
        os.close(held)
        raise
    return held


def _make(path: Path) -> bool:
    """Make an empty, private file (SQLite gives its log the same mode). False: there is one."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))
    except FileExistsError:
        return False
    return True


def _connect_to_read(path: Path, key: bytes | None) -> sqlite3.Connection:
    db = _connect(path, _to_look(path), key)
    try:
        schema.version(db)
    except errors("OperationalError") as error:
        db.close()
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code & 0xFF not in _NO_LOG or not os.access(path, os.R_OK):
            raise
    except BaseException:
        db.close()
        raise
    else:
        return db
    # A read-only disk, where SQLite cannot make its log: nobody writes there, so it needs none.
    for log in (files_of(path)[1], _undo_of(path)):
        if log.exists() and log.stat().st_size:
            raise JournalError(
                f"The journal {path} was not closed and lies on a read-only disk; copy it together with {log.name} to "
                "a folder of yours and set paths.journal to the copy."
            )
    return _connect(path, "ro&immutable=1", key)


def key_of(path: Path, file: Path | None, journal: Path | None = None) -> bytes | None:
    """The key of an encrypted journal, once it is certain that it opens it. None: it is plain, or no key is found.

    A copy has the key of its ``journal``.
    """
    if not path.exists() or not os.access(path, os.R_OK) or not is_encrypted(path):
        return None
    found = keys.find(journal or path, file)
    for _, key in found:
        if _opens(path, key):
            return key
    if found:
        raise JournalError(f"The key in {found[0][0]} does not open the journal {path}; put the right key there.")
    return None


def _opens(path: Path, key: bytes) -> bool:
    with closing(_connect(path, _to_look(path), key)) as db:
        try:
            schema.version(db)
        except errors("DatabaseError") as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_NOTADB:
                raise
            return False
    return True


def _to_look(path: Path) -> str:
    """The mode in which to look at the journal. Where its very first write was cut off, before it had its log, SQLite
    undoes that write as soon as it looks, which it may only where it may write.
    """
    return "rw" if _undo_of(path).exists() and os.access(path, os.W_OK) else "ro"


def _undo_of(path: Path) -> Path:
    """SQLite's notes for undoing a write that it makes without a write-ahead log."""
    return path.with_name(path.name + "-journal")


def _connect(path: Path, mode: str, key: bytes | None) -> sqlite3.Connection:
    return connect(f"{path.as_uri()}?mode={mode}", key)


def _in_memory() -> sqlite3.Connection:
    return tuned(sqlite3.connect(":memory:", isolation_level=None))
