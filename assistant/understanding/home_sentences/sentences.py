"""Sentence templates with slots, as Home Assistant publishes them: the plain data of one language.

A block is some templates of one intent with what they share. What it asks of the context must be found in the context
that is known beforehand (the room that is listened in) or in the context of a value that was said (the kind of a
device). Nothing here is opened out: a handful of templates may stand for billions of sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a list: how it is ``said`` (a template), what it means, what it adds to the context."""

    said: str
    meaning: Any
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers ``first``..``last``; ``fractions`` are said too (0.5 for halves); meant is the number ``times`` that."""

    first: int
    last: int
    step: int = 1
    fractions: tuple[float, ...] = ()
    times: float = 1


@dataclass(frozen=True, slots=True)
class ValueList:
    """What may be said for a slot. ``free``: any words at all (a wildcard)."""

    values: tuple[Value, ...] = ()
    range: NumberRange | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Templates of one intent. ``slots`` are given with every match, unless a list says otherwise.

    ``rules`` and ``lists`` are the block's own and go before the shared ones. ``source`` is ``file:line`` or a file.
    """

    intent: str
    templates: tuple[str, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    requires: Context = field(default_factory=dict)
    excludes: Context = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, ValueList] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sentences:
    """All templates of one language, and the rules and lists that they name. ``skipped`` is forgiven anywhere."""

    language: str
    blocks: tuple[Block, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, ValueList] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()

    def with_lists(self, lists: Mapping[str, ValueList]) -> Sentences:
        """The same with more lists, such as the names of a home's rooms; they go before those that are there."""
        return replace(self, lists={**self.lists, **lists})

    @property
    def intents(self) -> tuple[str, ...]:
        """The ids of all intents, each once, sorted."""
        return tuple(sorted({block.intent for block in self.blocks}))


def meets(requires: Context, known: Context) -> bool:
    """Whether ``known`` holds all that is required: a value, one of several, or (None) any."""
    return all(key in known and _among(known[key], wanted) for key, wanted in requires.items())


def clashes(requires: Context, excludes: Context, known: Context) -> bool:
    """Whether something in ``known`` is not what is required, or is excluded; what is not known never clashes."""
    return any(key in known and not _among(known[key], wanted) for key, wanted in requires.items()) or any(
        key in known and _among(known[key], unwanted) for key, unwanted in excludes.items()
    )


def _among(known: Any, wanted: Any) -> bool:
    known, wanted = _bare(known), _bare(wanted)
    if wanted is None:
        return known is not None
    return known in wanted if isinstance(wanted, list | tuple | set | frozenset) else bool(known == wanted)


def _bare(value: Any) -> Any:
    """``{value: light, slot: true}`` is "light": how to use it is told beside it."""
    return value.get("value") if isinstance(value, Mapping) else value


def slots_from(requires: Context, known: Context) -> dict[str, Any]:
    """The slots that a block takes from the context (``requires_context: {area: {slot: true}}``)."""
    taken: dict[str, Any] = {}
    for key, wanted in requires.items():
        into = wanted.get("slot") if isinstance(wanted, Mapping) else None
        if into and key in known:
            taken[into if isinstance(into, str) else key] = _bare(known[key])
    return taken
