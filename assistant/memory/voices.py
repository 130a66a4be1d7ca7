"""Voice prints: 256 numbers a person, by which a voice is known again. No sound is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import numpy as np

from assistant.memory import rows
from assistant.memory.trouble import explained

_FORMAT = np.dtype("<f4")


class Voices:
    """The table of voice prints of the journal at ``path``. Raises JournalError as the journal does."""

    def __init__(
        self,
        path: Path,
        db: sqlite3.Connection,
        together: Callable[[], AbstractContextManager[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._path = path
        self._db = db
        self._together = together
        self._now = now

    def keep(self, person: str, values: Sequence[float]) -> None:
        """Remember the print ``values`` of ``person``, in place of the one before."""
        print_of = np.asarray(values, dtype=_FORMAT).tobytes()
        with self._together():
            self._db.execute(
                "INSERT INTO voices (person, print, at, offset_s) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (person) DO UPDATE "
                "SET print = excluded.print, at = excluded.at, offset_s = excluded.offset_s",
                (rows.clean(person), print_of, *rows.stamp(self._now())),
            )

    def all(self) -> dict[str, tuple[float, ...]]:
        """The prints by name, by the alphabet."""
        with explained(self._path):
            found = self._db.execute("SELECT person, print FROM voices ORDER BY person").fetchall()
        return {str(person): tuple(np.frombuffer(values, dtype=_FORMAT).tolist()) for person, values in found}
