"""Reminders in the journal: kept over restarts, right by the wall clock, given once, and quiet when it should be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from assistant.errors import JournalError
from assistant.memory import Journal, QuietHours, due, next_time
from assistant.memory.recurrence import resolved
from assistant.memory.schema import STEPS, migrate

BERLIN = ZoneInfo("Europe/Berlin")
NIGHTLY = {
    "text": "every night at ten",
    "rrule": "FREQ=DAILY;BYHOUR=22;BYMINUTE=0;BYSECOND=0",
    "summary": "daily 22:00",
}
SUNDAYS = {
    "text": "on sundays at six",
    "rrule": "FREQ=WEEKLY;BYDAY=SU;BYHOUR=18;BYMINUTE=0;BYSECOND=0",
    "summary": "weekly SUN 18:00",
}
QUIET = QuietHours(time(23), time(6, 30))


class Calendar:
    """The clock on the wall of a household in Berlin, set by hand."""

    def __init__(self) -> None:
        self.moment = self.at(2026, 11, 22, 21, 0)

    @staticmethod
    def at(*fields: int) -> datetime:
        year, month, day, hour, minute = fields
        return datetime(year, month, day, hour, minute, tzinfo=BERLIN)

    def now(self) -> datetime:
        return self.moment

    def set(self, *fields: int) -> None:
        self.moment = self.at(*fields)

    def later(self, **span: float) -> None:
        """Real time goes by, also while the clocks are changed."""
        self.moment = (self.moment.astimezone(UTC) + timedelta(**span)).astimezone(BERLIN)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path: Path, calendar: Calendar) -> Iterator[Journal]:
    with Journal.open(path, calendar.now) as opened:
        yield opened


def once(at: str) -> dict[str, str]:
    return {"text": at, "at": at, "summary": f"once {at}"}


def given(journal: Journal, calendar: Calendar, **span: float) -> str | None:
    """What is announced now, as "ritual HH:MM", and noted as announced."""
    if span:
        calendar.later(**span)
    found = due(journal.reminders.all(), calendar.now(), QUIET)
    if found is None:
        return None
    journal.reminders.given(found.reminder.id, found.of)
    return f"{found.reminder.ritual} {found.of:%d. %H:%M}"


# --- keeping -----------------------------------------------------------------------------------------


def test_a_reminder_is_kept_over_a_restart(path: Path, journal: Journal, calendar: Calendar) -> None:
    number = journal.reminders.add(NIGHTLY, "gratitude")
    journal.close()
    with Journal.open(path, calendar.now) as again:
        (kept,) = again.reminders.all()
        assert (kept.id, kept.ritual, kept.summary, kept.created) == (
            number, "gratitude", "daily 22:00", datetime(2026, 11, 22, 21, 0)
        )  # fmt: skip


def test_the_same_for_the_same_time_is_kept_once(journal: Journal) -> None:
    first = journal.reminders.add(NIGHTLY, "gratitude")
    assert journal.reminders.add(NIGHTLY, "gratitude") == first
    assert journal.reminders.add(NIGHTLY, "mood") != first
    assert journal.reminders.add(once("tomorrow 22:00"), "gratitude") != first
    assert len(journal.reminders.all()) == 3


def test_they_come_in_the_order_in_which_they_are_next(journal: Journal, calendar: Calendar) -> None:
    journal.reminders.add(SUNDAYS, "checkin")
    journal.reminders.add(once("tomorrow 09:00"), None, "call my mother")
    journal.reminders.add(NIGHTLY, "gratitude")
    kept = journal.reminders.all()
    assert [one.ritual or one.what for one in kept] == ["gratitude", "call my mother", "checkin"]
    assert [str(next_time(one, calendar.now())) for one in kept] == [
        "2026-11-22 22:00:00",
        "2026-11-23 09:00:00",
        "2026-11-29 18:00:00",
    ]


def test_removed_they_are_gone_from_the_files(path: Path, journal: Journal) -> None:
    number = journal.reminders.add(once("tomorrow 09:00"), None, "meet the doctor in secret")
    journal.reminders.remove([number, 77])
    assert journal.reminders.all() == ()
    journal.reminders.add(once("tomorrow 09:00"), None, "meet the doctor in secret")
    journal.delete_everything()
    assert journal.reminders.all() == ()
    assert not any(b"secret" in file.read_bytes() for file in path.parent.iterdir())


def test_one_that_is_gone_is_not_moved(journal: Journal) -> None:
    with pytest.raises(JournalError, match="no reminder 5"):
        journal.reminders.move(5, NIGHTLY)


def test_an_export_holds_them_as_its_schema_says(journal: Journal) -> None:
    journal.reminders.add(NIGHTLY, "gratitude")
    journal.reminders.add(once("+30min"), None, "call my mother")
    document = json.loads(journal.export("json"))
    schema = json.loads((Path(__file__).parents[2] / "docs" / "journal-export.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema, format_checker=jsonschema.FormatChecker())
    assert [one["summary"] for one in document["reminders"]] == ["daily 22:00", "once +30min"]
    assert document["reminders"][1]["at"] == "2026-11-22T20:30:00Z"


def test_a_journal_from_before_there_were_reminders_can_be_read(path: Path, calendar: Calendar) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, STEPS[:1])
    with Journal.open(path, calendar.now, "read") as journal:
        assert journal.reminders.all() == ()
        assert json.loads(journal.export("json"))["reminders"] == []


# --- when --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("+30min", "2026-11-22T20:30:00Z"),
        ("today 21:30", "2026-11-22T21:30"),
        ("today 20:30", "2026-11-23T20:30"),  # that time is over, so it is tomorrow's
        ("tomorrow 21:00", "2026-11-23T21:00"),
        ("+2d 09:00", "2026-11-24T09:00"),
        ("SUN 22:00", "2026-11-22T22:00"),
        ("SUN 18:00", "2026-11-29T18:00"),
        ("15 19:00", "2026-12-15T19:00"),
        ("31 19:00", "2026-12-31T19:00"),  # November has none
        ("1 JAN 00:00", "2027-01-01T00:00"),
        ("29 FEB 10:00", "2028-02-29T10:00"),
    ],
)
def test_a_time_that_was_said_becomes_one_on_the_wall_clock(calendar: Calendar, at: str, kept: str) -> None:
    assert resolved(at, calendar.now()) == kept


@pytest.mark.parametrize("at", ["someday 10:00", "9", "", "31 APRIL 10:00"])
def test_what_is_no_time_is_refused(calendar: Calendar, at: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        resolved(at, calendar.now())


def test_it_comes_once_each_night(journal: Journal, calendar: Calendar) -> None:
    journal.reminders.add(NIGHTLY, "gratitude")
    assert given(journal, calendar) is None
    assert given(journal, calendar, minutes=59) is None
    assert given(journal, calendar, minutes=1) == "gratitude 22. 22:00"
    assert given(journal, calendar, minutes=1) is None
    assert given(journal, calendar, hours=23.9) is None
    assert given(journal, calendar, hours=0.2) == "gratitude 23. 22:00"


def test_a_time_that_comes_once_goes_when_it_was_given(journal: Journal, calendar: Calendar) -> None:
    journal.reminders.add(once("+30min"), "gratitude")
    assert given(journal, calendar, minutes=29) is None
    assert given(journal, calendar, minutes=1) == "gratitude 22. 21:30"
    assert journal.reminders.all() == ()


def test_one_that_was_missed_is_given_within_half_an_hour_and_left_out_later(
    path: Path, journal: Journal, calendar: Calendar
) -> None:
    journal.reminders.add(NIGHTLY, "gratitude")
    journal.reminders.add(once("today 22:10"), "mood")
    journal.close()
    calendar.set(2026, 11, 22, 22, 35)
    with Journal.open(path, calendar.now) as again:
        assert given(again, calendar) == "mood 22. 22:10"
        assert given(again, calendar) is None
        assert given(again, calendar, days=2) is None
        again.reminders.add(SUNDAYS, "checkin")  # what is over is cleared away
        assert sorted(str(one.ritual) for one in again.reminders.all()) == ["checkin", "gratitude"]
        calendar.set(2026, 11, 25, 22, 29)
        assert given(again, calendar) == "gratitude 25. 22:00"


def test_one_that_had_to_wait_for_the_end_of_a_ritual_is_not_missed(journal: Journal, calendar: Calendar) -> None:
    journal.reminders.add(NIGHTLY, "gratitude")
    calendar.set(2026, 11, 22, 22, 50)
    kept = journal.reminders.all()
    assert due(kept, calendar.now(), QUIET) is None
    assert due(kept, calendar.now(), QUIET, kept_waiting=timedelta(minutes=55)) is not None


def test_of_several_the_one_that_waits_longest_comes_first(journal: Journal, calendar: Calendar) -> None:
    journal.reminders.add(once("today 22:05"), "mood")
    journal.reminders.add(NIGHTLY, "gratitude")
    calendar.set(2026, 11, 22, 22, 6)
    assert given(journal, calendar) == "gratitude 22. 22:00"
    assert given(journal, calendar) == "mood 22. 22:05"


# --- the clocks are changed --------------------------------------------------------------------------


def test_ten_in_the_evening_stays_ten_when_summer_time_begins_and_ends(journal: Journal, calendar: Calendar) -> None:
    for day in ((2026, 3, 28), (2026, 10, 24)):
        calendar.set(*day, 12, 0)
        number = journal.reminders.add(NIGHTLY, "gratitude")
        for _ in range(2):
            calendar.set(calendar.moment.year, calendar.moment.month, calendar.moment.day, 21, 59)
            assert given(journal, calendar) is None
            assert given(journal, calendar, minutes=1) == f"gratitude {calendar.moment.day:02}. 22:00"
            calendar.later(hours=3)
        journal.reminders.remove([number])


def test_an_hour_that_is_left_out_in_spring_is_not_lost(journal: Journal, calendar: Calendar) -> None:
    calendar.set(2026, 3, 29, 1, 0)
    journal.reminders.add(once("today 02:30"), "mood")
    assert given(journal, calendar, minutes=59) is None
    assert given(journal, calendar, minutes=1) == "mood 29. 02:30"  # 3:00: there was no half past two


def test_an_hour_that_comes_twice_in_autumn_reminds_once(journal: Journal, calendar: Calendar) -> None:
    calendar.set(2026, 10, 25, 1, 0)
    journal.reminders.add({**NIGHTLY, "rrule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0"}, "mood")
    found = [given(journal, calendar, minutes=10) for _ in range(18)]
    assert [one for one in found if one] == ["mood 25. 02:30"]


def test_in_half_an_hour_is_half_an_hour_also_while_the_clocks_go_back(journal: Journal, calendar: Calendar) -> None:
    calendar.set(2026, 10, 25, 2, 45)
    journal.reminders.add(once("+30min"), "mood")
    assert given(journal, calendar, minutes=29) is None
    assert f"{calendar.moment:%H:%M}" == "02:14"
    assert given(journal, calendar, minutes=1) == "mood 25. 02:15"


def test_the_year_turns(journal: Journal, calendar: Calendar) -> None:
    calendar.set(2026, 12, 31, 12, 0)
    monthly = "FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=20;BYMINUTE=0;BYSECOND=0"
    journal.reminders.add({"text": "", "rrule": monthly, "summary": "monthly 1 20:00"}, "closeness")
    fortnightly = "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYHOUR=18;BYMINUTE=0;BYSECOND=0"
    journal.reminders.add({"text": "", "rrule": fortnightly, "summary": "every 2 weeks SUN 18:00"}, "checkin")
    came = []
    for _ in range(40 * 24):
        if found := given(journal, calendar, hours=1):
            came.append(f"{calendar.moment:%Y-%m} {found}")
    assert came == [
        "2027-01 closeness 01. 20:00",
        "2027-01 checkin 03. 18:00",
        "2027-01 checkin 17. 18:00",
        "2027-01 checkin 31. 18:00",
        "2027-02 closeness 01. 20:00",
    ]


def test_the_thirty_first_is_the_last_day_of_a_shorter_month(journal: Journal, calendar: Calendar) -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;BYHOUR=20;BYMINUTE=0;BYSECOND=0"
    calendar.set(2027, 1, 30, 12, 0)
    journal.reminders.add({"text": "", "rrule": rule, "summary": "monthly 31 20:00"}, "mood")
    came = [found for _ in range(24 * 62) if (found := given(journal, calendar, hours=1))]
    assert came == ["mood 31. 20:00", "mood 28. 20:00", "mood 31. 20:00"]


# --- quiet hours, and later ------------------------------------------------------------------------------


def test_nothing_is_said_in_quiet_hours_but_what_was_set_for_them(journal: Journal, calendar: Calendar) -> None:
    journal.reminders.add(once("today 22:55"), "gratitude")
    calendar.set(2026, 11, 22, 23, 5)  # back after ten minutes: it is too late for the house
    assert given(journal, calendar) is None
    calendar.set(2026, 11, 22, 23, 10)
    journal.reminders.add(once("+30min"), "stillness")
    assert given(journal, calendar, minutes=30) == "stillness 22. 23:40"
    journal.reminders.add(once("tomorrow 06:00"), "morning")
    calendar.set(2026, 11, 23, 6, 0)
    assert given(journal, calendar) == "morning 23. 06:00"


@pytest.mark.parametrize(
    ("start", "end", "inside", "outside"),
    [
        ("23:00", "06:30", ("23:00", "02:00", "06:29"), ("22:59", "06:30", "12:00")),
        ("13:00", "15:00", ("14:00",), ("15:00",)),
    ],
)
def test_quiet_hours_may_go_over_midnight(
    start: str, end: str, inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    quiet = QuietHours(time.fromisoformat(start), time.fromisoformat(end))
    for text, within in [*((one, True) for one in inside), *((one, False) for one in outside)]:
        assert (datetime.fromisoformat(f"2026-11-22T{text}") in quiet) is within


def put_off(journal: Journal, calendar: Calendar, minutes: int) -> None:
    found = due(journal.reminders.all(), calendar.now(), QUIET)
    assert found is not None
    journal.reminders.put_off(found.reminder.id, found.of, calendar.now() + timedelta(minutes=minutes))


def test_put_off_it_comes_again_also_after_a_restart(path: Path, journal: Journal, calendar: Calendar) -> None:
    journal.reminders.add(NIGHTLY, "gratitude")
    calendar.set(2026, 11, 22, 22, 0)
    put_off(journal, calendar, 15)
    assert given(journal, calendar, minutes=14) is None
    journal.close()
    calendar.later(minutes=5)
    with Journal.open(path, calendar.now) as again:
        assert again.reminders.all()[0].put_off == 1
        assert given(again, calendar) == "gratitude 22. 22:00"
        assert given(again, calendar, minutes=15) is None
        assert again.reminders.all()[0].put_off == 0


def test_put_off_into_quiet_hours_it_is_left_and_comes_again_the_next_night(
    journal: Journal, calendar: Calendar
) -> None:
    journal.reminders.add({**NIGHTLY, "rrule": "FREQ=DAILY;BYHOUR=22;BYMINUTE=50;BYSECOND=0"}, "gratitude")
    calendar.set(2026, 11, 22, 22, 50)
    put_off(journal, calendar, 15)
    assert [given(journal, calendar, minutes=10) for _ in range(60)] == [None] * 60
    calendar.set(2026, 11, 23, 22, 50)
    assert given(journal, calendar) == "gratitude 23. 22:50"


def test_moved_it_begins_anew(journal: Journal, calendar: Calendar) -> None:
    number = journal.reminders.add(NIGHTLY, "gratitude")
    calendar.set(2026, 11, 22, 22, 0)
    put_off(journal, calendar, 15)
    journal.reminders.move(
        number, {**NIGHTLY, "rrule": "FREQ=DAILY;BYHOUR=21;BYMINUTE=0;BYSECOND=0", "summary": "daily 21:00"}
    )
    assert given(journal, calendar, minutes=15) is None
    calendar.set(2026, 11, 23, 21, 0)
    assert given(journal, calendar) == "gratitude 23. 21:00"
