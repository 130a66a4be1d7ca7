"""SQLite, and SQLCipher where the journal is encrypted: the same database, and one family of errors for both."""

from __future__ import annotations

import sqlite3
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import JournalError, install_command

PLAIN_HEADER = b"SQLite format 3\x00"
BUSY_S = 1.0  # how long a reader may hold up the writer, and the other way round
HAS_CIPHER = find_spec("sqlcipher3") is not None  # the extra `encrypted`


def errors(name: str = "Error") -> tuple[type[Exception], ...]:
    """The errors called ``name`` of SQLite, and of SQLCipher where it is in use; it is loaded for nobody else."""
    modules = (sqlite3, sys.modules.get("sqlcipher3.dbapi2"))
    return tuple(getattr(module, name) for module in modules if module is not None)


def is_encrypted(path: Path) -> bool:
    """Whether the file at ``path`` holds something that is no plain SQLite. Raises OSError."""
    with path.open("rb") as file:
        header = file.read(len(PLAIN_HEADER))
    return bool(header) and header != PLAIN_HEADER


def connect(uri: str, key: bytes | None = None) -> sqlite3.Connection:
    """A connection to ``uri``, encrypted with ``key`` (32 bytes) if any. Raises JournalError, one of `errors`."""
    if key is None:
        return tuned(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_S))
    if not HAS_CIPHER:
        raise JournalError(
            f"The journal is encrypted, which needs SQLCipher; install it with `{install_command('encrypted')}`."
        )
    from sqlcipher3 import dbapi2 as cipher  # noqa: PLC0415  (7 MB of memory)

    db: Any = cipher.connect(uri, uri=True, isolation_level=None, timeout=BUSY_S)
    db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # the key itself, so that opening costs nothing
    return tuned(db)


def tuned(db: sqlite3.Connection) -> sqlite3.Connection:
    # A damaged letter must neither hide the rest nor put the words around it into an error message.
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA temp_store = MEMORY")  # what is sorted or rewritten never touches a temporary folder
    return db
