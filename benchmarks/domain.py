"""A domain of its own for a measurement: intents with slots in one file, shaped as Home Assistant's sentence files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.understanding import Intent
from assistant.understanding.data_file import load_yaml, validate
from assistant.understanding.templates.slot_lists import SlotList, Template


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sentences: list[Template]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid")
    data: list[_Block]


class _Domain(BaseModel):
    model_config = ConfigDict(extra="forbid")
    language: str
    intents: Mapping[str, _Data]
    expansion_rules: Mapping[str, Template] = {}
    lists: Mapping[str, SlotList] = {}


@dataclass(frozen=True, slots=True)
class Domain:
    language: str
    intents: tuple[Intent, ...]


def load_domain(path: Path) -> Domain:
    """What ``path`` (YAML) holds. Raises IntentsError naming file and line."""
    file = load_yaml(path)
    domain = validate(file, _Domain)
    intents = tuple(
        Intent(
            id=name,
            templates=tuple(sentence for block in intent.data for sentence in block.sentences),
            source=file.where("intents", name),
            rules=tuple(sorted(domain.expansion_rules.items())),
            lists=tuple(sorted(domain.lists.items())),
        )
        for name, intent in domain.intents.items()
    )
    return Domain(domain.language, intents)
