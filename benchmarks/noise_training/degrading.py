"""Clean speech and the same speech in noise, made anew for every step of the training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.audio.files import read_recording
from assistant.errors import EvensongError
from assistant.events import SAMPLE_RATE_HZ, Samples
from benchmarks.mixing import loudest_frame
from benchmarks.noise_training.made_noise import motor, music, struck, wandering, water

Sound = NDArray[np.float64]
Made = Callable[[np.random.Generator, int], Sound]

FULL_SCALE = 32_768.0
_SOUNDS = (".wav", ".flac", ".ogg", ".mp3")
_LONG_S = 5.0  # shorter recordings of noise are thrown in as single sounds
_HIT_S = 1.5
_MADE = 0.65  # of the single sounds, by code
_SILENT = 0.02  # of full range
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Degraded:
    """The same stretch ``clean`` and ``noisy``, shape (n,), in steps of 16 bits."""

    clean: Sound
    noisy: Sound


@dataclass(frozen=True, slots=True)
class Corpus:
    """``speech`` in stretches long enough to cut from; ``beds`` noise that goes on, ``hits`` single sounds."""

    speech: Sequence[Samples]
    beds: Sequence[Samples]
    hits: Sequence[Samples]

    def degraded(
        self, rng: np.random.Generator, samples: int, *, clean: float = 0.25, loudest_db: float = 18.0
    ) -> Degraded:
        """A random stretch with random noise, 0 to ``loudest_db`` dB under it; the share ``clean`` without any."""
        said = self.said(rng, samples)
        heard = said
        if rng.random() >= clean:
            voice = _reverberant(rng, said, rng.uniform(0.1, 0.6)) if rng.random() < 0.25 else said
            noise = self.noise(rng, samples)
            apart = 10 ** (loudest_db * rng.beta(1.2, 1.8) / 10)
            heard = voice + noise * np.sqrt(loudest_frame(voice) / (loudest_frame(noise) * apart + 1e-9))
            heard = _coloured(rng, heard) if rng.random() < 0.2 else heard
        peak = FULL_SCALE * 10 ** (rng.uniform(-20, -3) / 20)
        return Degraded(*(_at_peak(sound, peak) + rng.standard_normal(samples) for sound in (said, heard)))

    def said(self, rng: np.random.Generator, samples: int) -> Sound:
        """A stretch in which somebody speaks for a third of the time at least, a little faster or slower."""
        weights = np.array([len(sound) for sound in self.speech], dtype=np.float64)
        for _ in range(_TRIES):
            speed = rng.uniform(0.88, 1.14)
            sound = self.speech[rng.choice(len(self.speech), p=weights / weights.sum())]
            needed = int(samples * speed) + 2
            start = int(rng.integers(0, max(1, len(sound) - needed)))
            taken = sound[start : start + needed]
            stretch: Sound = np.interp(np.arange(samples) * speed, np.arange(len(taken)), taken / FULL_SCALE)
            tenths = np.sqrt(np.square(stretch[: samples // 1600 * 1600].reshape(-1, 1600)).mean(1))
            if np.abs(stretch).max() > _SILENT and (tenths > 0.05 * tenths.max()).mean() > 0.35:
                return stretch
        raise EvensongError("The recordings of speech hold hardly any; give others with --speech.")

    def noise(self, rng: np.random.Generator, samples: int) -> Sound:
        """One to three kinds of noise together."""
        kinds: Sequence[Made] = (self._clatter, water, self._bed, _hiss, motor, music, self._babble)
        likely = (0.27, 0.18, 0.1, 0.15, 0.1, 0.05, 0.15)
        made = np.zeros(samples)
        for place in rng.choice(len(kinds), size=rng.integers(1, 4), replace=False, p=likely):
            sound = kinds[place](rng, samples)
            sound = _coloured(rng, sound) if rng.random() < 0.4 else sound
            sound = _reverberant(rng, sound, rng.uniform(0.2, 1.5)) if rng.random() < 0.3 else sound
            if rng.random() < 0.3:
                sound = sound * wandering(rng, samples, rng.uniform(0.3, 2), rng.uniform(1, 6))
            made += _even(sound) * 10 ** (rng.uniform(-12, 0) / 20)
        return made

    def _bed(self, rng: np.random.Generator, samples: int) -> Sound:
        sound = self.beds[int(rng.integers(len(self.beds)))]
        return np.take(sound, np.arange(samples) + int(rng.integers(len(sound))), mode="wrap") / FULL_SCALE

    def _clatter(self, rng: np.random.Generator, samples: int) -> Sound:
        made = np.zeros(samples)
        for _ in range(1 + rng.poisson(rng.uniform(1, 5) * samples / SAMPLE_RATE_HZ)):
            hit = self._hit(rng)
            speed = 2 ** rng.uniform(-0.6, 0.6)
            sound = np.interp(np.arange(int(len(hit) / speed)) * speed, np.arange(len(hit)), hit)
            start = int(rng.integers(-len(sound) // 2, samples))
            first, last = max(0, -start), min(len(sound), samples - start)
            made[start + first : start + last] += sound[first:last] * 10 ** (rng.uniform(-25, 0) / 20)
        return made

    def _hit(self, rng: np.random.Generator) -> Sound:
        if rng.random() < _MADE:
            return struck(rng)
        recorded = self.hits[int(rng.integers(len(self.hits)))]
        return recorded[: int(_HIT_S * SAMPLE_RATE_HZ)] / FULL_SCALE

    def _babble(self, rng: np.random.Generator, samples: int) -> Sound:
        voices = [self.said(rng, samples) for _ in range(int(rng.integers(3, 9)))]
        mixed: Sound = np.sum([_even(voice) * 10 ** (rng.uniform(-10, 0) / 20) for voice in voices], axis=0)
        return _reverberant(rng, mixed, rng.uniform(0.3, 1.5))


def load_corpus(speech: Sequence[Path], noise: Sequence[Path]) -> Corpus:
    """Read all recordings in these folders. Raises EvensongError when either holds none."""
    voices, sounds = _recordings(speech), _recordings(noise)
    beds = [sound for sound in sounds if len(sound) >= _LONG_S * SAMPLE_RATE_HZ]
    hits = [sound for sound in sounds if len(sound) < _LONG_S * SAMPLE_RATE_HZ]
    if not (voices and beds and hits):
        raise EvensongError("There must be speech, noise of 5 seconds or more, and shorter noises; give other folders.")
    return Corpus(voices, beds, hits)


def _recordings(folders: Sequence[Path]) -> list[Samples]:
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in _SOUNDS)
    sounds = [read_recording(path) for path in paths]
    return [sound for sound in sounds if len(sound) > SAMPLE_RATE_HZ // 10 and sound.max() > _SILENT * FULL_SCALE]


def _hiss(rng: np.random.Generator, samples: int) -> Sound:
    """Steady noise of some colour, at times with a hum."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    sound = _even(np.fft.irfft(spectrum * (np.arange(len(spectrum)) + 20.0) ** rng.uniform(-1.1, 0.1), samples))
    if rng.random() < 0.3:
        turns = 2 * np.pi * rng.choice([50.0, 60.0, rng.uniform(80, 900)]) * np.arange(samples) / SAMPLE_RATE_HZ
        sound = sound + sum(rng.uniform(0, 1.5) / k * np.sin(k * turns) for k in range(1, int(rng.integers(2, 9))))
    return sound


def _coloured(rng: np.random.Generator, sound: Sound) -> Sound:
    """Through a microphone of another colour: a gentle random curve over the frequencies."""
    spectrum = np.fft.rfft(sound)
    curve_db = np.cumsum(rng.normal(0, rng.uniform(1, 4), 9))
    places = np.sqrt(np.linspace(0, 1, len(spectrum)))
    gains_db = np.interp(places, np.linspace(0, 1, 9), curve_db - curve_db.mean())
    through: Sound = np.fft.irfft(spectrum * 10 ** (gains_db / 20), len(sound))
    return through


def _reverberant(rng: np.random.Generator, sound: Sound, wet: float) -> Sound:
    """In a room that rings for 0.15 to 0.5 s; ``wet`` is the strength of the ringing over the direct sound."""
    ringing = int(rng.uniform(0.15, 0.5) * SAMPLE_RATE_HZ)
    tail = rng.standard_normal(ringing) * 10 ** (-3 * np.arange(ringing) / ringing)
    response = np.concatenate([[1.0], np.zeros(int(rng.integers(0, 60))), wet * tail / np.linalg.norm(tail)])
    size = len(sound) + len(response)
    ringing_on: Sound = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)
    return ringing_on[: len(sound)]


def _even(sound: Sound) -> Sound:
    even: Sound = sound / (np.sqrt(np.square(sound).mean()) + 1e-9)
    return even


def _at_peak(sound: Sound, peak: float) -> Sound:
    scaled: Sound = sound * (peak / (np.abs(sound).max() + 1e-9))
    return scaled
