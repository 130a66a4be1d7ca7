"""What is done when something was said that is not for an exercise (docs/safety.md).

The ritual stops softly. What was heard is not repeated, named or explained, because the other person may be in the
room; nothing of it has reached the dialogue but that it was said. For the rest of the evening (until `EVENING_TIMER`,
or until the program is begun again) nothing is started that takes two people; opening.py sees to that.
"""

from __future__ import annotations

from assistant.dialogue.course import EVENING_S
from assistant.dialogue.ears import open_ears
from assistant.dialogue.moment import EVENING_TIMER, PAUSE_TIMER, Moment
from assistant.events import CancelTimer, CloseSession, StartTimer


def pause(moment: Moment) -> None:
    """Stop with a neutral line, close the session as stopped, and wait quietly for the wake phrase."""
    leave(moment)
    moment.change(phase="asleep", gentle=True)
    moment.emit(CancelTimer(PAUSE_TIMER), StartTimer(EVENING_TIMER, EVENING_S))
    moment.say("safety.paused")
    open_ears(moment)


def leave(moment: Moment) -> None:
    """Put down whatever is under way; what was kept before stays kept."""
    moment.hush()
    moment.stop_timers()
    if moment.state.session is not None:
        moment.emit(CloseSession("stopped"))
    moment.change(
        session=None,
        starting=None,
        errand=None,
        hushed="drop" if moment.state.hushed else "",
        then="",
        spoken="",
        words={},
        unsaid="",
        tries=0,
    )


def shared(moment: Moment) -> bool:
    """Whether several people take part in the session under way."""
    return moment.state.session is not None and len(moment.session.people) > 1
