"""How often the wake phrase is missed, and how often something else is taken for it; PocketSphinx beside it.

DIR holds recordings and labels.json, a list of file and phrase: those of ``--phrase`` are to be heard, alone and with
``--noise`` at 10 dB, mixed as for speech_to_intent. ``--background`` is a folder of recordings of other talk, joined
with half a second between them, or one recording. Each recording goes through the whole of hearing, chunk by chunk, in
a quiet room: half a second before it and a second after.

``misses`` are shares of the recordings, at the settings as shipped; ``false_alarms_per_hour_at_most`` is the upper end
of the 95 % confidence interval (Poisson). ``rtf_background`` is CPU seconds for each second of the background.
PocketSphinx spots keyphrases with a threshold that has to be chosen: ``pocketsphinx`` gives its misses at the threshold
with no more than ``allowed_per_hour`` (0.1, or 0.5 for a single word) or our own false alarms, whichever is more,
chosen on the background itself, and so in its favour.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant import config
from assistant.audio.chunking import to_int16
from assistant.audio.files import read_recording
from assistant.errors import EvensongError
from assistant.events import SAMPLE_RATE_HZ, AudioChunk, ListenMode, Samples, WakeHeard
from assistant.hearing.hearing import Hearing, Order
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.wake import WakePhrase
from assistant.models import ModelStore, load_catalog
from benchmarks.keyphrases import Keyphrases, open_keyphrases
from benchmarks.mixing import Sound, mixed
from benchmarks.setting import Options

NOISY_DB = 10.0
BEFORE_S, AFTER_S, BETWEEN_S = 0.5, 1.0, 0.5
CHUNK_SAMPLES = 320
FULL_SCALE = 32_768.0
ROOM = 3.0  # of int16: the noise of a quiet room, -81 dBFS
ALLOWED_PER_HOUR = {True: 0.1, False: 0.5}  # by whether the phrase has more than one word


class Label(BaseModel):
    """Which phrase is said in a recording."""

    file: str
    phrase: str


def run(options: Options) -> dict[str, Any]:
    if options.data is None or options.phrase is None:
        raise EvensongError("Name the recordings with --data DIR and the phrase in them with --phrase PHRASE.")
    recordings = [read_recording(options.data / label.file) for label in load_labels(options.data, options.phrase)]
    noise = None if options.noise is None else read_recording(options.noise) / FULL_SCALE
    sounds = {"clean": [_quiet_room(one, seed) for seed, one in enumerate(recordings)]}
    if noise is not None:
        sounds["10"] = [_noisy(one, noise, (options.seed, number)) for number, one in enumerate(recordings)]
    background = _background(options.background)
    hours = len(background) / SAMPLE_RATE_HZ / 3600
    hearing = _hearing(options.phrase)
    began = time.process_time()
    false_alarms = len(_woken(hearing, background))
    cpu_s = time.process_time() - began
    misses = {name: sum(not _woken(hearing, one) for one in many) / len(many) for name, many in sounds.items()}
    result: dict[str, Any] = {
        "phrase": options.phrase,
        "recordings": len(recordings),
        "misses": {name: round(share, 4) for name, share in misses.items()},
        "false_alarms": false_alarms,
        "background_hours": round(hours, 3),
    }
    if hours:
        result["false_alarms_per_hour"] = round(false_alarms / hours, 2)
        result["false_alarms_per_hour_at_most"] = round(poisson_upper(false_alarms) / hours, 2)
        result["rtf_background"] = round(cpu_s / hours / 3600, 4)
    peer = open_keyphrases(options.phrase)
    if peer is not None:
        allowed = ALLOWED_PER_HOUR[" " in options.phrase]
        result["pocketsphinx"] = _peer(peer, sounds, background, max(false_alarms, math.floor(allowed * hours)))
        result["pocketsphinx"]["allowed_per_hour"] = allowed
    return result


def load_labels(folder: Path, phrase: str) -> list[Label]:
    """Raises EvensongError when ``folder``/labels.json cannot be used or has no recording of ``phrase``."""
    path = folder / "labels.json"
    try:
        labels = TypeAdapter(list[Label]).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        raise EvensongError(f"{path} holds no list of recordings with file and phrase; mend it.") from None
    found = [label for label in labels if label.phrase == phrase]
    if not found:
        there = ", ".join(sorted({label.phrase for label in labels}))
        raise EvensongError(f'{path} has no recording of "{phrase}"; choose one of: {there}.')
    return found


def poisson_upper(count: int) -> float:
    """The largest mean of which ``count`` or fewer are seen in 1 case of 40: the upper end of a 95 % interval."""
    low, high = 0.0, 10.0 + 3.0 * count
    for _ in range(60):
        mean = (low + high) / 2
        seen = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count + 1))
        low, high = (mean, high) if seen > 0.025 else (low, mean)
    return high


# --- sound -----------------------------------------------------------------------------------------------


def _in_a_pause(speech: Samples) -> Samples:
    before, after = (np.zeros(round(seconds * SAMPLE_RATE_HZ), np.int16) for seconds in (BEFORE_S, AFTER_S))
    return np.concatenate([before, speech, after])


def _quiet_room(speech: Samples, seed: int) -> Samples:
    sound = _in_a_pause(speech)
    hiss = ROOM * np.random.default_rng(seed).standard_normal(len(sound))
    return np.clip(np.rint(sound + hiss), -32_768, 32_767).astype(np.int16)


def _noisy(speech: Samples, noise: Sound, seed: Sequence[int]) -> Samples:
    sound = _in_a_pause(speech)
    start = int(np.random.default_rng(seed).integers(0, max(1, len(noise) - len(sound))))
    return to_int16(mixed(sound / FULL_SCALE, noise, NOISY_DB, start))


def _background(source: Path | None) -> Samples:
    if source is None:
        return np.zeros(0, np.int16)
    files = (
        sorted(path for path in source.iterdir() if path.suffix in (".flac", ".wav")) if source.is_dir() else [source]
    )
    pause = np.zeros(round(BETWEEN_S * SAMPLE_RATE_HZ), np.int16)
    return np.concatenate([pause, *(part for path in files for part in (read_recording(path), pause))])


# --- the engines -----------------------------------------------------------------------------------------


def _hearing(phrase: str) -> Hearing:
    settings = config.load()
    store = ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml")))
    recogniser = Recogniser(store.path(settings.hearing.model))
    return Hearing(recogniser, WakePhrase(phrase, recogniser))


def _woken(hearing: Hearing, sound: Samples) -> list[float]:
    """When it woke, in seconds of ``sound``; after each time it goes back to sleep."""
    hearing.open(Order(ListenMode.OFF))
    hearing.open(Order(ListenMode.WAKE))
    began_s = hearing.now_s
    woken = []
    for chunk in _chunks(sound, began_s):
        for event in hearing.hear(chunk):
            if isinstance(event, WakeHeard):
                woken.append(event.at_s - began_s)
                hearing.open(Order(ListenMode.OFF))
                hearing.open(Order(ListenMode.WAKE))
    return woken


def _chunks(sound: Samples, start_s: float) -> Iterator[AudioChunk]:
    for place in range(0, len(sound), CHUNK_SAMPLES):
        yield AudioChunk(sound[place : place + CHUNK_SAMPLES], start_s + place / SAMPLE_RATE_HZ)


def _peer(peer: Keyphrases, sounds: dict[str, list[Samples]], background: Samples, allowed: int) -> dict[str, Any]:
    alarms = sorted(peer.scores(background), reverse=True)
    # As lenient as it may be: just above the first false alarm that is one too many.
    threshold = alarms[allowed] if len(alarms) > allowed else -math.inf
    misses = {
        name: sum(max(peer.scores(one), default=-math.inf) <= threshold for one in many) / len(many)
        for name, many in sounds.items()
    }
    return {
        "misses": {name: round(share, 4) for name, share in misses.items()},
        "false_alarms": sum(score > threshold for score in alarms),
    }
