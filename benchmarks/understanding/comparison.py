"""Every engine asked the same sentences, and what came of it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from platformdirs import user_cache_dir

from benchmarks.understanding.cases import Case
from benchmarks.understanding.engines import Answer, Engine, Evensong, Hassil, Padacioso, token_set, w_ratio
from benchmarks.understanding.fuzzy_peer import HassilFuzzy
from benchmarks.understanding.material import AREA, Material
from benchmarks.understanding.mishearing import Mishearing
from benchmarks.understanding.sampled import sampled

ERRORS = (0, 1, 2)
PHRASES = 20_000  # plain sentences for the engines that know nothing else
PATTERNS = 200  # for padacioso
SLOW_CASES = 25  # asked of an engine that takes longer than SLOW_US a sentence
SLOW_US = 100_000

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One sentence as it was heard, and what it meant."""

    heard: str
    case: Case
    errors: int


def compare(material: Material, seed: int) -> Result:
    """Keys as in docs/contracts.md."""
    asked = {errors: misheard(material.cases, errors, seed) for errors in ERRORS}
    made = {errors: sum(one.errors for one in ones) / len(ones) for errors, ones in asked.items()}
    talk = [Asked(case.text, case, 0) for case in material.talk]
    plain = tuple(islice(_plain(material, seed), PHRASES))
    builders: Mapping[str, Callable[[], Engine]] = {
        "evensong": lambda: Evensong(material.sentences),
        "hassil": lambda: Hassil(material.templates),
        "hassil_fuzzy": lambda: HassilFuzzy(Path(user_cache_dir("evensong")) / "benchmarks" / "hassil-fuzzy"),
        "padacioso": lambda: Padacioso(plain[:PATTERNS]),
        "token_set": lambda: token_set(plain),
        "wratio": lambda: w_ratio(plain),
    }
    engines: dict[str, Any] = {}
    notes: list[str] = []
    for name, build in builders.items():
        try:
            engine = build()
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            notes.append(f"{name} is left out: {error}.")
            continue
        engines[name] = _measured(engine, asked, talk)
        if isinstance(engine, HassilFuzzy):
            engine.close()
        sys.stderr.write(f"{name}: {_line(engines[name])}\n")
    return {
        "engines": engines,
        "sentences": material.source,
        "errors_made": {f"errors_{errors}": round(mean, 2) for errors, mean in made.items()},
        "talk_lines": len(talk),
        "notes": notes,
    }


def misheard(cases: Sequence[Case], errors: int, seed: int) -> list[Asked]:
    """All ``cases`` with that many recognition errors, drawn by ``seed``."""
    if not errors:
        return [Asked(case.text, case, 0) for case in cases]
    mishearing = Mishearing(seed * 10 + errors)
    heard = [(case, *mishearing.heard(case.text, errors, case.free)) for case in cases]
    return [Asked(text, case, made) for case, text, made in heard]


def _plain(material: Material, seed: int) -> Any:
    """Sentences of templates, no two alike, for the engines that know only plain ones. Not those that are asked."""
    said: set[str] = set()
    sentences = material.sentences.with_lists(material.home.lists())
    for case in islice(sampled(sentences, material.home, AREA, material.free, seed + 1), 3 * PHRASES):
        if case.text not in said:
            said.add(case.text)
            yield case


def _measured(engine: Engine, asked: Mapping[int, Sequence[Asked]], talk: Sequence[Asked]) -> Result:
    result: Result = {}
    for errors, ones in asked.items():
        answers, times_us = _answers(engine, ones)
        result[f"errors_{errors}"] = _judged(ones, answers, times_us)
    answers, times_us = _answers(engine, talk)
    accepted = sum(intent is not None for intent, _ in answers)
    result["talk"] = {"accepted": round(accepted / len(answers), 4), "us": round(statistics.median(times_us))}
    return result


def _answers(engine: Engine, asked: Sequence[Asked]) -> tuple[list[Answer], list[float]]:
    """The answers, and microseconds for each; fewer than were asked where the engine is too slow to ask all."""
    answers: list[Answer] = []
    times_us: list[float] = []
    for one in asked:
        engine.prepare(one.case.home, one.case.area)
        before = time.perf_counter()
        answers.append(engine.answer(one.heard))
        times_us.append((time.perf_counter() - before) * 1e6)
        if isinstance(engine, HassilFuzzy):
            times_us[-1] = engine.took_us()
        if len(answers) == SLOW_CASES and statistics.median(times_us) > SLOW_US:
            break
    return answers, times_us


def _judged(asked: Sequence[Asked], answers: Sequence[Answer], times_us: Sequence[float]) -> Result:
    pairs = [(one.case, intent, slots) for one, (intent, slots) in zip(asked, answers, strict=False)]
    right = sum(case.is_right(intent, slots) for case, intent, slots in pairs)
    wrong = sum(intent not in (None, case.intent) for case, intent, _ in pairs)
    accepted = sum(intent is not None for _, intent, _ in pairs)
    return {
        "accuracy": round(right / len(pairs), 4),
        "wrong": round(wrong / len(pairs), 4),
        "wrong_slots": round((accepted - wrong - right) / len(pairs), 4),
        "accepted": round(accepted / len(pairs), 4),
        "us": round(statistics.median(times_us)),
        "us_p95": round(statistics.quantiles(times_us, n=20)[-1]) if len(times_us) > 1 else round(times_us[0]),
        "asked": len(pairs),
    }


def _line(engine: Result) -> str:
    parts = [
        f"{key} right {told['accuracy']:.3f} wrong {told['wrong']:.3f} {told['us']} us"
        for key, told in engine.items()
        if key != "talk"
    ]
    return "; ".join([*parts, f"talk accepted {engine['talk']['accepted']:.3f}"])
