"""Spoken times and recurrences: tests/data/when.yaml, the choices of docs/reminders.md, and what is no time at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.understanding import WhenReader, load_when_reader
from assistant.understanding.data_file import load_yaml

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
SENTENCES = load_yaml(Path(__file__).parents[1] / "data" / "when.yaml").data["sentences"]
KEPT_FOR_MEASURING = SENTENCES[0::2]
DEVELOPING = SENTENCES[1::2]


@pytest.fixture(scope="module")
def reader() -> WhenReader:
    return load_when_reader(ENGLISH)


def meant(reader: WhenReader, sentence: str) -> str | None:
    when = reader.read(reader.words(sentence))
    return when.summary if when else None


def test_there_are_enough_sentences() -> None:
    assert len(SENTENCES) >= 150


@pytest.mark.parametrize(("sentence", "summary", "ritual"), DEVELOPING, ids=[str(one[0]) for one in DEVELOPING])
def test_a_time_is_understood_as_people_say_it(
    reader: WhenReader, sentence: str, summary: str | None, ritual: str | None
) -> None:
    assert meant(reader, sentence) == summary


def test_sentences_that_were_kept_apart_are_understood_as_well(reader: WhenReader) -> None:
    wrong = [sentence for sentence, summary, _ in KEPT_FOR_MEASURING if meant(reader, sentence) != summary]
    assert len(wrong) / len(KEPT_FOR_MEASURING) <= 0.05


@pytest.mark.parametrize(
    ("sentence", "summary"),
    [
        # which half of the day, when nobody says it
        ("every night at ten", "daily 22:00"),
        ("every day at ten", "daily 22:00"),
        ("on sundays at six", "weekly SUN 18:00"),
        ("weekdays at quarter to seven", "weekdays 06:45"),
        ("weekdays at nine", "weekdays 21:00"),
        ("every day at twelve", "daily 12:00"),
        ("every night at twelve", "daily 00:00"),
        ("every morning at twelve", "daily 00:00"),
        ("at five", "once today 17:00"),
        ("at eleven in the morning", "once today 11:00"),
        ("at 09:00", "once today 09:00"),
        ("at 9:00", "once today 21:00"),
        ("half nine", "once today 21:30"),
        ("at half past twelve at night every day", "daily 00:30"),
        # the night is named by the day before it
        ("tonight at one", "once tomorrow 01:00"),
        ("on saturday night at half past twelve", "once SUN 00:30"),
        ("midnight today", "once tomorrow 00:00"),
        # more than one day is every week
        ("on monday and wednesday at nine", "weekly MON,WED 21:00"),
        ("from friday to monday at nine", "weekly MON,FRI,SAT,SUN 21:00"),
        ("every day at nine but not on sundays", "weekly MON,TUE,WED,THU,FRI,SAT 21:00"),
        ("monday tuesday wednesday thursday friday saturday and sunday at nine", "daily 21:00"),
        # the day of a month
        ("on the thirty first of every month at eight", "monthly 31 20:00"),
        ("on the last day of the month at nine", "monthly -1 21:00"),
        ("every second saturday of the month at ten in the morning", "monthly 2SAT 10:00"),
        ("every two months on the first at eight", "every 2 months 1 20:00"),
        ("on the fifth of december at seven", "once 5 DEC 19:00"),
        ("on february the fourteenth at eight", "once 14 FEB 20:00"),
        ("on the fifteenth at seven", "once 15 19:00"),
        # "or" and "between" keep the first; without a word between them the later counts
        ("at nine or ten", "once today 21:00"),
        ("between nine and ten", "once today 21:00"),
        ("at nine at ten", "once today 22:00"),
    ],
)
def test_what_is_left_open_is_chosen_as_it_is_written_down(reader: WhenReader, sentence: str, summary: str) -> None:
    assert meant(reader, sentence) == summary


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "at",
        "no",
        "half",
        "one of us is late",
        "we had three good things",
        "there were four of us",
        "ten minutes of silence",
        "for an hour or two",
        "good morning",
        "it was a good evening",
        "every week at nine",  # on which day?
        "every month at nine",
        "at twenty five",
        "at thirty o'clock",
        "not at nine",
        "in zero minutes",
        "at ninety nine",
        "a m p m",
    ],
)
def test_what_is_no_time_is_none(reader: WhenReader, sentence: str) -> None:
    assert meant(reader, sentence) is None


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("every night at ten", "FREQ=DAILY;BYHOUR=22;BYMINUTE=0;BYSECOND=0"),
        ("weekdays at quarter to seven", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=6;BYMINUTE=45;BYSECOND=0"),
        ("every other sunday at six", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYHOUR=18;BYMINUTE=0;BYSECOND=0"),
        ("every three days at six", "FREQ=DAILY;INTERVAL=3;BYHOUR=18;BYMINUTE=0;BYSECOND=0"),
        ("the first sunday of every month at six", "FREQ=MONTHLY;BYDAY=1SU;BYHOUR=18;BYMINUTE=0;BYSECOND=0"),
        ("on the fifteenth of each month at six", "FREQ=MONTHLY;BYMONTHDAY=15;BYHOUR=18;BYMINUTE=0;BYSECOND=0"),
        (
            "on the thirtieth of every other month at six",  # of February its last day
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30;BYSETPOS=-1;BYHOUR=18;BYMINUTE=0;BYSECOND=0",
        ),
    ],
)
def test_a_recurrence_is_a_rule_that_calendars_know(reader: WhenReader, sentence: str, rule: str) -> None:
    when = reader.read(reader.words(sentence))
    assert when is not None
    assert when.slot is not None
    assert when.slot["rrule"] == rule


def test_the_slot_holds_the_words_that_say_when_and_nothing_else(reader: WhenReader) -> None:
    when = reader.read(reader.words("remind us tomorrow to do gratitude around half past nine in the evening"))
    assert when is not None
    assert when.slot == {
        "text": "tomorrow around half past nine in the evening",
        "at": "tomorrow 21:30",
        "summary": "once tomorrow 21:30",
    }


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [("move it to nine", True), ("make it half eight", True), ("remind us at nine", False), ("at nine", False)],
)
def test_a_change_is_told_from_something_new(reader: WhenReader, sentence: str, changes: bool) -> None:
    assert reader.changes(reader.words(sentence)) is changes
