"""An export comes back as it went, once; and reminders go to a calendar that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.memory import Journal
from assistant.memory.recall import Question

SECRET = "the thunder frightens me"


def evening() -> datetime:
    return datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", evening) as opened:
        opened.open_session("gratitude", ("Ana", "Ben"), 7)
        opened.record("good_thing", "Ana", SECRET)
        opened.record("appreciation", "Ben", 'he said "no, thanks"; – 100 %', about="Ana")
        opened.record("stress", "Ben", number=4.5)
        opened.close_session("finished")
        opened.reminders.add({"summary": "daily 21:30", "rrule": "FREQ=DAILY;BYHOUR=21;BYMINUTE=30"}, "gratitude")
        opened.reminders.add(
            {"summary": "once tomorrow 09:00", "at": "tomorrow 09:00"}, what="ring Tom; bring tea, and ü"
        )
        yield opened


def test_an_export_comes_back_as_it_went_and_only_once(journal: Journal, tmp_path: Path) -> None:
    exported = journal.export("json")
    with Journal.open(tmp_path / "other.sqlite", evening) as other:
        assert other.import_json(exported) == 1
        assert other.import_json(exported) == 0
        assert other.sessions() == journal.sessions()
        assert [one.summary for one in other.reminders.all()] == [one.summary for one in journal.reminders.all()]
        assert other.recall.find(Question(words=("thunder",), confided=""))
        assert other.integrity() == []


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": "diary"}', f'{{"format": "evensong-journal", "version": 2, "x": "{SECRET}"}}']
)
def test_what_is_no_export_adds_nothing_and_is_not_quoted(journal: Journal, text: str) -> None:
    before = journal.sessions()
    with pytest.raises(JournalError, match="is no export of a journal") as raised:
        journal.import_json(text)
    assert SECRET not in str(raised.value)
    assert journal.sessions() == before


def test_reminders_as_a_calendar(journal: Journal) -> None:
    text = journal.export("ics")
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261123T213000" in lines  # tonight's is over
    assert "RRULE:FREQ=DAILY;BYHOUR=21;BYMINUTE=30" in lines
    assert "SUMMARY:Gratitude" in lines
    assert "DTSTART:20261123T090000" in lines
    assert "SUMMARY:ring Tom\\; bring tea\\, and ü" in lines
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert SECRET not in text
