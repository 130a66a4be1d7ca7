""" "Ben has to go": somebody leaves in the middle, and the others go on without."""

from __future__ import annotations

from assistant.dialogue.commands import stop
from assistant.dialogue.course import advance
from assistant.dialogue.errand import Errand, done, drop
from assistant.dialogue.moment import Moment
from assistant.events import Meaning


def is_about_somebody_here(moment: Moment, meaning: Meaning) -> bool:
    """Whether those who leave are all of them here; "the dog has to go" is said of nobody who takes part."""
    state = moment.state
    here = set(state.session.people).difference(state.session.gone) if state.session else set(state.people)
    names = set(meaning.slots.get("names", ()))
    return bool(names) and names <= here


def _begin(moment: Moment, meaning: Meaning) -> None:
    state, leaving = moment.state, tuple(meaning.slots["names"])
    if not state.configured:
        moment.change(people=tuple(one for one in state.people if one not in leaving))
    moment.change(guests=tuple(one for one in state.guests if one not in leaving))
    name = " ".join(leaving) if len(leaving) == 1 else moment.prompts.joiner.join(leaving)
    if state.session is None:
        moment.say("people.gone", name=name)
        done(moment)
    else:
        _leave_the_ritual(moment, leaving, name)


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


def _heard(moment: Moment, _: Meaning) -> None:
    drop(moment)


LEAVING = Errand(_begin, _heard)
