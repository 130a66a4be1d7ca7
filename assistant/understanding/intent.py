"""Intents: what can be meant, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.understanding.data_file import DataFile, load_yaml, validate
from assistant.understanding.templates.slot_lists import SlotList, Template

Context = Literal["idle", "ritual", "answer"]
START = "start_"  # before a ritual's id it is the intent that starts it
CONTEXTS: frozenset[Context] = frozenset({"idle", "ritual", "answer"})

IntentId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that can be meant.

    ``templates`` are Home Assistant sentence templates that count everywhere; ``loose`` ones only while a command
    or a choice is awaited, because they are too ordinary for a free answer. ``examples`` are plain sentences,
    matched like loose templates. ``contexts`` says where the intent is allowed, ``source`` (``file:line``) where
    it stands, ``rules`` and ``lists`` (name, what it stands for) are of its own file and go before the shared
    ones. A ``careful`` intent must be understood with more certainty. ``slots`` (name, value) come along whichever
    of its sentences was said: several may share an id and differ in these. ``timed`` are sentences that name a
    time, which scheduling.py reads. ``names`` are what it starts is called. ``guessed``: the second opinion may
    propose it, where no template knows what was said; a careful one is then asked about, however likely.
    """

    id: str
    templates: tuple[str, ...]
    examples: tuple[str, ...] = ()
    contexts: frozenset[Context] = CONTEXTS
    source: str = ""
    loose: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    lists: tuple[tuple[str, SlotList], ...] = ()
    careful: bool = False
    slots: tuple[tuple[str, str], ...] = ()
    timed: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    guessed: bool = True


class _Sentences(BaseModel):
    model_config = ConfigDict(extra="forbid")
    contexts: list[Context] = Field(min_length=1)
    templates: list[Template] = Field(min_length=1)
    loose: list[Template] = []
    examples: list[Template] = Field(min_length=1)
    careful: bool = False
    guessed: bool = True
    timed: list[Template] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    language: str
    intents: Mapping[IntentId, _Sentences]
    expansion_rules: Mapping[str, Template] = {}


def load_commands(folder: Path) -> tuple[Intent, ...]:
    """All that can be said besides starting a ritual; ``folder`` is intents/<language>.

    The commands of commands.yaml, then the requests of requests.yaml where there is one, in the order of the files.
    Raises IntentsError naming file and line.
    """
    commands = _load(load_yaml(folder / "commands.yaml"))
    if not (folder / "requests.yaml").exists():
        return commands
    file = load_yaml(folder / "requests.yaml")
    requests = _load(file)
    for request in requests:
        if request.id in {command.id for command in commands}:
            raise file.error(f"{request.id!r} is a command already; choose another id.", "intents", request.id)
    return (*commands, *requests)


def _load(file: DataFile) -> tuple[Intent, ...]:
    commands = validate(file, _File)
    rules = tuple(sorted(commands.expansion_rules.items()))
    return tuple(
        Intent(
            id=name,
            templates=tuple(said.templates),
            examples=tuple(said.examples),
            contexts=frozenset(said.contexts),
            source=file.where("intents", name),
            loose=tuple(said.loose),
            rules=rules,
            careful=said.careful,
            guessed=said.guessed,
            timed=tuple(said.timed),
        )
        for name, said in commands.intents.items()
    )
