"""What waiting for the wake phrase costs: CPU seconds an hour of silence, of talk, and of television, beside bare Vosk.

Silence is a quiet room; talk is made as for ``wake``, in a quiet room; television is such talk without a pause, with
music and noise under it. ``--minutes`` of each (5), the three in turns twice, are heard by the whole of Evensong,
asleep, and by Vosk decoding everything, each in one fresh process: ``cpu_s_per_hour`` and ``ratio``.

``marks`` are resident memory and CPU seconds of Evensong after each of the six stretches: half an hour by default. Flat
memory, and as much computing in the second round as in the first, mean that nothing grows and nothing falls behind.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import config
from assistant.audio.files import write_wav
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.room.acoustics import hum, to_int16
from assistant.room.voices import at_level
from benchmarks.background import SHARES, Texts, load_texts
from benchmarks.made_voices import MadeVoices, piper
from benchmarks.pipeline import in_fresh_process
from benchmarks.setting import Options

ROOM_DB, TALK_DB, TELEVISION_DB, MUSIC_DB = -66.0, -28.0, -30.0, -42.0
PAUSE_S = 0.7  # between two lines of talk
CHORD_S = 2.0
CHORDS_HZ = ((131.0, 165.0, 196.0), (110.0, 131.0, 165.0), (147.0, 175.0, 220.0), (98.0, 123.0, 147.0))
ROUNDS = 2


def run(options: Options) -> dict[str, Any]:
    count = round(options.minutes * 60 * SAMPLE_RATE_HZ)
    rng = np.random.default_rng(options.seed)
    voices, texts = MadeVoices(piper()), load_texts((config.load().wake.phrase,))
    sounds = {
        "silence": to_int16(hum(count, ROOM_DB, rng)),
        "talk": talk(count, TALK_DB, PAUSE_S, voices, texts, rng),
        "television": television(count, voices, texts, rng),
    }
    with tempfile.TemporaryDirectory(prefix="evensong-bench-") as folder:
        file = Path(folder) / "waiting.wav"
        write_wav(file, np.concatenate(list(sounds.values()) * ROUNDS), SAMPLE_RATE_HZ)
        seconds = count / SAMPLE_RATE_HZ
        ours, bare = (in_fresh_process(what, file, mark_s=seconds)["marks"] for what in ("evensong", "vosk"))
    names = list(sounds) * ROUNDS
    result: dict[str, Any] = {"minutes": options.minutes}
    for name in sounds:
        rounds = [place for place, one in enumerate(names) if one == name]
        rtf, rtf_bare = (sum(marks[place]["cpu_s"] for place in rounds) / seconds / ROUNDS for marks in (ours, bare))
        result[name] = {
            "cpu_s_per_hour": round(3600 * rtf, 1),
            "cpu_s_per_hour_vosk": round(3600 * rtf_bare, 1),
            "ratio": round(rtf / rtf_bare, 3),
        }
    result["marks"] = [
        {"after": name, "memory_mb": round(mark["memory_mb"], 1), "cpu_s": round(mark["cpu_s"], 1)}
        for name, mark in zip(names, ours, strict=True)
    ]
    return result


def talk(
    count: int, level_db: float, pause_s: float, voices: MadeVoices, texts: Texts, rng: np.random.Generator
) -> Samples:
    """``count`` samples of people talking, with ``pause_s`` between two lines."""
    sound = hum(count, ROOM_DB, rng)
    place = 0
    while place < count:
        said = at_level(voices.say(voices.draw(rng, SHARES), texts.line(rng)), level_db)[: count - place]
        sound[place : place + len(said)] += said
        place += len(said) + round(pause_s * SAMPLE_RATE_HZ)
    return to_int16(sound)


def television(count: int, voices: MadeVoices, texts: Texts, rng: np.random.Generator) -> Samples:
    """``count`` samples of talk without a pause, and music and noise under it."""
    return with_music(talk(count, TELEVISION_DB, 0.05, voices, texts, rng), rng)


def with_music(people: Samples, rng: np.random.Generator) -> Samples:
    """``people`` with music and noise under them."""
    count = len(people)
    return to_int16(people.astype(np.float64) + _music(count, rng) + hum(count, MUSIC_DB - 6, rng))


def _music(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Chords, one after the other, each struck and dying away."""
    length = round(CHORD_S * SAMPLE_RATE_HZ)
    time_s = np.arange(length) / SAMPLE_RATE_HZ
    chords = []
    for notes_hz in CHORDS_HZ:
        partials = [np.sin(2 * np.pi * note * k * time_s) / k for note in notes_hz for k in (1, 2, 3, 4)]
        chords.append(np.sum(partials, axis=0) * np.exp(-time_s))
    order = rng.integers(len(chords), size=-(-count // length))
    music = np.concatenate([chords[place] for place in order])[:count]
    level: NDArray[np.float64] = music * (32_768.0 * 10 ** (MUSIC_DB / 20) / np.sqrt(np.mean(music**2)))
    return level
