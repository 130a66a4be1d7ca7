"""How often the right thing is meant by what people say in their own words, and how often anything by other talk.

The sentences are those of tests/data (ways_of_asking*.yaml, situations.yaml, home_talk.txt), whose heads tell which the
second opinion was tuned on; ``--data FILE`` takes others instead: intents with their sentences, and ``background`` with
what is none of them. A sentence is ``right`` when its intent is done without a question, ``asked_first`` when Evensong
would ask whether it was meant, and ``top_1`` is both. A false accept is an intent for a sentence of the background,
sure or asked about; ``false_acts`` are those that would be done without a question.

``--spoken N`` also has N of the sentences and N of the background spoken and heard (spoken_meaning.py).

Beside it, in the same run, the nearest of all examples by rapidfuzz's token_sort_ratio: without a threshold, and with
one that accepts as much of the background as Evensong does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from assistant import config
from assistant.errors import UsageError
from assistant.events import Hypothesis, Meaning
from assistant.loading.phrases import language_folder, load_library
from assistant.loading.second_opinion import load_opinion
from assistant.understanding import Understanding
from assistant.understanding.data_file import load_yaml
from assistant.understanding.semantic.lessons import load_lessons
from assistant.understanding.understanding import MatchContext
from benchmarks.setting import Options
from benchmarks.spoken_meaning import spoken

DATA = Path(__file__).parent.parent / "tests" / "data"
ASKED = (
    "ways_of_asking_by_strangers_kept.yaml",
    "ways_of_asking_in_voices_kept.yaml",
    "ways_of_asking_in_voices.yaml",
    "ways_of_asking_unlearned.yaml",
    "ways_of_asking_kept_back.yaml",
    "ways_of_asking_at_bedtime.yaml",
    "ways_of_asking_in_figures.yaml",
    "ways_of_asking_by_people.yaml",
    "ways_of_asking_fresh.yaml",
    "ways_of_asking_again.yaml",
    "ways_of_asking.yaml",
    "situations.yaml",
)
TALK = ("home_talk.txt", "home_talk_again.txt")
CONTEXTS: tuple[MatchContext, ...] = ("all", "idle", "ritual", "answer")
BACKGROUND = "background"

Sayings = Mapping[str, Sequence[str]]


def run(options: Options) -> dict[str, Any]:
    sets = {options.data.name: _sayings(options.data)} if options.data else _own()
    settings = config.load()
    _, understanding = load_library(settings, second_opinion=load_opinion)
    took_ms: list[float] = []
    understood = _understanding_it(understanding, took_ms)
    figures = {
        name: {context: _figures(understanding, sayings, context, understood) for context in CONTEXTS}
        for name, sayings in sets.items()
    }
    nearest = _Nearest(understanding, language_folder(settings))
    heard = {"spoken": spoken(understanding, sets, options)} if options.spoken else {}
    return heard | {
        "sets": figures,
        "nearest_example": {
            name: nearest.figures(sayings, figures[name]["all"]["false_accepts"]) for name, sayings in sets.items()
        },
        "second_opinion": understanding.has_second_opinion,
        "ms": {"median": round(float(np.median(took_ms)), 1), "p95": round(float(np.percentile(took_ms, 95)), 1)},
    }


def _own() -> dict[str, Sayings]:
    return {name: _sayings(DATA / name) for name in ASKED} | {name: {BACKGROUND: _lines(DATA / name)} for name in TALK}


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _sayings(path: Path) -> Sayings:
    data = load_yaml(path).data
    if not isinstance(data, dict) or not all(isinstance(texts, list) for texts in data.values()):
        raise UsageError(f"{path}: it must hold intents, each with a list of sentences.")
    return {str(name): [str(text) for text in texts] for name, texts in data.items()}


def _understanding_it(understanding: Understanding, took_ms: list[float]) -> Callable[[str, MatchContext], Meaning]:
    def understood(text: str, context: MatchContext) -> Meaning:
        began = time.perf_counter()
        meaning = understanding.understand((Hypothesis(text),), understanding.expectation_for(context))
        took_ms.append((time.perf_counter() - began) * 1000)
        return meaning

    return understood


def _figures(
    understanding: Understanding,
    sayings: Sayings,
    context: MatchContext,
    understood: Callable[[str, MatchContext], Meaning],
) -> dict[str, Any]:
    """Of the intents that are allowed in ``context``."""
    allowed = set(understanding.expectation_for(context).intents)
    meant = [(understood(text, context), name) for name, texts in sayings.items() if name in allowed for text in texts]
    others = [understood(text, context) for text in sayings.get(BACKGROUND, ())]
    return {
        "sentences": len(meant),
        "top_1": _share([meaning.intent == name for meaning, name in meant]),
        "right": _share([meaning.intent == name and not meaning.unsure for meaning, name in meant]),
        "asked_first": _share([meaning.intent == name and meaning.unsure for meaning, name in meant]),
        "wrong": _share([meaning.intent not in (None, name) and not meaning.unsure for meaning, name in meant]),
        "asked_wrongly": _share([meaning.intent not in (None, name) and meaning.unsure for meaning, name in meant]),
        "nothing": _share([meaning.intent is None for meaning, _ in meant]),
        "background": len(others),
        "false_accepts": _share([meaning.intent is not None for meaning in others]),
        "false_acts": _share([meaning.intent is not None and not meaning.unsure for meaning in others]),
        "paused": _share([meaning.safety is not None for meaning in others]),
    }


class _Nearest:
    """The nearest example, of those that the second opinion learns from."""

    def __init__(self, understanding: Understanding, folder: Path) -> None:
        lessons = [lesson for lesson in load_lessons(understanding.intents, folder) if lesson.intent]
        self._texts = [lesson.text for lesson in lessons]
        self._intents = [lesson.intent for lesson in lessons]

    def figures(self, sayings: Sayings, false_accepts: float | None) -> dict[str, Any]:
        meant = [(self._of(text), name) for name, texts in sayings.items() if name != BACKGROUND for text in texts]
        others = sorted((self._of(text)[1] for text in sayings.get(BACKGROUND, ())), reverse=True)
        figures: dict[str, Any] = {"top_1": _share([found[0] == name for found, name in meant])}
        if others and false_accepts is not None:
            above = others[min(len(others) - 1, round(false_accepts * len(others)))]
            right = _share([found[0] == name and found[1] > above for found, name in meant])
            figures |= {"top_1_at_as_many_false_accepts": right, "threshold": round(above, 1)}
        return figures

    def _of(self, text: str) -> tuple[str | None, float]:
        _, score, place = process.extractOne(text.lower(), self._texts, scorer=fuzz.token_sort_ratio)
        return self._intents[place], score


def _share(yes: Sequence[bool]) -> float | None:
    return round(sum(yes) / len(yes), 3) if yes else None
