"""Hours of talk that nobody means for Evensong, for the false alarms of the wake phrase.

Made from a seed, ten minutes at a time, so it need not be kept: the same seed and number give the same sound where the
same voices are installed. People talk in a room, or a television does: lines that the project has (home talk of the
tests, background talk, cards, stories) and sentences of background.yaml, in voices, at levels, with echoes of a room
and noise that change every half minute or so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import config
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.room.acoustics import convolved, hum, impulse_response, to_int16
from assistant.room.voices import at_level
from assistant.understanding.data_file import load_yaml
from benchmarks.made_voices import MadeVoices, Speaker

PART_S = 600
SHARES = {"espeak": 0.55, "flite": 0.35, "piper": 0.10}
QUIETEST_DB, LOUDEST_DB = -40.0, -16.0  # of speech
ROOM_DB = -70.0
REVERBERATION_S = (0.0, 0.2, 0.35, 0.6)
NOISY = 0.5  # of the scenes
LEAST_SNR_DB, MOST_SNR_DB = 0.0, 20.0
WRITTEN = 0.5  # of the lines, against those of background.yaml
COMMON_WORDS = 12_000


@dataclass(frozen=True, slots=True)
class Texts:
    """``written`` lines, and ``patterns`` whose {gaps} are filled from ``words``."""

    written: tuple[str, ...]
    patterns: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    without: tuple[str, ...] = ()

    def line(self, rng: np.random.Generator) -> str:
        """One that holds none of the phrases ``without``."""
        while True:
            line = self._any(rng)
            if not any(phrase in re.sub("[^a-z' ]", "", line.lower()) for phrase in self.without):
                return line

    def _any(self, rng: np.random.Generator) -> str:
        if rng.random() < WRITTEN:
            return self.written[int(rng.integers(len(self.written)))]
        pattern = self.patterns[int(rng.integers(len(self.patterns)))]
        return re.sub(r"\{(\w+)\}", lambda gap: str(rng.choice(self.words[gap[1]])), pattern)


def load_texts(without: Sequence[str] = ()) -> Texts:
    """Needs wordfreq of the bench extra."""
    from wordfreq import top_n_list  # noqa: PLC0415  (no other figure needs it)

    folder = config.shipped("intents") / "en"
    data = load_yaml(Path(__file__).with_name("background.yaml")).data
    talk = (Path(__file__).parent.parent / "tests" / "data" / "home_talk.txt").read_text("utf-8").splitlines()
    written = [line for line in talk if line and not line.startswith("#")]
    written += load_yaml(folder / "background.yaml").data["background"]
    for deck in sorted((folder / "decks").glob("*.yaml")):
        written += [card for card in load_yaml(deck).data.get("cards", ()) if isinstance(card, str)]
    for book in sorted((folder / "stories").glob("*.yaml")):
        told = [said for story in load_yaml(book).data.get("stories", ()) for said in story["tell"]]
        written += [said for said in told if isinstance(said, str)]
    common = tuple(word for word in top_n_list("en", COMMON_WORDS) if word.isalpha())
    gaps = {name: tuple(str(word) for word in words) for name, words in data["gaps"].items()}
    return Texts(tuple(written), tuple(data["sentences"]), {**gaps, "word": common}, tuple(without))


class MadeTalk:
    """``noise`` is a recording of a loud room (int16, 16 kHz); None: made noise."""

    def __init__(self, voices: MadeVoices, texts: Texts, seed: int, noise: Samples | None = None) -> None:
        self._voices = voices
        self._texts = texts
        self._seed = seed
        self._noise = noise

    def part(self, number: int) -> Samples:
        """Ten minutes, shape (PART_S * 16000,)."""
        rng = np.random.default_rng((self._seed, number))
        sound = hum(PART_S * SAMPLE_RATE_HZ, ROOM_DB, rng)
        place = 0
        while place < len(sound):
            place = self._scene(sound, place, rng)
        return to_int16(sound)

    def _scene(self, sound: NDArray[np.float64], start: int, rng: np.random.Generator) -> int:
        """Some half a minute of one to three people from ``start`` on; where it ends."""
        people = [self._voices.draw(rng, SHARES) for _ in range(int(rng.integers(1, 4)))]
        level_db = rng.uniform(QUIETEST_DB, LOUDEST_DB)
        echo = impulse_response(float(rng.choice(REVERBERATION_S)), int(rng.integers(1000)))
        end, place = min(len(sound), start + round(rng.uniform(15, 45) * SAMPLE_RATE_HZ)), start
        while place < end:
            said = self._said(people[int(rng.integers(len(people)))], level_db + rng.uniform(-4, 4), rng)
            heard = convolved(said, echo)[: len(sound) - place]
            sound[place : place + len(heard)] += heard
            place += len(said) + round(rng.uniform(0.1, 0.9) * SAMPLE_RATE_HZ)
        if rng.random() < NOISY:
            stop = min(place, len(sound))
            sound[start:stop] += self._noise_at(level_db - rng.uniform(LEAST_SNR_DB, MOST_SNR_DB), stop - start, rng)
        return place

    def _said(self, speaker: Speaker, level_db: float, rng: np.random.Generator) -> Samples:
        return at_level(self._voices.say(speaker, self._texts.line(rng)), float(level_db))

    def _noise_at(self, level_db: float, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        if self._noise is None:
            return hum(count, level_db, rng)
        start = int(rng.integers(len(self._noise)))
        stretch = np.take(self._noise, np.arange(start, start + count), mode="wrap").astype(np.float64)
        rms = float(np.sqrt(np.mean(stretch**2))) or 1.0
        return stretch * (32_768.0 * 10 ** (level_db / 20) / rms)
