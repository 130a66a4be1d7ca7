"""What the segmentation tells of who speaks: how many, since when, and whose voice a numbered one is."""

import numpy as np
import pytest

from assistant.hearing.speakers.local_voices import LocalVoices
from assistant.hearing.speakers.segmentation import ANSWERS, FIRST_FRAME_S, FRAME_S

SILENCE, FIRST, SECOND, BOTH = 0, 1, 2, 4
ANA, BEN, TOGETHER, ANA_AND_STRANGER, STRANGER = 0, 1, 2, 3, 5


class Told:
    """In the place of `Segmentation`: what is scripted, (answer, until_s) one after the other, 90 % sure."""

    def __init__(self, *script: tuple[int, float]) -> None:
        self.script = script

    def told(self, sound: np.ndarray) -> np.ndarray:
        frames = 1 + (len(sound) - 991) // 270
        found = np.full((frames, ANSWERS), 0.1 / (ANSWERS - 1), np.float32)
        for frame in range(frames):
            at_s = FIRST_FRAME_S + frame * FRAME_S
            found[frame, next((answer for answer, until_s in self.script if at_s < until_s), SILENCE)] = 0.9
        return found


def heard(*script: tuple[int, float], ana_until_s: float = 2.0, seconds: float = 3.0) -> tuple[LocalVoices, np.ndarray]:
    """After ``seconds``; Ana was believed to speak alone up to ``ana_until_s``."""
    voices = LocalVoices(Told(*script), 2)  # type: ignore[arg-type]
    voices.hear(np.ones(round(seconds * 16_000), np.int16))
    for tenth in range(1, round(ana_until_s * 10)):
        voices.believe(tenth / 10, np.array([0.98, 0.01, 0.01]))
    return voices, voices.look()


def test_two_at_once_are_both_and_one_alone_is_one() -> None:
    assert heard((FIRST, 2.0), (BOTH, 3.0))[1].argmax() == TOGETHER
    assert heard((FIRST, 3.0))[1].argmax() == ANA


def test_a_voice_held_apart_from_anas_is_not_hers() -> None:
    _, told = heard((FIRST, 1.8), (SILENCE, 2.2), (SECOND, 3.0))
    assert told.argmax() == BEN
    assert told[ANA] < told[STRANGER]


def test_the_same_voice_after_a_pause_is_hers_again() -> None:
    assert heard((FIRST, 1.8), (SILENCE, 2.2), (FIRST, 3.0))[1].argmax() == ANA


def test_nobody_tells_nothing_and_so_does_too_short_a_while() -> None:
    assert np.ptp(heard((FIRST, 1.0), (SILENCE, 3.0))[1]) < 0.5
    assert not heard((FIRST, 3.0), seconds=0.5)[1].any()


def test_when_two_began_is_told_to_within_a_frame_or_two() -> None:
    voices, _ = heard((FIRST, 2.0), (BOTH, 2.5), (FIRST, 2.6), (BOTH, 3.0))
    assert voices.began_s(together=True) == pytest.approx(2.0, abs=0.03)  # a tenth without is the same stretch of talk
    voices, _ = heard((BOTH, 1.5), (FIRST, 2.5), (BOTH, 3.0))
    assert voices.began_s(together=True) == pytest.approx(2.5, abs=0.03)


def test_when_a_voice_alone_began_counts_what_it_said_at_the_same_time_as_another() -> None:
    voices, _ = heard((FIRST, 1.0), (BOTH, 2.0), (SECOND, 3.0))
    assert voices.began_s(together=False) == pytest.approx(1.0, abs=0.03)


def test_what_began_before_all_that_is_remembered_has_no_beginning() -> None:
    assert heard((FIRST, 3.0))[0].began_s(together=False) is None
    assert heard((FIRST, 3.0))[0].began_s(together=True) is None


def test_a_listening_sound_that_is_over_is_not_heard_to_the_end() -> None:
    assert heard((FIRST, 2.0), (BOTH, 3.0))[0].to_the_end(together=True)
    assert not heard((FIRST, 2.0), (BOTH, 2.8), (FIRST, 3.0))[0].to_the_end(together=True)
    assert heard((FIRST, 3.0))[0].to_the_end(together=False)
    assert not heard((FIRST, 2.8), (SILENCE, 3.0))[0].to_the_end(together=False)


def test_only_the_last_five_seconds_are_remembered() -> None:
    voices = LocalVoices(Told((FIRST, 4.0), (BOTH, 5.0)), 2)  # type: ignore[arg-type]
    for _ in range(300):
        voices.hear(np.ones(320, np.int16))
    for tenth in range(1, 60):
        voices.believe(tenth / 10, np.array([0.98, 0.01, 0.01]))
    assert voices.look().argmax() == TOGETHER
    assert voices.began_s(together=True) == pytest.approx(1.0 + 4.0, abs=0.03)


def test_two_at_once_are_ana_and_a_stranger_where_one_was_heard_alone_lately() -> None:
    voices = LocalVoices(Told((SECOND, 1.5), (FIRST, 2.5), (BOTH, 3.0)), 2)  # type: ignore[arg-type]
    voices.hear(np.ones(48_000, np.int16))
    for tenth in range(1, 25):
        voices.believe(tenth / 10, np.array([0.01, 0.01, 0.98] if tenth <= 15 else [0.98, 0.01, 0.01]))
    assert voices.look(1.0).argmax() == ANA_AND_STRANGER
    assert voices.look(0.0).argmax() == TOGETHER
