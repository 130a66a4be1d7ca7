"""The canceller on synthetic sound: how much echo it takes, and how little of anything else."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hearing_fakes import FakeDecoder, FakeRecogniser
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, AudioChunk, ListenMode, Samples, UtteranceHeard, Word
from assistant.hearing.echo.canceller import EchoCanceller, echo_canceller
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.wake.phrase import WakePhrase

FRAME = 320


@pytest.fixture
def canceller() -> EchoCanceller:
    made = echo_canceller()
    assert made is not None, "speexdsp is missing; `make setup` installs it"
    return made


def speechlike(seconds: float, seed: int, level: float = 2000.0) -> NDArray[np.float64]:
    """Noise with the spectrum of speech, in syllables and with pauses between the words."""
    rng = np.random.default_rng(seed)
    count = round(seconds * SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    coloured = np.fft.irfft(spectrum * (hz > 80) / (1 + (hz / 500) ** 1.5), count)
    at_s = np.arange(count) / SAMPLE_RATE_HZ
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * at_s) + 0.3, 0, 1) * (np.sin(2 * np.pi * 0.4 * at_s + 1) > -0.8)
    return coloured / coloured.std() * syllables * level


def echo_of(played: Samples, delay_s: float = 0.06, echo_db: float = -15.0) -> NDArray[np.float64]:
    """Through a simulated room: a direct sound and a tail of a quarter of a second."""
    rng = np.random.default_rng(9)
    tail = rng.standard_normal(4000) * 10 ** (-3 * np.arange(4000) / 4000) * 0.01
    way = np.concatenate([np.zeros(round(delay_s * SAMPLE_RATE_HZ)), [1.0], tail]) * 10 ** (echo_db / 20)
    size = 1 << (len(played) + len(way)).bit_length()
    return np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(way, size), size)[: len(played)]


def room(count: int, seed: int = 5) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(count) * 3


def int16(sound: NDArray[np.float64]) -> Samples:
    return np.clip(np.rint(sound), -32_768, 32_767).astype(np.int16)


def cancelled(canceller: EchoCanceller, microphone: Samples, played: Samples, length: int = FRAME) -> Samples:
    parts = [
        canceller.cancel(microphone[place : place + length], played[place : place + length])
        for place in range(0, len(microphone), length)
    ]
    return np.concatenate(parts)


def power_db(sound: NDArray[np.generic]) -> float:
    return 10 * float(np.log10(np.mean(np.square(sound.astype(np.float64))) + 1e-9))


def seconds(sound: Samples, start_s: float, end_s: float) -> Samples:
    return sound[int(start_s * SAMPLE_RATE_HZ) : int(end_s * SAMPLE_RATE_HZ)]


@pytest.mark.parametrize(("delay_s", "echo_db"), [(0.06, -5.0), (0.06, -15.0), (0.12, -15.0)])
def test_after_two_seconds_the_echo_is_gone(canceller: EchoCanceller, delay_s: float, echo_db: float) -> None:
    played = int16(speechlike(6.0, seed=1))
    microphone = int16(echo_of(played, delay_s, echo_db) + room(len(played)))
    left = cancelled(canceller, microphone, played)
    taken_db = power_db(seconds(microphone, 2.0, 6.0)) - power_db(seconds(left, 2.0, 6.0))
    assert taken_db >= 25


def test_a_person_who_talks_at_the_same_time_is_kept(canceller: EchoCanceller) -> None:
    played = int16(speechlike(8.0, seed=1))
    person = np.zeros(len(played))
    person[5 * SAMPLE_RATE_HZ : 7 * SAMPLE_RATE_HZ] = speechlike(2.0, seed=2, level=800.0)
    microphone = int16(echo_of(played) + room(len(played)) + person)
    left = cancelled(canceller, microphone, played)
    heard, spoken = seconds(left, 5.0, 7.0).astype(float), person[5 * SAMPLE_RATE_HZ : 7 * SAMPLE_RATE_HZ]
    assert abs(power_db(heard) - power_db(spoken)) < 3
    assert np.corrcoef(heard, spoken)[0, 1] > 0.9


def test_a_way_of_the_sound_that_changes_is_learnt_anew(canceller: EchoCanceller) -> None:
    played = int16(speechlike(12.0, seed=1))
    half = len(played) // 2
    microphone = int16(np.concatenate([echo_of(played, 0.06)[:half], echo_of(played, 0.08)[half:]]) + room(len(played)))
    left = cancelled(canceller, microphone, played)
    assert power_db(seconds(microphone, 9.0, 12.0)) - power_db(seconds(left, 9.0, 12.0)) > 20


def test_where_nothing_is_played_nothing_is_touched(canceller: EchoCanceller) -> None:
    microphone = int16(speechlike(2.0, seed=3))
    left = cancelled(canceller, microphone, np.zeros_like(microphone))
    assert np.array_equal(left, microphone[: len(left)])
    assert len(microphone) - len(left) == FRAME


def test_soon_after_the_last_sound_nothing_is_touched_any_more(canceller: EchoCanceller) -> None:
    played = int16(speechlike(4.0, seed=1))
    played[2 * SAMPLE_RATE_HZ :] = 0
    microphone = int16(echo_of(played) + room(len(played)))
    left = cancelled(canceller, microphone, played)
    assert np.array_equal(seconds(left, 2.5, 3.9), seconds(microphone, 2.5, 3.9))


def test_a_loudspeaker_nobody_hears_leaves_people_alone(canceller: EchoCanceller) -> None:
    """Headphones. The canceller's filter against direct current turns the lowest tones a little, hence the 0.85."""
    played = int16(speechlike(6.0, seed=1))
    person = speechlike(6.0, seed=2, level=800.0)
    left = seconds(cancelled(canceller, int16(person + room(len(person))), played), 1.0, 5.9)
    spoken = person[SAMPLE_RATE_HZ : int(5.9 * SAMPLE_RATE_HZ)]
    assert abs(power_db(left) - power_db(spoken)) < 3
    assert np.corrcoef(left, spoken)[0, 1] > 0.85


def test_the_same_sound_comes_out_alike_whatever_was_heard_elsewhere_and_in_any_pieces() -> None:
    played = int16(speechlike(3.0, seed=1))
    microphone = int16(echo_of(played) + room(len(played)))
    first, other, third = echo_canceller(), echo_canceller(), echo_canceller()
    assert first is not None
    assert other is not None
    assert third is not None
    expected = cancelled(first, microphone, played)
    mixed = []
    for place in range(0, len(played), FRAME):  # two at a time, so that shared state would show
        mixed.append(third.cancel(microphone[place : place + FRAME], played[place : place + FRAME]))
        other.cancel(played[place : place + FRAME], microphone[place : place + FRAME])
    assert np.array_equal(np.concatenate(mixed), expected)
    again = echo_canceller()
    assert again is not None
    assert np.array_equal(cancelled(again, microphone, played, length=777), expected)


def test_states_are_freed() -> None:
    def resident_kb() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4

    for _ in range(20):
        echo_canceller()
    gc.collect()
    before_kb = resident_kb()
    for _ in range(100):  # some 0.5 MB each
        echo_canceller()
    gc.collect()
    assert resident_kb() - before_kb < 5_000


def test_without_the_library_there_is_no_canceller() -> None:
    assert echo_canceller(["libthere-is-none.so.7"]) is None


def test_hearing_hears_what_is_left(canceller: EchoCanceller) -> None:
    played = int16(speechlike(4.0, seed=1))
    microphone = int16(echo_of(played) + room(len(played)))

    def heard(echo: EchoCanceller | None) -> Samples:
        blocks: list[Samples] = []

        def voice(block: Samples) -> float:
            blocks.append(block)
            return 0.0

        recogniser = FakeRecogniser()
        hearing = Hearing(recogniser, WakePhrase("hey evensong", recogniser), voice=voice, echo=echo)
        hearing.open(Order(ListenMode.BARGE_IN, ("stop",)))
        for place in range(0, len(played), FRAME):
            part = slice(place, place + FRAME)
            hearing.hear(AudioChunk(microphone[part], place / SAMPLE_RATE_HZ, played[part]))
        return np.concatenate(blocks)

    assert power_db(heard(None)[-SAMPLE_RATE_HZ:]) - power_db(heard(canceller)[-SAMPLE_RATE_HZ:]) > 20


def test_a_room_is_known_when_its_echo_was_taken_away_once(canceller: EchoCanceller) -> None:
    assert canceller.learning
    played = int16(speechlike(4.0, seed=1))
    cancelled(canceller, int16(echo_of(played) + room(len(played))), played)
    assert not canceller.learning


def test_with_headphones_there_is_no_room_to_learn(canceller: EchoCanceller) -> None:
    played = int16(speechlike(16.0, seed=1))
    cancelled(canceller, int16(room(len(played))), played)
    assert not canceller.learning


class AStop(FakeDecoder):
    """Makes a "stop" of the sound between WORD_S, whatever it is."""

    def _words(self) -> tuple[Word, ...]:
        heard_s = sum(map(len, self._sound)) / SAMPLE_RATE_HZ
        return (Word("stop", *WORD_S),) if self._start_s + heard_s > WORD_S[1] else ()


class HearsAStop(FakeRecogniser):
    def grammar(self, phrases: Sequence[str], n_best: int = 10, likelier: Sequence[str] = ()) -> FakeDecoder:
        return AStop(phrases)


WORD_S = (2.6, 3.3)


@pytest.mark.parametrize("somebody", [False, True])
def test_a_command_that_was_its_own_voice_is_told_from_one_that_somebody_said(
    canceller: EchoCanceller, *, somebody: bool
) -> None:
    played = int16(speechlike(5.0, seed=1))
    microphone = echo_of(played, echo_db=0.0) + room(len(played))
    if somebody:
        word = np.zeros(len(played))
        part = slice(*(round(at_s * SAMPLE_RATE_HZ) for at_s in WORD_S))
        word[part] = speechlike(5.0, seed=2)[part]
        microphone += word
    recogniser, time_s = HearsAStop(), 0.0

    def voice(block: Samples) -> float:
        return 1.0 if WORD_S[0] - 0.2 < time_s < WORD_S[1] else 0.0

    hearing = Hearing(recogniser, WakePhrase("hey evensong", FakeRecogniser()), voice=voice, echo=canceller)
    hearing.open(Order(ListenMode.BARGE_IN, ("stop",), is_understood=lambda _: True))
    found = []
    for place in range(0, len(played), FRAME):
        part, time_s = slice(place, place + FRAME), place / SAMPLE_RATE_HZ
        events = hearing.hear(AudioChunk(int16(microphone[part]), time_s, played[part]))
        found += [event.utterance for event in events if isinstance(event, UtteranceHeard)]
    assert [utterance.own_until_s is None for utterance in found] == [somebody]


def test_whose_a_word_was_is_looked_back_at_in_the_first_seconds_only(canceller: EchoCanceller) -> None:
    played = int16(speechlike(24.0, seed=1))
    microphone = int16(echo_of(played, echo_db=0.0) + room(len(played)))
    soon = 4 * SAMPLE_RATE_HZ
    cancelled(canceller, microphone[:soon], played[:soon])
    assert canceller.is_own(*WORD_S)
    cancelled(canceller, microphone[soon:], played[soon:])
    assert not canceller.is_own(20.0 + WORD_S[0], 20.0 + WORD_S[1])
