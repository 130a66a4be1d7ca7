"""The journal's tables, as the list of steps that led to them.

`STEPS[n]` takes a journal of version n to version n + 1, so `STEPS[0]` creates the first one. A step that has
landed is never edited: journals made by it are in people's homes. The version is SQLite's ``user_version``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import JournalError

APPLICATION_ID = 0x45766E73  # "Evns": tells a journal from any other SQLite file

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            ritual TEXT NOT NULL,
            people TEXT NOT NULL,
            seed INTEGER NOT NULL,
            outcome TEXT NOT NULL DEFAULT 'open' CHECK (outcome IN ('open', 'finished', 'stopped')),
            started_at TEXT NOT NULL,
            started_offset_s INTEGER NOT NULL,
            ended_at TEXT,
            ended_offset_s INTEGER,
            CHECK ((outcome = 'open') = (ended_at IS NULL)),
            CHECK ((ended_at IS NULL) = (ended_offset_s IS NULL))
        )
        """,
        "CREATE UNIQUE INDEX only_one_open ON sessions (outcome) WHERE outcome = 'open'",
        """
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            offset_s INTEGER NOT NULL,
            person TEXT,
            key TEXT NOT NULL,
            text TEXT,
            number REAL,
            about TEXT
        )
        """,
        "CREATE INDEX entries_by_session ON entries (session_id)",
        """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            session_id INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
            body TEXT NOT NULL
        )
        """,
        "CREATE TABLE unfinished (task TEXT PRIMARY KEY)",
    ),
    (
        """
        CREATE TABLE reminders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            ritual TEXT,
            what TEXT,
            summary TEXT NOT NULL,
            rrule TEXT,
            at TEXT,
            created TEXT NOT NULL,
            announced TEXT,
            again_at TEXT,
            put_off INTEGER NOT NULL DEFAULT 0,
            CHECK ((rrule IS NULL) <> (at IS NULL)),
            CHECK (ritual IS NOT NULL OR what IS NOT NULL)
        )
        """,
    ),
    (
        """
        ALTER TABLE sessions ADD COLUMN alone TEXT GENERATED ALWAYS AS (
            CASE WHEN NOT json_valid(people) THEN '' ELSE
                CASE json_array_length(people) WHEN 0 THEN '' WHEN 1 THEN json_extract(people, '$[0]') END
            END
        ) VIRTUAL
        """,
        "CREATE INDEX sessions_by_ritual ON sessions (ritual, started_at)",
        "CREATE INDEX entries_by_time ON entries (at)",
        "CREATE INDEX entries_by_key ON entries (key, at)",
        """
        CREATE VIRTUAL TABLE entry_words USING fts5(
            text, content = 'entries', content_rowid = 'id', tokenize = 'porter unicode61', detail = 'none'
        )
        """,
        "INSERT INTO entry_words (entry_words) VALUES ('rebuild')",
        """
        CREATE TRIGGER entry_words_added AFTER INSERT ON entries WHEN new.text IS NOT NULL BEGIN
            INSERT INTO entry_words (rowid, text) VALUES (new.id, new.text);
        END
        """,
        """
        CREATE TRIGGER entry_words_removed AFTER DELETE ON entries WHEN old.text IS NOT NULL BEGIN
            INSERT INTO entry_words (entry_words, rowid, text) VALUES ('delete', old.id, old.text);
        END
        """,
        """
        CREATE TRIGGER entry_words_changed AFTER UPDATE OF text ON entries BEGIN
            INSERT INTO entry_words (entry_words, rowid, text) SELECT 'delete', old.id, old.text
                WHERE old.text IS NOT NULL;
            INSERT INTO entry_words (rowid, text) SELECT new.id, new.text WHERE new.text IS NOT NULL;
        END
        """,
        "CREATE TABLE passphrases (person TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL)",
    ),
    (
        """
        CREATE TABLE voices (
            person TEXT PRIMARY KEY,
            print BLOB NOT NULL,
            at TEXT NOT NULL,
            offset_s INTEGER NOT NULL
        )
        """,
    ),
    (
        """
        CREATE TABLE closed (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            at TEXT NOT NULL,
            offset_s INTEGER NOT NULL,
            person TEXT NOT NULL,
            key TEXT NOT NULL,
            text TEXT,
            number REAL,
            about TEXT,
            may_open INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE INDEX closed_by_session ON closed (session_id)",
    ),
    (
        "CREATE TABLE word_vectors (word TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE words_seen (id INTEGER PRIMARY KEY CHECK (id = 1), up_to INTEGER NOT NULL)",
    ),
)


def version(db: sqlite3.Connection) -> int:
    """The version of the journal behind ``db``; 0 when it is still empty."""
    (found,) = db.execute("PRAGMA user_version").fetchone()
    return int(found)


def check(db: sqlite3.Connection, path: Path, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Raise JournalError when the file at ``path`` is another program's, or a newer Evensong's."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    found = version(db)
    if application != APPLICATION_ID and (tables or found or application):
        raise JournalError(
            f"{path} belongs to another program; set paths.journal to another file, or move this one away."
        )
    if found > len(steps):
        raise JournalError(
            f"The journal {path} was written by a newer Evensong (journal version {found}, this one knows "
            f"{len(steps)}); update Evensong to open it."
        )


def migrate(db: sqlite3.Connection, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Take the journal forward to the last of ``steps``, each in one transaction, so that it is never between two.

    Foreign keys are off meanwhile, as SQLite asks for: a step that makes a table anew drops the old one, which
    would delete the rows that refer to it. They are checked before each commit.
    """
    db.execute("PRAGMA foreign_keys = OFF")
    for number in range(version(db), len(steps)):
        db.execute("BEGIN IMMEDIATE")
        try:
            _take(db, steps[number])
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number + 1}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    db.execute("PRAGMA foreign_keys = ON")


def _take(db: sqlite3.Connection, step: Sequence[str]) -> None:
    for statement in step:
        db.execute(statement)
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.IntegrityError("the step leaves rows that refer to nothing")
