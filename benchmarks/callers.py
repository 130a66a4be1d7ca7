"""The wake phrase as it is called: recordings of real people, or made voices, in a quiet room, in noise, from afar."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.audio.chunking import to_int16
from assistant.audio.files import read_recording
from assistant.errors import EvensongError
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.room.acoustics import convolved
from assistant.room.voices import at_level
from benchmarks.made_voices import MadeVoices
from benchmarks.mixing import Sound, mixed
from benchmarks.shoebox import ROOMS, response

NOISY_DB = 10.0
BEFORE_S, AFTER_S = 0.5, 1.0
FULL_SCALE = 32_768.0
ROOM = 3.0  # of int16: the noise of a quiet room, -81 dBFS
FAR_DB, FAR_ROOM = -42.0, 12.0  # of a voice two to three metres away, and of that room's own noise
SHARES = {"espeak": 0.5, "flite": 0.3, "piper": 0.2}
LEVEL_DB = -26.0


class Label(BaseModel):
    """Which phrase is said in a recording."""

    file: str
    phrase: str


def load_labels(folder: Path) -> list[Label]:
    """Raises EvensongError when ``folder``/labels.json cannot be used."""
    path = folder / "labels.json"
    try:
        return TypeAdapter(list[Label]).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        raise EvensongError(f"{path} holds no list of recordings with file and phrase; mend it.") from None


def called(folder: Path | None, phrase: str) -> list[Samples]:
    """The recordings of ``phrase`` in ``folder``; empty: there are none."""
    labels = [] if folder is None else load_labels(folder)
    return [read_recording(folder / label.file) for label in labels if folder is not None and label.phrase == phrase]


def made_calls(voices: MadeVoices, phrase: str, count: int, seed: int) -> list[Samples]:
    """``count`` voices, each another; the same for the same seed, where the same engines are installed."""
    rng = np.random.default_rng((seed, 11))
    return [at_level(voices.say(voices.draw(rng, SHARES), phrase), LEVEL_DB) for _ in range(count)]


def in_rooms(calls: Sequence[Samples], noise: Samples | None, seed: int) -> dict[str, list[Samples]]:
    """The calls by where they are heard: "clean", "far" and, with ``noise`` at 10 dB, "10"."""
    found = {"clean": [_quiet(_in_a_pause(call), ROOM, (seed, place)) for place, call in enumerate(calls)]}
    if noise is not None:
        loud = noise / FULL_SCALE
        found["10"] = [_noisy(call, loud, (seed, place)) for place, call in enumerate(calls)]
    far = [response(room, room.person) for room in ROOMS]
    found["far"] = [_far(call, far[place % len(far)], (seed, place)) for place, call in enumerate(calls)]
    return found


def _in_a_pause(speech: Samples) -> Samples:
    before, after = (np.zeros(round(seconds * SAMPLE_RATE_HZ), np.int16) for seconds in (BEFORE_S, AFTER_S))
    return np.concatenate([before, speech, after])


def _quiet(sound: Samples, level: float, seed: Sequence[int]) -> Samples:
    hiss = level * np.random.default_rng(seed).standard_normal(len(sound))
    return np.clip(np.rint(sound + hiss), -32_768, 32_767).astype(np.int16)


def _far(speech: Samples, room: Sound, seed: Sequence[int]) -> Samples:
    heard = convolved(_in_a_pause(speech), room)
    return _quiet(at_level(np.clip(np.rint(heard), -32_768, 32_767).astype(np.int16), FAR_DB), FAR_ROOM, seed)


def _noisy(speech: Samples, noise: Sound, seed: Sequence[int]) -> Samples:
    sound = _in_a_pause(speech)
    start = int(np.random.default_rng(seed).integers(0, max(1, len(noise) - len(sound))))
    return to_int16(mixed(sound / FULL_SCALE, noise, NOISY_DB, start))
