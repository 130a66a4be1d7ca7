"""Read the files under intents/: YAML into pydantic models, every complaint with file and line.

Two things differ from plain PyYAML, because people write these files by hand: ``yes``, ``no``, ``on`` and ``off`` are
words (YAML 1.1 would make them booleans), and a key given twice in one mapping is an error instead of the last winning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.errors import IntentsError

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

MAX_VALUES = 200_000  # aliases of aliases can grow a small file without bound

# The C scanner is about ten times faster; wheels of PyYAML have it, a build without libyaml falls back.
_Scanner: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file's plain data (dict, list, str, int, float, bool, None) and where each value stands.

    ``lines`` maps the way to a value, for example ``("steps", 2, "say")``, to its line, counted from 1. For a value
    in a mapping it is the line of its key.
    """

    path: Path
    data: Any
    lines: Mapping[Location, int]

    def line(self, *location: str | int) -> int:
        """The line of the value at ``location``, or of the nearest value around it that stands in the file."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def where(self, *location: str | int) -> str:
        """``file:line`` of a value, for error messages and `Intent.source`."""
        return f"{self.path}:{self.line(*location)}"

    def error(self, message: str, *location: str | int) -> IntentsError:
        """An error to raise about the value at ``location``; ``message`` says what is wrong and what to do."""
        return IntentsError(f"{self.where(*location)}: {message}")


def load_yaml(path: Path) -> DataFile:
    """Read one YAML file. Raises IntentsError naming file and line when it cannot be read or is not valid YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise IntentsError(f"{path}: this file is missing; restore it or reinstall evensong.") from None
    except UnicodeDecodeError:
        raise IntentsError(f"{path}: this file is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise IntentsError(f"{path}: cannot be read ({error.strerror}); check that it is a readable file.") from None
    try:
        root = yaml.compose(text, Loader=_Scanner)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        here = text.splitlines()[line - 1 : line]
        raise IntentsError(f"{path}:{line}: not valid YAML ({_yaml_fault(error, here)}); mend this line.") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise IntentsError(f"{path}: not valid YAML ({error}); mend the file.") from None
    lines: dict[Location, int] = {}
    data = _Builder(path, lines).build(root, (), frozenset()) if root is not None else None
    return DataFile(path, data, lines)


def _yaml_fault(error: yaml.MarkedYAMLError, here: list[str]) -> str:
    """The two mistakes that are made most, in words for those who do not write YAML every day."""
    problem = str(error.problem)
    if problem.startswith(("found character", "found a tab")) and any("\t" in line for line in here):
        return "a tab stands there; use spaces"
    if problem.startswith("mapping values"):
        return "a colon in a text; put the text in quotes"
    return problem


def parse(path: Path, model: type[Model]) -> Model:
    """Read one YAML file into ``model``. Raises IntentsError ``file:line: key: what is wrong`` for the first fault."""
    return validate(load_yaml(path), model)


def validate(file: DataFile, model: type[Model]) -> Model:
    """Make ``model`` of a file that is already read; for callers who need its line numbers afterwards."""
    if not isinstance(file.data, dict):
        raise file.error("the file must hold keys and values; see the files beside it for an example.")
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        raise _first_problem(file, error) from None


NAME_PATTERN = "^[a-z][a-z0-9_]*$"
PLAINLY = {
    "string_type": "this must be text; put it in quotes, above all when a colon or a brace stands in it",
    "tuple_type": "this must be a list: [one, another], or a line each with a dash before it",
    "list_type": "this must be a list: [one, another], or a line each with a dash before it",
    "int_type": "this must be a whole number",
    "int_parsing": "this must be a whole number",
    "int_from_float": "this must be a whole number",
    "float_type": "this must be a number",
    "float_parsing": "this must be a number",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
    "model_type": "keys and values of its own must stand here, as in the files that ship",
    "dict_type": "keys and values of its own must stand here, as in the files that ship",
    "literal_error": "this must be {expected}",
    "less_than_equal": "this must be {le:g} or less",
    "greater_than_equal": "this must be {ge:g} or more",
    "greater_than": "this must be more than {gt:g}",
}


def _first_problem(file: DataFile, error: ValidationError) -> IntentsError:
    # pydantic adds the names of union members and validators to the location; only what stands in the file helps.
    problems = [(tuple(part for part in _location(p, file)), p) for p in error.errors()]
    if misspelt := _misspelt(problems):
        location, meant = misspelt
        return file.error(f"{'.'.join(map(str, location))}: there is no such key; did you mean {meant}?", *location)
    location, problem = min(problems, key=lambda item: (file.line(*item[0]), -len(item[0])))
    key = ".".join(str(part) for part in location) or "this file"
    kind = problem["type"]
    if kind == "extra_forbidden":
        message = f"{key}: there is no such key; check its spelling or remove it."
    elif kind == "missing":
        message = f"{key}: this key is missing; add it."
    else:
        message = f"{key}: {_plainly(problem)}; mend this value."
    return file.error(message, *location)


def _plainly(problem: Any) -> str:
    """What is wrong with a value, for people who write no programs."""
    kind, limits = problem["type"], problem.get("ctx", {})
    if kind == "string_pattern_mismatch" and limits["pattern"] == NAME_PATTERN:
        return f"{problem['input']!r} must be small letters, digits and _ only, and begin with a letter"
    plain = PLAINLY.get(kind)
    return plain.format(**limits) if plain else problem["msg"].removeprefix("Value error, ").rstrip(".")


def _misspelt(problems: Sequence[tuple[Location, Any]]) -> tuple[Location, str] | None:
    """A key that there is not, beside a missing one that is written nearly so: one mistake, and worth saying first."""
    for location, problem in problems:
        if problem["type"] == "extra_forbidden":
            beside = [
                str(other[-1])
                for other, about in problems
                if about["type"] == "missing" and other[:-1] == location[:-1] and other
            ]
            if near := get_close_matches(str(location[-1]), beside, n=1):
                return location, near[0]
    return None


def _location(problem: Any, file: DataFile) -> Location:
    known: Location = ()
    parts: Location = problem["loc"]
    for number, part in enumerate(parts):
        if (*known, part) in file.lines or (problem["type"] == "missing" and number == len(parts) - 1):
            known = (*known, part)
    return known


class _Builder:
    """Turns YAML nodes into plain data and notes the line of each value."""

    def __init__(self, path: Path, lines: dict[Location, int]) -> None:
        self._path = path
        self._lines = lines
        self._values = 0

    def build(self, node: Any, location: Location, inside: frozenset[int]) -> Any:
        line = node.start_mark.line + 1
        self._lines.setdefault(location, line)
        self._values += 1
        if id(node) in inside or self._values > MAX_VALUES:
            raise IntentsError(f"{self._path}:{line}: an alias (*name) contains itself; write the value out instead.")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        inside |= {id(node)}
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*location, number), inside) for number, item in enumerate(node.value)]
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            key_line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                raise IntentsError(f"{self._path}:{key_line}: a key must be a single word; mend this line.")
            if key in mapping:
                first = self._lines[(*location, key)]
                raise IntentsError(
                    f"{self._path}:{key_line}: the key {key!r} is already given on line {first}; remove one of them."
                )
            self._lines[(*location, key)] = key_line
            mapping[key] = self.build(value_node, (*location, key), inside)
        return mapping


def _scalar(node: Any) -> str | int | float | bool | None:
    text: str = node.value
    if node.style:  # quoted or block text stays text; plain is "" or None
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
