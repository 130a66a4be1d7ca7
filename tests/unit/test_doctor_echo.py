"""What `evensong doctor` says of echo cancelling, by what was measured on the last evening."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.doctor import echo
from assistant.commands.echoes import keep_echo_loss, kept_echo_loss
from assistant.config import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("EVENSONG_HOME", str(tmp_path))
    return Settings()


def test_what_is_measured_on_an_evening_is_there_on_the_next_day(settings: Settings) -> None:
    assert kept_echo_loss(settings) is None
    keep_echo_loss(settings, 31.26)
    keep_echo_loss(settings, None)  # an evening with headphones measures nothing
    assert kept_echo_loss(settings) == 31.3


@pytest.mark.parametrize(("loss_db", "verdict", "says"), [(31.0, "ok", "31 dB"), (-0.2, "warn", "only 0 dB")])
def test_one_line_says_how_it_went_and_what_to_do(settings: Settings, loss_db: float, verdict: str, says: str) -> None:
    keep_echo_loss(settings, loss_db)
    (line,) = echo(settings)
    assert (line.verdict, says in line.text) == (verdict, True)
    assert ("headphones" in line.text) == (verdict == "warn")


def test_a_note_that_is_broken_counts_as_none(settings: Settings) -> None:
    keep_echo_loss(settings, 20.0)
    (settings.cache_path / "echo_loss_db").write_text("twenty")
    (line,) = echo(settings)
    assert line.verdict == "ok"
