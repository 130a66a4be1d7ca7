"""Every command explains itself with an example that works, and shells can complete it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from assistant.cli import app

Way = tuple[str, ...]


def walk(command: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    yield way, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, (*way, name))


COMMANDS = dict(walk(typer.main.get_command(app)))


@pytest.mark.parametrize("way", COMMANDS, ids=" ".join)
def test_help_says_what_it_does_with_an_example(way: Way) -> None:
    shown = CliRunner().invoke(app, [*way, "--help"], prog_name="evensong")
    assert shown.exit_code == 0
    text = " ".join(shown.output.split())
    assert f"Usage: evensong {' '.join(way)}".strip() in text
    assert "Example: " in text
    command = COMMANDS[way]
    assert command.help
    for parameter in command.params:
        assert parameter.help, f"{parameter.name} is not explained"


@pytest.mark.parametrize("way", [way for way, command in COMMANDS.items() if way], ids=" ".join)
def test_the_example_is_one_that_is_understood(way: Way) -> None:
    command = COMMANDS[way]
    words = shlex.split(command.epilog.removeprefix("Example: "), comments=False)
    words = words[words.index("evensong") + 1 :]
    if ">" in words:
        words = words[: words.index(">")]
    assert tuple(words[: len(way)]) == way
    rest = words[len(way) :]
    if hasattr(command, "commands"):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_context("evensong", rest)


def completed(line: str, cursor: int, home: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "assistant"],
        env=os.environ
        | {"_EVENSONG_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(cursor)}
        | {"EVENSONG_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_shells_complete_commands_and_options(tmp_path: Path) -> None:
    assert completed("evensong jou", 1, tmp_path) == ["journal"]
    assert completed("evensong models in", 2, tmp_path) == ["install"]
    assert "--transcript" in completed("evensong demo --", 2, tmp_path)


def test_the_completion_script_is_for_evensong_however_it_was_started(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from assistant.cli import main; main()", "--show-completion", "bash"],
        env=os.environ | {"EVENSONG_HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert "_EVENSONG_COMPLETE=complete_bash" in done.stdout
    assert done.stdout.rstrip().endswith("evensong")
