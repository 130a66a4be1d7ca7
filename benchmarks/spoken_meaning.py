"""The sentences of `benchmarks meaning`, spoken by made voices in the simulated room and heard as after waking.

Each is heard clean and in noise (``--noise``; at 15 dB, where ``--snr`` says no other), once by the grammar alone
(``grammar``), and once heard again without the grammar where that fits no command (``both``, as Evensong does).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant import config
from assistant.audio.files import read_recording
from assistant.events import SAMPLE_RATE_HZ, Expectation, Hypothesis, Meaning, Samples
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.second_hearing import LEAD_S, heard_again, heard_freely
from assistant.models import ModelStore, load_catalog
from assistant.room.acoustics import at_snr, convolved, hum, impulse_response, to_int16
from assistant.understanding import Understanding
from benchmarks.made_voices import MadeVoices, piper
from benchmarks.setting import CLEAN, SNRS, Options
from benchmarks.voices import kitchen

BACKGROUND = "background"
SHARES = {"espeak": 0.5, "flite": 0.0, "piper": 0.5}
PRE_ROLL_S = 0.4
HUM_DB = -66.0
NOISY = ("15",)


@dataclass(frozen=True, slots=True)
class _Ears:
    understanding: Understanding
    recogniser: Recogniser
    idle: Expectation
    phrases: tuple[str, ...]

    def heard(self, sound: Samples) -> dict[str, Meaning]:
        """``sound`` begins `LEAD_S` before the speech."""
        start_s = LEAD_S - PRE_ROLL_S
        decoder = self.recogniser.grammar(self.phrases)
        decoder.reset(start_s)
        decoder.accept(sound[round(start_s * SAMPLE_RATE_HZ) :])
        readings = heard_again(decoder, decoder.finish(), sound, 0.0, start_s)
        both = readings
        if not self.understanding.is_understood(readings, self.idle):
            both = heard_freely(self.recogniser.free(), readings, sound, 0.0, start_s)
        return {"grammar": self._meant(readings), "both": self._meant(both)}

    def _meant(self, readings: Sequence[Hypothesis]) -> Meaning:
        return self.understanding.understand(readings, self.idle)


def spoken(understanding: Understanding, sets: Mapping[str, Mapping[str, Sequence[str]]], options: Options) -> Any:
    """``options.spoken`` sentences that mean something and as many that do not, drawn from all ``sets``."""
    settings = config.load()
    rng = np.random.default_rng(options.seed)
    recogniser = Recogniser(
        ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml"))).path(
            settings.hearing.model
        )
    )
    idle = understanding.expectation_for("idle")
    phrases = understanding.grammar(idle, recogniser.knows) or ()
    ears = _Ears(understanding, recogniser, idle, phrases)
    noise = read_recording(options.noise) if options.noise else kitchen(rng)
    room, voices = impulse_response(0.25, options.seed), MadeVoices(piper())
    conditions = (CLEAN, *(NOISY if options.snr == SNRS else [snr for snr in options.snr if snr != CLEAN]))
    counts: dict[str, dict[str, Counter[str]]] = {snr: {"grammar": Counter(), "both": Counter()} for snr in conditions}
    for text, name in _drawn(sets, set(idle.intents), options.spoken, rng):
        said = to_int16(convolved(voices.say(voices.draw(rng, SHARES), text), room) * 0.7)
        for snr in conditions:
            for way, meaning in ears.heard(_in_the_room(said, snr, noise, rng)).items():
                counts[snr][way][_outcome(meaning, name)] += 1
    return {
        "sentences": options.spoken,
        "snr": {snr: {way: dict(found) for way, found in ways.items()} for snr, ways in counts.items()},
    }


def _drawn(
    sets: Mapping[str, Mapping[str, Sequence[str]]], allowed: set[str], count: int, rng: np.random.Generator
) -> list[tuple[str, str]]:
    pairs = [(text, name) for sayings in sets.values() for name, texts in sayings.items() for text in texts]
    meant = [pair for pair in pairs if pair[1] in allowed]
    others = [pair for pair in pairs if pair[1] == BACKGROUND]
    return [
        some[place]
        for some in (meant, others)
        for place in rng.permutation(len(some))[: min(count, len(some))].tolist()
    ]


def _in_the_room(said: Samples, snr: str, noise: Samples, rng: np.random.Generator) -> Samples:
    whole = np.concatenate([np.zeros(round(LEAD_S * SAMPLE_RATE_HZ)), said, np.zeros(SAMPLE_RATE_HZ // 2)])
    if snr == CLEAN:
        return to_int16(whole + hum(len(whole), HUM_DB, rng)[: len(whole)])
    start = int(rng.integers(0, max(1, len(noise) - len(whole))))
    level = float(np.sqrt(np.mean(said.astype(np.float64) ** 2)))
    under = at_snr(np.resize(noise[start:], len(whole)), level, float(snr))
    return to_int16(whole + under.astype(np.float64))


def _outcome(meaning: Meaning, name: str) -> str:
    if name == BACKGROUND:
        return "false_accepts" if meaning.intent else "left_alone"
    if meaning.intent == name:
        return "right"
    return ("asked_wrongly" if meaning.unsure else "wrong") if meaning.intent else "nothing"
