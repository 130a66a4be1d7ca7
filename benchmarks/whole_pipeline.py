"""Evensong's side of the pipeline measurement, in a process of its own, started as `evensong listen` is.

``python -m benchmarks.whole_pipeline start BEGAN`` prints wall seconds from BEGAN to the first chunk heard, the phrases
being read meanwhile; ``… AUDIO BEGAN`` prints CPU seconds per audio second of this process and of the
speaking one, resident MB after the audio, wall seconds from BEGAN to the first chunk, and utterances heard; with
``MARK_S`` after it, also ``marks``: resident MB, and CPU seconds since the mark before, each MARK_S audio seconds.
"""

# ruff: noqa: E402  (the order of the imports is what is measured)
from assistant import config
from assistant.loading.ears import load_ears

SETTINGS = config.load()
EARS = load_ears(SETTINGS)

import json
import resource
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant import app
from assistant.audio.chunking import Chunker
from assistant.audio.device import FromDevice
from assistant.audio.files import TAIL_S, FileDevice
from assistant.audio.playback import Player
from assistant.commands.keep import now
from assistant.commands.talk import loading
from assistant.evening.observing import Notice
from assistant.events import (
    CHUNK_S,
    CHUNK_SAMPLES,
    SAMPLE_RATE_HZ,
    AudioChunk,
    AudioClip,
    PlaybackFinished,
    UtteranceHeard,
)
from assistant.memory import Journal
from benchmarks.setting import resident_mb


class Meter:
    """Notes when the first chunk was heard, and counts chunks and utterances; marks come every ``mark_chunks``."""

    def __init__(self, mark_chunks: int = 0) -> None:
        self._mark_chunks = mark_chunks
        self._marked_s = 0.0
        self.marks: list[dict[str, float]] = []
        self.first: tuple[float, float] | None = None
        self.chunks = 0
        self.utterances = 0

    def chunk(self, chunk: AudioChunk) -> None:
        self.chunks += 1
        if self.first is None:
            self.first = (time.time(), cpu_s())
            self._marked_s = self.first[1]
        if self._mark_chunks and self.chunks % self._mark_chunks == 0:
            now_s = cpu_s()
            self.marks.append({"memory_mb": resident_mb(), "cpu_s": now_s - self._marked_s})
            self._marked_s = now_s

    def notice(self, at_s: float, what: Notice) -> None:
        self.utterances += isinstance(what, UtteranceHeard)


class Streamed:
    """A WAV of 16 kHz mono as a device, read bit by bit and not kept, as bare Vosk does it."""

    live = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._player = Player(SAMPLE_RATE_HZ)
        self._closed = False

    def chunks(self) -> Iterator[FromDevice]:
        chunker = Chunker()
        with wave.open(str(self._path)) as sound:
            while not self._closed:
                block = sound.readframes(CHUNK_SAMPLES) or bytes(2 * CHUNK_SAMPLES)
                if chunker.now_s > sound.getnframes() / SAMPLE_RATE_HZ + TAIL_S:
                    return
                for chunk in chunker.feed(np.frombuffer(block, np.int16)):
                    yield replace(chunk, reference=self._player.pull(CHUNK_SAMPLES))
                    if self._player.take_ended():
                        yield PlaybackFinished(chunk.end_s)

    def play(self, clip: AudioClip) -> None:
        self._player.add(clip)

    def stop(self) -> float:
        return self._player.cut()

    def close(self) -> None:
        self._closed = True


def cpu_s(who: int = resource.RUSAGE_SELF) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def start(began: float) -> dict[str, float]:
    meter = Meter()
    device = FileDevice(np.zeros(CHUNK_SAMPLES, np.int16), tail_s=0.0)
    with (
        tempfile.TemporaryDirectory() as folder,
        Journal.open(Path(folder) / "journal.sqlite", now) as journal,
        app.evening(SETTINGS, device, loading(SETTINGS, EARS, journal), [meter], ears=EARS) as evening,
    ):
        evening.run()
    assert meter.first is not None
    return {"start_s": meter.first[0] - began}


def whole(audio: Path, mark_s: float) -> dict[str, Any]:
    from assistant.commands.simulate import scratch_conversation  # noqa: PLC0415

    meter = Meter(round(mark_s / CHUNK_S))
    device = Streamed(audio)
    with scratch_conversation(SETTINGS) as (conversation, _):
        with app.evening(SETTINGS, device, conversation, [meter], ears=EARS) as evening:
            evening.run()
        memory_mb = resident_mb()
    assert meter.first is not None
    audio_s = meter.chunks * CHUNK_S
    return {
        "rtf": (cpu_s() - meter.first[1]) / audio_s,
        "rtf_children": cpu_s(resource.RUSAGE_CHILDREN) / audio_s,
        "memory_mb": memory_mb,
        "utterances": meter.utterances,
        "marks": meter.marks,
    }


if __name__ == "__main__":
    mark_s = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    measured = start(float(sys.argv[2])) if sys.argv[1] == "start" else whole(Path(sys.argv[1]), mark_s)
    sys.stdout.write(json.dumps(measured))
