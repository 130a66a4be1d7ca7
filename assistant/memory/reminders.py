"""The reminders in the journal's file. They are kept when a method returns, and wait there over every restart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.errors import JournalError
from assistant.memory.due import is_over, next_time
from assistant.memory.records import Reminder
from assistant.memory.recurrence import resolved, wall
from assistant.memory.rows import clean
from assistant.memory.schema import version
from assistant.memory.shared import Shared
from assistant.memory.trouble import damaged, explained

FIRST_VERSION = 2  # of the journal that had reminders
_COLUMNS = "id, ritual, what, summary, rrule, at, created, announced, again_at, put_off"


class Reminders:
    """A part of `Journal`; raises JournalError as the journal does."""

    def __init__(self, journal: Shared) -> None:
        self._journal = journal

    def all(self) -> tuple[Reminder, ...]:
        """Every reminder, the one that comes next first."""
        with explained(self._journal.path):
            if version(self._journal.db) < FIRST_VERSION:  # of an older Evensong, open for reading only
                return ()
            try:
                found = self._journal.db.execute(f"SELECT {_COLUMNS} FROM reminders ORDER BY id").fetchall()  # noqa: S608
                read = [_read(row) for row in found]
            except (ValueError, TypeError):
                raise damaged(self._journal.path) from None
        now = self._journal.now()
        return tuple(sorted(read, key=lambda one: (next_time(one, now) or datetime.max, one.id)))

    def add(self, when: Mapping[str, str], ritual: str | None = None, what: str | None = None) -> int:
        """Keep one and return its id. ``when`` is the slot of that name (docs/contracts.md).

        A reminder of the same thing for the same time is not kept twice. Raises ValueError when ``when`` is none.
        """
        words = (ritual and clean(ritual), what and clean(what), clean(when["summary"]))
        rrule, at = self._times(when)
        with self._journal.together():
            same = self._journal.db.execute(
                "SELECT id FROM reminders WHERE ritual IS ? AND what IS ? AND summary = ? AND at IS ?", (*words, at)
            ).fetchone()
            if same is not None:
                return int(same[0])
            cursor = self._journal.db.execute(
                "INSERT INTO reminders (ritual, what, summary, rrule, at, created) VALUES (?, ?, ?, ?, ?, ?)",
                (*words, rrule, at, wall(self._journal.now()).isoformat()),
            )
            reminder_id = cursor.lastrowid
            self._clear_away()
        assert reminder_id is not None
        return reminder_id

    def move(self, reminder_id: int, when: Mapping[str, str]) -> None:
        """Give it another time; what was put off or announced of the old one is forgotten."""
        rrule, at = self._times(when)
        self._change(
            "summary = ?, rrule = ?, at = ?, created = ?, announced = NULL, again_at = NULL, put_off = 0",
            (clean(when["summary"]), rrule, at, wall(self._journal.now()).isoformat(), reminder_id),
        )

    def given(self, reminder_id: int, of: datetime) -> None:
        """It was announced for the time ``of``. One that is for one time goes."""
        with self._journal.together():
            self._change("announced = ?, again_at = NULL, put_off = 0", (of.isoformat(), reminder_id))
            self._clear_away()

    def put_off(self, reminder_id: int, of: datetime, until: datetime) -> None:
        """It was announced for the time ``of``, and is to be said again at ``until`` (aware)."""
        again = until.astimezone(UTC).isoformat(timespec="seconds")
        self._change("announced = ?, again_at = ?, put_off = put_off + 1", (of.isoformat(), again, reminder_id))

    def remove(self, ids: Iterable[int]) -> None:
        """Really remove them; those that are not there any more are passed over."""
        with self._journal.together():
            for reminder_id in ids:
                self._journal.db.execute("DELETE FROM reminders WHERE id = ?", (reminder_id,))
            self._journal.note_removal()

    def _clear_away(self) -> None:
        now = self._journal.now()
        over = [one.id for one in self.all() if is_over(one, now)]
        if over:
            self.remove(over)

    def _times(self, when: Mapping[str, str]) -> tuple[str | None, str | None]:
        if "rrule" in when:
            return when["rrule"], None
        return None, resolved(when["at"], self._journal.now())

    def _change(self, assignments: str, values: tuple[Any, ...]) -> None:
        with self._journal.together():
            cursor = self._journal.db.execute(f"UPDATE reminders SET {assignments} WHERE id = ?", values)  # noqa: S608
            if cursor.rowcount == 0:
                raise JournalError(f"There is no reminder {values[-1]}; ask Evensong what reminders there are.")


def _read(row: tuple[Any, ...]) -> Reminder:
    reminder_id, ritual, what, summary, rrule, at, created, announced, again_at, put_off = row
    return Reminder(
        id=reminder_id,
        ritual=ritual,
        what=what,
        summary=summary,
        rrule=rrule,
        at=at,
        created=datetime.fromisoformat(created),
        announced=announced and datetime.fromisoformat(announced),
        again_at=again_at and datetime.fromisoformat(again_at),
        put_off=put_off,
    )
