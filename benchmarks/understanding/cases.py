"""What is asked of every engine: sentences, what they mean, and the home in which they are said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.understanding.home_sentences.sentences import Value, ValueList


@dataclass(frozen=True, slots=True)
class Home:
    """``entities`` are (name, context) pairs; the context tells of what kind they are."""

    areas: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()
    entities: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()

    def lists(self) -> dict[str, ValueList]:
        """The lists that Home Assistant fills with a home's names."""
        return {
            "area": ValueList(tuple(Value(name, None) for name in self.areas)),
            "floor": ValueList(tuple(Value(name, None) for name in self.floors)),
            "name": ValueList(tuple(Value(name, None, dict(context)) for name, context in self.entities)),
        }


@dataclass(frozen=True, slots=True)
class Case:
    """``text`` is said in room ``area`` of ``home`` and means ``intent`` with ``slots``; intent None: nothing at all.

    Each slot has all values that are right. What is in ``loose`` may also be told beside them, whatever its value.
    ``free`` are the texts of free slots as they stand in ``text``: what is misheard there nobody could know.
    """

    text: str
    intent: str | None
    slots: Mapping[str, tuple[Any, ...]]
    home: Home
    area: str | None = None
    loose: frozenset[str] = frozenset()
    free: tuple[str, ...] = ()

    def is_right(self, intent: str | None, slots: Mapping[str, Any]) -> bool:
        """Whether the intent and every slot are right and none is told besides."""
        told = {name: _plain(value) for name, value in slots.items()}
        return (
            intent == self.intent
            and all(name in told and told[name] in map(_plain, right) for name, right in self.slots.items())
            and all(name in self.slots or name in self.loose for name in told)
        )


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.casefold().split())
    return float(value) if isinstance(value, int | float) else value


def home_of(fixtures: Mapping[str, Any]) -> Home:
    """A home as the public repository's test files describe it: all together with ids, or beside each test."""
    entities = []
    for entity in fixtures.get("entities") or ():
        domain = entity.get("domain") or str(entity["id"]).split(".", maxsplit=1)[0]
        context = {"domain": domain, **(entity.get("attributes") or {})}
        entities.append((str(entity["name"]).strip(), tuple(sorted(context.items(), key=lambda pair: pair[0]))))
    return Home(
        areas=tuple(str(area["name"]).strip() for area in fixtures.get("areas") or ()),
        floors=tuple(str(floor["name"]).strip() for floor in fixtures.get("floors") or ()),
        entities=tuple(entities),
    )


def sentences_of(checkout: Path, free_slots: frozenset[str], language: str = "en") -> Iterator[Case]:
    """The test sentences of a checkout of Home Assistant's public repository, both as they were kept up to 2025 (a file
    for each domain and intent, one home for all) and since (a folder for each intent, a home in each file).

    ``free_slots`` are the slots that may take any words.
    """
    folder = checkout / "tests" / language
    shared = next((folder / name for name in ("_fixtures.yaml", "_common.yaml") if (folder / name).is_file()), None)
    common = home_of(_read(shared)) if shared else Home()
    for path in sorted(folder.rglob("*.yaml")):
        if path.name.startswith("_"):
            continue
        file = _read(path)
        if path.parent == folder:
            yield from _with_intents(file, common, free_slots)
        else:
            yield from _of_folder(file, path.parent.name, free_slots)


def _with_intents(file: Mapping[str, Any], home: Home, free: frozenset[str]) -> Iterator[Case]:
    for test in file.get("tests") or ():
        intent = test["intent"]
        slots = intent.get("slots") or {}
        area = (intent.get("context") or {}).get("area")
        for text in test["sentences"]:
            yield Case(text, intent["name"], _right(slots), home, area, free=_free(text, slots, home, free))


def _of_folder(file: Mapping[str, Any], intent: str, free: frozenset[str]) -> Iterator[Case]:
    """Here the domain that a sentence implies and the room that it is said in are not told as slots."""
    home = home_of(file)
    rooms = [area["name"] for area in file.get("areas") or () if area.get("context_area")]
    for test in file.get("tests") or ():
        slots = test.get("slots") or {}
        loose = frozenset({"domain", "area"} - slots.keys())
        for text in test["sentences"]:
            room = rooms[0] if rooms else "This room"
            yield Case(text, intent, _right(slots), home, room, loose, _free(text, slots, home, free))


def _right(slots: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(value) if isinstance(value, list) else (value,) for name, value in slots.items()}


def _free(text: str, slots: Mapping[str, Any], home: Home, free: frozenset[str]) -> tuple[str, ...]:
    named = {name.casefold() for name in (*home.areas, *home.floors, *(name for name, _ in home.entities))}
    values = [right[0] for slot, right in _right(slots).items() if slot in free and isinstance(right[0], str)]
    return tuple(
        value.strip() for value in values if value.casefold() in text.casefold() and value.casefold() not in named
    )


def _read(path: Path) -> Mapping[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
