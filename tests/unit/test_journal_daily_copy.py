"""The daily copy is made beside everything else: it holds nothing up, gives way at once, and says what is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.memory import Journal
from assistant.memory.backups import folder_of

ANSWERS = 4000
WAIT_S = 30.0


class Calendar:
    now = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def journal(tmp_path: Path, calendar: Calendar) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", calendar) as opened:
        with opened.together():
            opened.open_session("gratitude", ("Ana", "Ben"), 1)
            for number in range(ANSWERS):
                opened.record("good_thing", "Ana", f"zanzibar {number} in the rain")
            opened.close_session("finished")
        yield opened


def made(journal: Journal, count: int) -> bool:
    """Whether there come to be ``count`` copies; asked as the loop asks, every now and then."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        journal.keep_up()
        if len(journal.backups.all()) == count:
            return True
        time.sleep(0.01)
    return False


def test_each_day_has_its_copy_without_a_restart(journal: Journal, calendar: Calendar) -> None:
    assert made(journal, 1)
    calendar.now += timedelta(days=1)
    journal.open_session("mood", ("Ana",), 1)
    journal.record("word", "Ana", "calm")
    assert made(journal, 2)
    with Journal.open(journal.backups.all()[-1], calendar, "read") as copy:
        assert copy.sessions() == journal.sessions()
        assert copy.integrity() == []


def test_what_is_said_meanwhile_is_kept_and_nothing_is_half(journal: Journal, calendar: Calendar) -> None:
    journal.keep_up()
    journal.open_session("mood", ("Ana",), 1)
    for number in range(20):
        journal.record("word", "Ana", f"calm {number}")
    assert made(journal, 1)
    with Journal.open(journal.backups.all()[0], calendar, "read") as copy:
        assert copy.integrity() == []
        assert len(copy.session(1).entries) == ANSWERS


def test_deleting_does_not_wait_for_it_and_leaves_nothing_in_it(journal: Journal) -> None:
    journal.keep_up()
    journal.delete_session(1)
    folder = folder_of(journal.path)
    assert list(folder.iterdir()) == []
    for file in journal.path.parent.rglob("*"):
        assert file.is_dir() or b"zanzibar" not in file.read_bytes()


def test_closing_gives_it_up(journal: Journal) -> None:
    journal.keep_up()
    journal.close()
    assert [file.name for file in folder_of(journal.path).iterdir() if file.name.endswith(".part")] == []


def test_one_that_cannot_be_made_is_told_once_and_tried_again_the_next_day(
    journal: Journal, calendar: Calendar
) -> None:
    folder = folder_of(journal.path)
    folder.mkdir()
    today = folder / "journal-2026-11-22.sqlite.part"
    today.mkdir()  # in the way
    with pytest.raises(JournalError, match="cannot be"):
        made(journal, 1)
    journal.keep_up()
    assert journal.backups.all() == ()
    calendar.now += timedelta(days=1)
    assert made(journal, 1)
