"""Questions that each may answer apart, out of the others' hearing: the answers are opened together, or not at all.

A ritual file marks such a question with ``apart: true``; `plan` lays the stops around it, whose words are those of the
section ``apart`` of prompts.yaml. The answers lie in the journal, closed, and are never in the state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.dialogue.moment import Moment
from assistant.dialogue.plan import is_open
from assistant.dialogue.state import Given
from assistant.dialogue.steps import AskedApartStep, LaterStep, OpenStep
from assistant.dialogue.wording import row
from assistant.events import AgreeToOpen, Inquire, Learned, Record

WISH = "answer_apart"  # the intent
NOBODY_MISSING, SOMEBODY_MISSING = "all", "some"  # what stands of an `OpenStep` in the state


def may_be_apart(moment: Moment) -> bool:
    """Whether the question that is being asked may be answered apart, here and now."""
    place = moment.stop.apart
    return place is not None and not moment.state.off_record and is_open(moment.stops[place], moment.session.given)


def wish(moment: Moment) -> int:
    """From this person on the question is answered apart; the stop to go to, where the others are asked to leave."""
    place = moment.stop.apart
    assert place is not None
    _note(moment, place, "yes")
    return max(at for at in range(moment.session.at) if moment.stops[at].gate)


def enter(moment: Moment) -> bool:
    """One of the stops that are laid around such a question; False when there is nothing to be done at it."""
    step = moment.stop.step
    if isinstance(step, AskedApartStep):
        if step.lines is None or moment.state.off_record:
            return False
        moment.change(spoken=moment.say_lines(moment.stop.key, step.lines, moment.stop), then="next")
        return True
    if isinstance(step, LaterStep):
        moment.emit(Record(step.of, moment.stop.person, closed=True))
        moment.change(spoken=moment.say_lines(moment.stop.key, step.lines, moment.stop), then="next")
        return True
    assert isinstance(step, OpenStep)
    if step.agreed:
        moment.emit(AgreeToOpen(step.of, willing=moment.session.people), Inquire("opened", {"key": step.of}))
    else:
        moment.emit(Inquire("closed", {"key": step.of}))
    return True


def learned(moment: Moment, answer: Learned) -> bool:
    """Who has answered apart; or, once all agreed, what they said. False when nothing is to be said of it."""
    found = answer.facts
    if answer.topic == "opened":
        read(moment, found["found"] if found else ())
    elif found is None:  # nobody did, after all
        return False
    elif missing := found["sets"][0]["missing"]:
        _note(moment, moment.session.at, SOMEBODY_MISSING)
        moment.say("apart.waits", people=row(missing, moment.prompts.joiner))
    else:
        _note(moment, moment.session.at, NOBODY_MISSING)
        return False
    moment.change(then="next")
    return True


def read(moment: Moment, answers: Sequence[Mapping[str, Any]]) -> None:
    """The answers that were opened, in turn."""
    moment.say("apart.opened" if answers else "apart.nothing_left")
    moment.change(reads=moment.state.phase == "ritual")
    for one in answers:
        said = moment.in_words(int(one["number"])) if one["text"] is None else one["text"]
        moment.say("apart.read", name=one["person"], text=said.rstrip(".!?,;: "))


def _note(moment: Moment, place: int, value: str) -> None:
    others = tuple(one for one in moment.session.given if one.stop != place)
    moment.change_session(given=(*others, Given(place, value=value)))
