"""Finding answers again: by time, person, ritual and a few words of what was said, also when these were misheard."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from assistant.memory.records import Entry
from assistant.memory.rows import local_time, utc_text
from assistant.memory.trends import Point
from assistant.memory.trouble import explained

MOST = 60  # so many are found at most; more than that nobody has read out
ALIKE = 80  # rapidfuzz ratio, 0..100: a word that is not in the journal is taken for one that is spelled this near
NEAREST = 3
SHORTEST = 5  # letters; shorter words are too much like too many others
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; what is None, empty or False does not narrow it.

    ``since`` (with it) and ``until`` (without) are aware. ``keys`` are steps of rituals. ``words`` stand in the answer,
    each or a form of it, all of them or, ``any_word``, one; unless ``exactly``, words that are spelled nearly so count,
    too. ``near`` are words by which one of ``words`` may be found that stands nowhere. ``confided``: answers of
    somebody who was alone are left out, except those of this person (None: of nobody; "" everybody's are read, in a
    household of one).
    """

    since: datetime | None = None
    until: datetime | None = None
    ritual: str | None = None
    keys: tuple[str, ...] = ()
    person: str | None = None
    about: str | None = None
    words: tuple[str, ...] = ()
    any_word: bool = False
    exactly: bool = False
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confided: str | None = None
    oldest: bool = False
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    session: int
    ritual: str
    entry: Entry


class Recall:
    """A part of `Journal`, which hands out its connection; raises JournalError as the journal does."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self._path = path
        self._db = db
        self._said: tuple[object, list[str]] = (None, [])  # the vocabulary, and the state of the journal it is of

    def find(self, question: Question, limit: int = MOST) -> tuple[Found, ...]:
        """At most ``limit`` answers, the newest first unless the oldest are asked for.

        Words that stand nowhere in the journal are looked for as the words nearest to them that do.
        """
        with explained(self._path):
            if question.words:
                match = self._match(question)
                return self._entries(question, limit, match) if match else ()
            return self._entries(question, limit, None)

    def by_id(self, ids: Sequence[int], confided: str | None) -> tuple[Found, ...]:
        """These answers in this order, as far as they are still there and may be read."""
        with explained(self._path):
            marks = ", ".join("?" * len(ids))
            shared, values = _shared(confided)
            rows = self._db.execute(
                f"{_ENTRY} WHERE e.id IN ({marks}) AND {shared}",
                (*ids, *values),
            ).fetchall()
        found = {row[0]: _found(row) for row in rows}
        return tuple(found[one] for one in ids if one in found)

    def sessions(self, question: Question, limit: int = MOST) -> tuple[tuple[int, str, datetime], ...]:
        """Id, ritual and beginning of the latest sessions that ``question`` (without words) asks for."""
        where, values = _of_session(question)
        if question.person is not None:
            where += " AND EXISTS (SELECT 1 FROM json_each(s.people) WHERE value = ?)"
            values.append(question.person)
        with explained(self._path):
            rows = self._db.execute(
                f"{_SESSION} WHERE {where} ORDER BY started_at DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
        return tuple((one, ritual, local_time(at, offset)) for one, ritual, at, offset in rows)

    def numbers(self, question: Question) -> tuple[tuple[str | None, int, Point], ...]:
        """All numbers that ``question`` asks for: whose, of which session, and the point of the trend; oldest first."""
        where, values = _where(replace(question, words=()))
        with explained(self._path):
            rows = self._db.execute(
                f"{_NUMBER} WHERE {where} AND e.number IS NOT NULL ORDER BY e.at",
                values,
            ).fetchall()
        return tuple(
            (person, session, Point(local_time(at, offset).date(), float(number)))
            for person, session, at, offset, number in rows
        )

    # --- words ---

    def _match(self, question: Question) -> str:
        """The full-text query for the words; "" when the journal holds nothing like them."""
        groups = [
            self._forms(word, exactly=question.exactly) or self._known_of(question.near.get(word, ()))
            for word in question.words
        ]
        known = [group for group in groups if group]
        if not known or (len(known) < len(groups) and not question.any_word):
            return ""
        either = [f"({' OR '.join(_quoted(one) for one in group)})" for group in known]
        return (" OR " if question.any_word else " AND ").join(either)

    def unsaid(self, words: Sequence[str]) -> tuple[str, ...]:
        """Those of ``words`` that stand nowhere in the journal, in no form, and are spelled like none that does."""
        with explained(self._path):
            return tuple(word for word in words if not self._forms(word, exactly=False))

    def _known_of(self, words: Sequence[str]) -> list[str]:
        return [word for word in words if self._forms(word, exactly=True)]

    def _forms(self, word: str, *, exactly: bool) -> list[str]:
        """``word`` when the journal knows it in any form, else the nearest words that it knows."""
        if self._db.execute("SELECT 1 FROM entry_words WHERE entry_words MATCH ? LIMIT 1", (_quoted(word),)).fetchone():
            return [word]
        if exactly or len(word) < SHORTEST:
            return []
        near = process.extract(word, self._vocabulary(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=NEAREST)
        return [term for term, _, _ in near]

    def _vocabulary(self) -> list[str]:
        """Every word that was ever said, in the form in which it is indexed; read anew when anything was written."""
        (by_others,) = self._db.execute("PRAGMA data_version").fetchone()
        state = (by_others, self._db.total_changes)
        if self._said[0] != state:
            self._db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.said USING fts5vocab(main, entry_words, row)")
            self._said = (state, [str(term) for (term,) in self._db.execute("SELECT term FROM temp.said")])
        return self._said[1]

    def _entries(self, question: Question, limit: int, match: str | None) -> tuple[Found, ...]:
        where, values = _where(question)
        if match is None:
            rows = self._db.execute(
                f"{_ENTRY} WHERE {where} ORDER BY e.at {_order(question)}, e.id {_order(question)} LIMIT ?",
                (*values, limit),
            )
        else:  # the index gives its answers in the order of their ids, which is the order they were said in
            rows = self._db.execute(
                f"{_MATCHED} WHERE entry_words MATCH ? AND {where} "
                f"ORDER BY entry_words.rowid {_order(question)} LIMIT ?",
                (match, *values, limit),
            )
        return tuple(_found(row) for row in rows.fetchall())


_COLUMNS = "e.id, e.session_id, s.ritual, e.at, e.offset_s, e.person, e.key, e.text, e.number, e.about"
_ENTRY = f"SELECT {_COLUMNS} FROM entries AS e JOIN sessions AS s ON s.id = e.session_id"  # noqa: S608
_MATCHED = (
    f"SELECT {_COLUMNS} FROM entry_words CROSS JOIN entries AS e ON e.id = entry_words.rowid "  # noqa: S608
    "CROSS JOIN sessions AS s ON s.id = e.session_id"
)
_SESSION = "SELECT id, ritual, started_at, started_offset_s FROM sessions AS s"
_NUMBER = (
    "SELECT e.person, e.session_id, e.at, e.offset_s, e.number FROM entries AS e "
    "JOIN sessions AS s ON s.id = e.session_id"
)


def _found(row: tuple[Any, ...]) -> Found:
    entry_id, session, ritual, at, offset_s, *rest = row
    return Found(entry_id, session, ritual, Entry(local_time(at, offset_s), *rest))


def _order(question: Question) -> str:
    return "ASC" if question.oldest else "DESC"


def _where(question: Question) -> tuple[str, list[Any]]:
    shared, values = _shared(question.confided)
    conditions = [shared]
    for condition, value in (
        ("e.at >= ?", question.since and utc_text(question.since)),
        ("e.at < ?", question.until and utc_text(question.until)),
        ("s.ritual = ?", question.ritual),
        ("e.person = ?", question.person),
        ("e.about = ?", question.about),
        ("e.session_id = ?", question.session),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if question.keys:
        conditions.append(f"e.key IN ({', '.join('?' * len(question.keys))})")
        values += question.keys
    return " AND ".join(conditions), values


def _of_session(question: Question) -> tuple[str, list[Any]]:
    shared, values = _shared(question.confided)
    conditions = [shared]
    for condition, value in (
        ("s.started_at >= ?", question.since and utc_text(question.since)),
        ("s.started_at < ?", question.until and utc_text(question.until)),
        ("s.ritual = ?", question.ritual),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    return " AND ".join(conditions), values


def _shared(confided: str | None) -> tuple[str, list[Any]]:
    """Which sessions may be told of: those of several, and those of the one who is trusted (`Question`)."""
    if confided == "":
        return "1", []
    return "(s.alone IS NULL OR s.alone = ?)", [confided]


def _quoted(word: str) -> str:
    """A word as the full-text search takes it, whatever stands in it: "don't" is indexed as two, in no order."""
    parts = [f'"{part}"' for part in _letters(word)]
    return f"({' AND '.join(parts)})" if parts else '""'


def _letters(word: str) -> Iterable[str]:
    return _LETTERS.findall(word)
