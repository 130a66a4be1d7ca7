"""Who holds the floor, heard by one microphone: made voices, the real model of time."""

import numpy as np
import pytest
from voice_fakes import ANA_HZ, BEN_HZ, STRANGER_HZ, Loudness, Tones, print_of_tone, silence, tone

from assistant.hearing.speakers.floor import BY_SEGMENTATION, Floor, Interruption
from assistant.hearing.speakers.turns import Moment, Turns
from assistant.hearing.speakers.voice_prints import VoicePrints

ANA, BEN = frozenset({"Ana"}), frozenset({"Ben"})
PRINTS = VoicePrints({"Ana": print_of_tone(ANA_HZ), "Ben": print_of_tone(BEN_HZ)})


def heard(*parts: np.ndarray, chunk: int = 320, prints: VoicePrints = PRINTS) -> list[Moment]:
    turns = Turns(Tones(), prints, Loudness())  # type: ignore[arg-type]
    sound = np.concatenate([*parts, silence(0.1)])
    return [moment for at in range(0, len(sound), chunk) for moment in turns.hear(sound[at : at + chunk])]


def at(moments: list[Moment], seconds: float) -> Moment:
    return min(moments, key=lambda moment: abs(moment.at_s - seconds))


def test_each_speaks_in_turn() -> None:
    moments = heard(tone(3, ANA_HZ), silence(1), tone(3, BEN_HZ))
    assert at(moments, 2.0).who == ANA
    assert at(moments, 3.7).who is None
    assert at(moments, 6.0).who == BEN
    assert at(moments, 6.0).sure["Ben"] > 0.9 > 0.1 > at(moments, 6.0).sure["Ana"]


@pytest.mark.parametrize("pause_s", [0.0, 0.1, 0.4, 2.0])
def test_when_somebody_began_is_told_to_within_three_tenths_of_a_second(pause_s: float) -> None:
    moments = heard(tone(3, ANA_HZ), silence(pause_s), tone(3, BEN_HZ))
    assert at(moments, 5.5 + pause_s).who == BEN
    assert at(moments, 5.5 + pause_s).since_s == pytest.approx(3.0 + pause_s, abs=0.3)


def test_a_voice_that_nobody_asked_to_remember_is_nobodys() -> None:
    moments = heard(tone(2, ANA_HZ), silence(1), tone(4, STRANGER_HZ))
    assert at(moments, 6.0).who == frozenset()
    assert max(at(moments, 6.0).sure.values()) < 0.2


def test_two_at_once_are_both() -> None:
    assert at(heard(tone(3, ANA_HZ), tone(3, ANA_HZ, BEN_HZ)), 5.5).who == ANA | BEN


def test_nobody_is_remembered_so_everybody_is_unknown() -> None:
    assert at(heard(tone(3, ANA_HZ), prints=VoicePrints({})), 2.5).who == frozenset()


def test_one_remembered_voice_is_told_from_a_strangers() -> None:
    alone = VoicePrints({"Ana": print_of_tone(ANA_HZ)})
    moments = heard(tone(3, ANA_HZ), silence(1), tone(3, STRANGER_HZ), prints=alone)
    assert at(moments, 2.5).who == ANA
    assert at(moments, 6.5).who == frozenset()


def test_how_loud_somebody_speaks_does_not_matter() -> None:
    moments = heard(tone(3, ANA_HZ, amplitude=9000), silence(1), tone(3, BEN_HZ, amplitude=400))
    assert at(moments, 6.5).who == BEN


def test_the_size_of_the_pieces_does_not_matter() -> None:
    parts = (tone(2, ANA_HZ), silence(0.5), tone(2, BEN_HZ))
    assert heard(*parts, chunk=320) == heard(*parts, chunk=1000)


def test_silence_has_a_beginning() -> None:
    moments = heard(tone(2, ANA_HZ), silence(3))
    last = moments[-1]
    assert last.who is None
    assert last.since_s == pytest.approx(2.0, abs=0.15)


class Bands:
    """In the place of `Segmentation`: numbers the made voices by their tones, and hears them in each frame."""

    def __init__(self, other_hz: float = BEN_HZ) -> None:
        self.other_hz = other_hz

    def told(self, sound: np.ndarray) -> np.ndarray:
        frames = np.lib.stride_tricks.sliding_window_view(sound, 991)[::270].astype(np.float32)
        turning = np.outer(np.arange(991), [ANA_HZ, self.other_hz]) / 16_000
        strong = np.hypot(frames @ np.cos(2 * np.pi * turning), frames @ np.sin(2 * np.pi * turning)) > 40_000
        ana, ben = strong.T
        found = np.full((len(frames), 7), 0.01)
        found[np.arange(len(frames)), np.select([ana & ben, ana, ben], [4, 1, 2], 0)] = 0.94
        return found


def interruptions(*parts: np.ndarray, other_hz: float = BEN_HZ) -> list[Interruption]:
    turns = Turns(Tones(), PRINTS, Loudness(), "Ana", Bands(other_hz))  # type: ignore[arg-type]
    floor, sound = Floor("Ana", BY_SEGMENTATION), np.concatenate([*parts, silence(0.1)])
    found = [
        floor.hear(moment) for piece in np.split(sound, range(320, len(sound), 320)) for moment in turns.hear(piece)
    ]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("pause_s", [0.0, 1.0])
def test_the_segmentation_tells_who_talks_over_the_holder_and_into_a_pause(pause_s: float) -> None:
    who = (BEN_HZ,) if pause_s else (ANA_HZ, BEN_HZ)
    (one,) = interruptions(tone(4, ANA_HZ), silence(pause_s), tone(1.6, *who), tone(2, ANA_HZ))
    assert one.who == "Ben"
    assert one.began_s == pytest.approx(4 + pause_s, abs=0.15)
    assert one.noticed_s - one.began_s <= 1.25


@pytest.mark.parametrize("seconds", [0.3, 0.6])
def test_with_the_segmentation_a_listening_sound_is_no_interruption(seconds: float) -> None:
    assert not interruptions(tone(4, ANA_HZ), tone(seconds, ANA_HZ, BEN_HZ), tone(3, ANA_HZ))
    assert not interruptions(tone(4, ANA_HZ), silence(1), tone(seconds, BEN_HZ), silence(1), tone(3, ANA_HZ))


def test_the_segmentation_is_asked_only_while_somebody_speaks() -> None:
    class Counting(Bands):
        looks = 0

        def told(self, sound: np.ndarray) -> np.ndarray:
            self.looks += 1
            return super().told(sound)

    counting = Counting()
    turns = Turns(Tones(), PRINTS, Loudness(), "Ana", counting)  # type: ignore[arg-type]
    turns.hear(np.concatenate([silence(3), tone(2, ANA_HZ), silence(3)]))
    assert 8 <= counting.looks <= 13


def test_a_television_that_was_heard_alone_does_not_interrupt_by_talking_on() -> None:
    on = tone(3, ANA_HZ, STRANGER_HZ)
    assert not interruptions(tone(2, ANA_HZ), tone(3, STRANGER_HZ), on, tone(2, STRANGER_HZ), on, other_hz=STRANGER_HZ)


def test_nobody_known_is_believed_to_say_what_a_television_says_over_the_holder() -> None:
    """What two at once may be, who may begin and whose prints are compared: each has to count with the television."""
    turns = Turns(Tones(), PRINTS, Loudness(), "Ana", Bands(STRANGER_HZ))  # type: ignore[arg-type]
    sound = np.concatenate([tone(2, ANA_HZ), tone(3, STRANGER_HZ), tone(3, ANA_HZ, STRANGER_HZ)])
    moments = [moment for piece in np.split(sound, range(320, len(sound), 320)) for moment in turns.hear(piece)]
    over_her = [moment for moment in moments if moment.at_s > 5.0]
    assert len(over_her) >= 25
    assert max(moment.sure["Ben"] for moment in over_her) < 0.055
