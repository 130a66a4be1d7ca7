"""What README, CONTRIBUTING, CHANGELOG and docs/ name is there: files, pages, commands, settings, measurements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from assistant.cli import app
from assistant.config import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = "assistant|benchmarks|docs|intents|models|packaging|tests"
MODULES = [path.as_posix() for folder in FOLDERS.split("|") for path in (ROOT / folder).rglob("*.py")]
INSTALLED = re.compile(r"models/(phrases|meaning|voices|overlaps|small-en-us)\b|intents/xx")


def named(pattern: str, page: Path) -> Iterator[str]:
    yield from (found[1] for found in re.finditer(pattern, page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    targets = {target for target in named(r"\]\(([^)#]+)[^)]*\)", page) if not target.startswith("http")}
    assert {target for target in targets if not (page.parent / target).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_from_the_root_is_there(page: Path) -> None:
    paths = set(named(rf"(?<![\w/.])((?:{FOLDERS})/[\w./*-]*[\w*])", page))
    assert {path for path in paths if not INSTALLED.match(path) and not any(ROOT.glob(path))} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_is_there_by_its_name(page: Path) -> None:
    modules = set(named(r"`([\w/]+\.py)`", page))
    assert {module for module in modules if not any(path.endswith("/" + module) for path in MODULES)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_benchmark_is_there(page: Path) -> None:
    names = set(named(r"-m benchmarks ([a-z_]+)", page))
    assert {name for name in names if not any((ROOT / "benchmarks").glob(f"{name}*"))} == set()


def unknown_in(words: list[str], command: Any) -> str | None:
    """The first of ``words``, as typed after `evensong`, that ``command`` does not know; None: it knows them."""
    while hasattr(command, "commands") and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        if words[0] not in command.commands:
            return words[0]
        command, words = command.commands[words[0]], words[1:]
    options = {"--help", *(option for one in command.params for option in one.opts)}
    return next((word for word in words if re.fullmatch(r"--[a-z-]+", word) and word not in options), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_its_options_are_there(page: Path) -> None:
    typed = {*named(r"`evensong ([^`]+)`", page), *named(r"(?m)^ {4}(?:\.venv/bin/)?evensong ([^#&\n]+)", page)}
    unknown = {line: unknown_in(line.split(), get_command(app)) for line in typed}
    assert {line: word for line, word in unknown.items() if word is not None} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_is_there(page: Path) -> None:
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    for section, key in re.findall(r"`([a-z_]+)\.([a-z_]+)`", page.read_text(encoding="utf-8")):
        if section in sections and key not in ("py", "yaml", "json", "md"):
            assert key in sections[section].model_fields, f"{section}.{key}"


def test_the_list_of_decisions_has_all_of_them_and_each_tells_its_status() -> None:
    folder = ROOT / "docs" / "decisions"
    decisions = {path for path in folder.glob("*.md") if path.name != "README.md"}
    assert set(named(r"\]\((\d{4}-[\w-]+\.md)\)", folder / "README.md")) == {path.name for path in decisions}
    for path in decisions:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert re.match(rf"# {int(path.name[:4])}\. ", lines[0]), path.name
        assert lines[2].startswith("Status: "), path.name
