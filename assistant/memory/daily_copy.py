"""Today's copy of the journal, made beside everything else: ten years of answers take seconds to copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

from assistant.errors import JournalError
from assistant.memory.copying import write_copy
from assistant.memory.engine import connect, errors
from assistant.memory.trouble import explained_opening

STEPS_BETWEEN_LOOKS = 10_000  # of SQLite's machine: a fraction of a millisecond
END_S = 10.0  # longer than any step of a copy may last


class DailyCopy:
    """One copy of the journal ``path`` to ``target``, in a thread with a connection of its own, begun at once.

    Whoever made it must `stop` it before the journal is closed or anything is deleted from it.
    """

    def __init__(self, path: Path, target: Path, key: bytes | None, finished: Callable[[], None]) -> None:
        self._path = path
        self._target = target
        self._key = key
        self._finished = finished
        self._stopping = Event()
        self._trouble: JournalError | None = None
        self._thread = Thread(target=self._run, name="daily-copy", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Give it up, unless it is made already; there is no half of a copy when this returns."""
        self._stopping.set()
        self._thread.join(END_S)

    def take_trouble(self) -> JournalError | None:
        """Why it could not be made, once; None: it was, or is being made."""
        trouble, self._trouble = self._trouble, None
        return trouble

    def _run(self) -> None:
        try:
            with explained_opening(self._target):
                self._copy()
        except JournalError as error:
            if not self._stopping.is_set():
                self._trouble = error
        except errors("OperationalError"):  # interrupted
            assert self._stopping.is_set()

    def _copy(self) -> None:
        with closing(connect(f"{self._path.as_uri()}?mode=ro", self._key)) as source:
            self._give_way(source)
            source.execute("BEGIN")  # one moment of the journal, whatever is written meanwhile
            write_copy(source, self._target, self._key, self._give_way)
        self._finished()

    def _give_way(self, db: sqlite3.Connection) -> None:
        db.set_progress_handler(self._stopping.is_set, STEPS_BETWEEN_LOOKS)
