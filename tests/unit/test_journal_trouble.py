"""All that can be wrong with the journal's place and file: one sentence with the remedy, nothing half-written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.memory import Journal
from assistant.memory.recall import Question

SECRET = "the thunder frightens me"
NOBODY = 65534


def evening() -> datetime:
    return datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


def sentence(path: Path, mode: str = "write") -> str:
    """The one sentence with which the journal at ``path`` refuses to open."""
    with pytest.raises(JournalError) as raised:
        Journal.open(path, evening, mode)  # type: ignore[arg-type]
    text = str(raised.value)
    assert "\n" not in text
    assert SECRET not in text
    assert raised.value.exit_code == 1
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return text


@contextmanager
def somebody() -> Iterator[None]:
    """As root no file is closed to us: become an ordinary user for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that belongs to `somebody`, outside pytest's own, which only its owner may enter."""
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() == 0:
            os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "journal.sqlite"


@pytest.fixture
def kept(path: Path) -> Path:
    """A journal with an evening in it, closed."""
    with somebody(), Journal.open(path, evening) as journal:
        journal.open_session("checkin", ("Ana",), 1)
        for _ in range(200):
            journal.record("worry", "Ana", SECRET)
        journal.close_session("finished")
    return path


# --- places that hold no journal ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["write", "read"])
def test_a_folder_in_its_place(folder: Path, mode: str) -> None:
    assert sentence(folder, mode) == (
        f"{folder} is a folder; set paths.journal to a file in it, such as {folder}/journal.sqlite."
    )


@pytest.mark.parametrize("mode", ["write", "read"])
def test_a_device_in_its_place(mode: str) -> None:
    assert "not an ordinary file" in sentence(Path("/dev/null"), mode)


def test_a_file_where_its_folder_should_be(folder: Path) -> None:
    (folder / "file").write_text("x")
    assert "a part of its path is a file" in sentence(folder / "file" / "journal.sqlite")
    assert sorted(folder.iterdir()) == [folder / "file"]


@pytest.mark.parametrize("mode", ["write", "read"])
@pytest.mark.parametrize("content", [b"Dear diary, " * 100, b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_not_a_database(path: Path, mode: str, content: bytes) -> None:
    path.write_bytes(content)
    assert "is not a journal, or is damaged; set paths.journal" in sentence(path, mode)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == ["journal.sqlite"]


@pytest.mark.parametrize("mode", ["write", "read"])
def test_the_database_of_another_program(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (address TEXT)")
    before = path.read_bytes()
    assert "belongs to another program" in sentence(path, mode)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", ["write", "read"])
def test_the_journal_of_a_newer_evensong(kept: Path, mode: str) -> None:
    with closing(sqlite3.connect(kept)) as db:
        db.execute("PRAGMA user_version = 1000")
    before = kept.read_bytes()
    assert "written by a newer Evensong (journal version 1000, this one knows" in sentence(kept, mode)
    assert "update Evensong" in sentence(kept, mode)
    assert kept.read_bytes() == before


# --- places that may not be read or written ----------------------------------------------------------


@pytest.mark.parametrize("mode", ["write", "read"])
def test_a_journal_of_somebody_else(kept: Path, mode: str) -> None:
    kept.chmod(0)
    with somebody():
        assert "may not be read by you; make it yours" in sentence(kept, mode)


@pytest.mark.parametrize("mode", ["write", "read"])
def test_a_folder_of_somebody_else(kept: Path, mode: str) -> None:
    kept.parent.chmod(0)
    with somebody():
        assert "may not be read by you" in sentence(kept, mode)


def test_a_lock_that_root_left_behind(kept: Path) -> None:
    lock = kept.with_name("journal.sqlite-lock")
    lock.chmod(0)
    with somebody():
        assert f"{lock} belongs to somebody else" in sentence(kept)


def test_a_folder_that_may_not_be_written(folder: Path) -> None:
    folder.chmod(0o555)
    with somebody():
        assert "cannot be written, the file or its folder is read-only" in sentence(folder / "journal.sqlite")
        assert "is read-only" in sentence(folder / "deeper" / "journal.sqlite")
    assert list(folder.iterdir()) == []


def test_a_read_only_journal_in_a_read_only_folder_is_read_but_not_written(kept: Path) -> None:
    kept.with_name("journal.sqlite-lock").unlink()
    kept.chmod(0o444)
    kept.parent.chmod(0o555)
    with somebody():
        assert "is read-only; make both writable" in sentence(kept)
        with Journal.open(kept, evening, "read") as reader:
            assert len(reader.sessions()[0].entries) == 200
            assert SECRET in reader.export("md").lower()
    assert [file.name for file in kept.parent.iterdir()] == ["journal.sqlite"]


def test_a_read_only_file_in_an_ordinary_folder(kept: Path) -> None:
    kept.chmod(0o444)
    with somebody():
        assert "is read-only; make both writable" in sentence(kept)


def test_a_journal_that_was_not_closed_on_a_read_only_disk_says_what_to_copy(kept: Path) -> None:
    log = kept.with_name("journal.sqlite-wal")
    log.write_bytes(b"x" * 100)
    kept.parent.chmod(0o555)
    with somebody():
        assert "copy it together with journal.sqlite-wal" in sentence(kept, "read")


# --- another writer ----------------------------------------------------------------------------------


def test_a_second_writer_is_told_and_reading_goes_on(kept: Path) -> None:
    with Journal.open(kept, evening) as first:
        assert "Another Evensong is writing the journal" in sentence(kept)
        with Journal.open(kept, evening, "read") as reader:
            assert len(reader.sessions()) == 1
            first.open_session("mood", (), 1)  # still the writer
    Journal.open(kept, evening).close()


def test_a_second_writer_in_another_process_is_told_until_the_first_is_killed(kept: Path) -> None:
    holds = (
        "import sys, time; from datetime import UTC, datetime; from pathlib import Path; "
        "from assistant.memory import Journal; journal = Journal.open(Path(sys.argv[1]), lambda: datetime.now(UTC)); "
        "print('open', flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen([sys.executable, "-c", holds, str(kept)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"open\n"
        assert "Another Evensong is writing the journal" in sentence(kept)
        first.kill()
    Journal.open(kept, evening).close()


def test_a_journal_that_another_program_holds_for_writing(kept: Path) -> None:
    with Journal.open(kept, evening) as journal, closing(sqlite3.connect(kept, isolation_level=None)) as other:
        journal.open_session("mood", (), 1)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="Another program is writing the journal"):
            journal.record("word", "Ana", SECRET)
        other.execute("ROLLBACK")
        journal.record("word", "Ana", "calm")
        assert [entry.text for entry in journal.sessions(limit=1)[0].entries] == ["calm"]


# --- damage ------------------------------------------------------------------------------------------


def test_damaged_pages_are_found_and_said_without_a_word_of_what_they_hold(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as db:
        pages = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name IN ('sessions', 'entries') OR name LIKE '%unfinished%'"
        ).fetchall()
    content = bytearray(kept.read_bytes())
    page_size = int.from_bytes(content[16:18], "big")
    for (page,) in pages:
        content[(page - 1) * page_size : (page - 1) * page_size + 12] = b"\xff" * 12
    kept.write_bytes(content)
    with Journal.open(kept, evening, "read") as journal:
        with pytest.raises(JournalError, match="is damaged; put a copy of it aside") as raised:
            journal.sessions()
        assert SECRET not in str(raised.value)
        assert journal.integrity() == [str(raised.value)]
    assert "is damaged" in sentence(kept)
    assert kept.read_bytes() == content


def test_a_truncated_journal(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:6000])
    assert "is damaged" in sentence(kept)


def test_a_damaged_letter_hides_nothing_else_and_is_not_quoted(kept: Path) -> None:
    content = kept.read_bytes()
    at = content.index(SECRET.encode())
    kept.write_bytes(content[:at] + b"\xff" + content[at + 1 :])
    with Journal.open(kept, evening, "read") as journal:
        texts = [entry.text for entry in journal.sessions()[0].entries]
    assert len(texts) == 200
    assert sum(text == "\ufffd" + SECRET[1:] for text in texts) == 1


@pytest.mark.parametrize("column", ["started_at", "people", "ended_offset_s"])
def test_values_that_were_never_written_count_as_damage(kept: Path, column: str) -> None:
    with closing(sqlite3.connect(kept)) as db:
        db.execute(f"UPDATE sessions SET {column} = ?", (SECRET,))
        db.commit()
    with Journal.open(kept, evening, "read") as journal, pytest.raises(JournalError, match="is damaged") as raised:
        journal.sessions()
    assert SECRET not in str(raised.value)


# --- a clock that was set back -------------------------------------------------------------------------


def test_a_clock_that_was_set_back_loses_nothing_and_is_said_once(path: Path) -> None:
    clock = [datetime(2026, 11, 22, 22, 0, tzinfo=UTC)]
    with somebody(), Journal.open(path, lambda: clock[0]) as journal:
        journal.open_session("gratitude", ("Ana", "Ben"), 1)
        journal.record("good_thing", "Ana", "the soup")
        journal.close_session("finished")
        journal.backups.daily()
        clock[0] = datetime(2020, 1, 1, 12, 0, tzinfo=UTC)  # the battery of the clock was empty
        journal.open_session("gratitude", ("Ana", "Ben"), 2)
        journal.record("good_thing", "Ben", "the pears")
        journal.close_session("finished")
        (problem,) = journal.integrity()
        assert problem.startswith("The clock of this machine stands before the newest answer in ")
        assert "(2026-11-22); set the clock" in problem
        assert "\n" not in problem
        journal.keep_up()
    with somebody(), Journal.open(path, lambda: clock[0]) as journal:
        assert [session.seed for session in journal.sessions()] == [2, 1]  # in the order they were held
        found = journal.recall.find(Question(words=("pears",), confided=""))
        assert [one.entry.text for one in found] == ["the pears"]
        clock[0] = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
        assert journal.integrity() == []
        assert len(journal.sessions()) == 2


def test_what_cannot_be_set_aside_is_not_deleted(kept: Path) -> None:
    with somebody(), Journal.open(kept, evening) as journal:
        (kept.parent / "journal.sqlite-leaving.part").mkdir()  # what is to be set aside cannot be written
        with pytest.raises(JournalError, match=r"cannot be|folder"):
            journal.delete_everything(grace=True)
        assert len(journal.sessions()[0].entries) == 200
        assert journal.leaving() is None
        (kept.parent / "journal.sqlite-leaving.part").rmdir()
    with somebody(), Journal.open(kept, evening) as journal:
        assert len(journal.sessions()[0].entries) == 200
