"""How often a wake phrase is missed, and how often something else is taken for it; others' spotters beside it.

``--phrase P [P ...]``: DIR (``--data``) holds recordings and labels.json, a list of file and phrase: those of P are to
be heard, in a quiet room, with ``--noise`` at 10 dB (mixed as for speech_to_intent), and from two to three metres away
in three simulated rooms. A phrase that DIR does not have is called by ``--calls`` made voices (made_voices.py), drawn
by the seed. Each call goes through the whole of hearing: half a second before it and a second after.

The background is all recordings of ``--background`` and DIR's recordings of other phrases, then made talk up to
``--hours``; ``background_real_hours`` tells how much was people's. Several phrases share one voice activity.
``misses`` are shares of the calls, at the sensitivity as set; ``false_alarms_per_hour_at_most`` is the upper end
of the 95 % confidence interval (Poisson), ``sensitivities`` what others would have given. ``rtf_background`` is CPU
seconds for each second of the background. Made talk never holds the phrases themselves.

PocketSphinx spots keyphrases with a threshold that has to be chosen: ``pocketsphinx`` gives its misses at the threshold
with no more than ``allowed_per_hour`` (0.1, or 0.5 for a single word) or our own false alarms, whichever is more,
chosen on the real background itself, and so in its favour. ``pymicro_wakeword`` is given for the phrases that it was
trained for. Both hear the same calls and the real background.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from assistant import config
from assistant.audio.files import read_recording
from assistant.errors import EvensongError
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.voice_activity import BLOCK_SAMPLES
from assistant.hearing.wake.measured import at_most
from assistant.models import ModelStore, load_catalog
from benchmarks.background import PART_S, MadeTalk, load_texts
from benchmarks.callers import called, in_rooms, load_labels, made_calls
from benchmarks.keyphrases import Keyphrases, open_keyphrases
from benchmarks.made_voices import MadeVoices, piper
from benchmarks.setting import Options
from benchmarks.trained_wakeword import TrainedWakeword, open_trained
from benchmarks.wake_background import Heard, Part, hear, in_a_row, recorded
from benchmarks.wake_listening import Listeners, Look, woken

ALLOWED_PER_HOUR = {True: 0.1, False: 0.5}  # by whether the phrase has more than one word
SENSITIVITIES = (0.0, 0.25, 0.5, 0.75, 1.0)

Sounds = dict[str, list[Samples]]
Looks = dict[str, list[list[Look]]]  # by where, a list for each call


def run(options: Options) -> dict[str, Any]:
    """For the first phrase, as docs of the benchmarks say; ``others`` holds the same of the other phrases."""
    if not options.phrases:
        raise EvensongError("Name the phrase with --phrase PHRASE, and recordings of it with --data DIR.")
    settings = config.load()
    store = ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml")))
    recogniser = Recogniser(store.path(settings.hearing.model))
    listeners = Listeners(options.phrases, recogniser)
    noise = None if options.noise is None else read_recording(options.noise)
    voices = MadeVoices(piper())
    parts = _parts(options, voices, noise)
    heard = list(hear(parts, options.phrases, listeners, options.parts))
    real = [part.sound() for part in parts if part.real] if options.peers else []
    results = []
    for phrase in options.phrases:
        recordings = called(options.data, phrase)
        calls = recordings or made_calls(voices, phrase, options.calls, options.seed)
        sounds = in_rooms(calls, noise, options.seed)
        result: dict[str, Any] = {"phrase": phrase, "recordings": len(calls), "made": not recordings}
        result |= _ours(phrase, heard, _looks(listeners, phrase, sounds), settings.wake.sensitivity)
        if options.peers:
            result |= _peers(phrase, sounds, real, result["false_alarms"])
        results.append(result)
    return results[0] | ({"others": results[1:]} if len(results) > 1 else {})


def _parts(options: Options, voices: MadeVoices, noise: Samples | None) -> list[Part]:
    parts = recorded(options.background)
    if options.data is not None:
        labels = load_labels(options.data)
        other = [options.data / label.file for label in labels if label.phrase not in options.phrases]
        parts += [in_a_row("other_phrases", other)] if other else []
    if not options.hours:
        return parts
    seconds = sum(len(part.sound()) for part in parts) / SAMPLE_RATE_HZ
    talk = MadeTalk(voices, load_texts(options.phrases), options.seed, noise)
    count = math.ceil((options.hours * 3600 - seconds) / PART_S)
    return parts + [
        Part(f"made-{options.seed}-{number:03d}", False, partial(talk.part, number)) for number in range(count)
    ]


def _looks(listeners: Listeners, phrase: str, sounds: Sounds) -> Looks:
    def looks(call: Samples) -> list[Look]:
        return listeners.listen(_whole(call), (phrase,)).looks[phrase]

    return {where: [looks(call) for call in calls] for where, calls in sounds.items()}


def _whole(sound: Samples) -> Samples:
    """As long as whole blocks are."""
    return np.pad(sound, (0, -len(sound) % BLOCK_SAMPLES))


def _ours(phrase: str, heard: Sequence[Heard], looks: Looks, sensitivity: float) -> dict[str, Any]:
    hours = sum(part.seconds for part in heard) / 3600
    alarms = _alarms(phrase, heard, sensitivity)
    result = {
        "misses": _misses(looks, sensitivity),
        "false_alarms": alarms,
        "background_hours": round(hours, 3),
    }
    if not hours:
        return result
    real_hours = sum(part.seconds for part in heard if part.real) / 3600
    cpu_s = sum(part.listened.cpu_voice_s + part.listened.cpu_s[phrase] for part in heard)
    return result | {
        "background_real_hours": round(real_hours, 3),
        "background_voiced_hours": round(sum(part.listened.voiced_s for part in heard) / 3600, 3),
        "false_alarms_real": _alarms(phrase, [part for part in heard if part.real], sensitivity),
        "false_alarms_per_hour": round(alarms / hours, 2),
        "false_alarms_per_hour_at_most": round(at_most(alarms) / hours, 2),
        "rtf_background": round(cpu_s / hours / 3600, 4),
        "sensitivities": {
            f"{each:g}": {"misses": _misses(looks, each), "false_alarms": _alarms(phrase, heard, each)}
            for each in SENSITIVITIES
        },
    }


def _misses(looks: Looks, sensitivity: float) -> dict[str, float]:
    return {
        where: round(sum(not woken(each, sensitivity) for each in calls) / len(calls), 4)
        for where, calls in looks.items()
    }


def _alarms(phrase: str, heard: Sequence[Heard], sensitivity: float) -> int:
    return sum(len(woken(part.listened.looks[phrase], sensitivity)) for part in heard)


# --- the peers -------------------------------------------------------------------------------------------


def _peers(phrase: str, sounds: Sounds, background: Sequence[Samples], false_alarms: int) -> dict[str, Any]:
    hours = sum(len(sound) for sound in background) / SAMPLE_RATE_HZ / 3600
    found: dict[str, Any] = {}
    keyphrases, trained = open_keyphrases(phrase), open_trained(phrase)
    if keyphrases is not None:
        allowed = ALLOWED_PER_HOUR[" " in phrase]
        found["pocketsphinx"] = _pocketsphinx(
            keyphrases, sounds, background, max(false_alarms, math.floor(allowed * hours))
        )
        found["pocketsphinx"]["allowed_per_hour"] = allowed
    if trained is not None:
        found["pymicro_wakeword"] = _trained(trained, sounds, background)
    return found


def _pocketsphinx(peer: Keyphrases, sounds: Sounds, background: Sequence[Samples], allowed: int) -> dict[str, Any]:
    alarms = sorted((score for sound in background for score in peer.scores(sound)), reverse=True)
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


def _trained(peer: TrainedWakeword, sounds: Sounds, background: Sequence[Samples]) -> dict[str, Any]:
    misses = {name: sum(not peer.woken(one) for one in many) / len(many) for name, many in sounds.items()}
    return {
        "misses": {name: round(share, 4) for name, share in misses.items()},
        "false_alarms": sum(len(peer.woken(sound)) for sound in background),
    }
