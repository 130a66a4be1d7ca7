"""Answers to the questions of a ritual, and the ladders: silence, a pass, an answer that was not understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.dialogue.advice import advise
from assistant.dialogue.course import REMINDER_SET, advance, ask, begins_with, give
from assistant.dialogue.ears import open_ears
from assistant.dialogue.floor import remember, said_in_turn
from assistant.dialogue.moment import Moment
from assistant.dialogue.plan import is_open
from assistant.dialogue.reflecting import is_compared
from assistant.dialogue.ritual import ChooseStep, OfferStep, Question, walk
from assistant.dialogue.second_thoughts import back_to_the_answer, note_day, other_day, other_words
from assistant.dialogue.slips import MOST as MOST_SLIPS
from assistant.dialogue.state import Given
from assistant.dialogue.steps import AskStep, RateStep, RemindStep, TurnStep
from assistant.dialogue.wording import row
from assistant.events import Meaning, Remind

LEAST_WORDS = 3  # said instead of yes or no: fewer are asked about first


def answered(moment: Moment, meaning: Meaning) -> None:
    """Something was said that is no command."""
    step = moment.stop.step
    slots = meaning.slots
    match step:
        case AskStep(answer="text") | AskStep(answer="word"):
            _words(moment, step, meaning)
        case AskStep(answer="name"):
            _name(moment, slots.get("names"))
        case RemindStep():
            _when(moment, step, meaning)
        case AskStep():
            minutes = float(slots.get("duration_s", 0)) / 60
            if step.low <= minutes <= step.high:
                give(moment, number=minutes, value=minutes)
                done(moment)
            else:
                not_understood(moment)
        case RateStep():
            rating = slots.get("rating", slots.get("number"))
            if isinstance(rating, int | float) and step.low <= rating <= step.high:
                give(moment, number=float(rating), value=float(rating))
                done(moment)
            else:
                not_understood(moment)
        case ChooseStep():
            choice = slots.get("choice")
            if any(option.id == choice for option in step.options):
                give(moment, text=str(choice), value=str(choice))
                done(moment)
            else:
                not_understood(moment)
        case OfferStep(first_turn=True):
            _first_turn(moment, meaning)
        case OfferStep():
            yes = slots.get("yes_no")
            if step.at_once is not None and _plain(meaning.text) in moment.prompts.partly:
                decide(moment, yes=_asks_for_more(step))
            elif isinstance(yes, bool):
                said, _ = without_ending(str(slots.get("also", "")), moment.prompts.endings)
                _, closes = without_ending(meaning.text, moment.prompts.endings)
                lacking = _taken_back(moment, meaning.text) if yes and not _asks_for_more(step) else ""
                if lacking and _answered_at_once(moment, step, replace(meaning, text=lacking), "no"):
                    return
                if not _answered_at_once(moment, step, replace(meaning, text=said), "yes" if yes else "no"):
                    decide(moment, yes=yes and not (closes and _asks_for_more(step)))
            elif not _answered_at_once(moment, step, meaning):
                not_understood(moment)
        case TurnStep():
            said_in_turn(moment, meaning.text)
        case _:
            open_ears(moment)  # people talk to each other, too


def decide(moment: Moment, *, yes: bool, first: str | None = None) -> None:
    """A yes or no to what was offered. ``first``: who has the first turn, where a no named somebody."""
    give(moment, text="yes" if yes else "no", value="yes" if yes else "no")
    step = moment.stop.step
    if isinstance(step, OfferStep) and step.first_turn and not yes:
        begins_with(moment, first or moment.session.people[1])
    done(moment)


def _first_turn(moment: Moment, meaning: Meaning) -> None:
    """Whoever is named begins; without a name yes or no tells whether the one who was proposed does."""
    first, *others = moment.session.people
    said, yes = [_bare(word) for word in meaning.text.split()], meaning.slots.get("yes_no")
    named = [name for name in others if name.lower() in said]
    text = _plain(meaning.text)
    if named and first.lower() in said:
        not_understood(moment)  # "Ana, not Ben", or "Ben, not Ana"
    elif not named and text in moment.prompts.whoever:
        decide(moment, yes=True)
    elif named or yes is False or text in moment.prompts.not_this_one:
        decide(moment, yes=False, first=named[0] if named else None)
    elif yes is True or first.lower() in said:
        decide(moment, yes=True)
    else:
        not_understood(moment)


def _asks_for_more(step: OfferStep) -> bool:
    """Whether a yes is followed by what may be said at once: "that's it" says no to "Is there more?", not to "Did she
    get it?"."""
    return step.at_once is not None and any(one.id == step.at_once for one in walk(step.yes))


def _taken_back(moment: Moment, text: str) -> str:
    """What follows the "but" of "yes, but you left out the garden"; "" without one."""
    words = text.split()
    place = next((at for at, word in enumerate(words) if _bare(word) in moment.prompts.except_for), len(words))
    return " ".join(words[place + 1 :])


def _answered_at_once(moment: Moment, step: OfferStep, meaning: Meaning, after: str = "") -> bool:
    """Take the thing itself that was said instead of a yes: it answers the question that would have come.

    Or together with a yes or no, which is ``after``, and then decides whether that question would come.
    """
    session, stops = moment.session, moment.stops
    place = next((at for at in range(session.at + 1, len(stops)) if stops[at].key == step.at_once), None)
    if place is None or len(meaning.text.split()) < LEAST_WORDS:
        return False
    value = "yes" if _asks_for_more(step) else "no"
    if after not in ("", value):
        return False
    question = stops[place]
    if not is_open(question, (*session.given, Given(session.at, session.item, kept=False, value=value))):
        return False
    give(moment, text=value, value=value)
    moment.change_session(at=place, item=0, so_far="")
    answered(moment, replace(meaning, slots={"text": meaning.text}))
    return True


def _words(moment: Moment, step: AskStep, meaning: Meaning) -> None:
    text, ended = without_ending(meaning.text, moment.prompts.endings)
    if step.answer == "word":
        text = str(meaning.slots.get("word", text))
    if not text:
        if ended:
            finish_answer(moment)
        else:
            open_ears(moment)
        return
    if len(text) == 1 and text.isalpha() and moment.state.tries == 0:  # a piece of a word: most likely "pass"
        moment.say("awake.not_heard")
        moment.change(tries=1)
        open_ears(moment)
        return
    if all(_bare(word) in moment.prompts.thinking_sounds for word in text.split()):
        open_ears(moment)  # "hmm": thinking aloud is no answer yet
        return
    if step.names_slips and _named_slip(moment, text):
        return
    day = other_day(moment, text)
    instead = day or other_words(moment, text)
    if instead is not None:
        text, step = instead, back_to_the_answer(moment)
        if day is None:
            moment.say("session.put_right")
    if is_compared(moment) or _may_be_mirrored(moment):
        remember(moment, text)
    give(moment, text=text)
    note_day(moment, text)
    if ended or moment.session.item + 1 >= step.up_to:
        done(moment)
    else:
        moment.change_session(item=moment.session.item + 1)
        ask(moment)


def _named_slip(moment: Moment, text: str) -> bool:
    """Name advice, judgement or defence, and listen once more; False when there was none, or enough were named."""
    kind = moment.library.slips.kind_of(text, _told(moment))
    if kind is None or moment.session.slips >= MOST_SLIPS:
        return False
    moment.change_session(slips=moment.session.slips + 1)
    moment.say(f"slips.{kind}")
    open_ears(moment)
    return True


def _plain(text: str) -> str:
    return " ".join(_bare(word) for word in text.split())


def _may_be_mirrored(moment: Moment) -> bool:
    """Whether somebody tells here what the other one gives back later, and is held to it."""
    step = moment.stop.step
    mirrored = any(isinstance(each, AskStep) and each.names_slips for each in walk(moment.ritual.steps))
    return mirrored and isinstance(step, AskStep) and step.of != "other"


def _told(moment: Moment) -> str:
    """What was told so far by whom the present answer gives back."""
    words = moment.state.words
    return ". ".join(words[key] for key in words if moment.stops[int(key)].person == moment.stop.person)


def _name(moment: Moment, names: Sequence[str] | None) -> None:
    if names:
        give(moment, text=str(names[0]), value=str(names[0]))
        done(moment)
    else:
        not_understood(moment)


def _when(moment: Moment, step: RemindStep, meaning: Meaning) -> None:
    """A time makes it a reminder, which is said back. Other words are asked about once, and then kept without one."""
    text, _ = without_ending(meaning.text, moment.prompts.endings)
    if not text:
        finish_answer(moment)
    elif meaning.slots.get("when"):
        _remind(moment, step, text, meaning.slots["when"])
    elif moment.state.tries == 0 or (meaning.slots.get("said") and moment.state.tries == 1):  # or "no, Saturday"
        partly = meaning.slots.get("said") or {}
        moment.change_session(so_far=str(partly.get("text", "")))
        if partly:
            moment.ask("reminders.ask_time")
        else:
            ask_again(moment, step)
        moment.change(tries=moment.state.tries + 1)
        open_ears(moment)
    else:
        give(moment, text=text)
        moment.say("reminders.not_set")
        done(moment)


def _remind(moment: Moment, step: RemindStep, text: str, when: Mapping[str, str]) -> None:
    give(moment, text=text, value=REMINDER_SET)
    moment.emit(Remind(when, what=step.what))
    moment.say("reminders.kept_for", when=moment.library.times.to_come(when["summary"], moment.prompts.joiner))
    done(moment)


def without_ending(text: str, endings: tuple[str, ...]) -> tuple[str, bool]:
    """The answer without "and that's all" at its end, and whether there was such an end."""
    words = text.split()
    for ending in endings:
        tail = ending.split()
        if [_bare(word) for word in words[-len(tail) :]] == tail:
            kept = words[: -len(tail)]
            while kept and _bare(kept[-1]) in ("and", ""):
                kept = kept[:-1]
            return " ".join(kept).rstrip(" ,;:-"), True
    return text.strip(), False


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").strip(".,;:!?-")


def done(moment: Moment) -> None:
    """The question is answered; a word of thanks where the file has one, then on."""
    stop = moment.stop
    step = stop.step
    if isinstance(step, Question) and step.after is not None:
        moment.say_lines(f"{stop.key}.after", step.after, stop)
    advance(moment)


def finish_answer(moment: Moment) -> None:
    """ "That's all": ends the answers to this question, or passes when there is none."""
    if moment.session.item > 0:
        done(moment)
    else:
        pass_on(moment)


def pass_on(moment: Moment, line: str = "session.passed") -> None:
    """Leave the question without an answer, and without a reason."""
    step = moment.stop.step
    moment.say(line)
    if isinstance(step, OfferStep) and not moment.is_answered:
        give(moment, text=step.unanswered, value=step.unanswered)
    elif isinstance(step, ChooseStep) and step.default is not None and not moment.is_answered:
        give(moment, text=step.default, value=step.default)
    advance(moment)


def silent(moment: Moment) -> None:
    """Nobody has begun to speak. While somebody is thinking that is no error: a soft word, an offer, then on."""
    step = moment.stop.step
    if not isinstance(step, Question):
        return
    if moment.session.item > 0:
        done(moment)
        return
    rung = moment.state.tries
    if isinstance(step, OfferStep):
        # What is offered may be left out: asked twice is asked often enough.
        if rung > 0 and step.first_turn:
            advance(moment)  # nobody minds
            return
        if rung > 0:
            pass_on(moment, "waiting.moving_on")
            return
        ask_again(moment, step)
    elif rung == 0 and isinstance(step, AskStep) and step.stems is not None:
        moment.say_lines(f"{moment.stop.key}.stems", step.stems, moment.stop)
    elif rung == 0:
        moment.say("waiting.no_hurry")
    elif rung == 1:
        if isinstance(step, RemindStep) or (isinstance(step, AskStep) and step.answer != "minutes"):
            moment.say("waiting.may_pass")
        else:
            _say_choices(moment, step)
    else:
        pass_on(moment, "waiting.moving_on")
        return
    moment.change(tries=rung + 1)
    open_ears(moment)


def not_understood(moment: Moment) -> None:
    """An answer that does not fit: ask again shorter, offer the choices, move on."""
    stop = moment.stop
    step = stop.step
    rung = moment.state.tries
    assert isinstance(step, Question)
    if rung == 0:
        advise(moment)
        ask_again(moment, step)
    elif rung == 1:
        _say_choices(moment, step)
    else:
        pass_on(moment, "waiting.moving_on")
        return
    moment.change(tries=rung + 1)
    open_ears(moment)


def ask_again(moment: Moment, step: Question) -> None:
    stop = moment.stop
    if step.again is not None:
        moment.say_lines(f"{stop.key}.again", step.again, stop)
    elif isinstance(step, RateStep):
        moment.say("waiting.rate_again", **_scale(moment, step))
    elif isinstance(step, AskStep):
        moment.say("waiting.minutes_again")
    else:
        _say_choices(moment, step)


def _say_choices(moment: Moment, step: Question) -> None:
    match step:
        case RateStep():
            moment.say("waiting.scale_or_pass", **_scale(moment, step))
        case AskStep(answer="name") | RemindStep():
            moment.say("waiting.may_pass")
        case AskStep():
            moment.say("waiting.minutes_or_pass", **_scale(moment, step))
        case ChooseStep():
            names = [option.name for option in step.options]
            moment.say("waiting.choices", choices=row(names, moment.prompts.either))
        case OfferStep():
            moment.say("waiting.yes_or_no")


def _scale(moment: Moment, step: RateStep | AskStep) -> dict[str, str]:
    return {"low": moment.in_words(step.low), "high": moment.in_words(step.high)}
