"""Home Assistant's sentence files, read as they are published or as people keep them under custom_sentences.

Files may be YAML or JSON; several are merged as Home Assistant merges them. Keys that only matter to what it answers
are passed over, so that its newer files load too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import IntentsError
from assistant.understanding.data_file import DataFile, load_yaml, validate
from assistant.understanding.home_sentences.sentences import Block, NumberRange, Sentences, Value, ValueList

FRACTIONS: Mapping[str, tuple[float, ...]] = {
    "halves": (0.5,),
    "tenths": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
}


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Value(_Read):
    said: str = Field(alias="in")
    meaning: Any = Field(None, alias="out")
    context: dict[str, Any] = {}


class _Range(_Read):
    first: int = Field(alias="from")
    last: int = Field(alias="to")
    step: int = Field(1, ge=1)
    fractions: Literal["halves", "tenths"] | None = None
    multiplier: float = 1


class _List(_Read):
    values: list[str | int | float | _Value] | None = None
    range: _Range | None = None
    wildcard: bool = False


class _Block(_Read):
    sentences: list[str]
    slots: dict[str, Any] = {}
    requires_context: dict[str, Any] = {}
    excludes_context: dict[str, Any] = {}
    expansion_rules: dict[str, str] = {}
    lists: dict[str, _List] = {}
    inferred_domain: str | None = None
    name_domains: list[str] | None = None


class _Intent(_Read):
    data: list[_Block] = []


class _File(_Read):
    """``data`` at the top belongs to the intent after which the file's folder is named."""

    language: str | None = None
    intents: dict[str, _Intent] = {}
    data: list[_Block] = []
    lists: dict[str, _List] = {}
    expansion_rules: dict[str, str] = {}
    skip_words: list[str] = []


def load_sentences(paths: Iterable[Path], language: str | None = None) -> Sentences:
    """Read the files, and all YAML and JSON files of the folders, in ``paths`` into one.

    A folder that holds ``sentences/<language>``, as the public repository does, is read as that repository is built.
    ``language`` is needed where no file names it. Raises IntentsError naming the file.
    """
    blocks: list[Block] = []
    rules: dict[str, str] = {}
    lists: dict[str, ValueList] = {}
    skipped: list[str] = []
    files = [file for path in paths for file in sentence_files(path, language or "en")]
    if not files:
        raise IntentsError("There are no sentence files (.yaml or .json) at the place that was named; check the path.")
    for path in files:
        file = _load(path)
        read = validate(file, _File)
        language = language or read.language
        for name, intent in read.intents.items():
            blocks += [_block(name, block, file.where("intents", name)) for block in intent.data]
        blocks += [_block(path.parent.name, block, file.where("data")) for block in read.data]
        rules.update(read.expansion_rules)
        lists.update({name: _value_list(found) for name, found in read.lists.items()})
        skipped += read.skip_words
    if language is None:
        raise IntentsError(f"{files[0]}: no file says which language it is; add a line such as 'language: en'.")
    return Sentences(language, tuple(blocks), rules, lists, tuple(skipped))


def sentence_files(path: Path, language: str) -> list[Path]:
    """The files to read for ``path``: itself, or what lies in it; for a checkout of the repository its parts."""
    if not path.is_dir():
        return [path]
    own = path / "sentences" / language
    folders = (own, path / "rules" / language, path / "lists" / language) if own.is_dir() else (path,)
    found = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in (".yaml", ".json")]
    shared = sorted((path / "lists").glob("*.yaml")) if own.is_dir() else []
    return [*shared, *found]


def _load(path: Path) -> DataFile:
    if path.suffix != ".json":
        return load_yaml(path)
    try:
        return DataFile(path, json.loads(path.read_text(encoding="utf-8")), {})
    except OSError as error:
        raise IntentsError(f"{path}: cannot be read ({error.strerror}); check that it is a readable file.") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise IntentsError(f"{path}: this is not valid JSON ({error}); mend the file.") from None


def _block(intent: str, block: _Block, source: str) -> Block:
    slots, requires = dict(block.slots), dict(block.requires_context)
    if block.inferred_domain:
        slots.setdefault("domain", block.inferred_domain)
    if block.name_domains:
        requires.setdefault("domain", block.name_domains)
    return Block(
        intent=intent,
        templates=tuple(block.sentences),
        slots=slots,
        requires=requires,
        excludes=block.excludes_context,
        rules=block.expansion_rules,
        lists={name: _value_list(found) for name, found in block.lists.items()},
        source=source,
    )


def _value_list(found: _List) -> ValueList:
    spoken = found.range
    return ValueList(
        values=tuple(_value(value) for value in found.values or ()),
        range=None
        if spoken is None
        else NumberRange(
            spoken.first, spoken.last, spoken.step, FRACTIONS.get(spoken.fractions or "", ()), spoken.multiplier
        ),
        free=found.wildcard,
    )


def _value(value: str | int | float | _Value) -> Value:
    if isinstance(value, _Value):
        return Value(value.said, value.meaning, value.context)
    # A bare value means what was said, also when it is a template.
    return Value(str(value), None if isinstance(value, str) else value)
