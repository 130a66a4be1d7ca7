"""When an utterance is over, on a script of voice and silence."""

from __future__ import annotations

import pytest

from assistant.hearing.endpoint import BARGE_IN, PROFILES, Endpointer, Profile

BLOCK_S = 0.032


def decided_s(
    profile: Profile, script: list[tuple[float, bool, str]], complete: frozenset[str] = frozenset(), patience: float = 1
) -> float | None:
    """``script``: (seconds, voiced, partial at that time). When it was decided, or None when never."""
    endpointer = Endpointer(profile, lambda text: text in complete, start_s=0.0, patience=patience)
    now_s = 0.0
    for seconds, voiced, partial in script:
        for _ in range(round(seconds / BLOCK_S)):
            now_s += BLOCK_S
            if endpointer.hear(now_s, BLOCK_S, voiced=voiced, partial=partial):
                return now_s
    return None


def test_a_complete_command_is_decided_after_a_fifth_of_a_second() -> None:
    at_s = decided_s(PROFILES["command"], [(0.5, True, "stop"), (2, False, "stop")], frozenset(["stop"]))
    assert at_s == pytest.approx(0.5 + 0.2, abs=2 * BLOCK_S)


@pytest.mark.parametrize(
    ("said", "waited_s"),
    [("say that again", 0.06), ("stop", 0.2), ("how much", 0.4)],
    ids=["whole", "may go on", "part"],
)
def test_whoever_talks_over_a_voice_is_waited_for_as_little_as_can_be(said: str, waited_s: float) -> None:
    """ "stop" may go on with "listening", but hardly after a pause."""
    endpointer = Endpointer(
        BARGE_IN, lambda text: text == "say that again", lambda text: text in ("stop", "say that again"), start_s=0.0
    )
    now_s, over = 0.0, False
    while not over:
        now_s += BLOCK_S
        over = endpointer.hear(now_s, BLOCK_S, voiced=now_s < 0.5, partial=said if now_s > 0.4 else "")
    assert now_s - endpointer.last_voice_s == pytest.approx(waited_s, abs=BLOCK_S)


@pytest.mark.parametrize(
    ("said", "name", "over_s"),
    [("say that again", "", 0.83), ("pause", "", 1.06), ("say that", "", 1.4), ("say that again", "command", 1.2)],
    ids=["whole", "one word", "part", "in silence"],
)
def test_what_is_left_of_an_echo_does_not_keep_a_whole_command_waiting(said: str, name: str, over_s: float) -> None:
    profile = PROFILES["command"] if name == "command" else BARGE_IN
    script = [(0.5, True, ""), (0.5, True, said), (2, False, said)]
    assert decided_s(profile, script, frozenset(["say that again", "pause"])) == pytest.approx(over_s, abs=2 * BLOCK_S)


def test_over_a_voice_stop_listening_may_have_a_gap_between_its_words() -> None:
    script = [(0.5, True, "stop"), (0.16, False, "stop"), (0.25, True, "stop listening"), (2, False, "stop listening")]
    endpointer = Endpointer(BARGE_IN, lambda text: text == "stop listening", lambda _: True, start_s=0.0)
    now_s, over = 0.0, False
    for seconds, voiced, partial in script:
        for _ in range(round(seconds / BLOCK_S)):
            now_s += BLOCK_S
            over = over or endpointer.hear(now_s, BLOCK_S, voiced=voiced, partial=partial)
        assert over == (seconds == 2), partial


def test_words_that_still_come_are_waited_for_over_a_voice() -> None:
    script = [(0.5, True, ""), (0.2, True, "say that again"), (0.5, True, "say that again she said")]
    assert decided_s(BARGE_IN, script, frozenset(["say that again"])) is None


def test_an_unfinished_command_is_waited_for() -> None:
    script = [(0.5, True, "start the"), (2, False, "start the")]
    assert decided_s(PROFILES["command"], script, frozenset(["start the check in"])) == pytest.approx(1.1, abs=0.07)


def test_a_command_that_turns_complete_during_the_pause_is_decided_at_once() -> None:
    script = [(0.5, True, "scratch"), (0.4, False, "scratch"), (1, False, "scratch that")]
    assert decided_s(PROFILES["command"], script, frozenset(["scratch that"])) == pytest.approx(0.94, abs=0.07)


@pytest.mark.parametrize(("name", "pause_s"), [("answer", 1.9), ("reflection", 2.7), ("short", 0.75), ("choice", 0.55)])
def test_thinking_pauses_are_never_cut_off(name: str, pause_s: float) -> None:
    script = [(1.0, True, "my sister"), (pause_s, False, "my sister"), (1.0, True, "my sister called")]
    assert decided_s(PROFILES[name], script * 3) is None  # type: ignore[index]


def test_a_long_answer_with_pauses_ends_after_its_last_word() -> None:
    script = [(2.0, True, "a"), (1.5, False, "a"), (2.0, True, "a b"), (1.5, False, "a b"), (1.0, True, "a b c")]
    at_s = decided_s(PROFILES["answer"], [*script, (5, False, "a b c")])
    assert at_s == pytest.approx(8.0 + 2.2, abs=0.15)


def test_that_is_all_after_a_pause_ends_an_answer_early() -> None:
    said = "my sister called"
    script = [(1.0, True, said), (0.8, False, said), (0.6, True, said), (3, False, f"{said} that's all")]
    at_s = decided_s(PROFILES["answer"], script, frozenset(["that's all"]))
    assert at_s == pytest.approx(2.4 + 0.6, abs=0.1)


def test_a_command_word_inside_an_answer_does_not_end_it() -> None:
    script = [(1.5, True, "i told them that's all"), (1.5, False, "i told them that's all"), (1, True, "and left")]
    assert decided_s(PROFILES["answer"], script, frozenset(["that's all"])) is None


def test_patience_stretches_every_pause() -> None:
    script = [(0.5, True, "stop"), (5, False, "stop")]
    complete = frozenset(["stop"])
    assert decided_s(PROFILES["command"], script, complete, patience=2.0) == pytest.approx(0.9, abs=0.07)
    assert decided_s(PROFILES["answer"], script, patience=1.5) == pytest.approx(0.5 + 3.3, abs=0.1)


@pytest.mark.parametrize(("name", "limit_s"), [("command", 8), ("answer", 90), ("reflection", 180)])
def test_nobody_speaks_for_ever(name: str, limit_s: float) -> None:
    at_s = decided_s(PROFILES[name], [(200, True, "and so on")])  # type: ignore[index]
    assert at_s == pytest.approx(limit_s, abs=2 * BLOCK_S)


def test_the_meaning_of_a_text_is_asked_once() -> None:
    asked: list[str] = []

    def is_complete(text: str) -> bool:
        asked.append(text)
        return False

    endpointer = Endpointer(PROFILES["answer"], is_complete, start_s=0.0)
    for number in range(60):
        endpointer.hear(number * BLOCK_S, BLOCK_S, voiced=number < 5, partial="well")
    assert asked == ["well"]


def test_over_a_voice_all_readings_are_looked_at_once_in_each_pause() -> None:
    endpointer = Endpointer(BARGE_IN, lambda _: False, start_s=0.0)
    looked = []
    for block in range(40):
        now_s = (block + 1) * BLOCK_S
        voiced = block < 8 or 20 <= block < 24
        if endpointer.hear(now_s, BLOCK_S, voiced=voiced, partial=""):
            break
        if endpointer.looks(now_s):
            looked.append(round(now_s / BLOCK_S))
    assert looked == [10, 26]
