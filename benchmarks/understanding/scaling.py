"""How the time that an utterance takes grows with the number of phrases."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from assistant import config
from assistant.events import Hypothesis
from assistant.understanding import Intent, Understanding
from benchmarks.understanding.comparison import misheard
from benchmarks.understanding.material import AREA, Material
from benchmarks.understanding.sampled import sampled

PHRASES = (1_000, 3_000, 10_000, 30_000, 100_000)
ASKED = 100


def measure_scaling(material: Material, seed: int) -> list[dict[str, Any]]:
    """Microseconds an utterance (median, 95th of 100) of Evensong against so many listed phrases.

    The phrases are sentences of the templates with all their values written out, no two alike; what is asked are
    other such sentences with one recognition error each.
    """
    sentences = material.sentences.with_lists(material.home.lists())
    drawn: dict[str, str] = {}
    for case in islice(sampled(sentences, material.home, AREA, material.free, seed + 2), 12 * PHRASES[-1]):
        if case.intent is not None:
            drawn.setdefault(case.text.lower(), case.intent)
        if len(drawn) == PHRASES[-1]:
            break
    asked = [one.heard for one in misheard(material.cases[:ASKED], 1, seed)]
    listed = list(drawn.items())
    return [_measured(listed[:count], asked) for count in dict.fromkeys(min(n, len(listed)) for n in PHRASES)]


def _measured(listed: Sequence[tuple[str, str]], asked: Sequence[str]) -> dict[str, Any]:
    examples: dict[str, list[str]] = {}
    for text, intent in listed:
        examples.setdefault(intent.lower(), []).append(text)
    intents = tuple(Intent(name, (), examples=tuple(texts)) for name, texts in sorted(examples.items()))
    understanding = Understanding(intents, config.shipped("intents") / "en")
    expectation = understanding.expectation_for("all")
    times_us: list[float] = []
    for text in asked:
        before = time.perf_counter()
        understanding.understand([Hypothesis(text)], expectation)
        times_us.append((time.perf_counter() - before) * 1e6)
    return {
        "phrases": len(listed),
        "us": round(statistics.median(times_us)),
        "us_p95": round(statistics.quantiles(times_us, n=20)[-1]),
    }


def plot(scaling: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw the median and the 95th of 100 against the number of phrases, as SVG."""
    width, height, left, bottom = 640, 400, 70, 50
    most = max(point["us_p95"] for point in scaling) / 1000 * 1.1
    few, many = scaling[0]["phrases"], scaling[-1]["phrases"]

    def at(phrases: float, milliseconds: float) -> str:
        x = left + (width - left - 20) * (phrases - few) / max(1, many - few)
        return f"{x:.1f},{height - bottom - (height - bottom - 30) * milliseconds / most:.1f}"

    lines = []
    for key, dash, name in (("us", "", "median"), ("us_p95", ' stroke-dasharray="6 4"', "95 of 100")):
        points = " ".join(at(point["phrases"], point[key] / 1000) for point in scaling)
        lines.append(f'<polyline fill="none" stroke="#2a6f6f" stroke-width="2"{dash} points="{points}"/>')
        x, y = at(many, scaling[-1][key] / 1000).split(",")
        lines.append(f'<text x="{float(x) - 6:.1f}" y="{float(y) - 6:.1f}" text-anchor="end">{name}</text>')
    for phrases in (few, many // 4, many // 2, 3 * many // 4, many):
        x = at(phrases, 0).split(",")[0]
        lines.append(f'<text x="{x}" y="{height - bottom + 18}" text-anchor="middle">{phrases:,}</text>')
    for part in range(5):
        y = at(few, most * part / 4).split(",")[1]
        lines.append(f'<text x="{left - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{most * part / 4:.1f}</text>')
        lines.append(f'<line x1="{left}" x2="{width - 20}" y1="{y}" y2="{y}" stroke="#ddd"/>')
    title = "Milliseconds an utterance against the number of phrases"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="{width}" height="{height}" fill="white"/>'
        f'<text x="{left}" y="18" font-size="14">{title}</text>{"".join(lines)}</svg>\n',
        encoding="utf-8",
    )
