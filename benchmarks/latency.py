"""How fast Evensong decides and answers, in audio milliseconds, in the simulated room.

``decision_ms`` counts from a speaker's last sample to the endpointer's decision, for spoken commands;
``first_sample_ms`` to the first sample of the answer. ``answer_compute_ms`` is the computing time from the arrival
of the chunk that brought the decision (finishing recognition, understanding and dialogue included) to the answer's
first sample handed to the device, for answers whose sound is in the cache. ``answers`` are free answers with
thinking pauses of 1.5 s, ``cut_off`` how many of them were taken before their end. Simulated voices (Piper, two
pitches), real recognition.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant import app, config
from assistant.commands.simulate import people_engine, scratch_conversation
from assistant.evening.observing import Notice, Speaking
from assistant.events import AudioChunk, UtteranceHeard
from assistant.room.acoustics import Acoustics
from assistant.room.household import Household, Said
from assistant.room.script import load_script
from assistant.room.voices import Voices
from benchmarks.setting import Options, evenings


class Stopwatch:
    """Notes when utterances were decided and answered, on the audio clock and in computing time."""

    def __init__(self, said: list[Said], is_cached: Callable[[str], bool]) -> None:
        self._said = said
        self._is_cached = is_cached
        self._chunk_began = 0.0
        self._waiting: tuple[Said, float] | None = None
        self.decision_ms: list[float] = []
        self.first_sample_ms: list[float] = []
        self.compute_ms: list[float] = []
        self.answers = 0
        self.cut_off = 0
        self.misheard: list[str] = []

    def chunk(self, chunk: AudioChunk) -> None:
        self._chunk_began = time.perf_counter()

    def notice(self, at_s: float, what: Notice) -> None:
        if isinstance(what, UtteranceHeard) and self._said:
            line = self._said[-1]
            if "..." in line.line.says:
                self.answers += 1
                self.cut_off += what.utterance.decided_s < line.end_s
            elif what.meaning is None or what.meaning.intent is None:
                self.misheard.append(f"{line.spoken} -> {what.utterance.text}")
            else:
                self.decision_ms.append((what.utterance.decided_s - line.end_s) * 1000)
                self._waiting = (line, self._chunk_began)
        elif isinstance(what, Speaking) and what.text and self._waiting is not None:
            line, decided = self._waiting
            self._waiting = None
            self.first_sample_ms.append((at_s - line.end_s) * 1000)
            if self._is_cached(what.text):
                self.compute_ms.append((time.perf_counter() - decided) * 1000)


def run(options: Options) -> dict[str, Any]:
    """Every evening under benchmarks/evenings/latency, twice: the second finds fixed wording in the cache."""
    with tempfile.TemporaryDirectory(prefix="evensong-bench-") as cache:
        first = [_watched(path, options, Path(cache), cached=False) for path in evenings("latency")]
        second = [_watched(path, options, Path(cache), cached=True) for path in evenings("latency")]
    return {
        "decision_ms": _summary([ms for watch in first for ms in watch.decision_ms]),
        "first_sample_ms": _summary([ms for watch in first for ms in watch.first_sample_ms]),
        "answer_compute_ms": _summary([ms for watch in second for ms in watch.compute_ms]),
        "commands": sum(len(watch.decision_ms) for watch in first),
        "misheard": [text for watch in first for text in watch.misheard],
        "answers": sum(watch.answers for watch in first),
        "cut_off": sum(watch.cut_off for watch in first),
    }


def _watched(path: Path, options: Options, cache: Path, *, cached: bool) -> Stopwatch:
    settings = config.load()
    household = Household(load_script(path), Voices(people_engine()), Acoustics(seed=options.seed))
    with scratch_conversation(settings) as (conversation, _):
        watch = Stopwatch(household.said, lambda text: cached and conversation.is_fixed(text))
        with app.evening(settings, household, conversation, [watch], cache=cache) as evening:
            evening.run()
    return watch


def _summary(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    return {"median": round(float(np.median(values)), 1), "p95": round(float(np.percentile(values, 95)), 1)}
