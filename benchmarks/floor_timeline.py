"""Seeded scripts of a floor-holder who speaks with pauses, and a listener who interrupts, murmurs, or keeps still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.audio.earcons import earcon
from assistant.audio.playback import resampled
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.room.acoustics import convolved, hum, impulse_response, to_int16

Kind = Literal["in_pause", "over_speech", "backchannel", "laughter", "tone", "none"]
KINDS: tuple[Kind, ...] = ("in_pause", "over_speech", "backchannel", "laughter", "tone")
SHARES = (0.25, 0.25, 0.25, 0.12, 0.13)
FADE_S = 0.02
MOSTLY = 0.75  # of an interruption is speech, not a pause
SPEECH_RMS = 1600.0  # -26 dBFS
CROSSTALK_DB = 10.0  # how much softer a voice is at the other's microphone
TONE_BELOW_DB = 14.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Happening:
    """From ``begin_s`` to ``end_s``, by the listener unless it is laughter or a tone."""

    kind: Kind
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """``one``: what one microphone hears, ``two``: shape (n, 2), the holder's and the listener's own; int16, 16 kHz."""

    one: Samples
    two: Samples
    happenings: tuple[Happening, ...]
    holder: Floats  # each voice alone, as it left the mouth
    listener: Floats


def timeline(
    holder: Sequence[Samples], listener: Sequence[Samples], noise: Samples, snr_db: float, events: int, seed: int
) -> Timeline:
    """``events`` happenings between the sentences of ``holder``, taken in turn and again where there are too few."""
    rng = np.random.default_rng(seed)
    kinds = [str(kind) for kind in rng.choice(KINDS, size=events, p=SHARES)]
    voices: list[tuple[int, Floats, bool]] = []  # place, sound, whether it is the holder's
    others: list[tuple[int, Floats]] = []
    happenings: list[Happening] = []
    place = SAMPLE_RATE_HZ
    for number, kind in enumerate(kinds):
        sentence = _voice(holder[number % len(holder)])
        voices.append((place, sentence, True))
        end = place + len(sentence)
        pause = round(rng.uniform(0.4, 4.0) * SAMPLE_RATE_HZ)
        if kind == "over_speech":
            piece = _piece(listener, rng, 1.0, min(5.0, 0.8 * len(sentence) / SAMPLE_RATE_HZ))
            begin = place + round(rng.uniform(0.2, 0.5) * len(sentence))
            end = max(end, begin + len(piece))
        elif kind == "backchannel":
            piece = _piece(listener, rng, 0.2, 0.75)
            begin = place + round(rng.uniform(0.3, 1.1) * len(sentence))
            end = max(end, begin + len(piece))
        else:
            begin = end + round(rng.uniform(0.3, 1.0) * SAMPLE_RATE_HZ)
            piece = _piece(listener, rng, 1.0, 5.0) if kind == "in_pause" else _other(kind, rng)
            end = begin + len(piece)
            pause = round(rng.uniform(0.3, 1.5) * SAMPLE_RATE_HZ)
        if kind in {"laughter", "tone"}:
            others.append((begin, piece))
        else:
            voices.append((begin, piece, False))
        happenings.append(
            Happening(kind, begin / SAMPLE_RATE_HZ, (begin + len(piece)) / SAMPLE_RATE_HZ)  # type: ignore[arg-type]
        )
        place = end + pause
    return _heard(place + SAMPLE_RATE_HZ, voices, others, happenings, noise, snr_db, rng)


def _heard(
    count: int,
    voices: Sequence[tuple[int, Floats, bool]],
    others: Sequence[tuple[int, Floats]],
    happenings: Sequence[Happening],
    noise: Samples,
    snr_db: float,
    rng: np.random.Generator,
) -> Timeline:
    holder = _placed(count, [(at, sound) for at, sound, is_holder in voices if is_holder])
    listener = _placed(count, [(at, sound) for at, sound, is_holder in voices if not is_holder])
    rest = _placed(count, others)
    walls = [impulse_response(0.25, seed) for seed in range(5)]
    start = int(rng.integers(0, len(noise)))
    kitchen = np.resize(np.roll(noise, -start), count).astype(np.float64)
    kitchen *= SPEECH_RMS / np.sqrt(np.mean(kitchen**2)) / 10 ** (snr_db / 20)
    softer = 10 ** (-CROSSTALK_DB / 20)

    def mixed(seeds: tuple[int, int], own: Floats, other: Floats, gain: float) -> Floats:
        sound = convolved_in(own, walls[seeds[0]]) + gain * convolved_in(other, walls[seeds[1]])
        return sound + convolved_in(rest, walls[4]) + kitchen + hum(count, -66.0, rng)

    left, right = mixed((0, 1), holder, listener, softer), mixed((2, 3), listener, holder, softer)
    one = mixed((0, 2), holder, listener, 1.0)
    two = np.stack([to_int16(left), to_int16(right)], axis=1)
    return Timeline(to_int16(one), two, tuple(happenings), holder, listener)


def convolved_in(sound: Floats, response: Floats) -> Floats:
    return convolved(sound, response)[: len(sound)]  # type: ignore[arg-type]


def _placed(count: int, sounds: Sequence[tuple[int, Floats]]) -> Floats:
    track = np.zeros(count)
    for at, sound in sounds:
        track[at : at + len(sound)] += sound
    return track


def _voice(samples: Samples) -> Floats:
    sound = samples.astype(np.float64)
    loud = np.abs(sound) > 0.02 * np.abs(sound).max()
    sound = sound[np.flatnonzero(loud)[0] : np.flatnonzero(loud)[-1] + 1]
    return np.asarray(sound * SPEECH_RMS / np.sqrt(np.mean(sound**2)))


def _piece(voice: Sequence[Samples], rng: np.random.Generator, least_s: float, most_s: float) -> Floats:
    """Part of somebody's sentence that begins with speech, and is speech for the most part."""
    sound = _voice(voice[int(rng.integers(0, len(voice)))])
    length = min(len(sound), round(rng.uniform(least_s, max(least_s, most_s)) * SAMPLE_RATE_HZ))
    hop = SAMPLE_RATE_HZ // 20
    power = np.array([np.mean(sound[at : at + hop] ** 2) for at in range(0, len(sound), hop)])
    speaks = np.convolve(power > (SPEECH_RMS / 5) ** 2, np.ones(max(1, length // hop)) * hop / length, mode="valid")
    places = [n for n in range((len(sound) - length) // hop + 1) if power[n] > SPEECH_RMS**2 / 2]
    fullest = max((speaks[n] for n in places), default=0.0)
    at = int(rng.choice([n for n in places if speaks[n] >= min(MOSTLY, fullest)])) * hop if places else 0
    piece = sound[at : at + length].copy()
    fade = round(FADE_S * SAMPLE_RATE_HZ)
    piece[:fade] *= np.linspace(0, 1, fade)
    piece[-fade:] *= np.linspace(1, 0, fade)
    return piece


def _other(kind: str, rng: np.random.Generator) -> Floats:
    if kind == "tone":
        clip = earcon("interruption")
        tone = resampled(clip.samples, clip.rate_hz, SAMPLE_RATE_HZ).astype(np.float64)
        return np.asarray(tone * 10 ** (-TONE_BELOW_DB / 20))
    # Laughter, roughly: bursts of breath, five a second.
    seconds = rng.uniform(0.6, 1.5)
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    breath = np.convolve(rng.standard_normal(len(t) + 15), np.ones(16) / 4, mode="valid")
    return np.asarray(breath * np.maximum(0, np.sin(2 * np.pi * 5 * t)) * SPEECH_RMS * 0.7)
