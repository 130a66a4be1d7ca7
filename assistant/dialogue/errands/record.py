""" "Off the record": nothing is kept, until somebody says "on the record"."""

from __future__ import annotations

from assistant.dialogue.errand import Errand, done, drop
from assistant.dialogue.moment import Moment
from assistant.events import Meaning, OpenSession

OFF = "off_record"


def _begin(moment: Moment, meaning: Meaning) -> None:
    if meaning.intent == OFF:
        moment.change(off_record=True)
        moment.say("record.off")
    elif not moment.state.off_record:
        moment.say("record.is_on")
    else:
        _go_on_record(moment)
    done(moment)


def _go_on_record(moment: Moment) -> None:
    """From here on; of a ritual that began off the record the journal learns only now."""
    moment.change(off_record=False)
    session = moment.state.session
    if session is not None and session.unopened:
        moment.emit(OpenSession(session.ritual, session.people, moment.state.seed))
        moment.change_session(unopened=False)
    moment.say("record.on")


def _heard(moment: Moment, _: Meaning) -> None:
    drop(moment)


RECORD = Errand(_begin, _heard)
