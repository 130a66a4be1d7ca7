"""A microphone each: levels and coherence tell who speaks."""

import numpy as np
import pytest
from voice_fakes import Loudness

from assistant.events import SAMPLE_RATE_HZ
from assistant.hearing.speakers.turns import Moment
from assistant.hearing.speakers.two_microphones import TwoMicrophones

ANA, BEN = frozenset({"Ana"}), frozenset({"Ben"})


def voice(seconds: float, seed: int) -> np.ndarray:
    """Noise, syllables long, as broad as speech."""
    count = round(seconds * SAMPLE_RATE_HZ)
    t = np.arange(count) / SAMPLE_RATE_HZ
    noise = np.convolve(np.random.default_rng(seed).standard_normal(count + 3), np.ones(4) / 2, mode="valid")
    return noise * 1500 * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * t))


def heard(left: np.ndarray, right: np.ndarray) -> list[Moment]:
    rng = np.random.default_rng(9)
    sound = np.stack([left, right], axis=1) + rng.normal(0, 5, (len(left), 2))
    turns = TwoMicrophones(("Ana", "Ben"), (Loudness(), Loudness()))
    whole = sound.astype(np.int16)
    return [moment for at in range(0, len(whole), 320) for moment in turns.hear(whole[at : at + 320])]


def shares(moments: list[Moment]) -> dict[frozenset[str] | None, float]:
    late = [moment.who for moment in moments if moment.at_s > 0.5]
    return {who: late.count(who) / len(late) for who in set(late)}


def later(sound: np.ndarray, samples: int) -> np.ndarray:
    return np.concatenate([np.zeros(samples), sound[:-samples]])


def test_the_louder_microphone_is_the_speakers() -> None:
    sound = voice(4, 1)
    assert shares(heard(sound, 0.3 * later(sound, 40)))[ANA] > 0.97
    assert shares(heard(0.3 * later(sound, 40), sound))[BEN] > 0.97


@pytest.mark.parametrize("loudness", [1.0, 0.7])
def test_two_voices_at_once_are_both(loudness: float) -> None:
    alone, together = np.zeros(32_000), voice(4, 1)
    ana = np.concatenate([voice(2, 3), alone, together])
    ben = loudness * np.concatenate([alone, voice(2, 4), voice(4, 2)])
    moments = heard(ana + 0.3 * later(ben, 40), ben + 0.3 * later(ana, 40))
    assert shares([moment for moment in moments if moment.at_s > 4.2])[ANA | BEN] > 0.7


def test_a_television_as_far_from_both_is_somebody_unknown() -> None:
    sound = voice(4, 1)
    assert shares(heard(sound, 0.9 * later(sound, 3)))[frozenset()] > 0.9


def test_silence_is_nobody() -> None:
    assert shares(heard(np.zeros(32_000), np.zeros(32_000))) == {None: 1.0}


def test_a_moment_tells_when_somebody_began() -> None:
    sound = np.concatenate([np.zeros(16_000), voice(2, 1)])
    last = heard(sound, 0.3 * later(sound, 40))[-1]
    assert last.who == ANA
    assert last.since_s == pytest.approx(1.0, abs=0.1)


def test_the_gaps_between_words_are_bridged_but_are_no_talk() -> None:
    """A voice without them and one with them are as sure to speak; only the words are counted."""
    gap = np.zeros(round(0.1 * SAMPLE_RATE_HZ))
    sound = np.concatenate([part for seed in range(10) for part in (voice(0.3, seed), gap)])
    moments = heard(sound, 0.3 * later(sound, 40))
    assert shares(moments)[ANA] > 0.95
    assert sum(moment.length_s for moment in moments if moment.who == ANA) == pytest.approx(10 * 0.3, abs=0.45)
