"""Conversations written as data: what is said and done, what Evensong answers, what is kept.

A file beside this one mirrors a ritual file. Each conversation has a ``title``, may set ``people``, and holds:

- ``talk``: what happens, one thing an entry
    - ``you: TEXT``         somebody waits until Evensong is quiet, and says this
    - ``over: TEXT``        somebody says this while Evensong speaks
    - ``wake`` ``silence`` ``wait`` ``restart``   the wake phrase; nobody answers; time passes through a quiet step;
                            the program is killed and begun again
    - ``seconds: N``        so much time goes by
    - ``evensong: [KEYS]``  exactly these lines have been said since the last check, any variant of them. A key is
                            ``section.name`` of prompts.yaml, or a step's id, or an id with ``.more``, ``.again``,
                            ``.after``, ``.breathe_in``; a count's id is all its numbers; ``closings`` are the last
                            words
    - ``hears: MODE``       what the ears wait for now (wake, command, choice, answer)
- ``kept``: ``[key, person, answer]`` or ``[key, person, answer, about]``, in order
- ``kept_keys``: instead, only the keys, where a card that was drawn is among what is kept
- ``outcome``: ``finished``, ``stopped``, ``open``, or ``none`` where nothing began
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field
from rehearsal import Rehearsal

from assistant.dialogue import Library, Ritual
from assistant.dialogue.lines import ByNumber, Line, Lines
from assistant.dialogue.ritual import EachStep, Question, walk
from assistant.dialogue.steps import CountStep, DrawStep, SayStep, TellStep

Kept = Annotated[list[str | float | None], Field(min_length=3, max_length=4)]


class Conversation(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    people: tuple[str, ...] = ()
    talk: list[str | dict[str, Any]]
    kept: list[Kept] = []
    kept_keys: list[str] | None = None
    outcome: Literal["finished", "stopped", "open", "none"]
    longest_s: float = 1800


def read(path: Path) -> list[Conversation]:
    return [Conversation.model_validate(one) for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


def play(conversation: Conversation, evening: Rehearsal, ritual: Ritual) -> None:
    """Act the conversation out and check all that it says."""
    evening.start()
    checked = 0
    for number, entry in enumerate(conversation.talk, start=1):
        act, value = (entry, None) if isinstance(entry, str) else next(iter(entry.items()))
        try:
            if act == "evensong":
                evening.listen_out()
                must_have_said(evening.library, ritual, evening.said_since(checked), value)
                checked = len(evening.transcript)
            elif act == "hears":
                evening.listen_out()
                assert evening.ears.expectation.mode.value == value
            else:
                _do(evening, act, value)
        except AssertionError as error:
            raise AssertionError(f"entry {number} ({entry}): {error}\n{evening.as_text()}") from error
    evening.wait()
    assert evening.now_s < conversation.longest_s, "it takes too long"
    _check_kept(conversation, evening)
    outcome = evening.outcome or ("open" if evening.opened else "none")
    assert outcome == conversation.outcome, evening.as_text()


def _check_kept(conversation: Conversation, evening: Rehearsal) -> None:
    if conversation.kept_keys is not None:
        assert [one.key for one in evening.kept] == conversation.kept_keys, evening.as_text()
        return
    kept = [[one.key, one.person, one.text if one.number is None else one.number, one.about] for one in evening.kept]
    wanted = [[*one, None][:4] for one in conversation.kept]
    assert kept == wanted, f"kept\n{kept}\ninstead of\n{wanted}\n{evening.as_text()}"


def _do(evening: Rehearsal, act: str, value: Any) -> None:
    match act:
        case "you":
            evening.say(value)
        case "over":
            evening.say_over(value)
        case "seconds":
            evening.pass_seconds(value)
        case "wake":
            evening.wake()
        case "silence":
            evening.keep_silent()
        case "wait":
            evening.wait()
        case "restart":
            evening.restart()
        case _:
            raise ValueError(f"there is no act {act!r}")


def must_have_said(library: Library, ritual: Ritual, texts: list[str], keys: list[str]) -> None:
    """``texts`` are lines of ``keys``, one after the other, and nothing else."""
    left = list(texts)
    for key in keys:
        whole = [_pattern(line) for line in _lines(library, ritual, key)]
        # What was cut and is said again comes in one piece.
        ways = [*whole, *([re.compile(" ".join(one.pattern for one in way))] for way in whole)]
        fits = [way for way in ways if _fits(way, left)]
        assert fits, f"expected {key}, but what was said is {left}"
        del left[: len(max(fits, key=len))]
    assert not left, f"said without being expected: {left}"


def _fits(way: list[re.Pattern[str]], texts: list[str]) -> bool:
    return len(texts) >= len(way) and all(one.fullmatch(text) for one, text in zip(way, texts, strict=False))


def _pattern(line: Line) -> list[re.Pattern[str]]:
    texts = (line,) if isinstance(line, str) else line
    return [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text))) for text in texts if isinstance(text, str)]


def _lines(library: Library, ritual: Ritual, key: str) -> Iterator[Line]:
    section, _, name = key.partition(".")
    spoken: Lines | None = None
    prompts = getattr(library.prompts, section, None)
    if name and hasattr(prompts, name):
        spoken = getattr(prompts, name)
    elif key == "closings":
        spoken = ritual.closings
    else:
        step = next((step for step in walk(ritual.steps) if step.id == section), None)
        assert step is not None, f"there is no line {key!r}"
        if name:
            spoken = getattr(step, name)
        elif isinstance(step, SayStep | DrawStep):
            spoken = step.lines
        elif isinstance(step, CountStep):
            spoken = (tuple(f"{word.capitalize()}." for word in library.prompts.numbers[1 : step.to + 1]),)
        elif isinstance(step, EachStep):
            spoken = step.opening
        elif isinstance(step, TellStep):
            spoken = tuple(story.tell for stories in library.stories.values() for story in stories)
        else:
            assert isinstance(step, Question)
            spoken = step.prompts
    assert spoken is not None, f"there is no line {key!r}"
    groups = [spoken]
    if isinstance(spoken, ByNumber):
        groups = [one for one in (spoken.alone, spoken.together, spoken.following) if one is not None]
    for group in groups:
        yield from group
