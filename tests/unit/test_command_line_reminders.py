"""`evensong reminders` and the country that `evensong config init` asks for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant import config
from assistant.cli import app
from assistant.commands.country import country_of
from assistant.errors import EvensongError, UsageError
from assistant.memory import Journal

SHIPPED = config.shipped("intents") / "en"
NIGHTLY = {
    "text": "every night at ten",
    "rrule": "FREQ=DAILY;BYHOUR=22;BYMINUTE=0;BYSECOND=0",
    "summary": "daily 22:00",
}
ONCE = {"text": "friday at noon", "at": "FRI 12:00", "summary": "once FRI 12:00"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVENSONG_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def two(home: Path) -> Path:
    """A journal with a reminder of gratitude (1) and one of a call (2)."""
    (home / "data").mkdir()
    path = home / "data" / "journal.sqlite"
    with Journal.open(path, lambda: datetime.now(UTC).astimezone()) as journal:
        journal.reminders.add(NIGHTLY, "gratitude")
        journal.reminders.add(ONCE, None, "call grandma")
    return path


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def left() -> list[str]:
    rows = [json.loads(line) for line in run("reminders", "list", "--json").output.splitlines()]
    return [row["ritual"] or row["what"] for row in rows]


def test_they_are_listed_in_words_and_for_programs(two: Path) -> None:
    shown = run("reminders", "list").output
    assert "every night at ten" in shown
    assert "on Friday at noon" in shown
    (first, second) = [json.loads(line) for line in run("reminders", "list", "--json").output.splitlines()]
    assert {first["summary"], second["summary"]} == {"daily 22:00", "once FRI 12:00"}
    assert first["next"] < second["next"] or first["summary"] == "once FRI 12:00"


def test_one_is_cancelled_after_a_yes(two: Path) -> None:
    refused = run("reminders", "cancel", "2", typed="n\n")
    assert "call grandma, on Friday at noon" in refused.output
    assert refused.exit_code == 1
    assert sorted(left()) == ["call grandma", "gratitude"]
    assert run("reminders", "cancel", "2", typed="y\n").exit_code == 0
    assert left() == ["gratitude"]
    assert b"grandma" not in two.read_bytes()


def test_all_are_cancelled(two: Path) -> None:
    assert run("reminders", "cancel", "--all", "--yes").exit_code == 0
    assert "There are no reminders." in run("reminders", "list").output


def test_one_that_is_not_there_is_named_with_those_that_are(two: Path) -> None:
    assert "There is no reminder 7; there are: 1, 2" in str(run("reminders", "cancel", "7").exception)


def test_without_a_journal_that_is_said(home: Path) -> None:
    assert isinstance(run("reminders", "list").exception, EvensongError)


def test_settings_are_written_with_the_country_and_say_where_its_numbers_are(home: Path) -> None:
    written = run("config", "init", "--country", "gb")
    assert "Samaritans" in written.output
    assert str(SHIPPED / "help_lines.yaml") in written.output
    assert config.load(home / "config" / "config.toml").household.country == "GB"


def test_where_nobody_sits_at_a_terminal_nothing_is_asked(home: Path) -> None:
    written = run("config", "init")
    assert written.exit_code == 0
    assert "set household.country" in written.output
    assert config.load(home / "config" / "config.toml").household.country == ""


def test_a_country_without_help_lines_is_refused_and_at_a_terminal_asked_for_again() -> None:
    with pytest.raises(UsageError, match="choose one of GB, "):
        country_of("xx", SHIPPED, None)
    answers = iter(["nowhere", "de"])
    assert country_of(None, SHIPPED, lambda question: next(answers)) == "DE"
    assert country_of(None, SHIPPED, lambda question: "") == ""
