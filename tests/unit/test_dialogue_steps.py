"""What one event does: the effects, in their order, as the loop that performs them relies on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant import config
from assistant.dialogue import Library, State, begin, initial, state_from_json, state_to_json, step, upcoming
from assistant.errors import IntentsError
from assistant.events import (
    CancelTimer,
    CloseSession,
    DeviceBack,
    DeviceLost,
    Effect,
    Event,
    Failed,
    Hush,
    Hypothesis,
    Listen,
    ListenMode,
    Meaning,
    OpenSession,
    Play,
    PlaybackFinished,
    Quit,
    Record,
    Say,
    Silence,
    StartTimer,
    StopRequested,
    TimerFired,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)

LIBRARY = Library.load([config.shipped("intents") / "en"])


def heard(text: str = "", intent: str | None = None, **slots: object) -> UtteranceHeard:
    return UtteranceHeard(5.0, Utterance((Hypothesis(text),)), Meaning(text, intent, slots))


def after(state: State, *events: Event) -> tuple[State, tuple[Effect, ...]]:
    """The state after all events, and the effects of the last."""
    effects: tuple[Effect, ...] = ()
    for event in events:
        state, effects = step(state, event, LIBRARY)
    return state, effects


def asleep(*people: str) -> State:
    return begin(initial(people, 1), LIBRARY)[0]


def asked() -> State:
    """Ana and Ben do the mood; Ana is asked for her number, and all has been said."""
    return after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_mood"), PlaybackFinished(4.0))[0]


def test_at_the_start_it_waits_for_the_wake_phrase() -> None:
    _, effects = begin(initial((), 1), LIBRARY)
    (listen,) = effects
    assert isinstance(listen, Listen)
    assert listen.expectation.mode is ListenMode.WAKE
    assert listen.no_input_s is None


def test_waking_sounds_and_listens_for_a_command() -> None:
    _, effects = after(asleep(), WakeHeard(1.0, "hey evensong"))
    assert effects[0] == Play("woken")
    listen = effects[-1]
    assert isinstance(listen, Listen)
    assert listen.expectation.mode is ListenMode.COMMAND
    assert listen.endpoint == "command"
    assert listen.no_input_s == 8.0
    assert {"start_gratitude", "start_mood", "help", "louder", "stop_listening"} <= set(listen.expectation.intents)
    assert [type(effect) for effect in effects] == [Play, Listen], "nothing is said"


def test_without_a_command_it_goes_back_to_sleep_without_a_word() -> None:
    _, effects = after(asleep(), WakeHeard(1.0, ""), Silence(9.0, 8.0))
    assert [type(effect) for effect in effects] == [Listen]
    assert effects[0].expectation.mode is ListenMode.WAKE  # type: ignore[union-attr]


def test_a_session_is_opened_before_its_first_word() -> None:
    state, effects = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_mood"))
    assert effects[0] == OpenSession("mood", ("Ana", "Ben"), 1)
    assert isinstance(effects[1], Say)
    listen = effects[-1]
    assert isinstance(listen, Listen)
    assert (listen.expectation.slot, listen.expectation.low, listen.expectation.high) == ("rating", 1, 10)
    assert "yes" not in listen.expectation.intents, "yes is no answer to a number"
    assert state.speaking


def test_an_answer_is_kept_before_anything_else_is_said() -> None:
    _, effects = after(asked(), heard("seven", rating=7))
    assert effects[0] == Record("mood", "Ana", None, 7.0)
    assert [type(effect) for effect in effects] == [Record, Say, Listen]


def test_an_answer_outside_the_scale_is_asked_for_again() -> None:
    state, effects = after(asked(), heard("eleven", rating=11))
    assert [type(effect) for effect in effects] == [Say, Listen]
    assert state.session is not None
    assert state.session.given == ()


def test_speech_is_cut_first_and_comes_back_later() -> None:
    state = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_gratitude"))[0]
    state, effects = after(state, heard(intent="louder"))
    assert [type(effect).__name__ for effect in effects] == ["Hush", "Adjust", "Say", "Listen"]
    state, effects = after(state, PlaybackFinished(6.0, "There is no hurry."))
    assert effects == (), "the report of what was cut asks for nothing"
    state, effects = after(state, PlaybackFinished(7.0))
    assert effects[0] == Say("There is no hurry.")


def test_two_commands_in_a_row_lose_nothing() -> None:
    state = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_gratitude"))[0]
    state = after(state, heard(intent="louder"), PlaybackFinished(6.0, "There is no hurry."))[0]
    state, effects = after(state, heard(intent="slower"))
    assert isinstance(effects[0], Hush)
    state = after(state, PlaybackFinished(6.5, "Like this?"))[0]
    assert after(state, PlaybackFinished(7.0))[1][0] == Say("There is no hurry.")


def test_going_on_over_the_words_of_the_pause_leads_back_to_what_was_cut() -> None:
    state = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_gratitude"))[0]
    state = after(state, heard(intent="pause"), PlaybackFinished(6.0, "There is no hurry."))[0]
    state, effects = after(state, heard(intent="resume"))
    assert isinstance(effects[0], Hush)
    state = after(state, PlaybackFinished(7.0, "I will wait."))[0]
    assert after(state, PlaybackFinished(8.0))[1][0] == Say("There is no hurry.")


def test_talk_over_the_voice_is_neither_an_answer_nor_a_mistake() -> None:
    state = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_gratitude"))[0]
    assert after(state, heard("did you lock the door")) == (state, ())
    assert after(state, heard(intent="yes")) == (state, ())


def test_another_ritual_named_over_the_words_of_this_one_does_not_cut_them() -> None:
    state, _ = after(asleep("Ana"), WakeHeard(1.0, "x"), heard(intent="start_gratitude"))
    assert state.speaking
    still, effects = after(state, heard(intent="start_mood"))
    assert (still, effects) == (state, ())


def test_an_early_answer_to_a_closed_question_counts() -> None:
    state = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_mood"))[0]
    _, effects = after(state, heard("seven", rating=7))
    assert [type(effect) for effect in effects][:2] == [Hush, Record]


def test_stop_closes_the_session_and_waits_for_the_wake_phrase() -> None:
    state, effects = after(asked(), heard(intent="stop"))
    assert CloseSession("stopped") in effects
    listen = effects[-1]
    assert isinstance(listen, Listen)
    assert listen.expectation.mode is ListenMode.WAKE
    assert state.session is None


def test_being_ended_from_outside_leaves_the_session_to_be_gone_on_with() -> None:
    state, effects = after(asked(), StopRequested(9.0))
    assert effects[-1] == Quit()
    assert not any(isinstance(effect, CloseSession) for effect in effects)
    state, effects = begin(state_from_json(state_to_json(state)), LIBRARY)
    assert [type(effect) for effect in effects] == [Listen]
    state, effects = after(state, WakeHeard(1.0, ""))
    assert effects[0] == Play("woken")
    assert isinstance(effects[1], Say)
    assert state.phase == "go_on"


def test_an_unfinished_ritual_whose_file_has_changed_is_closed() -> None:
    state = asked()
    assert state.session is not None
    for session in (replace(state.session, edition=0), replace(state.session, ritual="gone")):
        after_begin, effects = begin(replace(state, session=session), LIBRARY)
        assert CloseSession("stopped") in effects
        assert after_begin.session is None
        assert not any(isinstance(effect, Say | Play) for effect in effects)


def test_another_ritual_may_be_started_instead_of_going_on() -> None:
    state = after(begin(asked(), LIBRARY)[0], WakeHeard(1.0, ""))[0]
    _, effects = after(state, heard(intent="start_stillness", minutes=3, way="silence"))
    kinds = [type(effect) for effect in effects]
    assert kinds.index(CloseSession) < kinds.index(OpenSession)


def test_a_lost_device_pauses_in_silence_and_its_return_repeats_the_question() -> None:
    state, effects = after(asked(), DeviceLost(6.0, "unplugged"))
    assert not any(isinstance(effect, Say) for effect in effects)
    assert after(state, Silence(7.0, 9.0)) == (state, ())
    state, effects = after(state, DeviceBack(8.0))
    assert [type(effect) for effect in effects] == [Say, Say, Listen]


def test_a_voice_that_fails_does_not_change_the_course() -> None:
    state = asked()
    assert after(state, Failed(6.0, "speaking", "no voice")) == (state, ())


def test_a_silence_is_counted_on_the_audio_clock() -> None:
    state = after(asleep(), WakeHeard(1.0, ""), heard(intent="start_stillness", minutes=10, way="silence"))[0]
    state, effects = after(state, PlaybackFinished(20.0))
    assert effects[0] == Play("bell")
    assert StartTimer("quiet", 600.0) in effects
    paused, effects = after(state, replace_at(heard(intent="pause"), 140.0))
    assert CancelTimer("quiet") in effects
    going, _ = after(paused, PlaybackFinished(143.0), replace_at(heard(intent="resume"), 300.0))
    _, effects = after(going, PlaybackFinished(303.0))
    assert StartTimer("quiet", 480.0) in effects
    _, effects = after(state, TimerFired(620.0, "quiet"))
    assert effects[0] == Record("minutes", None, None, 10.0)
    assert Play("bell") in effects


def replace_at(event: UtteranceHeard, at_s: float) -> UtteranceHeard:
    return replace(event, at_s=at_s)


def test_a_pause_that_is_long_ends_in_sleep_and_keeps_the_session() -> None:
    state, effects = after(asked(), heard(intent="pause"))
    assert StartTimer("pause", 300.0) in effects
    state, effects = after(state, PlaybackFinished(8.0), TimerFired(308.0, "pause"))
    assert [type(effect) for effect in effects] == [Listen]
    assert state.session is not None


def test_more_time_is_given_and_more_is_waited() -> None:
    _, effects = after(asked(), heard(intent="more_time"))
    listen = effects[-1]
    assert isinstance(listen, Listen)
    assert listen.no_input_s is not None
    assert listen.no_input_s >= 60


def test_what_is_likely_to_be_said_next_is_what_is_said_next() -> None:
    state = asked()
    ahead = upcoming(state, LIBRARY)
    for event in (heard("seven", rating=7), heard(intent="skip"), Silence(20.0, 9.0)):
        said = [effect.text for effect in after(state, event)[1] if isinstance(effect, Say)]
        assert said
        assert set(said) <= set(ahead)


def test_the_state_survives_being_saved_and_holds_no_word_that_was_said() -> None:
    state = asleep("Ana", "Ben")
    for event in (WakeHeard(1.0, ""), heard(intent="start_mood"), PlaybackFinished(4.0), heard("seven", rating=7)):
        state = step(state, event, LIBRARY)[0]
        assert state_from_json(state_to_json(state)) == state
    state = after(state, PlaybackFinished(6.0), heard("xylophone", word="xylophone"))[0]
    assert "xylophone" not in state_to_json(state)
    assert len(state_to_json(state)) < 2000


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"seed": "many"}', '{"seed": 1, "phase": "dancing"}', "not json"])
def test_a_state_that_cannot_be_read_is_one_clear_sentence(text: str) -> None:
    with pytest.raises(IntentsError, match=r"the saved state cannot be read .* delete it to begin anew"):
        state_from_json(text)


def test_while_the_device_is_lost_nothing_that_was_heard_or_timed_counts() -> None:
    lost = after(asked(), DeviceLost(6.0, "unplugged"))[0]
    for event in (heard("seven", rating=7), heard(intent="stop"), WakeHeard(7.0, ""), TimerFired(7.0, "pause")):
        assert after(lost, event) == (lost, ())


def test_the_timer_of_a_pause_that_is_over_sends_nobody_to_sleep() -> None:
    state = asked()
    assert after(state, TimerFired(308.0, "pause")) == (state, ())


def test_what_comes_after_the_next_words_is_likely_to_be_said_soon_as_well() -> None:
    awake = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""))[0]
    opened = after(awake, heard(intent="start_gratitude"))[0]
    assert opened.then == "next"
    following = [effect.text for effect in after(opened, PlaybackFinished(9.0))[1] if isinstance(effect, Say)]
    assert following
    assert set(following) <= set(upcoming(awake, LIBRARY))


def test_stopping_says_that_something_is_kept_only_where_something_is() -> None:
    def said(state: State) -> str:
        return next(effect.text for effect in after(state, heard(intent="stop"))[1] if isinstance(effect, Say))

    session = LIBRARY.prompts.session
    assert any(said(asked()) in line for line in session.stopped_at_once)
    answered = after(asked(), heard("seven", rating=7), PlaybackFinished(9.0))[0]
    assert not any(said(answered) in line for line in session.stopped_at_once)
    assert any(said(answered)[:20] in str(line) for line in session.stopped)


@pytest.mark.parametrize(("intent", "ends"), [("stop", True), ("stop_listening", False), ("pause", False)])
def test_going_to_sleep_when_asked_to_go_on_keeps_the_ritual_for_later(intent: str, ends: bool) -> None:
    """Only "stop" gives it up."""
    state = after(begin(asked(), LIBRARY)[0], WakeHeard(1.0, ""))[0]
    assert state.phase == "go_on"
    state, effects = after(state, heard(intent=intent))
    assert (CloseSession("stopped") in effects) is ends
    assert (state.session is None) is ends


def test_minutes_outside_what_can_be_led_are_asked_for_again() -> None:
    state = after(asleep("Ana", "Ben"), WakeHeard(1.0, ""), heard(intent="start_stillness"), PlaybackFinished(5.0))[0]
    _, effects = after(state, heard("two hours", duration_s=7200.0))
    assert [type(effect) for effect in effects] == [Say, Listen]
    listen = effects[-1]
    assert isinstance(listen, Listen)
    assert listen.expectation.slot == "duration"
    _, effects = after(state, heard("ten", duration_s=600.0))
    assert not any(isinstance(effect, Listen) and effect.expectation.slot == "duration" for effect in effects)
