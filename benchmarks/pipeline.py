"""What the whole pipeline costs beside bare Vosk on the same audio, in the same run.

``rtf_*`` are CPU seconds (user and system, this process) per audio second: ``rtf_waiting`` while asleep on the
waiting audio, ``rtf_conversing`` through a whole evening, ``rtf_vosk_*`` bare Vosk decoding everything on the same
audio, and ``rtf_speaking`` the voice's own child process during the evening. ``memory_*`` is resident MB after
the evening, ``start_*`` wall seconds from a fresh interpreter to the first chunk heard (bare: to the model loaded).
Each is measured in a fresh process; times are medians of three.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from assistant import app, config
from assistant.audio.files import load_recording, write_wav
from assistant.commands.simulate import people_engine, scratch_conversation
from assistant.errors import EvensongError
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.models import ModelStore, load_catalog
from assistant.room.acoustics import Acoustics, hum, to_int16
from assistant.room.household import Household
from assistant.room.script import Line, Person, load_script
from assistant.room.voices import Voices
from benchmarks.setting import Options

OURS = {"evensong": "benchmarks.whole_pipeline", "listening": "benchmarks.long_evening"}
RUNS = 3
WAITING_S = 240
TALK_S = 80  # of the waiting audio somebody talks, and not to Evensong
TALK = (
    "Did you remember to call the garage about the car?",
    "They said it will be ready on thursday, maybe friday.",
    "Then I will take the bus tomorrow and you keep the bicycle.",
    "The little one wants pasta again, and I have no more ideas.",
    "We could make the soup from last week, that went down well.",
    "Who left the window open, it is freezing in here.",
)


def run(options: Options) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="evensong-bench-") as folder:
        waiting, evening, second = (Path(folder) / f"{name}.wav" for name in ("waiting", "evening", "second"))
        write_wav(waiting, waiting_audio(options), SAMPLE_RATE_HZ)
        write_wav(evening, evening_audio(options), SAMPLE_RATE_HZ)
        write_wav(second, np.zeros(SAMPLE_RATE_HZ, np.int16), SAMPLE_RATE_HZ)
        # In turns, so that whatever else the machine does meanwhile is borne by both.
        starts = [(in_fresh_process("evensong", Path("start")), in_fresh_process("vosk", second)) for _ in range(RUNS)]
        asleep = [in_fresh_process("evensong", waiting) for _ in range(RUNS)]
        awake = [in_fresh_process("evensong", evening) for _ in range(RUNS)]
        bare_waiting = [in_fresh_process("vosk", waiting) for _ in range(RUNS)]
        bare_evening = [in_fresh_process("vosk", evening) for _ in range(RUNS)]
    figures = {
        "rtf_waiting": _median(asleep, "rtf"),
        "rtf_vosk_waiting": _median(bare_waiting, "rtf"),
        "rtf_conversing": _median(awake, "rtf"),
        "rtf_vosk": _median(bare_evening, "rtf"),
        "rtf_speaking": _median(awake, "rtf_children"),
        "memory_mb": _median(awake, "memory_mb"),
        "memory_vosk_mb": _median(bare_evening, "memory_mb"),
        "start_s": _median([ours for ours, _ in starts], "start_s"),
        "start_vosk_s": _median([bare for _, bare in starts], "start_s"),
    }
    ratios = {
        "waiting": figures["rtf_waiting"] / figures["rtf_vosk_waiting"],
        "conversing": figures["rtf_conversing"] / figures["rtf_vosk"],
        "memory": figures["memory_mb"] / figures["memory_vosk_mb"],
        "start": figures["start_s"] / figures["start_vosk_s"],
    }
    return {
        **{name: round(value, 4) for name, value in figures.items()},
        "ratios": {name: round(value, 2) for name, value in ratios.items()},
        "waiting_audio": {
            "seconds": WAITING_S,
            "talk_s": TALK_S,
            "noise": options.noise.name if options.noise else "made",
        },
        "evening_turns_heard": awake[0]["utterances"],
    }


# --- the audio -----------------------------------------------------------------------------------------


def waiting_audio(options: Options) -> Samples:
    """Four minutes: a quiet room throughout, talk in the second, noise in the third."""
    rng = np.random.default_rng(options.seed)
    sound = hum(WAITING_S * SAMPLE_RATE_HZ, -66.0, rng)
    voices = Voices(people_engine())
    place, end = 60 * SAMPLE_RATE_HZ, (60 + TALK_S) * SAMPLE_RATE_HZ
    number = 0
    while place < end:
        person = Person(pitch=(1.16, 0.95)[number % 2], rate=1.15)
        spoken = voices.speak(person, Line(who="", says=TALK[number % len(TALK)])).samples
        spoken = spoken[: max(0, end - place)]
        sound[place : place + len(spoken)] += spoken
        place += len(spoken) + SAMPLE_RATE_HZ // 2
        number += 1
    noise_place = slice((60 + TALK_S) * SAMPLE_RATE_HZ, (120 + TALK_S) * SAMPLE_RATE_HZ)
    if options.noise is not None:
        noise = load_recording(options.noise).samples
        sound[noise_place] += np.resize(noise, 60 * SAMPLE_RATE_HZ)
    else:
        sound[noise_place] += hum(60 * SAMPLE_RATE_HZ, -36.0, rng)
    return to_int16(sound)


def evening_audio(options: Options) -> Samples:
    """The household's side of the demonstration evening; replayed, it leads to the same evening."""
    settings = config.load()
    script = load_script(Path(app.__file__).parent / "room" / "evenings" / "gratitude.yaml")
    household = Household(script, Voices(people_engine()), Acoustics(seed=options.seed))
    with scratch_conversation(settings) as (conversation, _), app.evening(settings, household, conversation, []) as it:
        it.run()
    return np.ascontiguousarray(household.recording[:, 0])


# --- one process each ----------------------------------------------------------------------------------


def in_fresh_process(what: str, audio: Path, mark_s: float = 0.0) -> dict[str, Any]:
    """What "vosk" or one of `OURS` measures on ``audio``; ``mark_s``: also every so many audio seconds."""
    if what == "vosk":
        settings = config.load()
        store = ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml")))
        program = ["benchmarks.bare_vosk", str(store.path(settings.hearing.model)), str(audio)]
    else:
        program = [OURS[what], str(audio)]
    marks = [repr(mark_s)] if mark_s else []
    command = [sys.executable, "-m", *program, repr(time.time()), *marks]
    # As on anybody's machine: compiled modules are kept from the first start on.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    finished = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if finished.returncode:
        why = (finished.stderr.strip() or f"exit code {finished.returncode}").splitlines()[-1]
        raise EvensongError(f"{program[0]} ended before it had heard all of {audio.name}: {why}")
    measured: dict[str, Any] = json.loads(finished.stdout)
    return measured


def _median(runs: list[dict[str, Any]], key: str) -> float:
    return float(np.median([measured[key] for measured in runs]))
