"""Whether the journal's file is whole and private, and the clock stands after what it holds."""

from __future__ import annotations

import sqlite3
import stat
from datetime import datetime, timedelta
from pathlib import Path

from assistant.errors import JournalError
from assistant.memory.opening import files_of
from assistant.memory.rows import utc_text
from assistant.memory.trouble import damaged, explained

CLOCK_MAY_BE_OFF = timedelta(hours=1)


def problems(db: sqlite3.Connection, path: Path, now: datetime) -> list[str]:
    """What is wrong with the file, one sentence each; empty when all is well."""
    try:
        with explained(path):
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
            orphans = db.execute("PRAGMA foreign_key_check").fetchall()
    except JournalError as error:
        return [str(error)]
    wrong = [str(damaged(path))] if found or orphans else []
    ahead = _newest(db, path)
    if not wrong and ahead is not None and ahead > utc_text(now + CLOCK_MAY_BE_OFF):
        wrong.append(
            f"The clock of this machine stands before the newest answer in {path} ({ahead[:10]}); set the clock, or "
            "what is said now counts as older. Nothing is lost."
        )
    for file in files_of(path):
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            wrong.append(f"Others may read {file}; make it private with `chmod 600 {file}`.")
    return wrong


def _newest(db: sqlite3.Connection, path: Path) -> str | None:
    """When the latest session began, in UTC as it is kept."""
    with explained(path):
        row = db.execute("SELECT max(started_at) FROM sessions").fetchone()
    return None if row[0] is None else str(row[0])
