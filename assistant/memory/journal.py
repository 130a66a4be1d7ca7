"""The journal: sessions and their answers in one SQLite file, each answer on the disk when `record` returns.

See docs/journal.md for the tables, the files and what is and is not promised about removing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from assistant.errors import JournalError
from assistant.memory import deleting, importing, keeping, rows
from assistant.memory import export as exports
from assistant.memory.backups import Backups
from assistant.memory.calendar_file import to_icalendar
from assistant.memory.closed import Closed
from assistant.memory.copying import rewrite
from assistant.memory.forgetting import Forgetting
from assistant.memory.inspecting import problems
from assistant.memory.leaving import Leaving
from assistant.memory.opening import files_of, open_for_reading, open_for_writing
from assistant.memory.passphrases import Passphrases
from assistant.memory.recall import Recall
from assistant.memory.records import Session
from assistant.memory.reminders import Reminders
from assistant.memory.removal import Removal
from assistant.memory.shared import Shared
from assistant.memory.trouble import damaged, explained, explained_opening
from assistant.memory.voices import Voices
from assistant.memory.word_meanings import WordMeanings


class Journal:
    """One household's journal. Use it as a context manager, from one thread.

    At most one session is open at a time; it stays open, over restarts too, until it is closed. Every method
    raises JournalError, in one sentence with the remedy and without anything that was said, when the file or
    the disk refuses; what was kept before is then still there, and the call has changed nothing.
    """

    def __init__(
        self,
        path: Path,
        db: sqlite3.Connection,
        lock: int | None,
        now: Callable[[], datetime],
        key: bytes | None = None,
    ) -> None:
        self._path = path
        self._db = db
        self._lock = lock
        self._now = now
        self._file = _file_at(path)
        self.backups = Backups(path, db, key, now)
        self._forgetting = Forgetting(path, db, self.backups)
        self._leaving = Leaving(path, db, key, now)
        self.recall = Recall(path, db)
        shared = Shared(path, db, self.together, self._forgetting.note, now)
        self.reminders = Reminders(shared)
        self.closed = Closed(shared)
        self.meanings = WordMeanings(shared)
        self.passphrases = Passphrases(shared)
        self.voices = Voices(shared)
        removal = Removal(db, self.together, self._forgetting, self._leaving, self._refuse_when_reading)
        self._finish = removal.finish
        self.delete_session, self.delete_last_entry = removal.session, removal.last_entry
        self.delete_some, self.forget_voice = removal.some, removal.voice
        self.delete_everything, self.bring_back = removal.everything, removal.bring_back

    @classmethod
    def open(
        cls,
        path: Path,
        now: Callable[[], datetime],
        mode: Literal["write", "read"] = "write",
        key_file: Path | None = None,
    ) -> Journal:
        """Open the journal at ``path``; "write" makes it when there is none, and can be had by one process at a time.

        "read" works beside a writer and on a read-only disk, and changes nothing (a first write that was cut off is
        undone). ``now`` gives the calendar time and must return an aware datetime in local time. ``key_file`` is where
        the key of an encrypted journal is looked for before the system's keyring is asked.
        """
        path = Path(os.path.realpath(path))
        if mode == "read":
            db, key = open_for_reading(path, key_file)
            return cls(path, db, None, now, key)
        db, lock, key = open_for_writing(path, key_file)
        journal = cls(path, db, lock, now, key)
        try:
            journal._finish()
        except BaseException:
            journal.close()
            raise
        return journal

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. An open session stays open. Closing twice is allowed."""
        self.backups.stop()
        self._db.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def path(self) -> Path:
        """The journal's file."""
        return self._path

    def now(self) -> datetime:
        """The calendar time, aware, in local time."""
        return self._now()

    # --- keeping -------------------------------------------------------------------------------------

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside is kept as one: after a crash or an error all of it is there, or none."""
        if self._db.in_transaction:
            yield
            return
        self._refuse_when_reading()
        self._refuse_when_gone()
        with explained(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        self._forgetting.after_commit()

    def open_session(self, ritual: str, people: tuple[str, ...], seed: int) -> int:
        """Begin a session and return its id, which is never given again. One that is still open ends as stopped."""
        with self.together():
            self.close_session("stopped")
            return keeping.begin(self._db, self._now(), ritual, people, seed)

    def record(
        self,
        key: str,
        person: str | None = None,
        text: str | None = None,
        number: float | None = None,
        about: str | None = None,
        *,
        closed: bool = False,
    ) -> None:
        """Keep an answer in the open session; it is on the disk when this returns.

        ``about`` is the person it was said to or about, when that is another than ``person``. Control characters
        are dropped and half characters replaced. ``closed``: nobody can read it until it is
        opened. Raises JournalError when no session is open, ValueError when
        ``number`` is not finite.
        """
        with self.together():
            keeping.answer(self._db, self._now(), (person, key, text, about), number, closed=closed)

    def scratch(self) -> str | None:
        """Really remove the last answer of the open session; its key, or None when there was nothing to remove.

        Quick enough for the middle of a ritual: the file is written anew only when the journal is next opened.
        """
        with self.together():
            key = keeping.take_back(self._db)
            if key is not None:
                self._forgetting.note()
                self._forgetting.clear_index()
        return key

    def correct(self, entry_id: int, text: str) -> None:
        """What was misheard becomes ``text``; the words before are cleared away as those of `scratch` are.

        Raises JournalError when ``text`` is empty, or when there is no such answer in words.
        """
        right = rows.clean(text).strip()
        if not right:
            raise JournalError("An answer cannot become empty; delete it instead.")
        with self.together():
            self.meanings.forget(entry_id)
            cursor = self._db.execute(
                "UPDATE entries SET text = ? WHERE id = ? AND text IS NOT NULL", (right, entry_id)
            )
            if cursor.rowcount == 0:
                raise JournalError("That answer is not in the journal any more; look again.")
            self._forgetting.note()
            self._forgetting.clear_index()

    def join(self, person: str) -> None:
        """``person`` takes part in the open session from now on."""
        with self.together():
            keeping.join(self._db, person)

    def rename(self, old: str, new: str) -> None:
        """``old`` was got wrong: in the open session, all that is kept under it belongs to ``new`` from now on."""
        with self.together():
            keeping.rename(self._db, old, new)

    def close_session(self, outcome: Literal["finished", "stopped"]) -> None:
        """End the open session, if there is one."""
        with self.together():
            keeping.end(self._db, self._now(), outcome)

    # --- where the conversation stands ---------------------------------------------------------------

    def save_state(self, state: str) -> None:
        """Keep the dialogue's state (JSON text) in place of the one before; nothing is written when it is the same.

        It belongs to the latest session and goes when that is deleted.
        """
        with self.together():
            keeping.stand(self._db, state)

    def load_state(self) -> str | None:
        """The state that was saved last; None when there is none."""
        with explained(self._path):
            row = self._db.execute("SELECT body FROM state").fetchone()
        return None if row is None else str(row[0])

    def clear_state(self) -> None:
        with self.together():
            self._db.execute("DELETE FROM state")
            self._forgetting.cut_log_later()

    # --- giving back ---------------------------------------------------------------------------------

    def sessions(self, limit: int | None = None, ritual: str | None = None) -> tuple[Session, ...]:
        """The latest sessions first; at most ``limit``, of ``ritual`` only."""
        return self._read(
            "(:ritual IS NULL OR ritual = :ritual)",
            {"limit": -1 if limit is None else limit, "ritual": ritual},
        )

    def is_of_one(self) -> bool:
        """Whether nobody, or only one person, ever took part; quick however long the journal is."""
        with explained(self._path):
            return len(rows.people(self._db, 2)) <= 1

    def people(self) -> tuple[str, ...]:
        """The names of everybody who ever took part, by the alphabet."""
        with explained(self._path):
            return tuple(sorted(rows.people(self._db)))

    def session(self, session_id: int) -> Session:
        """One session. Raises JournalError when there is none of that number."""
        found = self._read("id = :id", {"id": session_id, "limit": 1})
        if not found:
            raise deleting.no_such(session_id)
        return found[0]

    def import_json(self, text: str) -> int:
        """Add the sessions and reminders of an export that are not here yet; how many sessions that were.

        Raises JournalError when ``text`` is no export; then nothing was added.
        """
        export = importing.read(text)
        with self.together():
            return importing.write(self._db, export)

    def export(self, to: Literal["json", "md", "csv", "ics"]) -> str:
        """The whole journal as text, the oldest session first; see `assistant.memory.export` for the shapes."""
        if to == "ics":
            return to_icalendar(self.reminders.all(), self._now())
        sessions = self.sessions()[::-1]
        if to == "json":
            return exports.to_json(sessions, self.reminders.all(), self._now())
        return exports.to_markdown(sessions) if to == "md" else exports.to_csv(sessions)

    def encrypt(self, key: bytes | None) -> None:
        """Write the journal anew, encrypted with ``key`` (None: plain), and its backups; then it must be opened anew.

        What lay on the disk before is overwritten. Raises JournalError; then nothing has changed.
        """
        self._refuse_when_reading()
        with explained(self._path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with explained_opening(self._path):
            self._leaving.rekey(key)
            rewrite(self._db, self._path, key, (*files_of(self._path)[1:], *self.backups.all()))
        self.close()

    def integrity(self) -> list[str]:
        """What is wrong with the file, one sentence each; empty when all is well."""
        return problems(self._db, self._path, self._now())

    # --- forgetting (what is deleted and brought back is done by `Removal`) ----------------------------

    def leaving(self) -> datetime | None:
        """When everything was deleted that can still be brought back; aware. None: nothing can."""
        return self._leaving.since()

    def held(self) -> Mapping[str, int]:
        """How many sessions, answers (closed ones, too), reminders and voices the journal holds."""
        with explained(self._path):
            return deleting.held(self._db)

    def sessions_of(self, ids: Sequence[int]) -> int:
        """Of how many sessions these answers are, open or closed."""
        with explained(self._path):
            return deleting.sessions_of(self._db, ids)

    def last_entry(self) -> keeping.Latest | None:
        """Whose the newest answer is, and of which ritual; never what it says."""
        with explained(self._path):
            return keeping.latest(self._db)

    def keep_up(self) -> None:
        """Once a day, while nobody is being talked to: today's backup, and what was to be deleted by now.

        To be asked now and then. Raises JournalError, also when the backup that was begun before could not be made.
        """
        if self._leaving.is_over():
            self._leaving.drop()
        self.backups.keep_up()

    # --- inside ----------------------------------------------------------------------------------------

    def _read(self, condition: str, values: dict[str, Any]) -> tuple[Session, ...]:
        with explained(self._path):
            try:
                return rows.read_sessions(self._db, condition, values)
            except (ValueError, TypeError, OverflowError):
                raise damaged(self._path) from None

    def _refuse_when_reading(self) -> None:
        if self._lock is None:
            raise JournalError(f"The journal {self._path} is open for reading only; open it for writing.")

    def _refuse_when_gone(self) -> None:
        """The system would go on writing into a file that nobody can find any more."""
        if _file_at(self._path) != self._file:
            raise JournalError(
                f"The journal {self._path} is not there any more (was its folder moved, or its disk taken out?); bring "
                "it back and start Evensong again."
            )


def _file_at(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
