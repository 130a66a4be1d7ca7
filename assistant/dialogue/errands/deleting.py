""" "Delete the last entry", "delete everything": says what would go, and does it after a clear yes.

Everything can be brought back for a day, unless "now" is said instead of yes.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.dialogue.errand import Errand, ask, ask_again, current, done, drop, go_on, yes_or_no
from assistant.dialogue.moment import Moment
from assistant.dialogue.wording import row
from assistant.events import BringBack, Choice, Forget, Inquire, Learned, Meaning

LAST = "delete_last_entry"
ALL = "delete_everything"
BACK = "bring_back"
NOW = "now"  # the choice that waives the day of grace


def _begin(moment: Moment, meaning: Meaning) -> None:
    if meaning.intent == BACK:
        go_on(moment, BACK)
        moment.emit(Inquire("leaving"))
        return
    last = meaning.intent == LAST
    go_on(moment, LAST if last else ALL)
    moment.emit(Inquire("last_entry" if last else "everything"))


def _learned(moment: Moment, learned: Learned) -> None:
    found = learned.facts
    if learned.topic == "leaving":
        if found is not None:
            moment.emit(BringBack())
        moment.say("deleting.nothing_to_bring" if found is None else "deleting.brought_back")
        done(moment)
    elif found is None:
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
        choices = (Choice(NOW, moment.prompts.deleting.at_once),)
        ask(moment, "deleting.ask_everything", "choice", choices, what=_counted(moment, found))


def _counted(moment: Moment, held: Mapping[str, int]) -> str:
    """ "Two evenings, nine answers and one reminder"."""
    names = moment.prompts.deleting.counted
    told = [
        (names[kind].one if count == 1 else names[kind].several).format(count=moment.in_words(count))
        for kind, count in held.items()
        if count and kind in names
    ]
    return row(told, moment.prompts.joiner)


def _heard(moment: Moment, meaning: Meaning) -> None:
    at_once = meaning.slots.get("choice") == NOW
    decided = True if at_once else yes_or_no(meaning)
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
        moment.emit(Forget("everything", {NOW: True} if at_once else {}))
        moment.change(session=None)  # what a ritual kept so far is gone, and nothing is left to add to
        moment.change(people=moment.state.people if moment.state.configured else (), guests=(), known=(), began=None)
        moment.say("deleting.everything_gone" if at_once else "deleting.everything_leaves")
        moment.change(spoken="")  # the question named what is gone
        done(moment)


DELETING = Errand(_begin, _heard, _learned)
