"""The logs: JSON for programs holds everything, the plain one never a word that somebody said."""

from __future__ import annotations

import json

import pytest

from assistant.evening.observing import Notice, Speaking
from assistant.events import (
    CloseSession,
    DeviceLost,
    Expectation,
    Failed,
    Hypothesis,
    Listen,
    ListenMode,
    Meaning,
    OpenSession,
    PartialHeard,
    Record,
    Say,
    Silence,
    StopRequested,
    Utterance,
    UtteranceHeard,
    WakeHeard,
    Word,
)
from assistant.view.log import JsonLog, PlainLog

SECRET = "marigold"
HEARD = UtteranceHeard(
    3.0,
    Utterance((Hypothesis(f"the {SECRET} soup", 9.5, (Word(SECRET, 1.0, 1.5),)),), 1.0, 2.5, 3.0),
    Meaning(f"the {SECRET} soup", slots={"text": f"the {SECRET} soup"}, score=1.0),
)
HEARD_AFTERWARDS = UtteranceHeard(9.0, Utterance((Hypothesis("the soup"),)), Meaning("the soup"))
TELLING: list[Notice] = [
    HEARD,
    PartialHeard(2.0, f"the {SECRET}"),
    Record("good_thing", SECRET, f"the {SECRET} soup", about=SECRET),
    OpenSession("gratitude", (SECRET, "Ben"), 7),
    Say(f"Thank you, {SECRET}."),
    Speaking(4.0, f"Thank you, {SECRET}."),
    WakeHeard(1.0, SECRET),
]


@pytest.mark.parametrize("what", TELLING, ids=lambda what: type(what).__name__)
def test_the_plain_log_holds_nobodys_words(what: Notice) -> None:
    lines: list[str] = []
    PlainLog(lines.append).notice(1.0, what)
    assert SECRET not in "\n".join(lines).lower()


@pytest.mark.parametrize(
    "end",
    [PartialHeard(2.5, ""), Listen(Expectation(ListenMode.WAKE)), StopRequested(2.5), Silence(2.5, 8.0)],
    ids=lambda what: type(what).__name__,
)
def test_words_of_an_utterance_that_is_not_told_are_never_written(end: Notice) -> None:
    lines: list[str] = []
    log = JsonLog(lines.append)
    for what in (PartialHeard(2.0, f"the {SECRET}"), Speaking(2.2, "Yes?"), end, HEARD_AFTERWARDS):
        log.notice(2.0, what)
    assert SECRET not in "\n".join(lines)
    kinds = [json.loads(line)["type"] for line in lines]
    assert kinds == ["PartialHeard", "Speaking", type(end).__name__, "UtteranceHeard"]


def test_words_of_an_utterance_that_is_told_are_written_in_their_order() -> None:
    lines: list[str] = []
    log = JsonLog(lines.append)
    for what in (PartialHeard(2.0, "the"), Speaking(2.2, "Yes?"), PartialHeard(2.4, f"the {SECRET}"), HEARD):
        log.notice(2.0, what)
    told = [json.loads(line) for line in lines]
    assert [one["type"] for one in told] == ["PartialHeard", "Speaking", "PartialHeard", "UtteranceHeard"]
    assert [one["text"] for one in told[:3]] == ["the", "Yes?", f"the {SECRET}"]


def test_the_plain_log_tells_how_the_evening_goes() -> None:
    lines: list[str] = []
    log = PlainLog(lines.append)
    told: list[Notice] = [
        Listen(Expectation(ListenMode.WAKE)),
        WakeHeard(1.0, "hey evensong"),
        HEARD,
        OpenSession("gratitude", ("Ana", "Ben"), 7),
        Record("good_thing", "Ana", "soup"),
        CloseSession("finished"),
        DeviceLost(9.0, "the microphone has stopped"),
        Failed(9.5, "speaking", "The voice does not answer."),
    ]
    for what in told:
        log.notice(1.5, what)
    assert [line[8:].strip() for line in lines] == [
        "waiting for the wake phrase",
        "woken",
        "heard 3 words (an answer), decided after 500 ms",
        "gratitude begins, 2 people",
        "kept an answer (good_thing)",
        "ritual finished",
        "sound device lost: the microphone has stopped",
        "speaking failed: The voice does not answer.",
    ]


def test_the_json_log_is_whole_and_readable() -> None:
    lines: list[str] = []
    JsonLog(lines.append).notice(3.0, HEARD)
    line = json.loads(lines[0])
    assert (line["at_s"], line["type"]) == (3.0, "UtteranceHeard")
    assert line["utterance"]["hypotheses"][0]["words"] == [{"text": SECRET, "start_s": 1.0, "end_s": 1.5}]
    assert line["meaning"]["slots"] == {"text": f"the {SECRET} soup"}


def test_the_json_log_spells_modes_and_keeps_all_effects() -> None:
    lines: list[str] = []
    JsonLog(lines.append).notice(0.0, Listen(Expectation(ListenMode.CHOICE, ("stop",), "yes_no")))
    line = json.loads(lines[0])
    assert line["expectation"]["mode"] == "choice"
    assert line["expectation"]["intents"] == ["stop"]
