"""How well the share of points that came back tells good retellings from partial and poor ones.

The pairs are in benchmarks/retellings: what was told, and how it was given back well, in part, or poorly (advice, an
own story, another subject, kind words). They are read by the natural voice in two pitches and heard by the real
recogniser; what was heard is kept in heard.json beside them, so that only new texts, and all of them with ``--noise``,
are spoken again. ``rank_correlation`` (Spearman) and ``good_vs_poor`` (how often a good retelling of any story stands
above a poor one of any) are those of fresh.yaml as heard: nothing was chosen on it. ``shipped`` is by words and, with
the extra ``semantic``, by meaning; ``words`` by words alone. The other figures stand beside them, with rapidfuzz's
token_set_ratio of the whole texts as the baseline. ``--data FILE``: pairs of your own, a line each,
``{"story", "retelling", "label"}``, label 0 poor, 1 partial, 2 good, compared as written. ``unseen`` are 21 that
were written after all was chosen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rapidfuzz import fuzz

from assistant import config
from assistant.audio.files import load_recording
from assistant.commands.simulate import people_engine
from assistant.errors import UsageError
from assistant.events import Samples
from assistant.hearing.recogniser import Recogniser
from assistant.loading.phrases import language_folder
from assistant.loading.second_opinion import load_encoder
from assistant.models import ModelStore, load_catalog
from assistant.room.acoustics import to_int16
from assistant.room.script import Line, Person
from assistant.room.voices import Voices
from assistant.understanding.retelling.reflection import reflect
from assistant.understanding.retelling.telling import load_telling
from benchmarks.setting import Options

FOLDER = Path(__file__).parent / "retellings"
LABELS = {"good": 2, "partial": 1, "poor": 0, "near": 0}
TELLER, LISTENER = Person(pitch=0.95), Person(pitch=1.16)
NOISE_BELOW_DB = 10.0

Measure = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Pair:
    story: str
    retelling: str
    label: int  # 0 poor, 1 partial, 2 good


def run(options: Options) -> dict[str, Any]:
    settings = config.load()
    telling = load_telling(language_folder(settings))
    encoder = load_encoder(settings.models_path / "meaning")
    measures: dict[str, Measure] = {
        "shipped": lambda story, retelling: reflect(story, retelling, telling, encoder).reflected,
        "words": lambda story, retelling: reflect(story, retelling, telling).reflected,
        "baseline": lambda story, retelling: fuzz.token_set_ratio(story.lower(), retelling.lower()),
    }
    if options.data is not None:
        given = _given(options.data)
        return {**_figures(given, measures["shipped"]), "pairs": len(given), **_all(given, measures)}
    written = {"fresh": _written("fresh"), "tuned": _written("tuned"), "unseen": _given(FOLDER / "unseen.jsonl")}
    hear = Hearing(settings, options.noise)
    heard = {name: [hear.pair(pair) for pair in pairs] for name, pairs in written.items()}
    hear.keep()
    return {
        **_figures(heard["fresh"], measures["shipped"]),
        "pairs": len(heard["fresh"]),
        **{
            name: {"heard": _all(heard[name], measures), "written": _all(pairs, measures), "pairs": len(pairs)}
            for name, pairs in written.items()
        },
    }


def _written(name: str) -> list[Pair]:
    stories = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        Pair(entry["story"], entry[kind], label) for entry in stories for kind, label in LABELS.items() if kind in entry
    ]


def _given(path: Path) -> list[Pair]:
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [Pair(str(line["story"]), str(line["retelling"]), int(line["label"])) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be used ({error}); give a story, a retelling and a label a line.") from None


# --- figures -------------------------------------------------------------------------------------------


def _all(pairs: Sequence[Pair], measures: dict[str, Measure]) -> dict[str, dict[str, float]]:
    return {name: _figures(pairs, measure) for name, measure in measures.items()}


def _figures(pairs: Sequence[Pair], measure: Measure) -> dict[str, float]:
    scores = np.array([measure(pair.story, pair.retelling) for pair in pairs])
    labels = np.array([pair.label for pair in pairs])
    return {
        "rank_correlation": round(float(np.corrcoef(_ranks(scores), _ranks(labels))[0, 1]), 3),
        "good_vs_poor": round(_above(scores[labels == 2], scores[labels == 0]), 3),
        "good_vs_partial": round(_above(scores[labels == 2], scores[labels == 1]), 3),
        "partial_vs_poor": round(_above(scores[labels == 1], scores[labels == 0]), 3),
    }


def _ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    """Ranks from 1, ties sharing their mean."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[which], dtype=np.float64)


def _above(higher: NDArray[Any], lower: NDArray[Any]) -> float:
    """How often one of ``higher`` is above one of ``lower``, ties half; NaN when either is empty."""
    return float(((higher[:, None] > lower) + 0.5 * (higher[:, None] == lower)).mean())


# --- hearing -------------------------------------------------------------------------------------------


class Hearing:
    """What the recogniser writes when a text is read to it."""

    def __init__(self, settings: config.Settings, noise: Path | None) -> None:
        self._file = FOLDER / "heard.json"
        self._noise = load_recording(noise).samples if noise else None
        self._settings = settings
        # In noise nothing is kept: the file is for the quiet room.
        kept = self._file.exists() and self._noise is None
        self._heard: dict[str, str] = json.loads(self._file.read_text(encoding="utf-8")) if kept else {}
        self._voices: Voices | None = None
        self._recogniser: Recogniser | None = None
        self._changed = False

    def pair(self, pair: Pair) -> Pair:
        return Pair(self._text(pair.story, TELLER), self._text(pair.retelling, LISTENER), pair.label)

    def keep(self) -> None:
        if self._changed and self._noise is None:
            text = json.dumps(self._heard, indent=0, sort_keys=True)
            self._file.write_text(text + "\n", encoding="utf-8")

    def _text(self, said: str, person: Person) -> str:
        key = hashlib.sha256(f"{person.pitch} {said}".encode()).hexdigest()[:16]
        if key not in self._heard:
            self._heard[key] = self._listen(said, person)
            self._changed = True
        return self._heard[key]

    def _listen(self, said: str, person: Person) -> str:
        if self._voices is None or self._recogniser is None:
            self._voices = Voices(people_engine())
            store = ModelStore(self._settings.models_path, load_catalog(config.shipped("models/catalog.toml")))
            self._recogniser = Recogniser(store.verify(self._settings.hearing.model).path)
        samples = self._in_noise(self._voices.speak(person, Line(who="", says=said)).samples)
        decoder = self._recogniser.free()
        decoder.reset()
        decoder.accept(samples)
        hypotheses = decoder.finish()
        return hypotheses[0].text if hypotheses else ""

    def _in_noise(self, samples: Samples) -> Samples:
        if self._noise is None:
            return samples
        noise = np.resize(self._noise, len(samples)).astype(np.float64)
        level = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) / max(1.0, float(np.sqrt(np.mean(noise**2))))
        return to_int16(samples + noise * level * 10 ** (-NOISE_BELOW_DB / 20))
