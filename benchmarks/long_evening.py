"""Evensong's side of ``listening``, in a process of its own, started as `evensong listen` is.

``python -m benchmarks.long_evening AROUND BEGAN MARK_S``: AROUND is what sounds around it. Each MARK_S seconds of it a
line goes to the standard error stream, and all of them, as JSON, to standard output.
"""

# ruff: noqa: E402  (the recogniser loads while the rest is imported)
from assistant import config
from assistant.loading.ears import load_ears

SETTINGS = config.load()
EARS = load_ears(SETTINGS)

import json
import math
import sys
import wave
from collections import Counter
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import numpy as np

from assistant import app
from assistant.commands.simulate import scratch_conversation
from assistant.evening.evening import Evening
from assistant.evening.observing import Notice, Speaking
from assistant.events import CHUNK_S, CHUNK_SAMPLES, AudioChunk, Samples, UtteranceHeard
from benchmarks.echo_room import EchoRoom, Path
from benchmarks.setting import resident_mb
from benchmarks.shoebox import ROOMS
from benchmarks.whole_pipeline import cpu_s

OWN_DBFS = -20.0  # RMS of what it says, while words sound, at full volume
DRIFT_PPM = 50.0
RITUALS = ("mood", "gratitude", "checkin", "stillness")
BETWEEN_S = 240.0  # two of them


class Hands:
    """Begins a ritual now and then, and notes how it is after each ``mark_s``."""

    def __init__(self, mark_s: float) -> None:
        self._mark_chunks = round(mark_s / CHUNK_S)
        self._chunks = 0
        self._begun = 0
        self._counted: Counter[str] = Counter()
        self._cpu_s = cpu_s()
        self.evening: Evening | None = None
        self.marks: list[dict[str, Any]] = []

    def notice(self, at_s: float, what: Notice) -> None:
        self._counted["said"] += isinstance(what, Speaking) and bool(what.text)
        self._counted["heard"] += isinstance(what, UtteranceHeard)

    def chunk(self, chunk: AudioChunk) -> None:
        assert self.evening is not None
        self._chunks += 1
        if chunk.end_s >= self._begun * BETWEEN_S + 20.0:
            ritual = RITUALS[self._begun % len(RITUALS)]
            self._begun += 1
            self.evening.begin_ritual(ritual, ritual)
        if self._chunks % self._mark_chunks == 0:
            self._mark()

    def _mark(self) -> None:
        before_s, self._cpu_s = self._cpu_s, cpu_s()
        self.marks.append(
            {
                "memory_mb": round(resident_mb(), 1),
                "cpu_s": round(self._cpu_s - before_s, 1),
                **{what: self._counted[what] for what in ("said", "heard")},
            }
        )
        self._counted.clear()
        sys.stderr.write(f"{len(self.marks)}: {self.marks[-1]}\n")


def around(path: File) -> Iterator[Samples]:
    """A WAV of 16 kHz mono bit by bit, and then silence."""
    with wave.open(str(path)) as sound:
        while len(block := sound.readframes(CHUNK_SAMPLES)) == 2 * CHUNK_SAMPLES:
            yield np.frombuffer(block, np.int16)
    while True:
        yield np.zeros(CHUNK_SAMPLES, np.int16)


def main(path: File, mark_s: float) -> None:
    with wave.open(str(path)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    kitchen = Path(ROOMS[1], 0.06, drift_ppm=DRIFT_PPM)
    own_db = OWN_DBFS + 40 * math.log10(SETTINGS.speech.volume)
    room = EchoRoom(kitchen, (), own_db, 1, seconds, around(path))
    hands = Hands(mark_s)
    with (
        scratch_conversation(SETTINGS) as (conversation, _),
        app.evening(SETTINGS, room, conversation, [hands], ears=EARS) as evening,
    ):
        hands.evening = evening
        evening.run()
    sys.stdout.write(json.dumps({"marks": hands.marks}))


if __name__ == "__main__":
    main(File(sys.argv[1]), float(sys.argv[3]))
