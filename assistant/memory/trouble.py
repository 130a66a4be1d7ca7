"""What SQLite and the file system complain about, said in one sentence with the remedy.

No sentence holds anything that was said: only paths and the system's own names of errors.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import JournalError
from assistant.memory.engine import errors

_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_LEAST_ROOM_BYTES = 64 * 1024  # SQLite calls a full disk an input/output error when its shared memory does not fit


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite cannot do with the journal at ``path`` into a JournalError; mistakes of ours stay themselves."""
    try:
        yield
    except errors() as error:
        sentence = _sqlite_sentence(error, path)
        if sentence is None:
            raise
        raise JournalError(sentence) from None


@contextmanager
def explained_opening(path: Path) -> Iterator[None]:
    """Like `explained`, for the files and folders around the journal too."""
    try:
        with explained(path):
            yield
    except OSError as error:
        raise JournalError(_os_sentence(error, path)) from None


def damaged(path: Path) -> JournalError:
    return JournalError(
        f"The journal {path} is damaged; put a copy of it aside, then save what can be read with "
        f"`sqlite3 {path} .recover`."
    )


def _sqlite_sentence(error: Exception, path: Path) -> str | None:
    """The sentence for ``error``, or None when it is no trouble of the file's but a mistake in our code."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _room_bytes(path) < _LEAST_ROOM_BYTES:
        code = sqlite3.SQLITE_FULL
    if code == sqlite3.SQLITE_CANTOPEN:
        return _cannot_open(path)
    if code == sqlite3.SQLITE_CORRUPT:
        return str(damaged(path))
    return {
        sqlite3.SQLITE_FULL: _full(path),
        sqlite3.SQLITE_READONLY: _read_only(path),
        sqlite3.SQLITE_PERM: _read_only(path),
        sqlite3.SQLITE_BUSY: f"Another program is writing the journal {path}; end that program and try again.",
        sqlite3.SQLITE_NOTADB: f"{path} is not a journal, or is damaged; set paths.journal to another file, or move "
        "this one away and a new journal is begun.",
        sqlite3.SQLITE_IOERR: f"The disk refused to read or write the journal {path} "
        f"({getattr(error, 'sqlite_errorname', 'input/output error')}); check the disk and its quota, then try again.",
    }.get(code)


def _os_sentence(error: OSError, path: Path) -> str:
    if error.errno in _NO_ROOM:
        return _full(path)
    if error.errno in _READ_ONLY:
        return _cannot_open(path)
    if isinstance(error, NotADirectoryError | FileExistsError):
        return f"The journal {path} cannot be made, a part of its path is a file; set paths.journal to another place."
    return f"The journal {path} cannot be opened ({error.strerror}); set paths.journal to another place."


def _full(path: Path) -> str:
    return f"The disk is full, so nothing more fits into the journal {path}; make some room (what it holds is safe)."


def _read_only(path: Path) -> str:
    return (
        f"The journal {path} cannot be written, the file or its folder is read-only; make both writable, or set "
        "paths.journal to another place."
    )


def _cannot_open(path: Path) -> str:
    folder = path.parent
    hidden = os.access(folder, os.F_OK) and not os.access(folder, os.X_OK)
    if hidden or (os.access(path, os.F_OK) and not os.access(path, os.R_OK)):
        return f"The journal {path} may not be read by you; make it yours (`chown`, `chmod 600`), or run as its owner."
    return _read_only(path)


def _room_bytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return _LEAST_ROOM_BYTES
