"""`evensong reflect --json` and `evensong journal plot listening`: what programs and people get of the drills."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from assistant.memory import Journal


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVENSONG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def evensong(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def test_reflect_answers_each_pair_with_one_object(home: Path) -> None:
    pairs = [
        {"story": "I lost my keys. Then I missed the bus.", "retelling": "you lost your keys"},
        {"story": "I lost my keys.", "retelling": ""},
    ]
    shown = evensong("reflect", "--json", typed="\n\n".join(json.dumps(pair) for pair in pairs))
    assert shown.exit_code == 0, shown.output
    half, none = [json.loads(line) for line in shown.stdout.splitlines()]
    assert half["points"] == 2
    assert 0.3 < half["reflected"] < 0.8
    assert [text.lower() for text in half["missed"]] == ["i missed the bus"]
    assert none == {"points": 1, "reflected": 0.0, "missed": ["I lost my keys"]}


def test_a_line_that_is_no_pair_is_named(home: Path) -> None:
    shown = evensong("reflect", "--json", typed='{"story": "I lost my keys."}')
    assert shown.exit_code != 0
    assert "1" in str(shown.exception) + shown.output


def drill(home: Path, *counts: float) -> None:
    evenings = iter(range(1, 20))
    for count in counts:
        at = datetime(2026, 11, next(evenings), 21, 0, tzinfo=UTC)
        with Journal.open(home / "data" / "journal.sqlite", lambda at=at: at) as journal:  # type: ignore[misc]
            journal.open_session("listening", ("Ana", "Ben"), 1)
            journal.record("interruptions", "Ana", number=count)
            journal.close_session("finished")


def test_how_listening_went_is_drawn_and_said(home: Path) -> None:
    drill(home, 4.0, 1.0)
    shown = evensong("journal", "plot", "listening")
    assert shown.exit_code == 0, shown.output
    picture = (home / "listening.svg").read_text()
    assert "Ana" in picture
    assert "Ana" in shown.stdout
    assert "listening.svg" in shown.stdout


def test_without_a_drill_there_is_nothing_to_draw_and_that_is_said(home: Path) -> None:
    drill(home)
    with Journal.open(home / "data" / "journal.sqlite", lambda: datetime(2026, 11, 1, tzinfo=UTC)):
        pass
    shown = evensong("journal", "plot", "listening")
    assert shown.exit_code != 0
    assert not (home / "listening.svg").exists()
