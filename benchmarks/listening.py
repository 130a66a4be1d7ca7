"""Half an hour of `evensong listen` in a household that is hardly ever silent: does anything grow, does anything drift?

Silence, talk and television (as for ``waiting``) follow each other, a minute each. Every fourth minute a ritual is
begun by hand, and what is heard counts for its answers; its own voice comes back to the microphone from a loudspeaker
whose clock is 50 ppm off. ``--minutes N`` of each sound, twice (5): half an hour. With ``--background`` people's own
voices talk: recordings, or folders of them. All is faster than real time, and in a fresh process.

``marks``, after each minute: resident memory, CPU seconds that it took, sentences said and utterances heard.
``growth_mb`` is the median memory of the last ten minutes less that of the ten before them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from assistant import config
from assistant.audio.files import write_wav
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.room.acoustics import hum, to_int16
from assistant.room.voices import at_level
from benchmarks.background import load_texts
from benchmarks.made_voices import MadeVoices, piper
from benchmarks.pipeline import in_fresh_process
from benchmarks.setting import Options
from benchmarks.waiting import PAUSE_S, ROOM_DB, ROUNDS, TALK_DB, TELEVISION_DB, talk, television, with_music
from benchmarks.wake_background import recorded

MINUTE = 60 * SAMPLE_RATE_HZ
LATELY = 10  # minutes that are compared with as many before them


def run(options: Options) -> dict[str, Any]:
    rng = np.random.default_rng(options.seed)
    rounds = round(options.minutes * ROUNDS)
    sounds: list[Samples] = []
    for talking, playing in _recorded(rounds, options.background, rng) if options.background else _made(rounds, rng):
        sounds += [to_int16(hum(MINUTE, ROOM_DB, rng)), talking, playing]
    with tempfile.TemporaryDirectory(prefix="evensong-bench-") as folder:
        file = Path(folder) / "around.wav"
        write_wav(file, np.concatenate(sounds), SAMPLE_RATE_HZ)
        marks = in_fresh_process("listening", file, mark_s=60.0)["marks"]
    memory_mb = [mark["memory_mb"] for mark in marks]
    last, before = memory_mb[-LATELY:], memory_mb[-2 * LATELY : -LATELY]
    return {
        "minutes": len(marks),
        "growth_mb": round(median(last) - median(before), 1) if before else None,
        "most_mb": max(memory_mb),
        "marks": marks,
    }


def _made(rounds: int, rng: np.random.Generator) -> Iterator[tuple[Samples, Samples]]:
    """A minute of talk and one of television, so often."""
    voices, texts = MadeVoices(piper()), load_texts((config.load().wake.phrase,))
    for _ in range(rounds):
        yield talk(MINUTE, TALK_DB, PAUSE_S, voices, texts, rng), television(MINUTE, voices, texts, rng)


def _recorded(rounds: int, sources: Sequence[Path], rng: np.random.Generator) -> Iterator[tuple[Samples, Samples]]:
    """As `_made`, with people's own voices, from a place in the recordings drawn by ``rng``."""
    people = np.concatenate([part.sound() for part in recorded(sources)])
    first = int(rng.integers(len(people)))
    for place in range(first, first + 2 * rounds * MINUTE, 2 * MINUTE):
        talking, playing = (
            np.take(people, range(start, start + MINUTE), mode="wrap") for start in (place, place + MINUTE)
        )
        yield at_level(talking, TALK_DB), with_music(at_level(playing, TELEVISION_DB), rng)
