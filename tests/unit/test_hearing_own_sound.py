"""Its own voice is told from people by its rise and fall, however its words were heard."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hearing_fakes import RATE_HZ, ears, sound

from assistant.events import AudioChunk, ListenMode, Samples, UtteranceHeard
from assistant.hearing.echo.own_sound import OwnSound
from assistant.hearing.listening_order import Order

CHUNK = 320


def talk(seed: int, seconds: float, level: float = 3000.0) -> Samples:
    """Syllables of noise, five a second, and a breath now and then."""
    rng = np.random.default_rng(seed)
    syllables = [rng.uniform(0.02, 1.0) * (rng.random() > 0.15) for _ in range(round(seconds * 5))]
    syllables[-1] = 0.5
    loud = np.repeat(syllables, RATE_HZ // 5) * level
    return np.asarray(rng.standard_normal(len(loud)) * loud, np.int16)


def later(samples: Samples, seconds: float, gain: float = 1.0) -> Samples:
    late = np.concatenate([np.zeros(round(seconds * RATE_HZ), np.int16), samples])[: len(samples)]
    return np.asarray(late * gain, np.int16)


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def until_s(heard: Samples, played: Samples, start_s: float, end_s: float) -> float | None:
    own = OwnSound()
    hum = np.random.default_rng(5).normal(0, 8, len(heard)).astype(np.int16)
    for place in range(0, len(heard), CHUNK):
        part = slice(place, place + CHUNK)
        own.hear(heard[part] + hum[part], played[part], (place + CHUNK) / RATE_HZ)
    return own.until_s(start_s, end_s)


QUESTION_S = 4.0
QUESTION = np.concatenate([quiet(1.0), talk(1, QUESTION_S), quiet(4.0)])
QUESTION_END_S = 1.0 + QUESTION_S


@pytest.mark.parametrize("late_s", [0.0, 0.06, 0.5, 0.9])
@pytest.mark.parametrize("gain", [0.05, 1.0])
def test_an_echo_that_was_left_is_its_own(late_s: float, gain: float) -> None:
    until = until_s(later(QUESTION, late_s, gain), QUESTION, 2.0 + late_s, QUESTION_END_S + late_s)
    assert until == pytest.approx(QUESTION_END_S + late_s, abs=0.1)


@pytest.mark.parametrize("seed", range(10, 16))
def test_an_answer_after_the_question_is_somebodys(seed: int) -> None:
    answer = later(np.concatenate([talk(seed, 1.2), quiet(8.0)])[: len(QUESTION)], QUESTION_END_S + 0.1)
    residue = later(QUESTION, 0.06, 0.01)
    assert until_s(residue + answer, QUESTION, QUESTION_END_S + 0.1, QUESTION_END_S + 1.3) is None


@pytest.mark.parametrize("seed", range(10, 16))
def test_who_talks_over_a_voice_that_is_cancelled_is_somebody(seed: int) -> None:
    person = later(np.concatenate([talk(seed, 1.2), quiet(8.0)])[: len(QUESTION)], 3.0)
    residue = later(QUESTION, 0.06, 0.01)
    assert until_s(residue + person, QUESTION, 3.0, 4.2) is None


@pytest.mark.parametrize("seed", range(10, 16))
def test_who_is_louder_than_a_voice_that_is_left_is_somebody(seed: int) -> None:
    person = later(np.concatenate([talk(seed, 1.2, 8000.0), quiet(8.0)])[: len(QUESTION)], 3.0)
    assert until_s(later(QUESTION, 0.3) + person, QUESTION, 3.0, 4.2) is None


def test_where_nothing_was_played_nothing_is_its_own() -> None:
    heard = talk(3, 3.0)
    assert until_s(heard, np.zeros_like(heard), 0.5, 3.0) is None


def test_its_own_voice_that_rings_on_when_the_ears_open_is_marked() -> None:
    """The microphone was moved to the loudspeaker itself: what follows a question begins with the question's end."""
    own = sound("my", "sister", 0.1, "today", "huh", 0.1, "time", "called", "seven")
    late_s = 0.6
    heard = np.concatenate([sound(late_s), own, sound(0.4, "gratitude", "stop", 4.0)])
    played = np.concatenate([own, sound(4.0 + 2.0)])[: len(heard)]
    hearing, found = ears(), []
    hearing.open(Order(ListenMode.ANSWER, endpoint="answer"))
    for place, end in pairwise(range(0, len(heard) + 1, CHUNK)):
        events = hearing.hear(AudioChunk(heard[place:end], place / RATE_HZ, played[place:end]))
        found += [event.utterance for event in events if isinstance(event, UtteranceHeard)]
    (utterance,) = found
    assert utterance.own_until_s == pytest.approx(len(own) / RATE_HZ + late_s, abs=0.1)
