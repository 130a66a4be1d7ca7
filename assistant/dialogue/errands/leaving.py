""" "Ben has to go": somebody leaves in the middle, and the others go on without."""

from __future__ import annotations

from assistant.dialogue.commands import stop
from assistant.dialogue.course import advance
from assistant.dialogue.errand import Errand, ask, ask_again, done
from assistant.dialogue.moment import Moment
from assistant.events import Meaning

SOMEBODY = "somebody"  # the slot of "he has fallen asleep"
FEWER = "fewer"  # of "it's just the two of us now"


def is_about_somebody_here(moment: Moment, meaning: Meaning) -> bool:
    """Whether those who leave are all of them here; "the dog has to go" is said of nobody who takes part."""
    state = moment.state
    here = set(state.session.people).difference(state.session.gone) if state.session else set(state.people)
    names = set(meaning.slots.get("names", ()))
    if SOMEBODY in meaning.slots or FEWER in meaning.slots:
        return state.session is not None and len(here) > (2 if FEWER in meaning.slots else 1)
    return bool(names) and names <= here


def is_the_one_asked(moment: Moment, meaning: Meaning) -> bool:
    """Whether the one who is named is asked something now."""
    return moment.state.phase == "ritual" and [moment.stop.answers[0]] == list(meaning.slots.get("names", ()))


def _begin(moment: Moment, meaning: Meaning) -> None:
    if FEWER in meaning.slots:
        ask(moment, "people.who_left", "names")
        return
    leaving = _who(moment, meaning)
    if leaving:
        _leave(moment, leaving)
    else:
        moment.change(phase="ritual", errand=None, tries=0)
        stop(moment)


def _leave(moment: Moment, leaving: tuple[str, ...]) -> None:
    state = moment.state
    if not state.configured:
        moment.change(people=tuple(one for one in state.people if one not in leaving))
    moment.change(guests=tuple(one for one in state.guests if one not in leaving))
    name = " ".join(leaving) if len(leaving) == 1 else moment.prompts.joiner.join(leaving)
    if state.session is None:
        moment.say("people.gone", name=name)
        done(moment)
    else:
        _leave_the_ritual(moment, leaving, name)


def _who(moment: Moment, meaning: Meaning) -> tuple[str, ...]:
    """Who leaves; nobody when one of two is asleep: the other one will not talk on beside them.

    Of more, "he has fallen asleep" is said of the one who is asked and does not answer.
    """
    if SOMEBODY not in meaning.slots:
        return tuple(meaning.slots["names"])
    asked = moment.stop.answers[0]
    return (asked,) if asked in moment.present and len(moment.present) > 2 else ()


def _leave_the_ritual(moment: Moment, leaving: tuple[str, ...], name: str) -> None:
    moment.change_session(gone=(*moment.session.gone, *leaving))
    if len(moment.present) < max(1, moment.ritual.people.min):
        moment.change(phase="ritual", errand=None, tries=0)
        stop(moment)
        return
    moment.say("people.gone", name=name)
    if set(moment.stop.answers).isdisjoint(leaving):
        done(moment)
    else:
        moment.change(phase="ritual", errand=None, tries=0)
        advance(moment)


def _heard(moment: Moment, meaning: Meaning) -> None:
    """Who has left, when that had to be asked."""
    names = tuple(str(name) for name in meaning.slots.get("names", ()))
    if names and set(names) < set(moment.present):
        _leave(moment, names)
    else:
        ask_again(moment)


LEAVING = Errand(_begin, _heard)
