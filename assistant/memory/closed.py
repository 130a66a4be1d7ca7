"""Answers that were given apart, and stay closed until everybody who was asked agrees to open them.

They lie in a table of their own, so that nothing that reads the journal (recall, export, trends, pictures) can come
upon them. Opened, they become answers like all others. A row without words stands for an answer that is still to come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.memory.recall import Question
from assistant.memory.rows import clean, local_time, stamp, utc_text
from assistant.memory.shared import Shared
from assistant.memory.trouble import explained


@dataclass(frozen=True, slots=True)
class Waiting:
    """The closed answers to one question (``key``) of one session; of each person only whether there is one.

    ``answered`` did so apart, ``missing`` have not answered at all, ``willing`` want to open them. ``cards`` are the
    words of that session that nobody said, by their keys: cards that were drawn.
    """

    session: int
    ritual: str
    key: str
    at: datetime
    answered: tuple[str, ...]
    missing: tuple[str, ...]
    willing: tuple[str, ...]
    cards: dict[str, str]


class Closed:
    """A part of `Journal`; raises JournalError as the journal does."""

    def __init__(self, journal: Shared) -> None:
        self._journal = journal

    def waiting(self, session: int | None = None, key: str | None = None) -> tuple[Waiting, ...]:
        """What is closed, the latest first: all of it, or that of one ``session`` or of one question."""
        with explained(self._journal.path):
            found = self._journal.db.execute(
                "SELECT c.session_id, s.ritual, s.people, c.key, max(c.at), c.offset_s, "
                "json_group_array(CASE WHEN c.text IS NOT NULL THEN c.person END), "
                "json_group_array(CASE WHEN c.may_open THEN c.person END) "
                "FROM closed AS c JOIN sessions AS s ON s.id = c.session_id "
                "WHERE (?1 IS NULL OR c.session_id = ?1) AND (?2 IS NULL OR c.key = ?2) "
                "GROUP BY c.session_id, c.key ORDER BY max(c.id) DESC",
                (session, key),
            ).fetchall()
            return tuple(self._waiting(*row) for row in found)

    def add(self, session: int, key: str, person: str, text: str) -> None:
        """``person`` answers later what was asked in ``session``; it takes the place of what they answered before."""
        with self._journal.together():
            if self._journal.db.execute(
                "DELETE FROM closed WHERE session_id = ? AND key = ? AND person = ?", (session, key, clean(person))
            ).rowcount:
                self._journal.note_removal()
            self._journal.db.execute(
                "INSERT INTO closed (id, session_id, at, offset_s, person, key, text) "  # noqa: S608
                f"VALUES ({NEXT_ID}, ?, ?, ?, ?, ?, ?)",
                (session, *stamp(self._journal.now()), clean(person), key, clean(text)),
            )

    def agree(self, session: int | None, key: str, willing: Sequence[str], unwilling: Sequence[str] = ()) -> None:
        """Note who wants the answers opened and who does not. They are open as soon as all want it and none is missing.

        ``session`` None is the one that is under way.
        """
        with self._journal.together():
            for may_open, names in ((1, willing), (0, unwilling)):
                self._journal.db.executemany(
                    f"UPDATE closed SET may_open = ? WHERE session_id = {_SESSION} AND key = ? AND person = ?",  # noqa: S608
                    [(may_open, session, key, clean(name)) for name in names],
                )
            for one in self.waiting(self.session(session), key):
                if not one.missing and set(one.answered) == set(one.willing):
                    self._open(one)

    def ids(self, session: int, key: str) -> tuple[int, ...]:
        """The ids of the closed answers to one question, by which they can be deleted."""
        with explained(self._journal.path):
            rows = self._journal.db.execute(
                "SELECT id FROM closed WHERE session_id = ? AND key = ?", (session, key)
            ).fetchall()
        return tuple(int(row[0]) for row in rows)

    def session(self, session: int | None) -> int | None:
        """The session that is under way, where none is named; -1 when there is none."""
        if session is not None:
            return session
        row = self._journal.db.execute("SELECT id FROM sessions WHERE outcome = 'open'").fetchone()
        return -1 if row is None else int(row[0])

    def asked_for(self, question: Question, naming: str | None = None) -> tuple[int, ...]:
        """The ids of what a request to delete means: ``question`` by its time, person, whom it is about and words.

        ``naming`` besides: all that this person said, was told or is named in. Nothing is opened by this.
        """
        with explained(self._journal.path):
            rows = self._journal.db.execute("SELECT id, at, person, about, text FROM closed").fetchall()
        since, until = question.since and utc_text(question.since), question.until and utc_text(question.until)
        found = []
        for entry, at, person, about, text in rows:
            said = set(_words(text or ""))
            if (since and at < since) or (until and at >= until) or not said.issuperset(map(str.lower, question.words)):
                continue
            if naming is None and question.person not in (None, person):
                continue
            if naming is not None and naming not in (person, about) and not said.issuperset(_words(naming)):
                continue
            found.append(int(entry))
        return tuple(found)

    def _open(self, one: Waiting) -> None:
        self._journal.db.execute(
            f"INSERT INTO entries ({_COLUMNS}) SELECT {_COLUMNS} FROM closed "  # noqa: S608
            "WHERE text IS NOT NULL AND session_id = ? AND key = ?",
            (one.session, one.key),
        )
        self._journal.db.execute("DELETE FROM closed WHERE session_id = ? AND key = ?", (one.session, one.key))

    def _waiting(
        self, session: int, ritual: str, people: str, key: str, at: str, offset_s: int, answered: str, willing: str
    ) -> Waiting:
        by = tuple(name for name in json.loads(answered) if name is not None)
        entries = self._journal.db.execute(
            "SELECT person, key, text FROM entries WHERE session_id = ? ORDER BY id", (session,)
        ).fetchall()
        openly = {person for person, of, _ in entries if of == key}
        return Waiting(
            session,
            ritual,
            key,
            local_time(at, offset_s),
            by,
            tuple(name for name in json.loads(people) if name not in by and name not in openly),
            tuple(name for name in json.loads(willing) if name is not None),
            {str(of): str(text) for person, of, text in entries if person is None and text is not None},
        )


_COLUMNS = "id, session_id, at, offset_s, person, key, text, number, about"
_SESSION = "coalesce(?, (SELECT id FROM sessions WHERE outcome = 'open'))"
# One count for open and closed answers, so that they stay in the order they were said in.
NEXT_ID = "(SELECT 1 + max(coalesce((SELECT max(id) FROM entries), 0), coalesce((SELECT max(id) FROM closed), 0)))"


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
