"""How many disclosures are heard, and how often ordinary talk pauses a ritual for nothing.

The sentences are tests/data/disclosures.yaml (see its head); ``--data FILE`` takes another file of that form. Of each
list the first, third ... sentence was there to develop with, the second, fourth ... only to measure; what stands under
``fresh`` was written last and tuned on never. ``recall`` and ``false_pauses`` are of the measuring half, ``misheard``
is the recall of sentences with recognisers' mistakes in them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant import config
from assistant.errors import UsageError
from assistant.events import Hypothesis
from assistant.loading.phrases import load_library
from assistant.loading.second_opinion import load_opinion
from assistant.understanding import Understanding
from assistant.understanding.data_file import load_yaml
from benchmarks.setting import Options

SENTENCES = Path(__file__).parent.parent / "tests" / "data" / "disclosures.yaml"
HALVES = {"develop": slice(0, None, 2), "measure": slice(1, None, 2)}

Lists = Mapping[str, Sequence[str]]


def run(options: Options) -> dict[str, Any]:
    """Every sentence as a free answer, with the second opinion where it is installed, and by patterns alone."""
    data = _sentences(options.data or SENTENCES)
    settings = config.load()
    _, understanding = load_library(settings, second_opinion=load_opinion)
    _, alone = load_library(settings)
    took: list[float] = []
    told = _telling(understanding, took)
    halves = {name: _figures(data, part, told) for name, part in HALVES.items()}
    measured = halves["measure"]
    if "fresh" in data:
        halves["fresh"] = _figures(data["fresh"], slice(None), told)
    by_patterns = _telling(alone, [])
    patterns_alone = {name: _rates(_figures(data, part, by_patterns)) for name, part in HALVES.items()}
    if "fresh" in data:
        patterns_alone["fresh"] = _rates(_figures(data["fresh"], slice(None), by_patterns))
    return {
        "recall": measured["recall"],
        "false_pauses": measured["false_pauses"],
        "halves": {name: _rates(figures) for name, figures in halves.items()},
        "patterns_alone": patterns_alone,
        "by_category": measured["by_category"],
        "second_opinion": understanding.has_second_opinion,
        "ms": {"median": round(float(np.median(took)), 1), "p95": round(float(np.percentile(took, 95)), 1)},
        "missed": {name: figures["missed"] for name, figures in halves.items()},
        "paused": {name: figures["paused"] for name, figures in halves.items()},
    }


def _sentences(path: Path) -> Any:
    data = load_yaml(path).data
    if not isinstance(data, dict) or not {"disclosures", "ordinary"} <= set(data):
        raise UsageError(f"{path}: it must hold lists of sentences under disclosures: and under ordinary:.")
    return data


def _telling(understanding: Understanding, took_ms: list[float]) -> Callable[[str], bool]:
    expectation = understanding.expectation_for("answer")

    def told(text: str) -> bool:
        began = time.perf_counter()
        meaning = understanding.understand((Hypothesis(text),), expectation)
        took_ms.append((time.perf_counter() - began) * 1000)
        return meaning.safety is not None

    return told


def _figures(data: Mapping[str, Lists], part: slice, told: Callable[[str], bool]) -> dict[str, Any]:
    heard = {name: [(text, told(text)) for text in texts[part]] for name, texts in data["disclosures"].items()}
    misheard = [told(text) for texts in data.get("misheard", {}).values() for text in texts[part]]
    ordinary = [(text, told(text)) for texts in data["ordinary"].values() for text in texts[part]]
    every = [one for found in heard.values() for one in found]
    return {
        "recall": _share([yes for _, yes in every]),
        "misheard": _share(misheard) if misheard else None,
        "false_pauses": _share([yes for _, yes in ordinary]),
        "sentences": {"disclosures": len(every), "misheard": len(misheard), "ordinary": len(ordinary)},
        "by_category": {name: _share([yes for _, yes in found]) for name, found in heard.items()},
        "missed": [text for text, yes in every if not yes],
        "paused": [text for text, yes in ordinary if yes],
    }


def _rates(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: figures[name] for name in ("recall", "misheard", "false_pauses", "sentences")}


def _share(yes: Sequence[bool]) -> float:
    return round(sum(yes) / len(yes), 3)
