"""Files under intents/ are written by hand: every mistake is named with file, line and remedy."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from assistant import config
from assistant.errors import IntentsError
from assistant.understanding import language
from assistant.understanding.data_file import load_yaml, parse


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")
    say: str
    times: int = Field(1, ge=1)


class Tale(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    steps: list[Step] = []


def write(folder: Path, text: str) -> Path:
    path = folder / "tale.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_values_come_with_their_lines(tmp_path: Path) -> None:
    file = load_yaml(write(tmp_path, "title: a\nsteps:\n  - say: hello\n    times: 2\n  - say: yes\n"))
    assert file.data == {"title": "a", "steps": [{"say": "hello", "times": 2}, {"say": "yes"}]}
    assert file.line("steps", 0, "times") == 4
    assert file.line("steps", 1, "say") == 5
    assert file.line("steps", 1, "nowhere") == 5


def test_yes_and_no_are_words_and_numbers_are_numbers(tmp_path: Path) -> None:
    text = 'yes: [no, on, true, 3, 0.5, "3", 22:00, 007, ~]\n'
    assert load_yaml(write(tmp_path, text)).data == {"yes": ["no", "on", True, 3, 0.5, "3", "22:00", "007", None]}


def test_a_model_is_filled(tmp_path: Path) -> None:
    tale = parse(write(tmp_path, "title: a\nsteps:\n  - say: hello\n"), Tale)
    assert tale.steps[0].say == "hello"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: a\nstepz: []\n", ":2: stepz: there is no such key"),
        ("title: a\nsteps:\n  - say: x\n    colour: red\n", ":4: steps.0.colour: there is no such key"),
        ("title: a\nsteps:\n  - times: 2\n", ":3: steps.0.say: this key is missing"),
        ("title: a\nsteps:\n  - say: x\n    times: 0\n", ":4: steps.0.times: this must be "),
        ("title: a\ntitle: b\n", ":2: the key 'title' is already given on line 1"),
        ("title: [a\nsteps: b\n", ":2: not valid YAML"),
        ("- a\n", ":1: the file must hold keys and values"),
        ("", ":1: the file must hold keys and values"),
        ("title: &a [*a]\n", ":1: an alias"),
        ("? [a, b]\n: c\n", ":1: a key must be a single word"),
        ("title: \x07\n", "not valid YAML"),
        ("title: a\n\tsteps: b\n", ":2: not valid YAML (a tab stands there; use spaces)"),
        ("title: One: a wish\n", ":1: not valid YAML (a colon in a text; put the text in quotes)"),
    ],
)
def test_each_fault_names_file_line_and_remedy(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(IntentsError) as caught:
        parse(path, Tale)
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)


def test_a_file_that_is_missing_or_not_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match="missing"):
        parse(tmp_path / "none.yaml", Tale)
    with pytest.raises(IntentsError, match="cannot be read"):
        parse(tmp_path, Tale)
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"title: caf\xe9\n")
    with pytest.raises(IntentsError, match="UTF-8"):
        parse(path, Tale)


def test_every_key_that_a_language_has_to_translate_is_read_by_something() -> None:
    models = [one for one in vars(language).values() if inspect.isclass(one) and issubclass(one, BaseModel)]
    keys = {key for model in models for key in model.model_fields}
    read = {
        node.attr
        for path in Path(config.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert len(keys) > 50
    assert keys - read == set()
