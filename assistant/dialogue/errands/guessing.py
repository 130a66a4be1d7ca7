"""What was wanted is likely but not sure: "Did you want gratitude?" It is done after a yes, and only then."""

from __future__ import annotations

from assistant.dialogue.errand import Errand, ask, current, done, go_on, yes_or_no
from assistant.dialogue.library import START
from assistant.dialogue.moment import Moment
from assistant.dialogue.requests import GUESSING
from assistant.events import Meaning


def is_guessing(moment: Moment) -> bool:
    return moment.state.phase == "errand" and current(moment).name == GUESSING


def granted(moment: Moment, meaning: Meaning) -> Meaning | None:
    """What was asked about, when ``meaning`` is the yes to it; the errand is over then."""
    if not is_guessing(moment) or not yes_or_no(meaning):
        return None
    facts = current(moment).facts
    moment.change(errand=None, phase="command", tries=0)
    return Meaning("", intent=str(facts["intent"]), slots=facts["slots"])


def _begin(moment: Moment, meaning: Meaning) -> None:
    intent = meaning.intent or ""
    # Plain values and the time alone: they tell which of several was meant, and hold nothing that anybody told.
    slots = {
        name: value for name, value in meaning.slots.items() if isinstance(value, str | int | float) or name == "when"
    }
    go_on(moment, intent=intent, slots=slots)
    ritual = moment.library.rituals.get(intent.removeprefix(START)) if intent.startswith(START) else None
    wish = moment.prompts.guessing.wishes.get(intent)
    if ritual is not None:
        ask(moment, "guessing.ask_ritual", ritual=ritual.title)
    elif wish is not None:
        ask(moment, "guessing.ask", wish=wish)
    else:
        _let_be(moment)


def _heard(moment: Moment, _: Meaning) -> None:
    _let_be(moment)


def _let_be(moment: Moment) -> None:
    """No, silence, or something else: no second question about a guess."""
    moment.say("guessing.let_be")
    done(moment)


GUESS = Errand(_begin, _heard, unclear=_let_be)
