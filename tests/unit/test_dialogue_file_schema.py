"""The published JSON Schemas: in step with the code, true to every file that ships, and of use to an editor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from assistant import config
from assistant.cli import app
from assistant.dialogue import deck_schema, ritual_schema
from assistant.dialogue.ritual import KINDS
from assistant.understanding.data_file import load_yaml

DOCS = Path(__file__).parents[2] / "docs"
SHIPPED = config.shipped("intents") / "en"
RITUALS = sorted((SHIPPED / "rituals").glob("*.yaml"))
DECKS = sorted((SHIPPED / "decks").glob("*.yaml"))
RITUAL = jsonschema.Draft202012Validator(ritual_schema())


@pytest.mark.parametrize(("option", "name"), [("--schema", "ritual"), ("--deck-schema", "deck")])
def test_what_is_printed_is_what_is_published(option: str, name: str) -> None:
    printed = CliRunner().invoke(app, ["check", option])
    assert printed.exit_code == 0
    published = (DOCS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == json.loads(printed.output), (
        f"run: evensong check {option} > docs/{name}.schema.json"
    )


def test_both_are_valid_schemas() -> None:
    for schema in (ritual_schema(), deck_schema()):
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", RITUALS, ids=lambda path: path.stem)
def test_every_ritual_that_ships_is_valid_by_it(path: Path) -> None:
    RITUAL.validate(load_yaml(path).data)


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_deck_that_ships_is_valid_by_it(path: Path) -> None:
    jsonschema.validate(load_yaml(path).data, deck_schema())


def ritual(**step: Any) -> dict[str, Any]:
    return {
        "id": "tea",
        "title": "tea",
        "about": "Tea.",
        "minutes": 1,
        "people": {"min": 1},
        "starters": {"templates": ["tea"], "examples": ["tea"]},
        "steps": [{"kind": "say", "lines": ["Tea."], **step}],
        "closings": ["Bye."],
    }


def test_an_editor_is_told_of_mistakes() -> None:
    assert RITUAL.is_valid(ritual())
    for wrong in ({"linse": ["Tea."]}, {"pause_s": "long"}, {"only": "sometimes"}, {"id": "Two Words"}, {"lines": 3}):
        assert not RITUAL.is_valid(ritual(**wrong)), wrong


def test_an_editor_can_complete_every_kind_of_step_and_explain_its_keys() -> None:
    schema = ritual_schema()
    steps = schema["properties"]["steps"]["items"]
    assert set(steps["discriminator"]["mapping"]) == set(KINDS)
    for reference in steps["discriminator"]["mapping"].values():
        assert schema["$defs"][reference.rpartition("/")[2]]["description"]
