"""How often spoken orders are understood with every slot right, the noisier the kitchen.

The data and the way noise is mixed in are those of Picovoice's public speech-to-intent benchmark; its published
figures with kitchen noise (mean over 6 to 24 dB, and at 6 dB) are Rhino .981 and .96, LUIS .906 and .86, Watson .891
and .72, Lex .854 and .80, Dialogflow .789 and .70. The domain is benchmarks/domains/coffee.yaml; nothing in the
assistant knows of it. A command counts when the intent and every labelled slot are right and no other slot is there.

``acceptance`` is the share that counts, by SNR in dB; ``mean`` its mean over the noisy ones; ``rtf`` CPU seconds of
recognition and understanding for each second of sound.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant import config
from assistant.audio.chunking import to_int16
from assistant.audio.files import read_recording
from assistant.errors import EvensongError
from assistant.events import SAMPLE_RATE_HZ, Expectation, Hypothesis, ListenMode, Samples
from assistant.hearing.closed_grammar import DEEP, ClosedGrammar
from assistant.hearing.recogniser import Decoder, Recogniser
from assistant.hearing.second_hearing import LEAD_S, heard_again
from assistant.hearing.voice_activity import BLOCK_SAMPLES, VoiceActivityDetector
from assistant.models import ModelStore, load_catalog
from assistant.understanding import Understanding
from benchmarks.domain import load_domain
from benchmarks.mixing import Sound, mixed
from benchmarks.setting import CLEAN, Options

DOMAIN = Path(__file__).parent / "domains" / "coffee.yaml"
FULL_SCALE = 32_768.0
VOICE = 0.4  # probability of speech in a block
MARGIN_S = 0.8  # what the ears hear before and after it


class Label(BaseModel):
    """What was said in a recording."""

    file: str
    intent: str
    slots: Mapping[str, Any]


@dataclass
class Tally:
    """What came of the recordings at one SNR."""

    right: int = 0
    heard: int = 0
    sound_s: float = 0.0
    cpu_s: float = 0.0


def run(options: Options) -> dict[str, Any]:
    if options.data is None or (options.noise is None and set(options.snr) != {CLEAN}):
        raise EvensongError("Name the recordings with --data DIR and the noise with --noise FILE (or --snr clean).")
    labels = load_labels(options.data)
    noise = None if options.noise is None else read_recording(options.noise) / FULL_SCALE
    settings = config.load()
    domain = load_domain(DOMAIN)
    understanding = Understanding(domain.intents, config.shipped("intents") / domain.language)
    store = ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml")))
    recogniser = Recogniser(store.path(settings.hearing.model))
    tallies: dict[str, Tally] = {}
    for snr in options.snr:
        tally = tallies[snr] = Tally()
        for number, label in enumerate(labels):
            sound = noisy(read_recording(options.data / label.file), noise, snr, (options.seed, number))
            _try(understanding, recogniser, sound, label, tally)
    acceptance = {snr: round(tally.right / max(1, tally.heard), 4) for snr, tally in tallies.items()}
    noisy_ones = [share for snr, share in acceptance.items() if snr != CLEAN]
    return {
        "acceptance": acceptance,
        "mean": round(float(np.mean(noisy_ones)), 4) if noisy_ones else None,
        "rtf": round(sum(t.cpu_s for t in tallies.values()) / max(1e-9, sum(t.sound_s for t in tallies.values())), 4),
        "utterances": len(labels),
    }


def load_labels(folder: Path) -> list[Label]:
    """Raises EvensongError when ``folder``/labels.json is missing or not a list of labels."""
    path = folder / "labels.json"
    try:
        return TypeAdapter(list[Label]).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        raise EvensongError(f"{path} holds no list of recordings with file, intent and slots; mend it.") from None


def noisy(speech: Samples, noise: Sound | None, snr: str, seed: Sequence[int]) -> Samples:
    """``speech`` (int16) at ``snr`` (dB, or clean), with a stretch of ``noise`` that ``seed`` chooses."""
    if snr == CLEAN or noise is None:
        return speech
    rng = np.random.default_rng([*seed, int(float(snr) * 10) + 1_000])
    start = int(rng.integers(0, max(1, len(noise) - len(speech))))
    return to_int16(mixed(speech / FULL_SCALE, noise, float(snr), start))


def _try(understanding: Understanding, recogniser: Recogniser, sound: Samples, label: Label, tally: Tally) -> None:
    expectation = Expectation(ListenMode.COMMAND, tuple(intent.id for intent in understanding.intents))
    began = time.process_time()
    decoder = recogniser.grammar(understanding.grammar(expectation, recogniser.knows) or ())

    def closed(first: tuple[Hypothesis, ...]) -> ClosedGrammar | None:
        phrases = understanding.closed_grammar(first, expectation, recogniser.knows)
        return None if phrases is None else ClosedGrammar(recogniser.grammar(phrases, DEEP), phrases)

    meaning = understanding.understand(_heard(decoder, sound, closed), expectation)
    tally.cpu_s += time.process_time() - began
    tally.sound_s += len(sound) / SAMPLE_RATE_HZ
    tally.heard += 1
    tally.right += (meaning.intent, dict(meaning.slots)) == (label.intent, dict(label.slots))


def _heard(
    decoder: Decoder, sound: Samples, closed: Callable[[tuple[Hypothesis, ...]], ClosedGrammar | None]
) -> tuple[Hypothesis, ...]:
    """As the ears hear it: from a little before the first voice to a little after the last, again where it is noisy."""
    voice = VoiceActivityDetector()
    blocks = range(0, len(sound) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES)
    voiced = [place for place in blocks if voice(sound[place : place + BLOCK_SAMPLES]) >= VOICE]
    margin = round(MARGIN_S * SAMPLE_RATE_HZ)
    start = max(0, voiced[0] - margin) if voiced else 0
    end = voiced[-1] + BLOCK_SAMPLES + margin if voiced else len(sound)
    before = max(0, start - round(LEAD_S * SAMPLE_RATE_HZ))
    decoder.reset(start / SAMPLE_RATE_HZ)
    decoder.accept(sound[start:end])
    first = decoder.finish()
    return heard_again(
        decoder,
        first,
        sound[before:end],
        before / SAMPLE_RATE_HZ,
        start / SAMPLE_RATE_HZ,
        lambda: closed(first),
    )
