"""The spoken commands. All of them are understood at any moment of any ritual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assistant.dialogue import opening, waking
from assistant.dialogue.answers import ask_again, decide, finish_answer, pass_on
from assistant.dialogue.cards import without_record
from assistant.dialogue.course import advance, close, end_quiet, go_to, pace, take_back_reminders
from assistant.dialogue.ears import open_ears
from assistant.dialogue.errand import current, drop
from assistant.dialogue.floor import lengthen
from assistant.dialogue.moment import PAUSE_TIMER, Moment
from assistant.dialogue.plan import card_place, following, question_before
from assistant.dialogue.quiet import left_s
from assistant.dialogue.reflecting import keep_counts
from assistant.dialogue.requests import BEGUN_BY
from assistant.dialogue.ritual import ChooseStep, OfferStep, Question
from assistant.dialogue.steps import AskStep, Paced, Quiet, RateStep, RemindStep, Timed, TurnStep
from assistant.dialogue.taking_up import pause, resume, take_up, unpause
from assistant.events import Adjust, CancelTimer, CloseSession, Scratch

ADJUSTMENTS: Mapping[str, Adjust] = {
    "louder": Adjust(volume=1),
    "quieter": Adjust(volume=-1),
    "slower": Adjust(rate=-1),
    "faster": Adjust(rate=1),
}


def command(moment: Moment, intent: str) -> None:
    """Do what was asked for."""
    if moment.state.phase == "paused" and intent not in ("resume", "repeat", "skip", "back"):
        _while_paused(moment, intent)
        return
    if moment.state.phase == "paused":
        unpause(moment)
    if moment.state.phase == "ritual":
        _IN_RITUAL[intent](moment) if intent in _IN_RITUAL else adjust(moment, intent)
    else:
        _between(moment, intent)


# --- while no ritual is under way ----------------------------------------------------------------------


def _between(moment: Moment, intent: str) -> None:
    phase = moment.state.phase
    if intent in ADJUSTMENTS:
        adjust(moment, intent)
    elif intent == "stop" and _asked_for_an_errand(moment):
        drop(moment)  # "cancel that" is said of what was being asked, not of the evening
    elif intent in ("stop", "stop_listening", "pause", "finished"):
        _leave(moment, intent)
    elif intent == "help":
        idle = "safety.help" if moment.state.gentle else "awake.help"
        moment.say("help.names" if phase == "names" else "help.offer" if phase != "command" else idle)
        open_ears(moment)
    elif intent == "repeat":
        _repeat_between(moment)
    elif intent == "more_time":
        moment.say("session.take_time")
        open_ears(moment, patient=True)
    elif phase == "errand" and intent in ("skip", "scratch"):
        drop(moment)
    elif phase == "names" and intent in ("skip", "no"):
        opening.without_names(moment)
    elif phase == "as_before" and intent == "skip":
        opening.settle(moment, moment.state.people)
    elif phase == "go_on" and intent == "resume":
        waking.go_on(moment)
    elif phase == "go_on" and intent == "skip":
        waking.not_going_on(moment)
    else:
        moment.say("awake.nothing_to_resume" if intent == "resume" else "awake.nothing_running")
        open_ears(moment)


def _asked_for_an_errand(moment: Moment) -> bool:
    """Whether an errand is under way that somebody asked for, outside a ritual: no guess, and no reminder."""
    state = moment.state
    return state.phase == "errand" and state.session is None and current(moment).name in BEGUN_BY.values()


def _leave(moment: Moment, intent: str) -> None:
    if moment.state.session is not None and intent == "stop":
        moment.emit(CloseSession("stopped"))
        moment.change(session=None)
    moment.say("session.sleeping" if intent == "stop_listening" else "awake.bye")
    waking.sleep(moment)


def _repeat_between(moment: Moment) -> None:
    match moment.state.phase:
        case "names":
            opening.ask_names(moment)
        case "as_before" | "go_on":
            moment.change(tries=0)
            (opening.as_before_unclear if moment.state.phase == "as_before" else waking.go_on_unclear)(moment)
        case _ if moment.state.spoken:
            moment.say_text(moment.state.spoken)
            open_ears(moment)
        case _:
            moment.say("awake.nothing_said")
            open_ears(moment)


# --- in a ritual ---------------------------------------------------------------------------------------


def stop(moment: Moment) -> None:
    if keep_counts(moment):
        moment.say("session.stopped_counted")
    else:
        kept = any(one.kept for one in moment.session.given)
        moment.say("session.stopped" if kept else "session.stopped_at_once")
    close(moment, "stopped")
    moment.emit(CancelTimer(PAUSE_TIMER))
    open_ears(moment)


def _while_paused(moment: Moment, intent: str) -> None:
    if intent == "stop":
        stop(moment)
    elif intent == "stop_listening":
        stop_listening(moment)
    else:
        if intent in ADJUSTMENTS:
            moment.emit(ADJUSTMENTS[intent])
            moment.say(f"voice.{intent}")
        elif intent == "time_left":
            _say_time_left(moment)
        else:
            moment.say("help.paused")
        open_ears(moment)


def repeat(moment: Moment) -> None:
    step = moment.stop.step
    if isinstance(step, Paced):
        moment.stop_timers()
        pace(moment)
        return
    if moment.state.spoken:
        moment.say_text(moment.state.spoken)
    then = "" if isinstance(step, Question | Timed) else "next"
    moment.change(then=then, unsaid="", tries=0, hushed="drop" if moment.state.hushed else "")
    if isinstance(step, Timed) and moment.session.since_s is None:
        moment.change(then="continue")
    open_ears(moment)


def rephrase(moment: Moment) -> None:
    """The question was heard and not understood: once in other words, then as it was."""
    step = moment.stop.step
    if not isinstance(step, Question) or moment.session.item > 0 or moment.state.tries > 0:
        repeat(moment)
        return
    moment.change(tries=1, hushed="drop" if moment.state.hushed else "", unsaid="", then="")
    ask_again(moment, step)
    open_ears(moment)


def leave_out(moment: Moment) -> None:
    """Whoever is asked now is asked nothing more in this turn."""
    person = moment.stop.person
    moment.say("session.passed")
    while True:
        place = following(moment.stops, moment.session)
        if place == len(moment.stops) or moment.stops[place].person != person:
            advance(moment)
            return
        moment.change_session(at=place)


def skip(moment: Moment) -> None:
    step = moment.stop.step
    if isinstance(step, TurnStep):
        moment.say("session.passed")
        advance(moment)
    elif isinstance(step, Quiet):
        end_quiet(moment)
    elif isinstance(step, Question):
        pass_on(moment)
    else:
        advance(moment)


def back(moment: Moment) -> None:
    before = question_before(moment.stops, moment.session)
    if before is None:
        moment.say("session.first_question")
        if moment.state.unsaid == "" and not moment.state.hushed and isinstance(moment.stop.step, Question):
            moment.say_text(moment.state.spoken)
        take_up(moment)
        return
    go_to(moment, *before, line="session.back")


def scratch(moment: Moment) -> None:
    """Really remove the last answer that was kept, say so, and ask for it anew."""
    given = moment.session.given
    kept = [one for one in given if one.kept]
    if not kept:
        moment.say("session.nothing_to_remove")
        take_up(moment)
        return
    last = kept[-1]
    moment.emit(Scratch())
    moment.change_session(given=without_record(given, last))
    if isinstance(moment.stops[last.stop].step, Question):
        replaced = [one for one in given if (one.stop, one.item) >= (last.stop, last.item)]
        take_back_reminders(moment, replaced)
        moment.change_session(given=tuple(one for one in given if one not in replaced))
        go_to(moment, last.stop, last.item, line="session.removed")
    else:
        moment.say("session.removed")
        take_up(moment)


def help_(moment: Moment) -> None:
    match moment.stop.step:
        case RateStep():
            key = "rate"
        case ChooseStep():
            key = "choose"
        case OfferStep():
            key = "offer"
        case AskStep(answer="minutes"):
            key = "minutes"
        case AskStep(answer="name"):
            key = "names"
        case AskStep():
            key = "ask" if card_place(moment.stops, moment.session) is None else "card"
        case RemindStep():
            key = "remind"
        case TurnStep():
            key = "turn"
        case step if isinstance(step, Quiet):
            key = "quiet"
        case _:
            key = "between"
    moment.say(f"help.{key}")
    take_up(moment)


def adjust(moment: Moment, intent: str) -> None:
    moment.emit(ADJUSTMENTS[intent])
    moment.say(f"voice.{intent}")
    if moment.state.phase == "ritual":
        take_up(moment)
    else:
        open_ears(moment)


def more_time(moment: Moment) -> None:
    if isinstance(moment.stop.step, TurnStep):
        lengthen(moment)
    elif isinstance(moment.stop.step, Question):
        moment.change(tries=0)
        moment.say("session.take_time")
        open_ears(moment, patient=True)
    else:
        take_up(moment)


def finished(moment: Moment) -> None:
    step = moment.stop.step
    if isinstance(step, Quiet):
        end_quiet(moment)
    elif isinstance(step, AskStep | RemindStep):
        finish_answer(moment)
    elif isinstance(step, OfferStep):
        no(moment)  # "is there more?" - "that's all"
    elif isinstance(step, Question):
        pass_on(moment)
    else:
        take_up(moment)


def mute(moment: Moment, slots: Mapping[str, Any]) -> None:
    """To stop listening to the wake phrase too: for the time that was said, or the usual one."""
    said = slots.get("minutes") or slots.get("hours", 0) * 60
    moment.emit(CancelTimer(PAUSE_TIMER))
    waking.mute(moment, int(said) or moment.library.mute_min)


def stop_listening(moment: Moment) -> None:
    moment.say("session.sleeping")
    moment.emit(CancelTimer(PAUSE_TIMER))
    waking.sleep(moment)


def time_left(moment: Moment) -> None:
    _say_time_left(moment)
    take_up(moment)


def _say_time_left(moment: Moment) -> None:
    seconds = left_s(moment)
    if seconds is None:
        stops = moment.stops
        seconds = moment.ritual.minutes * 60 * (len(stops) - moment.session.at) / len(stops)
    minutes = round(seconds / 60)
    if seconds < 45:
        moment.say("session.time_left_little")
    elif minutes <= 1:
        moment.say("session.time_left_one")
    else:
        moment.say("session.time_left", minutes=moment.in_words(minutes))


def yes(moment: Moment) -> None:
    if isinstance(moment.stop.step, OfferStep):
        decide(moment, yes=True)
    elif isinstance(moment.stop.step, AskStep):
        moment.say("session.listening")
        open_ears(moment, patient=True)
    else:
        take_up(moment)


def no(moment: Moment) -> None:
    if isinstance(moment.stop.step, OfferStep):
        decide(moment, yes=False)
    elif isinstance(moment.stop.step, AskStep | RemindStep):
        finish_answer(moment)
    else:
        take_up(moment)


_IN_RITUAL: Mapping[str, Callable[[Moment], None]] = {
    "stop": stop,
    "pause": pause,
    "resume": resume,
    "repeat": repeat,
    "skip": skip,
    "back": back,
    "help": help_,
    "more_time": more_time,
    "finished": finished,
    "scratch": scratch,
    "stop_listening": stop_listening,
    "time_left": time_left,
    "yes": yes,
    "no": no,
}
COMMANDS = (*_IN_RITUAL, *ADJUSTMENTS)  # all that is understood while Evensong speaks


def matters(moment: Moment, intent: str) -> bool:
    """Whether to interrupt what is being said for this: "yes" to a story is no reason to cut it."""
    step = moment.stop.step if moment.state.phase == "ritual" else None
    if intent in ("yes", "no"):
        phases = ("as_before", "go_on", "names", "errand")
        return isinstance(step, OfferStep | AskStep | RemindStep) or moment.state.phase in phases
    if intent == "finished":
        return isinstance(step, Question | Quiet)
    if intent == "more_time":
        return isinstance(step, Question | TurnStep) or moment.state.phase != "ritual"
    return intent != "resume" or moment.state.phase != "ritual"
