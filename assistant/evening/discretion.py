"""What those who watch an evening (the terminal, a transcript, the page) are told of what nobody else may hear."""

from __future__ import annotations

from dataclasses import replace

from assistant.events import Effect, Event, PartialHeard, Record, RecordApart, UtteranceHeard


def told(what: Event, *, apart: bool) -> Event:
    """``what``, or in its place that something was heard. ``apart``: somebody is answering out of the others' hearing.

    A command stays one: it says nothing of anybody.
    """
    if not apart or not isinstance(what, PartialHeard | UtteranceHeard):
        return what
    if isinstance(what, UtteranceHeard) and what.meaning is not None and what.meaning.intent is not None:
        return what
    return PartialHeard(what.at_s, "")


def shown(effect: Effect) -> Effect:
    """``effect`` without an answer that is closed."""
    match effect:
        case Record(closed=True):
            return replace(effect, text=None, number=None)
        case RecordApart():
            return replace(effect, text="")
        case _:
            return effect
