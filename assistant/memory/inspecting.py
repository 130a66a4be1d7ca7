"""Whether the journal's file is whole and private."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

from assistant.errors import JournalError
from assistant.memory.opening import files_of
from assistant.memory.trouble import damaged, explained


def problems(db: sqlite3.Connection, path: Path) -> list[str]:
    """What is wrong with the file, one sentence each; empty when all is well."""
    try:
        with explained(path):
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
            orphans = db.execute("PRAGMA foreign_key_check").fetchall()
    except JournalError as error:
        return [str(error)]
    wrong = [str(damaged(path))] if found or orphans else []
    for file in files_of(path):
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            wrong.append(f"Others may read {file}; make it private with `chmod 600 {file}`.")
    return wrong
