"""The quiet menu, and the help lines: asked for by one person alone, given slowly and twice.

They are never an answer to what was said in a session that others take part in: there, asking for help pauses it like
anything else that is not for an exercise.
"""

from __future__ import annotations

from assistant.dialogue import safety
from assistant.dialogue.errand import Errand, ask_again, done
from assistant.dialogue.moment import Moment
from assistant.events import Meaning, Say

TIMES = 2


def _begin(moment: Moment, meaning: Meaning) -> None:
    if safety.shared(moment):
        safety.pause(moment)
    elif meaning.intent == "quiet_menu":
        moment.say("safety.menu")
        done(moment)
    else:
        _give_lines(moment)


def _give_lines(moment: Moment) -> None:
    errand = moment.state.errand
    safety.leave(moment)
    moment.change(errand=errand)
    known = moment.library.help_lines
    country = known.countries.get(moment.library.country)
    if country is None:
        moment.say("safety.no_country")
    else:
        moment.say("safety.numbers_follow")
        for turn in range(TIMES):
            if turn:
                moment.say("safety.once_more")
            for line in country.lines:
                moment.emit(*(Say(text, pause_s) for text, pause_s in known.spoken(line)))
            moment.say("safety.emergency", number=known.in_words(country.emergency.replace(" ", "")).lower())
        moment.say("safety.numbers_over")
    done(moment)


def _heard(moment: Moment, meaning: Meaning) -> None:
    ask_again(moment)  # it asks nothing, so nothing can be answered


HELP_LINES = Errand(_begin, _heard)
