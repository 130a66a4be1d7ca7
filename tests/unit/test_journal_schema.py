"""Journals of every version that ever landed open with this Evensong, and a step forward is whole or not at all."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.memory import Journal
from assistant.memory.schema import STEPS, migrate, version

LANDED = (
    "3e634130117c5b7f",
    "1f38fb6c1feff777",
    "cbdbd971ea5eb3ac",
    "f6f38f4ecc8fe54f",
    "922b804330fa9f5f",
    "190b7090bc6a9638",
)


def evening() -> datetime:
    return datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


def fill_version_1(db: sqlite3.Connection) -> None:
    """An evening as version 1 kept it."""
    db.execute(
        "INSERT INTO sessions VALUES (4, 'gratitude', '[\"Ana\", \"Ben\"]', 7, 'finished', "
        "'2026-01-02T20:58:03.120Z', 3600, '2026-01-02T21:10:00.000Z', 3600)"
    )
    db.execute(
        "INSERT INTO entries VALUES "
        "(9, 4, '2026-01-02T20:59:00.000Z', 3600, 'Ana', 'good_thing', 'the soup', NULL, NULL), "
        "(10, 4, '2026-01-02T21:00:00.000Z', 3600, 'Ben', 'stress', NULL, 4.0, NULL), "
        "(11, 4, '2026-01-02T21:01:00.000Z', 3600, 'Ben', 'appreciation', 'your patience', NULL, 'Ana')"
    )
    db.execute("INSERT INTO state VALUES (1, 4, '{\"at\": 2}')")


@pytest.fixture(params=range(1, len(STEPS) + 1))
def landed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A journal of each version, with an evening that was kept when version 1 was new."""
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, STEPS[:1])
        fill_version_1(db)
        migrate(db, STEPS[: request.param])
    return path


@pytest.mark.parametrize("mode", ["write", "read"])
def test_every_version_that_landed_opens_with_its_words(landed: Path, mode: str) -> None:
    with Journal.open(landed, evening, mode) as journal:  # type: ignore[arg-type]
        (session,) = journal.sessions()
        assert (session.id, session.ritual, session.people) == (4, "gratitude", ("Ana", "Ben"))
        assert [(entry.person, entry.key, entry.text, entry.number, entry.about) for entry in session.entries] == [
            ("Ana", "good_thing", "the soup", None, None),
            ("Ben", "stress", None, 4.0, None),
            ("Ben", "appreciation", "your patience", None, "Ana"),
        ]
        assert session.started_at.isoformat() == "2026-01-02T21:58:03.120000+01:00"
        assert journal.load_state() == '{"at": 2}'
        assert journal.reminders.all() == ()
        assert journal.integrity() == [] or mode == "read"  # a file made outside Evensong is not private yet


def test_steps_that_landed_are_never_edited() -> None:
    """A journal made by the old text would differ from one made by the new: add a step instead."""
    found = [hashlib.sha256("\n".join(" ".join(part.split()) for part in step).encode()).hexdigest() for step in STEPS]
    assert tuple(digest[:16] for digest in found) == LANDED


def test_a_later_step_takes_the_words_along(landed: Path) -> None:
    later = [*STEPS, ("ALTER TABLE entries ADD COLUMN private INTEGER NOT NULL DEFAULT 0",)]
    with closing(sqlite3.connect(landed, isolation_level=None)) as db:
        migrate(db, later)
        assert version(db) == len(later)
        assert db.execute("SELECT text, private FROM entries WHERE id = 9").fetchall() == [("the soup", 0)]


def test_a_later_step_may_make_a_table_anew_without_losing_what_refers_to_it(landed: Path) -> None:
    anew = (
        "CREATE TABLE sessions_anew AS SELECT *, 'shared' AS circle FROM sessions",
        "DROP TABLE sessions",
        "ALTER TABLE sessions_anew RENAME TO sessions",
        "CREATE UNIQUE INDEX session_ids ON sessions (id)",
    )
    with closing(sqlite3.connect(landed, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        migrate(db, [*STEPS, anew])
        assert db.execute("SELECT count(*) FROM entries").fetchone() == (3,)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_step_that_leaves_answers_without_their_session_is_refused(landed: Path) -> None:
    with closing(sqlite3.connect(landed, isolation_level=None)) as db:
        migrate(db)
        with pytest.raises(sqlite3.IntegrityError):
            migrate(db, [*STEPS, ("DELETE FROM sessions",)])
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


def test_a_step_that_fails_changes_nothing(landed: Path) -> None:
    broken = [*STEPS, ("DELETE FROM entries", "CREATE TABLE half (id)", "INSERT INTO nowhere VALUES (1)")]
    with closing(sqlite3.connect(landed, isolation_level=None)) as db:
        migrate(db)
        with pytest.raises(sqlite3.OperationalError):
            migrate(db, broken)
        assert version(db) == len(STEPS)
        assert db.execute("SELECT count(*) FROM entries").fetchone() == (3,)
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    """What a crash in the very first moment leaves."""
    path = tmp_path / "journal.sqlite"
    path.touch()
    with Journal.open(path, evening, "read") as reader:
        assert reader.sessions() == ()
    assert path.stat().st_size == 0
    with Journal.open(path, evening) as journal:
        assert journal.open_session("mood", (), 1) == 1
