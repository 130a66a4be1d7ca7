"""The ears' events for sound whose words are known, with a decoder that reads them off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hearing_fakes import FakeDecoder, ears, heard, sound

from assistant.events import (
    Event,
    Hypothesis,
    ListenMode,
    PartialHeard,
    Silence,
    SpeechStarted,
    UtteranceHeard,
    VoiceActivity,
    WakeHeard,
)
from assistant.hearing.listening_order import Order

COMMANDS = ("stop", "gratitude time", "that's all")
WAKE = Order(ListenMode.WAKE)
COMMAND = Order(ListenMode.COMMAND, COMMANDS, "command", is_complete=lambda text: text in COMMANDS)
BARGE_IN = Order(ListenMode.BARGE_IN, COMMANDS, "command", is_complete=lambda text: text in COMMANDS)
ANSWER = Order(ListenMode.ANSWER, None, "answer", is_complete=lambda text: text == "that's all")


def texts(events: list[Event]) -> list[str]:
    return [event.utterance.text for event in events if isinstance(event, UtteranceHeard)]


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events if not isinstance(event, VoiceActivity | PartialHeard)]


def test_a_command_is_heard_whole_and_early() -> None:
    hearing = ears()
    hearing.open(COMMAND)
    events = heard(hearing, sound(1.0, "stop", 2.0))
    assert kinds(events) == [SpeechStarted, UtteranceHeard]
    utterance = next(event.utterance for event in events if isinstance(event, UtteranceHeard))
    assert utterance.start_s == pytest.approx(1.0, abs=0.04)
    assert utterance.end_s == pytest.approx(1.3, abs=0.04)
    assert utterance.decided_s == pytest.approx(1.5, abs=0.1)
    assert utterance.hypotheses[0].words[0].start_s == pytest.approx(1.0, abs=0.001)


def test_partials_come_only_when_they_change() -> None:
    hearing = ears()
    hearing.open(ANSWER)
    events = heard(hearing, sound(0.5, "my", "sister", 3.0))
    assert [event.text for event in events if isinstance(event, PartialHeard)] == ["my", "my sister"]


def test_two_utterances_do_not_run_together() -> None:
    hearing = ears()
    hearing.open(COMMAND)
    assert texts(heard(hearing, sound(0.5, "stop", 0.7, "gratitude", "time", 1.0))) == ["stop", "gratitude time"]


def test_what_is_not_in_the_grammar_comes_as_unknown() -> None:
    hearing = ears()
    hearing.open(COMMAND)
    assert texts(heard(hearing, sound(0.5, "my", "sister", 1.0))) == ["[unk] [unk]"]


def test_what_fits_no_command_is_heard_again_without_the_grammar() -> None:
    hearing = ears()
    order = replace(COMMAND, is_understood=lambda heard: "[unk]" not in heard[0].text)
    hearing.open(order)
    said = sound(0.5, "my", "sister", 1.0, "gratitude", "time", 1.0)
    events = heard(hearing, said)
    assert texts(events) == ["my sister", "gratitude time"]
    utterance = next(event.utterance for event in events if isinstance(event, UtteranceHeard))
    assert utterance.hypotheses[0].words[0].start_s == pytest.approx(0.5, abs=0.02)
    # Whoever talks over its voice, or chooses, is held to the grammar.
    for mode in (ListenMode.BARGE_IN, ListenMode.CHOICE):
        hearing = ears()
        hearing.open(replace(order, mode=mode))
        assert texts(heard(hearing, said))[0] == "[unk] [unk]"


def test_a_voice_noticed_late_loses_no_syllable() -> None:
    """The voice is noticed only in the second half of the first word."""
    blocks = iter(range(10_000))
    hearing = ears(voice=lambda block: 1.0 if next(blocks) >= 45 and block.any() else 0.0)
    hearing.open(COMMAND)
    events = heard(hearing, sound(1.0, "stop:0.6", 1.0))
    assert texts(events) == ["stop"]
    word = next(event.utterance.hypotheses[0].words[0] for event in events if isinstance(event, UtteranceHeard))
    assert word.start_s == pytest.approx(1.0, abs=0.001)


def test_nothing_is_heard_when_off_or_before_the_first_order() -> None:
    hearing = ears()
    assert heard(hearing, sound("stop", 1.0)) == []
    hearing.open(COMMAND)
    hearing.open(Order(ListenMode.OFF))
    assert heard(hearing, sound("stop", 1.0)) == []


# --- waking ------------------------------------------------------------------------------------------------


def test_the_wake_phrase_wakes_once() -> None:
    hearing = ears()
    hearing.open(WAKE)
    events = heard(hearing, sound(1.0, "hey", "evensong", 1.5, "my", "sister", 1.0))
    assert kinds(events) == [WakeHeard]


def test_the_wake_phrase_is_not_found_in_other_words() -> None:
    hearing = ears()
    hearing.open(WAKE)
    assert kinds(heard(hearing, sound("hey", "sister", 1.0, "even", "song", 1.0, "evensong", "hey", 1.0))) == []


def test_a_command_in_the_same_breath_is_heard_without_the_wake_phrase() -> None:
    hearing = ears()
    hearing.open(WAKE)
    events = heard(
        hearing,
        sound(1.0, "hey", "evensong", "gratitude", "time", 1.5),
        lambda event: COMMAND if isinstance(event, WakeHeard) else None,
    )
    assert kinds(events) == [WakeHeard, SpeechStarted, UtteranceHeard]
    assert texts(events) == ["gratitude time"]


def test_a_short_command_in_the_same_breath_is_heard() -> None:
    hearing = ears()
    hearing.open(WAKE)
    samples = sound(1.0, "hey", "evensong", "stop", 1.5)
    assert texts(heard(hearing, samples, lambda event: COMMAND if isinstance(event, WakeHeard) else None)) == ["stop"]


def test_in_the_same_breath_also_across_the_earcon() -> None:
    """After waking, a short sound is played: the ears are in barge-in for a moment before the command's order."""
    hearing = ears()
    hearing.open(WAKE)
    played: list[float] = []

    def answer(event: Event) -> Order | None:
        if isinstance(event, WakeHeard):
            played.append(event.at_s)
            return BARGE_IN
        if isinstance(event, PartialHeard) and played:
            played.clear()
            return COMMAND
        return None

    events = heard(hearing, sound(1.0, "hey", "evensong", "gratitude", "time", 1.5), answer)
    assert texts(events) == ["gratitude time"]


def test_the_end_of_the_wake_phrase_alone_is_no_speech() -> None:
    hearing = ears()
    hearing.open(WAKE)
    events = heard(
        hearing,
        sound(1.0, "hey", "evensong:0.5", 3.0),
        lambda event: COMMAND if isinstance(event, WakeHeard) else None,
    )
    assert kinds(events) == [WakeHeard]


def test_the_phrase_is_found_in_talk_that_never_pauses() -> None:
    hearing = ears()
    hearing.open(WAKE)
    talk = ["my", "sister", "called", "today"] * 20
    events = heard(hearing, sound(*talk, "hey", "evensong", *talk))
    assert len([event for event in events if isinstance(event, WakeHeard)]) == 1


@pytest.mark.parametrize(("said", "waited_s"), [(("gratitude", "time"), 0.06), (("stop",), 0.4)])
def test_over_a_voice_a_short_pause_is_enough_when_several_words_may_be_a_command(
    said: tuple[str, ...], waited_s: float
) -> None:
    hearing = ears()
    hearing.open(replace(BARGE_IN, is_complete=lambda _: False, is_understood=lambda heard: heard[0].text in COMMANDS))
    events = heard(hearing, sound(0.5, *said, 2.0))
    decided = [event.utterance.decided_s for event in events if isinstance(event, UtteranceHeard)]
    assert decided == [pytest.approx(0.5 + 0.3 * len(said) + waited_s, abs=0.05)]


@pytest.mark.parametrize(("word", "waited_s"), [("stop", 0.06), ("time", 0.22), ("seven", 0.41)])
def test_over_a_voice_one_word_is_not_waited_for_until_the_partials_tell_it(
    monkeypatch: pytest.MonkeyPatch, word: str, waited_s: float
) -> None:
    """It waits as long as it would if they had: not at all, as a command that may go on, or as no command.

    The next block of 32 ms is not waited for either.
    """
    monkeypatch.setattr(FakeDecoder, "partial", lambda _decoder: "")
    hearing = ears()
    hearing.open(replace(BARGE_IN, grammar=(*COMMANDS, "seven"), is_command=lambda text: text in ("stop", "time")))
    events = heard(hearing, sound(0.5, word, 2.0))
    decided = [event.utterance.decided_s for event in events if isinstance(event, UtteranceHeard)]
    assert decided == [pytest.approx(0.8 + waited_s, abs=0.02)]


def test_over_a_voice_one_word_that_goes_on_after_a_breath_is_heard_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeDecoder, "partial", lambda _decoder: "")
    hearing = ears()
    hearing.open(replace(BARGE_IN, is_complete=lambda _: False, is_command=lambda text: text == "gratitude"))
    assert texts(heard(hearing, sound(0.5, "gratitude", 0.18, "time", 2.0))) == ["gratitude time"]


def test_a_command_that_an_echo_goes_on_after_is_heard_once() -> None:
    hearing = ears()
    hearing.open(BARGE_IN)
    said = sound(0.5, "gratitude", "time:0.6", "my", "sister", "called", 1.0)
    assert texts(heard(hearing, said)) == ["gratitude time", "time [unk] [unk] [unk]"]  # "time" sounds on


def test_what_is_no_command_in_a_short_pause_is_heard_on_whole() -> None:
    hearing = ears()
    order = Order(
        ListenMode.BARGE_IN, ("my sister called today",), is_understood=lambda heard: "[unk]" in heard[0].text
    )
    hearing.open(order)
    assert texts(heard(hearing, sound(0.5, "my", "sister", 0.3, "called", 0.3, "today", 1.0))) == [
        "my sister called today"
    ]


# --- changing orders -----------------------------------------------------------------------------------------


def test_an_answer_begun_over_the_end_of_the_prompt_is_whole() -> None:
    hearing = ears()
    hearing.open(BARGE_IN)
    early = heard(hearing, sound(1.0, "my", "sister:0.15"))
    hearing.open(ANSWER)
    events = heard(hearing, sound("sister:0.15", "called", "today", 3.0))
    assert texts(early) == []
    assert texts(events) == ["my sister called today"]


def test_the_same_order_again_goes_on_where_it_was() -> None:
    hearing = ears()
    hearing.open(ANSWER)
    heard(hearing, sound(1.0, "my", "sister:0.15"))
    hearing.open(ANSWER)
    assert texts(heard(hearing, sound("sister:0.15", "called", 3.0))) == ["my sister called"]


def test_only_so_much_of_what_was_said_before_is_carried_over() -> None:
    hearing = ears()
    hearing.open(BARGE_IN)
    heard(hearing, sound(1.0, "my", "sister"))
    hearing.open(Order(ListenMode.ANSWER, None, "answer", carry_s=0.3))
    assert texts(heard(hearing, sound("called", 3.0))) == ["sister called"]


def test_speech_that_ended_before_the_order_does_not_count_for_it() -> None:
    hearing = ears()
    hearing.open(COMMAND)
    assert texts(heard(hearing, sound(0.5, "stop", 1.0))) == ["stop"]
    hearing.open(ANSWER)
    assert texts(heard(hearing, sound("my", "sister", 3.0))) == ["my sister"]


# --- silence and ghosts ----------------------------------------------------------------------------------------


def test_silence_is_told_when_nobody_begins_to_speak() -> None:
    hearing = ears()
    hearing.open(Order(ListenMode.ANSWER, None, "answer", no_input_s=4.0))
    events = heard(hearing, sound(5.0))
    assert [type(event) for event in events] == [Silence]
    assert events[0].at_s == pytest.approx(4.0, abs=0.04)


def test_silence_is_never_told_while_somebody_speaks_or_thinks() -> None:
    hearing = ears()
    hearing.open(Order(ListenMode.ANSWER, None, "answer", no_input_s=2.0))
    events = heard(hearing, sound(1.8, "my", "sister", 1.9, "called", 1.9, "today", 2.3))
    assert kinds(events) == [SpeechStarted, UtteranceHeard]


def test_a_breath_is_no_utterance_and_does_not_count_as_input() -> None:
    hearing = ears()
    hearing.open(Order(ListenMode.COMMAND, ("stop", "huh"), "command", no_input_s=3.0))
    events = heard(hearing, sound(1.0, "huh:0.2", 2.5))
    assert texts(events) == []
    assert isinstance(events[-1], Silence)
    assert events[-1].at_s == pytest.approx(3.0, abs=0.04)


def test_a_click_is_no_speech() -> None:
    hearing = ears()
    hearing.open(COMMAND)
    assert heard(hearing, sound(1.0, "stop:0.04", 2.0)) == []


def test_a_ghost_word_with_a_voice_behind_it_counts() -> None:
    hearing = ears()
    hearing.open(ANSWER)
    assert texts(heard(hearing, sound(1.0, "huh:0.6", 3.0))) == ["huh"]


# --- the same sound, the same events -----------------------------------------------------------------------------


@pytest.mark.parametrize("length", [160, 333, 800, 16_000])
def test_the_length_of_chunks_changes_nothing(length: int) -> None:
    samples = sound(0.7, "hey", "sister", 1.0, "stop", 0.9, "gratitude", "time", 2.0, "huh:0.1", 3.0)
    usual, other = ears(), ears()
    for hearing in (usual, other):
        hearing.open(Order(ListenMode.COMMAND, COMMANDS, "command", no_input_s=1.5))
    # The last block may be complete in one and not in the other, so both end in silence.
    assert heard(other, samples, length=length) == heard(usual, samples)


def test_where_it_is_never_quiet_it_is_asked_what_may_have_been_said() -> None:
    asked: list[str] = []

    def closed(first: tuple[Hypothesis, ...]) -> tuple[str, ...]:
        asked.append(first[0].text)
        return ("gratitude time",)

    hearing = ears()
    hearing.open(Order(ListenMode.COMMAND, COMMANDS, "command", closed_grammar=closed))
    heard(hearing, sound(*["gratitude", "time"] * 12, 1.5))
    assert asked == [" ".join(["gratitude", "time"] * 12)]
