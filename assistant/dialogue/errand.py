"""Errands: what takes a question or two and is no ritual, such as deleting something or setting a reminder.

Each is a module of `assistant.dialogue.errands` with an `Errand` of functions. It begins with one of its intents, keeps
what it knows so far in ``State.errand``, and ends with `done`, which leads back to where it was begun: to waiting for
a command, or into the ritual that it interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.dialogue.ears import open_ears
from assistant.dialogue.moment import Moment
from assistant.dialogue.ritual import Question
from assistant.dialogue.state import Errand as Begun
from assistant.events import Choice, Learned, Meaning, SlotKind


@dataclass(frozen=True, slots=True)
class Errand:
    """``begin`` with the intent's meaning; ``heard`` for every answer; ``learned`` for what memory answered.

    ``unclear`` for silence: without it, the question is asked once more, and then the errand is dropped.
    """

    begin: Callable[[Moment, Meaning], None]
    heard: Callable[[Moment, Meaning], None]
    learned: Callable[[Moment, Learned], None] | None = None
    unclear: Callable[[Moment], None] | None = None


def set_out(moment: Moment, name: str) -> None:
    """An errand begins; a ritual that it interrupts stays where it is."""
    moment.stop_timers()
    moment.change(phase="errand", errand=Begun(name, asked_before=moment.state.spoken), tries=0, then="")


def go_on(moment: Moment, stage: str | None = None, **facts: Any) -> None:
    """Note what is known by now, and the stage that this leads to."""
    begun = current(moment)
    moment.change(
        errand=replace(begun, stage=begun.stage if stage is None else stage, facts={**begun.facts, **facts}), tries=0
    )


def current(moment: Moment) -> Begun:
    assert moment.state.errand is not None
    return moment.state.errand


def facts(moment: Moment) -> Mapping[str, Any]:
    return current(moment).facts


def ask(
    moment: Moment,
    key: str,
    awaits: SlotKind = "yes_no",
    choices: tuple[Choice, ...] = (),
    so_far: str = "",
    **values: str,
) -> None:
    """Ask ``key`` of prompts.yaml and listen for an answer of the kind ``awaits`` (a choice: one of ``choices``).

    ``so_far`` are the words of a time that the answer may put right.
    """
    moment.change(errand=replace(current(moment), awaits=awaits, choices=choices, so_far=so_far))
    moment.ask(key, **values)
    open_ears(moment)


def ask_again(moment: Moment) -> None:
    """Nothing, or nothing that helps, was heard: ask once more, then leave it."""
    if moment.state.tries > 0:
        drop(moment)
        return
    moment.say_text(moment.state.spoken)
    moment.change(tries=1)
    open_ears(moment)


def drop(moment: Moment) -> None:
    """Leave it undone, and say so."""
    moment.say("errand.dropped")
    done(moment)


def done(moment: Moment) -> None:
    """The errand is over, and its last words have been asked to be said: back to where it began."""
    assert moment.state.speaking, "an errand ends in words, so that people know that it is over"
    before = current(moment).asked_before
    moment.change(errand=None, tries=0)
    if moment.state.session is None:
        moment.change(phase="command")
    else:
        moment.change(phase="ritual", then="continue", spoken=before)
        if not moment.state.unsaid and isinstance(moment.stop.step, Question):
            moment.change(unsaid=before)
    open_ears(moment)


def yes_or_no(meaning: Meaning) -> bool | None:
    """The answer to a yes-or-no question; None when it was neither."""
    said = meaning.slots.get("yes_no")
    if said is True or meaning.intent == "yes":
        return True
    if said is False or meaning.intent == "no":
        return False
    return None
