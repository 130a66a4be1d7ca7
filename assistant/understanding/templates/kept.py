"""What templates were opened out into, kept on disk: read in an instant where opening them out takes seconds.

Kept are numbers and text alone, under a name made of all that they come from: the intents, the files of the language
and this package's own code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.intent import Intent
from assistant.understanding.networks.book import LargeTemplate
from assistant.understanding.networks.network import Arc, Network
from assistant.understanding.phrases.bags import Bags
from assistant.understanding.phrases.table import Columns, PhraseTable
from assistant.understanding.templates.compiled import Compiled
from assistant.understanding.templates.kept_file import kept_or_made
from assistant.understanding.templates.templates import Opener

KEPT = 8  # sets of intents: rituals of one's own come and go
TABLES = ("phrases", "open_phrases", "timed", "open_timed")
BAGS = ("bags", "timed_bags")
_OF_TABLES = ("numbers", "starts", "sense", "template", "slot", "strict")
_OF_BAGS = ("rows", "starts", "sense", "strict", "holding", "holding_starts")


def kept_or_compiled(
    folder: Path, name: str, intents: Sequence[Intent], opener: Opener, compile_now: Callable[[], Compiled]
) -> Compiled:
    """What is kept in ``folder`` under ``name``, or else what ``compile_now`` gives, which is kept then."""

    def read(file: BinaryIO) -> Compiled:
        with np.load(file, allow_pickle=False) as arrays:
            return _unpacked(arrays, intents, opener)

    def write(file: BinaryIO, compiled: Compiled) -> None:
        np.savez(file, **_packed(compiled))  # type: ignore[arg-type]  # its stubs take the names for its own

    return kept_or_made(folder / f"phrases-{name}.npz", KEPT, compile_now, read, write)


def name_of(intents: Sequence[Intent], folder: Path) -> str:
    """A name for exactly these ``intents`` and the language of ``folder``, opened out by exactly this code."""
    digest = hashlib.sha256()
    for path in (*sorted((folder / "slots").glob("*.yaml")), *sorted(Path(__file__).parents[1].rglob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for one in intents:
        said = (one.id, one.templates, one.examples, sorted(one.contexts), one.source, one.loose, one.rules, one.lists)
        digest.update(repr((said, one.slots, one.timed)).encode() + b"\0")
    return digest.hexdigest()[:16]


def _packed(compiled: Compiled) -> dict[str, NDArray[Any]]:
    tables = {name: getattr(compiled, name).columns for name in TABLES}
    about = {
        "tables": {name: [of.words, of.senses, of.templates, of.slots] for name, of in tables.items()},
        "large": [(number, one.template, one.strict) for number, one in compiled.large],
        "arcs": [(arc.source, arc.target, arc.word, arc.value) for arc in compiled.network.arcs],
        "network": [compiled.network.nodes, compiled.network.ends],
        "spelt": sorted(compiled.spelt),
        "using": compiled.using,
    }
    arrays: dict[str, NDArray[Any]] = {"about": np.frombuffer(json.dumps(about).encode(), np.uint8)}
    for name, of in tables.items():
        arrays |= {f"{name}.{array}": getattr(of, array) for array in _OF_TABLES}
    for name in BAGS:
        arrays |= {f"{name}.{array}": getattr(getattr(compiled, name), array) for array in _OF_BAGS}
    return arrays


def _unpacked(arrays: Mapping[str, NDArray[Any]], intents: Sequence[Intent], opener: Opener) -> Compiled:
    about = json.loads(arrays["about"].tobytes())
    nodes, ends = about["network"]
    phrases, open_phrases, timed, open_timed = (
        _table(about["tables"][name], [arrays[f"{name}.{array}"] for array in _OF_TABLES]) for name in TABLES
    )
    bags, timed_bags = (Bags(*(arrays[f"{name}.{array}"] for array in _OF_BAGS)) for name in BAGS)
    return Compiled(
        phrases,
        open_phrases,
        bags,
        timed,
        open_timed,
        timed_bags,
        tuple(_large(about["large"], intents, opener)),
        Network(
            tuple(Arc(source, target, word, value and tuple(value)) for source, target, word, value in about["arcs"]),
            nodes,
            tuple(ends),
        ),
        frozenset(about["spelt"]),
        about["using"],
    )


def _table(about: Sequence[Any], arrays: Sequence[NDArray[Any]]) -> PhraseTable:
    words, senses, templates, slots = about
    return PhraseTable(
        Columns(
            tuple(words),
            tuple((kind, name) for kind, name in senses),
            tuple(templates),
            tuple(tuple((name, value) for name, value in values) for values in slots),
            *arrays,
        )
    )


def _large(
    about: Sequence[tuple[int, str, bool]], intents: Sequence[Intent], opener: Opener
) -> Iterator[tuple[int, LargeTemplate]]:
    for number, template, strict in about:
        one = intents[number]
        own = opener.with_own(one.rules, one.lists)
        yield number, LargeTemplate(template, ("intent", one.id), strict, own, one.source, one.slots)
