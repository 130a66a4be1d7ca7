"""SQLite, and SQLCipher where the journal is encrypted: the same database, and one family of errors for both."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from assistant.errors import JournalError

try:
    from sqlcipher3 import dbapi2 as cipher
except ImportError:  # the extra `encrypted` is not installed
    cipher = None

Error: tuple[type[Exception], ...] = (sqlite3.Error,) if cipher is None else (sqlite3.Error, cipher.Error)
OperationalError: tuple[type[Exception], ...] = (
    (sqlite3.OperationalError,) if cipher is None else (sqlite3.OperationalError, cipher.OperationalError)
)
DatabaseError: tuple[type[Exception], ...] = (
    (sqlite3.DatabaseError,) if cipher is None else (sqlite3.DatabaseError, cipher.DatabaseError)
)
PLAIN_HEADER = b"SQLite format 3\x00"
BUSY_S = 1.0  # how long a reader may hold up the writer, and the other way round
HAS_CIPHER = cipher is not None
INSTALL = "`pip install 'evensong[encrypted]'`"


def is_encrypted(path: Path) -> bool:
    """Whether the file at ``path`` holds something that is no plain SQLite. Raises OSError."""
    with path.open("rb") as file:
        header = file.read(len(PLAIN_HEADER))
    return bool(header) and header != PLAIN_HEADER


def connect(uri: str, key: bytes | None = None) -> sqlite3.Connection:
    """A connection to ``uri``, encrypted with ``key`` (32 bytes) unless that is None. Raises JournalError or Error."""
    if key is None:
        return tuned(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_S))
    if cipher is None:
        raise JournalError(f"The journal is encrypted, which needs SQLCipher; install it with {INSTALL}.")
    db: Any = cipher.connect(uri, uri=True, isolation_level=None, timeout=BUSY_S)
    db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # the key itself, so that opening costs nothing
    return tuned(db)


def tuned(db: sqlite3.Connection) -> sqlite3.Connection:
    # A damaged letter must neither hide the rest nor put the words around it into an error message.
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA temp_store = MEMORY")  # what is sorted or rewritten never touches a temporary folder
    return db
