"""Whose voice asked who is speaking: a name only where there is little doubt."""

import numpy as np
import pytest
from voice_fakes import ANA_HZ, BEN_HZ, STRANGER_HZ, Loudness, Tones, print_of_tone, silence, tone

from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.speakers.whose_voice import Whose, told_of, whose_voice

PRINTS = VoicePrints({"Ana": print_of_tone(ANA_HZ), "Ben": print_of_tone(BEN_HZ)})


def told(*parts: np.ndarray, prints: VoicePrints = PRINTS) -> Whose:
    sound = np.concatenate(parts)
    return whose_voice(sound, Tones(), prints, Loudness())  # type: ignore[arg-type]


def between(share: float) -> np.ndarray:
    """A print on the way from Ana's (0) to Ben's (1)."""
    mixed = (1 - share) * print_of_tone(ANA_HZ) + share * print_of_tone(BEN_HZ)
    return np.asarray(mixed / np.linalg.norm(mixed), np.float32)


@pytest.mark.parametrize(("hz", "name"), [(ANA_HZ, "Ana"), (BEN_HZ, "Ben")])
def test_a_known_voice_is_named(hz: float, name: str) -> None:
    assert told(silence(0.5), tone(1.2, hz), silence(0.5)) == Whose("known", name)


def test_a_voice_unlike_all_is_a_strangers() -> None:
    assert told(tone(1.5, STRANGER_HZ)) == Whose("stranger")


def test_between_two_people_nobody_is_guessed() -> None:
    assert told_of(between(0.5), 1.2, PRINTS) == Whose("unsure")
    assert told_of(between(0.1), 1.2, PRINTS) == Whose("known", "Ana")


def test_too_little_tells_nothing() -> None:
    assert told(silence(1.0), tone(0.3, ANA_HZ)) == Whose("unsure")
    assert told(silence(1.0)) == Whose("unsure")
