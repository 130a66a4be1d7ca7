""" "No, Saturday", said to the next question: the day of the answer before is put right, and it is asked again."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.moment import Moment
from assistant.dialogue.steps import AskStep


def names_a_day(moment: Moment, text: str) -> bool:
    return not moment.prompts.days.isdisjoint(_words(text))


def other_day(moment: Moment, text: str) -> str | None:
    """The day that ``text`` says instead of the one in the answer just given; None when it is no such correction."""
    given, prompts = moment.session.given, moment.prompts
    if not given or not given[-1].names_day or not isinstance(moment.stops[given[-1].stop].step, AskStep):
        return None
    words = _words(text)
    start = next((at for at, word in enumerate(words) if word not in prompts.corrections), len(words))
    rest = words[start:]
    if not start or not names_a_day(moment, text) or not set(rest) <= prompts.days | prompts.beside_days:
        return None
    return " ".join(rest)


def back_to_the_day(moment: Moment) -> AskStep:
    """Stand at the answer that named a day, so that another can be given in its place; the step that asked for it."""
    last = moment.session.given[-1]
    step = moment.stops[last.stop].step
    assert isinstance(step, AskStep), "other_day has looked"
    moment.change_session(at=last.stop, item=last.item, so_far="")
    return step


def note_day(moment: Moment, text: str) -> None:
    """Remember that the answer just given, ``text``, named a day."""
    if names_a_day(moment, text):
        *before, last = moment.session.given
        moment.change_session(given=(*before, replace(last, names_day=True)))


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?-") for word in text.lower().replace("’", "'").split()]
