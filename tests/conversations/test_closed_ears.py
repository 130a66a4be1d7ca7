"""Ears that stay open after an answer, and ears that are closed: to talk, or to the wake phrase too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from rehearsal import Rehearsal

from assistant.dialogue import COMMANDS, Library, initial
from assistant.events import Expectation, Hypothesis, ListenMode, Meaning, UnmuteRequested, WakeHeard
from assistant.understanding import Understanding

Begin = Callable[..., Rehearsal]


@pytest.fixture(scope="module")
def begin(shipped: tuple[Library, Understanding]) -> Begin:
    library, understanding = shipped

    def understand(text: str, expectation: Expectation) -> Meaning:
        return understanding.understand((Hypothesis(text),), expectation)

    def begun(**settings: float) -> Rehearsal:
        evening = Rehearsal(replace(library, **settings), initial(("Ana",), 1), understand, COMMANDS)
        evening.start()
        evening.wake()
        return evening

    return begun


def mode(evening: Rehearsal) -> ListenMode:
    evening.listen_out()
    return evening.ears.expectation.mode


def test_after_an_answer_the_next_question_needs_no_wake_phrase(begin: Begin) -> None:
    evening = begin()
    assert evening.sounds == ["woken"]
    evening.say("help")
    assert mode(evening) is ListenMode.COMMAND
    assert evening.ears.no_input_s == 8.0
    assert evening.sounds == ["woken", "heard"]
    evening.keep_silent()
    assert mode(evening) is ListenMode.WAKE


def test_how_long_they_stay_open_is_a_setting(begin: Begin) -> None:
    evening = begin(follow_up_s=20.0)
    evening.listen_out()
    assert evening.ears.no_input_s == 20.0
    evening.say("help")
    evening.listen_out()
    assert evening.ears.no_input_s == 20.0


def test_stop_listening_closes_them_until_the_wake_phrase(begin: Begin) -> None:
    evening = begin()
    evening.say("stop listening")
    assert mode(evening) is ListenMode.WAKE
    evening.wake()
    assert mode(evening) is ListenMode.COMMAND


@pytest.mark.parametrize(
    ("said", "minutes"), [("mute", 60), ("mute yourself for ten minutes", 10), ("mute for two hours", 120)]
)
def test_mute_closes_them_to_the_wake_phrase_too_for_a_time(begin: Begin, said: str, minutes: int) -> None:
    evening = begin()
    evening.say(said)
    assert mode(evening) is ListenMode.OFF
    evening.dispatch(WakeHeard(evening.now_s, "hey evensong"))
    evening.pass_seconds(minutes * 60 - 5.0)
    assert mode(evening) is ListenMode.OFF
    evening.pass_seconds(10.0)
    assert mode(evening) is ListenMode.WAKE
    assert evening.sounds[-1] == "heard"


def test_a_hand_opens_them_sooner(begin: Begin) -> None:
    evening = begin()
    evening.say("mute")
    evening.listen_out()
    evening.dispatch(UnmuteRequested(evening.now_s))
    assert mode(evening) is ListenMode.WAKE
    assert "mute" not in evening.timers
    evening.dispatch(UnmuteRequested(evening.now_s))  # and does nothing to open ones
    assert mode(evening) is ListenMode.WAKE


def test_a_ritual_that_was_muted_is_gone_on_with(begin: Begin) -> None:
    evening = begin()
    evening.say("gratitude time")
    evening.listen_out()
    evening.say("mute for five minutes")
    assert mode(evening) is ListenMode.OFF
    evening.pass_seconds(301.0)
    evening.wake()
    assert evening.state.phase == "go_on"


def test_beginning_again_is_a_hand_too(begin: Begin) -> None:
    evening = begin()
    evening.say("mute")
    evening.listen_out()
    evening.restart()
    assert mode(evening) is ListenMode.WAKE


def test_a_ritual_that_is_not_gone_on_with_ends_without_a_goodbye(begin: Begin) -> None:
    evening = begin()
    for line in ("gratitude time", "Ana", "stop listening"):
        evening.say(line)
    evening.wake()
    assert evening.state.phase == "go_on"
    evening.say("no")
    assert evening.state.session is None
    assert "goodbye" not in evening.sounds
