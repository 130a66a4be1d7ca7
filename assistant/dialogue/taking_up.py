"""Pausing, and going on after a pause or a command from the start of the sentence that was cut."""

from __future__ import annotations

from assistant.dialogue.course import advance, pace
from assistant.dialogue.ears import PAUSE_S, open_ears
from assistant.dialogue.floor import tell
from assistant.dialogue.moment import PAUSE_TIMER, Moment
from assistant.dialogue.quiet import begin_quiet
from assistant.dialogue.ritual import Question
from assistant.dialogue.steps import Paced, TellStep, Timed
from assistant.events import CancelTimer, StartTimer


def take_up(moment: Moment) -> None:
    """After a command: go on with what it interrupted, when what was answered to it has been heard."""
    answered = moment.state.speaking
    if answered and isinstance(moment.stop.step, Paced):
        moment.stop_timers()
        moment.change(then="continue")
    elif moment.state.hushed:
        moment.change(then="continue")
    open_ears(moment)


def continue_(moment: Moment) -> None:
    """Say what was cut, from the start of the cut sentence, and go on from there."""
    step = moment.stop.step
    unsaid = moment.state.unsaid
    moment.change(then="", unsaid="")
    if isinstance(step, Paced):
        pace(moment)
    elif isinstance(step, TellStep):
        tell(moment)
    elif isinstance(step, Timed):
        if moment.session.since_s is None:
            begin_quiet(moment)
        else:
            open_ears(moment)
    elif isinstance(step, Question):
        if unsaid:
            moment.say_text(unsaid)
        open_ears(moment)
    elif unsaid:
        moment.say_text(unsaid)
        moment.change(then="next")
    else:
        advance(moment)


def pause(moment: Moment) -> None:
    moment.stop_timers()
    moment.say("session.paused")
    moment.change(phase="paused", then="")
    moment.emit(StartTimer(PAUSE_TIMER, PAUSE_S))
    open_ears(moment)


def unpause(moment: Moment) -> None:
    moment.emit(CancelTimer(PAUSE_TIMER))
    moment.change(phase="ritual", tries=0)
    # What was told goes on from where it was cut; a question that was asked in full is asked again.
    unsaid = moment.state.unsaid
    if not unsaid and isinstance(moment.stop.step, Question):
        unsaid = moment.state.spoken
    moment.change(unsaid=unsaid, then="continue")


def resume(moment: Moment) -> None:
    if moment.state.then == "continue":
        moment.say("session.resumed")
    open_ears(moment)
