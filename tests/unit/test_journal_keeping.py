"""What is given to the journal is there afterwards: in order, with its times, over restarts."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.memory import Entry, Journal

CET = timezone(timedelta(hours=1))
EVENING = datetime(2026, 11, 22, 21, 58, 3, 120_000, tzinfo=CET)


class Calendar:
    """A clock on the wall that is moved by hand."""

    def __init__(self, start: datetime = EVENING) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


@pytest.fixture
def journal(path: Path, calendar: Calendar) -> Iterator[Journal]:
    with Journal.open(path, calendar) as opened:
        yield opened


def test_an_evening_is_given_back_as_it_was_said(journal: Journal, calendar: Calendar) -> None:
    number = journal.open_session("gratitude", ("Ana", "Ben"), 7)
    journal.record("good_thing", "Ana", "the soup")
    calendar.time += timedelta(minutes=2)
    journal.record("stress", "Ben", number=4)
    journal.record("appreciation", "Ben", "your patience", about="Ana")
    journal.close_session("finished")

    evening = journal.session(number)

    assert (evening.ritual, evening.people, evening.seed, evening.outcome) == (
        "gratitude",
        ("Ana", "Ben"),
        7,
        "finished",
    )
    assert evening.entries == (
        Entry(EVENING, "Ana", "good_thing", "the soup", None),
        Entry(EVENING + timedelta(minutes=2), "Ben", "stress", None, 4.0),
        Entry(EVENING + timedelta(minutes=2), "Ben", "appreciation", "your patience", None, "Ana"),
    )
    assert evening.started_at == EVENING
    assert evening.ended_at == EVENING + timedelta(minutes=2)
    assert journal.sessions() == (evening,)


def test_times_come_back_in_the_local_time_of_then(journal: Journal, calendar: Calendar) -> None:
    journal.open_session("mood", (), 1)
    calendar.time = datetime(2026, 7, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30)))
    journal.record("mood", None, None, 6)

    entry = journal.sessions()[0].entries[0]

    assert entry.at.isoformat() == "2026-07-01T23:30:00-05:30"
    assert journal.sessions()[0].started_at.isoformat() == "2026-11-22T21:58:03.120000+01:00"


def test_a_clock_without_a_zone_is_refused(journal: Journal, calendar: Calendar) -> None:
    calendar.time = datetime(2026, 11, 22, 21, 58)
    with pytest.raises(ValueError, match="aware"):
        journal.open_session("mood", (), 1)
    assert journal.sessions() == ()


def test_a_session_stays_open_over_a_restart(path: Path, calendar: Calendar) -> None:
    with Journal.open(path, calendar) as before:
        before.open_session("checkin", ("Ana",), 3)
        before.record("high", "Ana", "the lake")
        before.save_state('{"at": 2}')
    with Journal.open(path, calendar) as after:
        assert after.load_state() == '{"at": 2}'
        after.record("low", "Ana", "the rain")
        after.close_session("finished")
        (session,) = after.sessions()
    assert [entry.text for entry in session.entries] == ["the lake", "the rain"]


def test_a_session_that_was_left_open_ends_as_stopped_when_the_next_begins(journal: Journal) -> None:
    first = journal.open_session("checkin", (), 1)
    second = journal.open_session("mood", (), 1)
    assert journal.session(first).outcome == "stopped"
    assert journal.session(second).outcome == "open"


def test_without_an_open_session_nothing_is_kept_and_it_is_said(journal: Journal) -> None:
    with pytest.raises(JournalError, match="no ritual is running") as raised:
        journal.record("thing", "Ana", "a secret")
    assert "secret" not in str(raised.value)
    journal.open_session("mood", (), 1)
    journal.close_session("stopped")
    with pytest.raises(JournalError):
        journal.record("thing", "Ana", "a secret")


def test_closing_twice_changes_nothing(journal: Journal, calendar: Calendar) -> None:
    number = journal.open_session("mood", (), 1)
    journal.close_session("finished")
    calendar.time += timedelta(hours=1)
    journal.close_session("stopped")
    assert journal.session(number).outcome == "finished"
    assert journal.session(number).ended_at == EVENING


def test_scratch_takes_back_the_last_answer_only_and_says_of_what_kind_it_was(journal: Journal) -> None:
    journal.open_session("mood", (), 1)
    journal.record("number", "Ana", None, 6)
    journal.close_session("finished")
    number = journal.open_session("checkin", (), 1)
    journal.record("high", "Ana", "the lake")
    journal.record("low", "Ana", "the rain")
    assert journal.scratch() == "low"
    assert [entry.key for entry in journal.session(number).entries] == ["high"]
    assert journal.scratch() == "high"
    assert journal.scratch() is None  # the session before is not touched
    assert [len(session.entries) for session in journal.sessions()] == [0, 1]


def test_sessions_are_listed_the_latest_first_and_by_ritual_and_number(journal: Journal, calendar: Calendar) -> None:
    for day in range(4):
        calendar.time = EVENING + timedelta(days=day)
        journal.open_session("mood" if day % 2 else "gratitude", (), day)
        journal.record("x", None, f"day {day}")
        journal.record("x", None, f"day {day} again")
    assert [session.seed for session in journal.sessions()] == [3, 2, 1, 0]
    assert [session.seed for session in journal.sessions(limit=2)] == [3, 2]
    assert [session.seed for session in journal.sessions(ritual="mood")] == [3, 1]
    assert [session.seed for session in journal.sessions(limit=1, ritual="gratitude")] == [2]
    assert [entry.text for entry in journal.sessions(limit=1)[0].entries] == ["day 3", "day 3 again"]


def test_a_clock_set_back_does_not_mix_up_the_order(journal: Journal, calendar: Calendar) -> None:
    journal.open_session("mood", (), 0)
    journal.record("a", None, "first")
    calendar.time -= timedelta(days=400)
    journal.record("a", None, "second")
    journal.open_session("mood", (), 1)
    assert [session.seed for session in journal.sessions()] == [1, 0]
    assert [entry.text for entry in journal.sessions()[1].entries] == ["first", "second"]


def test_an_unknown_number_is_said_with_the_way_to_the_right_one(journal: Journal) -> None:
    with pytest.raises(JournalError, match=r"no session 12;.*`evensong journal list`"):
        journal.session(12)


def test_the_state_is_the_last_one_saved(journal: Journal) -> None:
    assert journal.load_state() is None
    journal.save_state("{}")
    journal.save_state('{"phase": "asleep"}')
    assert journal.load_state() == '{"phase": "asleep"}'
    journal.clear_state()
    assert journal.load_state() is None


def test_what_is_written_together_is_there_as_a_whole_or_not_at_all(journal: Journal, path: Path) -> None:
    journal.open_session("mood", (), 1)

    def fails_half_way() -> None:
        with journal.together():
            journal.record("number", None, None, 3)
            journal.save_state('{"asked": true}')
            with Journal.open(path, Calendar(), "read") as reader:
                assert reader.sessions()[0].entries == ()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_half_way()
    assert journal.sessions()[0].entries == ()
    assert journal.load_state() is None

    with journal.together():
        journal.record("number", None, None, 3)
        journal.save_state('{"asked": true}')
    with Journal.open(path, Calendar(), "read") as reader:
        assert reader.sessions()[0].entries[0].number == 3
        assert reader.load_state() == '{"asked": true}'


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(journal: Journal, number: float) -> None:
    journal.open_session("mood", (), 1)
    with pytest.raises(ValueError, match="finite"):
        journal.record("number", None, None, number)


def test_the_files_are_the_owners_alone(journal: Journal, path: Path) -> None:
    journal.open_session("mood", (), 1)
    journal.record("word", None, "calm")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    names = {file.name for file in path.parent.iterdir()}
    assert {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"} <= names
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_a_journal_that_others_could_read_is_made_private_and_doctor_would_know(path: Path) -> None:
    with Journal.open(path, Calendar()):
        pass
    path.chmod(0o644)
    with Journal.open(path, Calendar(), "read") as reader:
        assert f"chmod 600 {path}" in reader.integrity()[0]
    with Journal.open(path, Calendar()) as journal:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert journal.integrity() == []


def test_a_journal_that_does_not_exist_reads_as_an_empty_one_and_is_not_made(path: Path) -> None:
    with Journal.open(path, Calendar(), "read") as reader:
        assert reader.sessions() == ()
        assert reader.load_state() is None
        assert reader.integrity() == []
    assert not path.parent.exists()


def test_reading_works_while_another_writes_and_sees_what_was_kept_so_far(journal: Journal, path: Path) -> None:
    journal.open_session("mood", (), 1)
    with Journal.open(path, Calendar(), "read") as reader:
        journal.record("word", None, "calm")
        assert [entry.text for entry in reader.sessions()[0].entries] == ["calm"]
        journal.record("word", None, "tired")
        assert len(reader.sessions()[0].entries) == 2


def test_a_reader_cannot_write(path: Path, journal: Journal) -> None:
    journal.open_session("mood", (), 1)
    with Journal.open(path, Calendar(), "read") as reader:
        with pytest.raises(JournalError, match="reading only"):
            reader.record("word", None, "calm")
        with pytest.raises(JournalError, match="reading only"):
            reader.delete_everything()
    assert len(journal.sessions()) == 1
