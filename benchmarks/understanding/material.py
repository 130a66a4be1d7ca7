"""Templates, sentences and other talk: what one run of the comparison is about."""

from __future__ import annotations

import importlib
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import EvensongError
from assistant.understanding.home_sentences.home_assistant import FRACTIONS, load_sentences
from assistant.understanding.home_sentences.sentences import Sentences, ValueList
from benchmarks.understanding.cases import Case, Home, home_of, sentences_of
from benchmarks.understanding.engines import Hassil
from benchmarks.understanding.sampled import sampled

SAMPLED = 600
AREA = "Living room"  # where sampled sentences are said
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Material:
    """``templates`` are the merged templates as Home Assistant ships them, ``sentences`` the same as Evensong reads.

    ``cases`` mean something, ``talk`` means nothing to any engine. ``source`` says where the sentences come from.
    """

    templates: Mapping[str, Any]
    sentences: Sentences
    cases: tuple[Case, ...]
    talk: tuple[Case, ...]
    home: Home
    free: Mapping[str, Sequence[str]]
    source: str


def load_material(checkout: Path | None, seed: int) -> Material:
    """Raises EvensongError where a checkout or the templates are missing."""
    own = yaml.safe_load((_HERE / "home.yaml").read_text(encoding="utf-8"))
    home = home_of(own)
    path = _templates(checkout)
    sentences = load_sentences([path], "en")
    templates = _merged(path, sentences)
    if checkout is None:
        cases = _sampled(sentences.with_lists(home.lists()), templates, home, own["free"], seed)
        source = f"{len(cases)} sentences sampled from templates, those that hassil reads as they were made"
    else:
        cases = tuple(sentences_of(checkout, _free_slots(sentences)))
        source = f"{len(cases)} test sentences of {checkout.name}"
    if not cases:
        raise EvensongError(f"{checkout}: there are no tests/en/*.yaml; name a checkout of Home Assistant's intents.")
    # Drawn anew, because an engine that is slow is asked only the first of them.
    cases = tuple(random.Random(seed).sample(cases, len(cases)))
    lines = yaml.safe_load((_HERE / "talk.yaml").read_text(encoding="utf-8"))["talk"]
    talk = tuple(Case(line, None, {}, home, AREA) for line in lines)
    return Material(templates, sentences, cases, talk, home, own["free"], source)


def _templates(checkout: Path | None) -> Path:
    """The checkout's own templates, because its test sentences were written for them; else those of the package."""
    if checkout is not None and (checkout / "sentences" / "en").is_dir():
        return checkout
    try:
        package = importlib.import_module("home_assistant_intents")
    except ImportError:
        raise EvensongError(
            "The package home-assistant-intents, which has the templates, is missing; install it."
        ) from None
    return Path(str(package.__path__[0])) / "data" / "en.json"


def _merged(path: Path, sentences: Sentences) -> Mapping[str, Any]:
    """As hassil wants it: one mapping of everything."""
    if path.suffix == ".json":
        merged: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return merged
    intents: dict[str, Any] = {}
    for block in sentences.blocks:
        intents.setdefault(block.intent, {"data": []})["data"].append(
            {
                "sentences": list(block.templates),
                "slots": dict(block.slots),
                "requires_context": dict(block.requires),
                "excludes_context": dict(block.excludes),
                "expansion_rules": dict(block.rules),
                "lists": {name: _list(found) for name, found in block.lists.items()},
            }
        )
    return {
        "language": sentences.language,
        "intents": intents,
        "expansion_rules": dict(sentences.rules),
        "lists": {name: _list(found) for name, found in sentences.lists.items()},
        "skip_words": list(sentences.skipped),
    }


def _list(found: ValueList) -> dict[str, Any]:
    if found.free:
        return {"wildcard": True}
    if found.range is not None:
        spoken = found.range
        fractions = next((name for name, parts in FRACTIONS.items() if parts == spoken.fractions), None)
        limits = {"from": spoken.first, "to": spoken.last, "step": spoken.step, "multiplier": spoken.times}
        return {"range": limits | ({"fractions": fractions} if fractions else {})}
    return {
        "values": [
            value.said
            if value.meaning is None and not value.context
            else {"in": value.said, "out": value.meaning, "context": dict(value.context)}
            for value in found.values
        ]
    }


def _free_slots(sentences: Sentences) -> frozenset[str]:
    """The slots that any words may be said for."""
    free = {name for name, found in sentences.lists.items() if found.free}
    named = re.findall(
        r"\{([^{}:]+)(?::([^{}]+))?\}", " ".join(t for block in sentences.blocks for t in block.templates)
    )
    return frozenset(slot or name for name, slot in named if name in free)


def _sampled(
    sentences: Sentences, templates: Mapping[str, Any], home: Home, free: Mapping[str, Sequence[str]], seed: int
) -> tuple[Case, ...]:
    hassil = Hassil(templates)
    hassil.prepare(home, AREA)
    drawn = sampled(sentences, home, AREA, free, seed)
    kept: dict[str, Case] = {}
    for case in islice(drawn, 20 * SAMPLED):
        if case.text not in kept and case.is_right(*hassil.answer(case.text)):
            kept[case.text] = case
        if len(kept) == SAMPLED:
            break
    return tuple(kept.values())
