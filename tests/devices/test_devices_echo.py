"""A loudspeaker that reaches the microphone, on a real sound server: the echo comes out again."""

from __future__ import annotations

import subprocess

import numpy as np
from virtual_sound import Pulse

from assistant.audio.playback import resampled
from assistant.audio.sound_card import SoundCard
from assistant.events import SAMPLE_RATE_HZ, AudioChunk, AudioClip, Samples
from assistant.hearing.echo.canceller import TAIL_S, echo_canceller


def prompt(seconds: float, seed: int) -> AudioClip:
    """Noise below 4 kHz that swells and fades like syllables."""
    coarse = np.random.default_rng(seed).standard_normal(round(seconds * 8000)) * 4000
    syllables = np.abs(np.sin(np.arange(len(coarse)) / 8000 * 2 * np.pi * 2.5))
    return AudioClip(resampled((coarse * syllables).astype(np.int16), 8000, SAMPLE_RATE_HZ), SAMPLE_RATE_HZ, "")


def lag_s(heard: Samples, played: Samples) -> float:
    """By how much what was heard comes after what was played, in seconds; negative: before."""
    size = 1 << (2 * len(heard)).bit_length()
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size)), size)
    lag = int(products.argmax())
    return (lag if lag < size // 2 else lag - size) / SAMPLE_RATE_HZ


def power(samples: Samples) -> float:
    return float(np.mean(samples.astype(np.float64) ** 2)) + 1.0


def evening_with_a_cut() -> tuple[Samples, Samples, Samples]:
    """Twelve seconds: what was heard, what was played meanwhile, and what was left without the echo."""
    card, canceller = SoundCard(), echo_canceller()
    assert canceller is not None
    heard: list[Samples] = []
    played: list[Samples] = []
    left: list[Samples] = []
    try:
        for item in card.chunks():
            if not isinstance(item, AudioChunk):
                continue
            heard.append(item.samples)
            played.append(np.zeros(320, np.int16) if item.reference is None else item.reference)
            left.append(canceller.cancel(item.samples, item.reference))
            if len(heard) == 100:
                card.play(prompt(20.0, seed=1))
            if len(heard) == 350:
                card.stop()
                card.play(prompt(5.0, seed=2))
            if len(heard) == 600:
                break
    finally:
        card.close()
    return np.concatenate(heard), np.concatenate(played), np.concatenate(left)


def test_what_was_played_lies_just_before_its_echo_and_is_cancelled(pulse: Pulse) -> None:
    """Also after a cut, when the loudspeaker was opened anew. What is played into "room" is what is heard."""
    subprocess.run(["pactl", "set-default-sink", "room"], env=pulse.env, check=True)
    try:
        microphone, loudspeaker, cancelled = evening_with_a_cut()
    finally:
        subprocess.run(["pactl", "set-default-sink", "speaker"], env=pulse.env, check=True)
    for start_s, end_s in ((2.0, 6.5), (7.5, 11.5)):
        part = slice(int(start_s * SAMPLE_RATE_HZ), int(end_s * SAMPLE_RATE_HZ))
        assert 0 <= lag_s(microphone[part], loudspeaker[part]) < TAIL_S / 2
    assert np.median(taken_db(microphone, cancelled, 4.0, 6.5)) > 30
    assert np.median(taken_db(microphone, cancelled, 9.0, 11.5)) > 20


def taken_db(microphone: Samples, cancelled: Samples, start_s: float, end_s: float) -> list[float]:
    """How much of the echo was taken, each half second. A busy server may drop a block now and then."""
    half = SAMPLE_RATE_HZ // 2
    parts = [slice(place, place + half) for place in range(int(start_s * 2 * half), int(end_s * 2 * half), half)]
    return [10 * float(np.log10(power(microphone[part]) / power(cancelled[part]))) for part in parts]
