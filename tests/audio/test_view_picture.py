"""The terminal view and the picture of it, shown what an evening would show them."""

from __future__ import annotations

import io
import re

import numpy as np
from rich.console import Console

from assistant.evening.observing import Speaking
from assistant.events import (
    AudioChunk,
    CloseSession,
    Expectation,
    Hypothesis,
    Listen,
    ListenMode,
    OpenSession,
    PartialHeard,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.view.live import Screen
from assistant.view.picture import COLUMNS, Picture

LOUD = AudioChunk(np.full(320, 6_000, np.int16), 0.0)
QUIET = AudioChunk(np.zeros(320, np.int16), 0.0)


def shown(screen: Screen, columns: int = COLUMNS) -> list[str]:
    console = Console(file=io.StringIO(), width=columns, record=True)
    console.print(screen.render())
    return console.export_text().splitlines()


def heard(text: str) -> UtteranceHeard:
    return UtteranceHeard(0.0, Utterance((Hypothesis(text),)))


def test_the_frame_keeps_its_height_while_lines_come() -> None:
    screen = Screen("hey evensong")
    empty = len(shown(screen))
    for number in range(20):
        screen.notice(Speaking(0.0, f"Sentence {number}."))
        screen.notice(PartialHeard(0.0, "and then"))
        assert len(shown(screen)) == empty


def test_asleep_it_tells_how_to_wake_it_and_names_no_ritual() -> None:
    screen = Screen("hey evensong")
    screen.notice(OpenSession("gratitude", ("Ana",), 1))
    screen.notice(Listen(Expectation(ListenMode.ANSWER)))
    assert any("gratitude" in line for line in shown(screen))
    screen.notice(CloseSession("finished"))
    screen.notice(Listen(Expectation(ListenMode.WAKE)))
    text = "\n".join(shown(screen))
    assert 'Say "hey evensong".' in text
    assert "gratitude" not in text


def test_half_heard_words_are_gone_when_nothing_came_of_them() -> None:
    screen = Screen("hey evensong")
    screen.notice(PartialHeard(0.0, "pass the salt"))
    assert any("pass the salt …" in line for line in shown(screen))
    screen.notice(Speaking(0.0, "Where were we?"))
    assert not any("salt" in line for line in shown(screen))


def test_square_brackets_in_what_is_said_are_words_and_not_styles() -> None:
    screen = Screen("hey evensong")
    screen.notice(heard("[red]soup[/red]"))
    assert any("[red]soup[/red]" in line for line in shown(screen))


def test_the_picture_is_of_the_fullest_moment_in_which_somebody_talks() -> None:
    picture = Picture("hey evensong")
    picture.notice(0.0, WakeHeard(0.0, "hey evensong"))
    picture.notice(0.0, Speaking(0.0, "What was good today?"))
    picture.chunk(LOUD)
    picture.notice(0.0, PartialHeard(0.0, "the soup was"))
    for _ in range(20):
        picture.chunk(QUIET)
    picture.notice(0.0, PartialHeard(0.0, "the soup was warm"))
    picture.notice(0.0, heard("the soup was warm"))
    svg = picture.svg().replace("&#160;", " ")
    assert "the soup was …" in svg
    assert "What was good today?" in svg


def test_the_picture_holds_nothing_that_was_not_told_in_the_end() -> None:
    picture = Picture("hey evensong")
    picture.chunk(LOUD)
    picture.notice(0.0, PartialHeard(0.0, "the marigold soup"))
    picture.notice(0.0, PartialHeard(0.0, ""))
    picture.notice(0.0, Listen(Expectation(ListenMode.WAKE)))
    picture.notice(0.0, heard("something else"))
    assert "marigold" not in picture.svg()


def test_looking_at_the_picture_fetches_nothing() -> None:
    svg = Picture("hey evensong").svg()
    assert not re.search(r"url\(\s*[\"']?https?:|href=|@import|@font-face", svg)
    assert svg.startswith("<svg")
