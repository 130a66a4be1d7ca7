"""Removing from the journal: the rows go in one transaction, then their traces; everything has a day of grace."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from assistant.memory import deleting, rows
from assistant.memory.forgetting import Forgetting
from assistant.memory.leaving import Leaving


class Removal:
    """A part of `Journal`, which hands out its connection and its methods here as its own; none inside `together`.

    Each raises JournalError when there is nothing of the kind, and also, the rows being gone, when their traces cannot
    be cleared from the files yet; that is then done as soon as the journal is next opened.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        together: Callable[[], AbstractContextManager[None]],
        forgetting: Forgetting,
        leaving: Leaving,
        must_write: Callable[[], None],
    ) -> None:
        self._db = db
        self._together = together
        self._forgetting = forgetting
        self._leaving = leaving
        self._must_write = must_write

    def session(self, session_id: int) -> None:
        """Really remove a session, its answers and the state that belongs to it."""
        with self._removing():
            deleting.session(self._db, session_id)

    def last_entry(self) -> None:
        """Really remove the newest answer, open or closed, in whichever session it is."""
        with self._removing():
            deleting.last_entry(self._db)

    def some(self, ids: Sequence[int], person: str | None = None) -> None:
        """Really remove these answers, open or closed, and sessions of which nothing is left.

        ``person``: that name goes, too, from all that is left: from the sessions it stands in, the reminders that
        speak of it, and with its passphrase.
        """
        with self._removing():
            deleting.some(self._db, ids)
            if person is not None:
                self._forgetting.name(rows.clean(person))

    def voice(self, person: str) -> None:
        """Really remove the voice print of ``person``."""
        with self._removing():
            self._db.execute("DELETE FROM voices WHERE person = ?", (rows.clean(person),))

    def everything(self, *, grace: bool = False) -> None:
        """Really remove all that was ever kept.

        ``grace``: out of every sight at once, and really removed when the journal is opened, or kept up, a day later.
        """
        self._must_write()
        if grace:
            self._leaving.begin()
        else:
            self._leaving.drop()
        with self._removing():
            deleting.everything(self._db)
            self._leaving.done()

    def bring_back(self) -> bool:
        """Within its day of grace, all that was deleted comes back. False: nothing is left."""
        self._must_write()
        with self._together():
            back = self._leaving.bring_back()
            if back:
                self._forgetting.rebuild_index()
        if back:
            self._leaving.drop()
        return back

    def finish(self) -> None:
        """What a crash left undone, and a day of grace that is over."""
        if self._leaving.is_halfway():
            self.everything(grace=True)
        elif self._leaving.is_over():
            self._leaving.drop()
        self._forgetting.finish()

    @contextmanager
    def _removing(self) -> Iterator[None]:
        self._must_write()
        self._forgetting.make_room()
        with self._together():
            yield
            self._forgetting.note()
        self._forgetting.finish_now()
