""" "Delete the last entry", "delete everything": says what would go, and does it after a clear yes."""

from __future__ import annotations

from assistant.dialogue.errand import Errand, ask, ask_again, current, done, drop, go_on, yes_or_no
from assistant.dialogue.moment import Moment
from assistant.events import Forget, Inquire, Learned, Meaning

LAST = "delete_last_entry"
ALL = "delete_everything"


def _begin(moment: Moment, meaning: Meaning) -> None:
    last = meaning.intent == LAST
    go_on(moment, LAST if last else ALL)
    moment.emit(Inquire("last_entry" if last else "everything"))


def _learned(moment: Moment, learned: Learned) -> None:
    found = learned.facts
    if found is None:
        moment.say("deleting.nothing_kept")
        done(moment)
    elif learned.topic == "last_entry":
        ritual = moment.library.rituals.get(found["ritual"])
        title = ritual.title if ritual is not None else found["ritual"].replace("_", " ")
        if found["person"]:
            ask(moment, "deleting.ask_last_of", ritual=title, name=found["person"])
        else:
            ask(moment, "deleting.ask_last", ritual=title)
    else:
        ask(moment, "deleting.ask_everything", sessions=moment.in_words(found["sessions"]))


def _heard(moment: Moment, meaning: Meaning) -> None:
    decided = yes_or_no(meaning)
    if decided is None:
        ask_again(moment)
    elif not decided:
        drop(moment)
    elif current(moment).stage == LAST:
        moment.emit(Forget("last_entry"))
        moment.say("deleting.last_gone")
        moment.change(spoken="")  # the question named what is gone
        done(moment)
    else:
        moment.emit(Forget("everything"))
        moment.change(people=moment.state.people if moment.state.configured else (), guests=(), known=(), began=None)
        moment.say("deleting.everything_gone")
        moment.change(spoken="")  # the question named what is gone
        done(moment)


DELETING = Errand(_begin, _heard, _learned)
