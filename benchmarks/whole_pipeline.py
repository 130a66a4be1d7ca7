"""Evensong's side of the pipeline measurement, in a process of its own, started as `evensong listen` is.

``python -m benchmarks.whole_pipeline AUDIO BEGAN`` prints CPU seconds per audio second of this process and of the
speaking one, resident MB after the audio, wall seconds from BEGAN to the first chunk, and utterances heard.
"""

# ruff: noqa: E402  (the order of the imports is what is measured)
from assistant import config
from assistant.ears import load_ears

SETTINGS = config.load()
EARS = load_ears(SETTINGS)

import json
import resource
import sys
import time
from pathlib import Path

from assistant import app
from assistant.app import Notice
from assistant.audio.files import FileDevice
from assistant.commands.simulate import scratch_conversation
from assistant.events import SAMPLE_RATE_HZ, AudioChunk, UtteranceHeard
from benchmarks.setting import resident_mb


class Meter:
    """Notes when the first chunk was heard, and counts utterances."""

    def __init__(self) -> None:
        self.first: tuple[float, float] | None = None
        self.utterances = 0

    def chunk(self, chunk: AudioChunk) -> None:
        if self.first is None:
            self.first = (time.time(), cpu_s())

    def notice(self, at_s: float, what: Notice) -> None:
        self.utterances += isinstance(what, UtteranceHeard)


def cpu_s(who: int = resource.RUSAGE_SELF) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main(audio: Path, began: float) -> None:
    meter = Meter()
    device = FileDevice(audio)
    with scratch_conversation(SETTINGS) as (conversation, _):
        with app.evening(SETTINGS, device, conversation, [meter], ears=EARS) as evening:
            evening.run()
        memory_mb = resident_mb()
    assert meter.first is not None
    audio_s = len(device.recording) / SAMPLE_RATE_HZ
    measured = {
        "rtf": (cpu_s() - meter.first[1]) / audio_s,
        "rtf_children": cpu_s(resource.RUSAGE_CHILDREN) / audio_s,
        "memory_mb": memory_mb,
        "start_s": meter.first[0] - began,
        "utterances": meter.utterances,
    }
    sys.stdout.write(json.dumps(measured))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
