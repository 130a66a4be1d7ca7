"""The peer of the pipeline measurement: Vosk alone, decoding everything, in a process that imports nothing else.

``python -m benchmarks.bare_vosk MODEL AUDIO BEGAN`` prints CPU seconds per audio second, resident MB, and wall
seconds from BEGAN (`time.time()` of whoever started it) to the loaded model; with MARK_S after it, also ``marks``: CPU
seconds since the mark before, each MARK_S audio seconds.
"""

import json
import os
import resource
import sys
import time
import wave


def main(model: str, audio: str, began: float, mark_s: float = 0.0) -> None:
    import vosk  # noqa: PLC0415  (its import is part of what is measured)

    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(model), 16_000)
    start_s = time.time() - began
    cpu_s = marked_s = _cpu_s()
    marks: list[dict[str, float]] = []
    heard = 0
    with wave.open(audio) as sound:
        audio_s = sound.getnframes() / sound.getframerate()
        while block := sound.readframes(320):
            if recogniser.AcceptWaveform(block):
                recogniser.Result()
            else:
                recogniser.PartialResult()
            heard += len(block) // 2
            if mark_s and heard >= (len(marks) + 1) * mark_s * sound.getframerate():
                now_s = _cpu_s()
                marks.append({"cpu_s": now_s - marked_s})
                marked_s = now_s
    recogniser.FinalResult()
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
        memory_mb = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    rtf = (_cpu_s() - cpu_s) / audio_s
    print(json.dumps({"rtf": rtf, "memory_mb": memory_mb, "start_s": start_s, "marks": marks}))


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:]))
