"""Evensong and its peers behind one door: a sentence in, an intent and slots out."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from hassil import Intents, TextSlotList, recognize_best
from rapidfuzz import fuzz, process

from assistant import config
from assistant.events import Hypothesis
from assistant.understanding import Understanding
from assistant.understanding.home_sentences.sentences import Sentences
from benchmarks.understanding.cases import Case, Home

Answer = tuple[str | None, Mapping[str, Any]]
NOTHING: Answer = (None, {})


class Engine(Protocol):
    def prepare(self, home: Home, area: str | None) -> None:
        """What a home tells once, before any sentence; its time is not measured."""

    def answer(self, text: str) -> Answer:
        """The intent, None for none, and the slots."""


class Evensong:
    """The matcher of this project, by the way that every command takes."""

    def __init__(self, sentences: Sentences) -> None:
        self._whole = Understanding((), config.shipped("intents") / sentences.language, sentences=sentences)
        self._expectation = self._whole.expectation_for("all")
        self._homes: dict[Home, Understanding] = {}
        self._understanding = self._whole

    def prepare(self, home: Home, area: str | None) -> None:
        if home not in self._homes:
            self._homes.clear()
            self._homes[home] = self._whole.in_home(home.lists(), {})
        self._understanding = self._homes[home].in_home({}, {"area": area} if area else {})

    def answer(self, text: str) -> Answer:
        meaning = self._understanding.understand([Hypothesis(text)], self._expectation)
        return meaning.intent, meaning.slots


class Hassil:
    """Home Assistant's own matcher, asked as Home Assistant asks it."""

    def __init__(self, templates: Mapping[str, Any]) -> None:
        self._intents = Intents.from_dict(dict(templates))
        self._language = str(templates["language"])
        self._lists: dict[str, Any] = {}
        self._context: dict[str, Any] = {}

    def prepare(self, home: Home, area: str | None) -> None:
        self._lists = hassil_lists(home)
        self._context = {"area": area} if area else {}

    def answer(self, text: str) -> Answer:
        found = recognize_best(
            text,
            self._intents,
            slot_lists=self._lists,
            intent_context=self._context,
            language=self._language,
            best_slot_name="name",
        )
        return NOTHING if found is None else (found.intent.name, {e.name: e.value for e in found.entities.values()})


def hassil_lists(home: Home) -> dict[str, Any]:
    names = [(name, name, dict(context)) for name, context in home.entities]
    return {
        "area": TextSlotList.from_strings(home.areas, name="area"),
        "floor": TextSlotList.from_strings(home.floors, name="floor"),
        "name": TextSlotList.from_tuples(names, name="name"),
    }


@dataclass(slots=True)
class Phrases:
    """rapidfuzz over plain sentences: the nearest one wins, if it is near enough."""

    scorer: Any
    cases: Sequence[Case]
    accept: float
    _texts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._texts = [case.text.lower() for case in self.cases]

    def prepare(self, home: Home, area: str | None) -> None:
        """Its sentences are what they are."""

    def answer(self, text: str) -> Answer:
        found = process.extractOne(text.lower(), self._texts, scorer=self.scorer, score_cutoff=self.accept)
        if found is None:
            return NOTHING
        case = self.cases[found[2]]
        return case.intent, {name: right[0] for name, right in case.slots.items()}


def token_set(cases: Sequence[Case]) -> Engine:
    return Phrases(fuzz.token_set_ratio, cases, 90.0)


def w_ratio(cases: Sequence[Case]) -> Engine:
    return Phrases(fuzz.WRatio, cases, 90.0)


class Padacioso:
    """padacioso's patterns of plain words and {slots}, with its fuzzy patterns. It is asked intent by intent in this
    process: its own loop starts four processes for every sentence, which would only make it look slow."""

    def __init__(self, cases: Sequence[Case]) -> None:
        container = importlib.import_module("padacioso").IntentContainer(fuzz=True)
        self._values: dict[str, dict[str, Any]] = {}
        self._fixed: dict[str, dict[str, Any]] = {}
        patterns: dict[str, set[str]] = {}
        for case in cases:
            pattern, fixed = self._pattern(case)
            key = f"{case.intent}|{sorted(fixed.items())!r}"
            self._fixed[key] = fixed
            patterns.setdefault(key, set()).add(pattern)
        for key, lines in sorted(patterns.items()):
            container.add_intent(key, sorted(lines))
        for slot, values in self._values.items():
            container.add_entity(slot, sorted(values))
        self._container = container

    def _pattern(self, case: Case) -> tuple[str, dict[str, Any]]:
        """The sentence with its slots' values cut out, and the slots whose values are not in it."""
        text = case.text.lower()
        fixed: dict[str, Any] = {}
        for slot, right in case.slots.items():
            said = str(right[0]).lower()
            if said and f" {said} " in f" {text} ":
                text = f" {text} ".replace(f" {said} ", f" {{{slot}}} ", 1).strip()
                self._values.setdefault(slot, {})[said] = right[0]
            else:
                fixed[slot] = right[0]
        return text, fixed

    def prepare(self, home: Home, area: str | None) -> None:
        """Its sentences are what they are."""

    def answer(self, text: str) -> Answer:
        container = self._container
        ways = (container._match(text.lower(), key, lines) for key, lines in container.intent_samples.items())
        best = max((way for way in ways if way), key=lambda way: way["conf"], default=None)
        if best is None or best["conf"] < 0.5:
            return NOTHING
        slots = {slot: self._values.get(slot, {}).get(str(said), said) for slot, said in best["entities"].items()}
        return best["name"].split("|")[0], {**self._fixed[best["name"]], **slots}
