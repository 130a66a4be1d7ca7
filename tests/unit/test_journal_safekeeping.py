"""Backups hold what the journal holds and nothing that was removed; an encrypted journal shows no word."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from assistant.errors import JournalError
from assistant.memory import Journal, keys
from assistant.memory.backups import DAYS_KEPT, folder_of, kept, restore_checked
from assistant.memory.copying import TABLES
from assistant.memory.recall import Question

SECRET = "zanzibar in the rain"


class Calendar:
    now = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def _no_keyring() -> Iterator[None]:
    """As on a machine without a desktop."""
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "journal.key"


@pytest.fixture
def journal(path: Path, calendar: Calendar, key_file: Path) -> Iterator[Journal]:
    with Journal.open(path, calendar, key_file=key_file) as opened:
        opened.open_session("gratitude", ("Ana", "Ben"), 1)
        opened.record("good_thing", "Ana", SECRET)
        opened.record("stress", "Ben", number=4)
        opened.close_session("finished")
        opened.save_state('{"seed":1}')
        opened.reminders.add({"summary": "daily 22:00", "rrule": "FREQ=DAILY;BYHOUR=22;BYMINUTE=0"}, "gratitude")
        yield opened


def left_of(path: Path, text: str = "zanzibar") -> list[str]:
    files = [file for file in path.parent.rglob("*") if file.is_file()]
    return sorted(file.name for file in files if text.encode() in file.read_bytes())


# --- backups -------------------------------------------------------------------------------------------


def test_a_copy_a_day_which_is_a_journal_itself(journal: Journal, path: Path, calendar: Calendar) -> None:
    made = journal.backups.daily()
    assert made == folder_of(path) / "journal-2026-11-22.sqlite"
    assert journal.backups.daily() is None  # once a day
    assert made.stat().st_mode & 0o077 == 0
    tables = {row[0] for row in journal._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    made_again = ("entry_words", "word_vectors", "words_seen", "sqlite_")
    assert {name for name in tables if not name.startswith(made_again)} <= set(TABLES)  # all else is copied
    with Journal.open(made, calendar, "read") as copy:
        assert copy.sessions() == journal.sessions()
        assert copy.reminders.all() == journal.reminders.all()
        assert copy.load_state() == '{"seed":1}'
        assert copy.recall.find(Question(words=("rain",), confided=""))


def test_nothing_is_copied_of_an_empty_journal(path: Path, calendar: Calendar) -> None:
    with Journal.open(path, calendar) as empty:
        assert empty.backups.daily() is None
        assert not folder_of(path).exists()


def test_seven_days_and_the_first_of_six_months_are_kept() -> None:
    first = datetime(2025, 1, 1)
    days = [(first + timedelta(days=day)).date().isoformat() for day in range(400)]
    files = tuple(Path(f"journal-{day}.sqlite") for day in days)
    names = [file.stem.removeprefix("journal-") for file in kept(files)]
    assert names[-DAYS_KEPT:] == days[-DAYS_KEPT:]
    firsts = [f"{month}-01" for month in ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01")]
    assert names[:-DAYS_KEPT] == firsts  # that of the sixth is among the last seven


def test_a_month_of_evenings_leaves_few_copies(journal: Journal, calendar: Calendar) -> None:
    for _ in range(12):
        journal.backups.daily()
        calendar.now += timedelta(days=1)
    assert len(journal.backups.all()) <= DAYS_KEPT + 2


def test_what_is_deleted_leaves_the_copies_too(journal: Journal, path: Path) -> None:
    journal.backups.daily()
    assert "journal-2026-11-22.sqlite" in left_of(path)
    journal.open_session("mood", ("Ana",), 1)
    journal.record("word", "Ana", "calm")
    journal.delete_some([one.id for one in journal.recall.find(Question(words=("zanzibar",), confided=""))])
    assert left_of(path) == []
    (renewed,) = journal.backups.all()
    assert b"calm" in renewed.read_bytes()
    journal.delete_everything()
    assert journal.backups.all() == ()


def test_a_copy_comes_back(journal: Journal, path: Path, calendar: Calendar) -> None:
    before = journal.sessions()
    copy = path.parent / "elsewhere.sqlite"
    journal.backups.write(copy)
    journal.delete_everything()
    with pytest.raises(JournalError, match="Another Evensong is writing"):
        restore_checked(copy, path)
    journal.close()
    restore_checked(copy, path)
    with Journal.open(path, calendar) as again:
        assert again.sessions() == before
        assert again.integrity() == []


@pytest.mark.parametrize("content", [b"no journal at all", b"", b"SQLite format 3\x00" + bytes(4000)])
def test_what_is_no_whole_copy_changes_nothing(
    journal: Journal, path: Path, calendar: Calendar, content: bytes
) -> None:
    before = journal.sessions()
    journal.close()
    copy = path.parent / "broken.sqlite"
    copy.write_bytes(content)
    with pytest.raises(JournalError):
        restore_checked(copy, path)
    with pytest.raises(JournalError, match="There is no backup"):
        restore_checked(path.parent / "nowhere.sqlite", path)
    with Journal.open(path, calendar) as again:
        assert again.sessions() == before


# --- encrypted -----------------------------------------------------------------------------------------


def encrypted(journal: Journal, key_file: Path) -> bytes:
    key = keys.make()
    journal.encrypt(key)
    keys.keep(Path("journal.sqlite"), key, key_file)
    return key


def test_an_encrypted_journal_is_the_same_and_shows_no_word(
    journal: Journal, path: Path, key_file: Path, calendar: Calendar
) -> None:
    before = journal.sessions()
    journal.backups.daily()
    encrypted(journal, key_file)
    assert left_of(path) == left_of(path, "SQLite format") == []
    assert key_file.stat().st_mode & 0o077 == 0
    with Journal.open(path, calendar, key_file=key_file) as again:
        assert again.sessions() == before
        again.open_session("mood", ("Ana",), 1)
        again.record("word", "Ana", "zanzibar again")
        assert len(again.recall.find(Question(words=("zanzibar",), confided=""))) == 2
        assert again.recall.find(Question(words=("zanzibra",), confided=""))
        with Journal.open(path, calendar, "read", key_file) as reader:
            assert len(reader.sessions()) == 2
        again.backups.daily()
        assert left_of(path) == []  # its log, its index and its copies neither
        again.scratch()
        again.close_session("finished")
        again.delete_everything()
        assert again.integrity() == []


def test_a_wrong_key_a_missing_one_and_one_that_others_may_read(
    journal: Journal, path: Path, key_file: Path, calendar: Calendar
) -> None:
    encrypted(journal, key_file)
    content = path.read_bytes()
    right = key_file.read_text(encoding="ascii")
    key_file.write_text(keys.make().hex(), encoding="ascii")
    for mode in ("write", "read"):
        with pytest.raises(JournalError, match=r"The key in .* does not open .*; put the right key there\."):
            Journal.open(path, calendar, mode, key_file)  # type: ignore[arg-type]
    key_file.write_text("not a key", encoding="ascii")
    with pytest.raises(JournalError, match="is no key of a journal"):
        Journal.open(path, calendar, key_file=key_file)
    key_file.write_text(right, encoding="ascii")
    key_file.chmod(0o644)
    with pytest.raises(JournalError, match="chmod 600"):
        Journal.open(path, calendar, key_file=key_file)
    key_file.unlink()
    with pytest.raises(JournalError, match="is not a journal, or is damaged"):
        Journal.open(path, calendar, key_file=key_file)
    assert path.read_bytes() == content


def test_a_new_key_takes_the_place_of_the_old_one_and_none_at_all_makes_it_plain_again(
    journal: Journal, path: Path, key_file: Path, calendar: Calendar
) -> None:
    old = encrypted(journal, key_file)
    with Journal.open(path, calendar, key_file=key_file) as again:
        keys.write(keys.make(), keys.new_file(key_file))
        new = bytes.fromhex(keys.new_file(key_file).read_text(encoding="ascii"))
        again.encrypt(new)
    assert new != old
    with Journal.open(path, calendar, key_file=key_file) as again:  # the power went before the new key was put in place
        assert again.sessions()[0].entries[0].text == SECRET
        again.encrypt(None)
    with Journal.open(path, calendar) as plain:
        assert plain.sessions()[0].entries[0].text == SECRET
        assert plain.integrity() == []
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM entries").fetchone() == (2,)


def test_a_copy_of_an_encrypted_journal_comes_back_encrypted(
    journal: Journal, path: Path, key_file: Path, calendar: Calendar
) -> None:
    encrypted(journal, key_file)
    with Journal.open(path, calendar, key_file=key_file) as again:
        copy = path.parent / "copy.sqlite"
        again.backups.write(copy)
        again.delete_everything()
    restore_checked(copy, path, key_file)
    assert left_of(path) == []
    with Journal.open(path, calendar, "read", key_file) as back:
        assert back.sessions()[0].entries[0].text == SECRET


def test_a_keyring_is_used_where_there_is_one(journal: Journal, path: Path, key_file: Path, calendar: Calendar) -> None:
    class Ring(NoKeyring):
        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    keyring.set_keyring(Ring())
    key = keys.make()
    journal.encrypt(key)
    assert keys.keep(path, key, key_file) == "the system's keyring"
    assert not key_file.exists()
    with Journal.open(path, calendar, key_file=key_file) as again:
        assert again.sessions()
    keys.forget(path, key_file)
    assert keys.find(path, key_file) == []
    assert os.access(path, os.R_OK)
