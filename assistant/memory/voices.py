"""Voice prints: 256 numbers a person, by which a voice is known again. No sound is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.memory import rows
from assistant.memory.shared import Shared
from assistant.memory.trouble import explained

_FORMAT = np.dtype("<f4")


class Voices:
    """A part of `Journal`; raises JournalError as the journal does."""

    def __init__(self, journal: Shared) -> None:
        self._journal = journal

    def keep(self, person: str, values: Sequence[float]) -> None:
        """Remember the print ``values`` of ``person``, in place of the one before."""
        print_of = np.asarray(values, dtype=_FORMAT).tobytes()
        with self._journal.together():
            self._journal.db.execute(
                "INSERT INTO voices (person, print, at, offset_s) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (person) DO UPDATE "
                "SET print = excluded.print, at = excluded.at, offset_s = excluded.offset_s",
                (rows.clean(person), print_of, *rows.stamp(self._journal.now())),
            )

    def all(self) -> dict[str, tuple[float, ...]]:
        """The prints by name, by the alphabet."""
        with explained(self._journal.path):
            found = self._journal.db.execute("SELECT person, print FROM voices ORDER BY person").fetchall()
        return {str(person): tuple(np.frombuffer(values, dtype=_FORMAT).tolist()) for person, values in found}
