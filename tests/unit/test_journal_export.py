"""The journal as text: JSON that keeps every word and its published shape, Markdown to read, CSV that runs nothing."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from assistant.memory import Journal

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "journal-export.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


class Calendar:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 21, 58, 3, tzinfo=timezone(timedelta(hours=1)))

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def journal(tmp_path: Path, calendar: Calendar) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", calendar) as opened:
        yield opened


@pytest.fixture
def evenings(journal: Journal, calendar: Calendar) -> Journal:
    journal.open_session("gratitude", ("Ana", "Ben"), 7)
    journal.record("good_thing", "Ana", "the soup")
    journal.record("good_thing", "Ben", "Ana *laughed* at my <b>joke</b>")
    journal.record("good_thing", "Ana", "1. FC won\nagain")
    journal.record("appreciation", "Ben", "you waited for me", about="Ana")
    journal.close_session("finished")
    calendar.time += timedelta(days=2, minutes=-3)
    journal.open_session("mood", (), 8)
    journal.record("number", None, None, 6)
    journal.record("word", None, "tired")
    journal.close_session("stopped")
    journal.open_session("solo_listening", ("Ana",), 9)
    return journal


def exported(journal: Journal) -> Any:
    text = journal.export("json")
    assert len(text.splitlines()) == 1
    document = json.loads(text)
    VALIDATOR.validate(document)
    return document


# --- JSON --------------------------------------------------------------------------------------------


def test_json_holds_every_session_oldest_first_in_its_published_shape(evenings: Journal) -> None:
    document = exported(evenings)
    assert document["exported_at"] == "2026-11-22T21:55:03.000+01:00"
    assert [session["outcome"] for session in document["sessions"]] == ["finished", "stopped", "open"]
    assert document["sessions"][1] == {
        "id": 2,
        "ritual": "mood",
        "people": [],
        "seed": 8,
        "outcome": "stopped",
        "started_at": "2026-11-22T21:55:03.000+01:00",
        "ended_at": "2026-11-22T21:55:03.000+01:00",
        "entries": [
            {
                "at": "2026-11-22T21:55:03.000+01:00",
                "person": None,
                "key": "number",
                "text": None,
                "number": 6,
                "about": None,
            },
            {
                "at": "2026-11-22T21:55:03.000+01:00",
                "person": None,
                "key": "word",
                "text": "tired",
                "number": None,
                "about": None,
            },
        ],
    }
    assert [entry["about"] for entry in document["sessions"][0]["entries"]] == [None, None, None, "Ana"]


def test_an_empty_journal_is_exported_too(journal: Journal) -> None:
    assert exported(journal)["sessions"] == []
    assert journal.export("csv") == "session,ritual,outcome,at,person,key,text,number,about\r\n"
    assert "Nothing is kept yet" in journal.export("md")


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"version": 2}, {"sessions": [{"id": 1}]}, {"exported_at": 5}, {"format": "x"}]
)
def test_the_published_schema_is_strict(evenings: Journal, change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate({**exported(evenings), **change})


def without_controls(text: str | None) -> str | None:
    """What the journal promises to keep of a text, said another way than it is done there."""
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = [letter for letter in text if letter in "\n\t" or not (ord(letter) < 32 or 127 <= ord(letter) < 160)]
    return "".join("\ufffd" if 0xD800 <= ord(letter) < 0xE000 else letter for letter in kept)


ODD = st.text(st.characters(codec=None, exclude_categories=()), max_size=40) | st.sampled_from(
    [
        "\x00",
        "a\x00b",
        "\ud83d",
        "👩‍👩‍👧 🌩",
        "\u2028line\u2029",
        "=1+1",
        '"quoted", and\nmore',
        "\x1b[31mred",
        "ж" * 5000,
        "''",
        "\ufeff",
    ]
)
ANSWERS = st.lists(
    st.tuples(
        ODD,
        st.none() | ODD,
        st.none() | ODD,
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | ODD,
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ritual=ODD, people=st.lists(ODD, max_size=4), answers=ANSWERS)
def test_odd_words_come_back_as_they_were(ritual: str, people: list[str], answers: list[tuple[Any, ...]]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Journal.open(Path(folder) / "journal.sqlite", lambda: datetime(2026, 11, 22, tzinfo=UTC)) as journal,
        journal.together(),
    ):
        journal.open_session(ritual, tuple(people), 1)
        for answer in answers:
            journal.record(*answer)
        (session,) = exported(journal)["sessions"]
        table = list(csv.reader(io.StringIO(journal.export("csv"), newline="")))[1:]
        journal.export("md").encode("utf-8")

    assert session["ritual"] == without_controls(ritual)
    assert session["people"] == [without_controls(name) for name in people]
    columns = ("key", "person", "text", "number", "about")
    assert [tuple(each[column] for column in columns) for each in session["entries"]] == [
        (without_controls(key), without_controls(person), without_controls(text), number, without_controls(about))
        for key, person, text, number, about in answers
    ]
    assert len(table) == len(answers)
    for row, (key, person, text, _, about) in zip(table, answers, strict=True):
        for cell, word in zip((*row[4:7], row[8]), (person, key, text, about), strict=True):
            assert cell.lstrip()[:1] not in ("=", "+", "-", "@")
            assert cell in ((without_controls(word) or ""), "'" + (without_controls(word) or ""))


# --- Markdown ----------------------------------------------------------------------------------------


def test_markdown_reads_by_evening_and_person(evenings: Journal) -> None:
    assert (
        evenings.export("md")
        == """\
# Our evenings

We sat down together 3 times, from 20 November 2026 to 22 November 2026.

## Friday, 20 November 2026

### Gratitude, 21:58

With Ana and Ben.

**Ana**

- *Good thing*: The soup
- *Good thing*: 1\\. FC won again

**Ben**

- *Good thing*: Ana \\*laughed\\* at my \\<b\\>joke\\</b\\>
- *Appreciation, to Ana*: You waited for me

## Sunday, 22 November 2026

### Mood, 21:55 (ended early)

- *Number*: 6
- *Word*: Tired

### Solo listening, 21:55 (still open)

With Ana.

Nothing is kept of it yet.
"""
    )


def markdown_of_last(journal: Journal) -> str:
    """The Markdown below the heading of the last ritual."""
    return journal.export("md").rpartition("###")[2].partition("\n\n")[2]


def test_markdown_does_not_name_the_question_when_there_was_only_one(journal: Journal) -> None:
    journal.open_session("gratitude", (), 1)
    journal.record("good_thing", None, "the soup")
    journal.record("good_thing", None, "ßtrange first letters")
    assert markdown_of_last(journal) == "- The soup\n- ßtrange first letters\n"


def test_markdown_gives_the_speaker_and_the_household_their_capitals(journal: Journal) -> None:
    journal.open_session("gratitude", ("Ana", "Ben"), 1)
    journal.record("good_thing", "Ana", "yes ben cooked and i'm glad i came home in time")
    assert "- Yes Ben cooked and I'm glad I came home in time\n" in journal.export("md")


def test_markdown_gives_a_number_as_it_is(journal: Journal) -> None:
    journal.open_session("mood", (), 1)
    journal.record("mood", None, "rather tired", 7.5)
    assert markdown_of_last(journal) == "- 7.5, rather tired\n"


def test_markdown_says_to_whom_even_then(journal: Journal) -> None:
    journal.open_session("thanks", ("Ana", "Ben"), 1)
    journal.record("appreciation", "Ana", "your *jokes*", about="Ben_2")
    assert markdown_of_last(journal).endswith("- *Appreciation, to Ben\\_2*: Your \\*jokes\\*\n")


def test_markdown_gives_nobody_the_answer_of_all(journal: Journal) -> None:
    journal.open_session("mood", ("Ana", "Ben"), 1)
    journal.record("word", "Ben", "tired")
    journal.record("minutes", None, None, 10)
    assert markdown_of_last(journal) == (
        "With Ana and Ben.\n\n**Ben**\n\n- *Word*: Tired\n\n**Together**\n\n- *Minutes*: 10\n"
    )


# --- CSV ---------------------------------------------------------------------------------------------


def test_csv_has_a_row_an_answer(evenings: Journal) -> None:
    rows = list(csv.DictReader(io.StringIO(evenings.export("csv"), newline="")))
    assert len(rows) == 6
    assert rows[2] == {
        "session": "1",
        "ritual": "gratitude",
        "outcome": "finished",
        "at": "2026-11-20T21:58:03+01:00",
        "person": "Ana",
        "key": "good_thing",
        "text": "1. FC won\nagain",
        "number": "",
        "about": "",
    }
    assert (rows[3]["person"], rows[3]["about"]) == ("Ben", "Ana")
    assert (rows[4]["person"], rows[4]["number"]) == ("", "6")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "\n=1"])
def test_csv_runs_no_formula(journal: Journal, formula: str) -> None:
    journal.open_session("mood", (), 1)
    journal.record("word", formula, formula, -3, formula)
    (row,) = csv.DictReader(io.StringIO(journal.export("csv"), newline=""))
    assert row["text"] == row["person"] == row["about"] == "'" + formula
    assert row["number"] == "-3"  # a number is one
