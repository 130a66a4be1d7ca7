"""What would help them to be heard is told once an evening, and not inside an answer."""

from __future__ import annotations

import pytest

from assistant import config
from assistant.dialogue import Library, begin, initial, step
from assistant.dialogue.moment import EVENING_TIMER
from assistant.dialogue.state import State, state_from_json, state_to_json
from assistant.events import (
    Event,
    HardToHear,
    Hypothesis,
    Meaning,
    PlaybackFinished,
    Say,
    Silence,
    TimerFired,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)

LIBRARY = Library.load([config.shipped("intents") / "en"])
SOMETHING = UtteranceHeard(5.0, Utterance((Hypothesis("something"),)), Meaning("something"))
QUIET = HardToHear(3.0, "too_quiet")


def told(state: State, *events: Event) -> tuple[State, list[str]]:
    said = []
    for event in events:
        state, effects = step(state, event, LIBRARY)
        said += [effect.text for effect in effects if isinstance(effect, Say)]
    return state, said


@pytest.fixture
def awake() -> State:
    state, _ = begin(initial(("Ana",), 1), LIBRARY)
    return told(state, WakeHeard(1.0, "hey evensong"))[0]


def advice(said: list[str]) -> bool:
    return any(part in text for text in said for part in ("hardly hear", "very softly", "far away"))


def test_nothing_is_said_at_once(awake: State) -> None:
    assert told(awake, QUIET)[1] == []


@pytest.mark.parametrize("moment", [SOMETHING, Silence(9.0, 8.0)], ids=["not understood", "before sleep"])
def test_it_is_said_where_it_disturbs_nobody(awake: State, moment: Event) -> None:
    assert advice(told(awake, QUIET, moment)[1])
    assert not advice(told(awake, moment)[1])


def test_once_an_evening(awake: State) -> None:
    state, said = told(awake, QUIET, SOMETHING, PlaybackFinished(6.0))
    assert advice(said)
    state, said = told(state, QUIET, Silence(20.0, 8.0), WakeHeard(30.0, ""), SOMETHING)
    assert not advice(said)
    state, _ = told(state, PlaybackFinished(31.0), Silence(40.0, 8.0), TimerFired(9_000.0, EVENING_TIMER))
    assert advice(told(state, WakeHeard(9_001.0, ""), QUIET, Silence(9_010.0, 8.0))[1])


def test_it_is_not_saved(awake: State) -> None:
    state, _ = told(awake, QUIET)
    assert state_from_json(state_to_json(state)).hard_to_hear == ""
