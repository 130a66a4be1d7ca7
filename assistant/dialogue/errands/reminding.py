"""Giving a reminder: a soft sound, the time, and whether now is good. Yes, later, not tonight, or no answer at all."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.dialogue import opening, waking
from assistant.dialogue.ears import open_ears
from assistant.dialogue.errand import Errand, ask, facts, go_on, set_out, yes_or_no
from assistant.dialogue.errands.chosen_reminders import what
from assistant.dialogue.moment import Moment
from assistant.events import Choice, Event, Meaning, Play, ReminderAnswered, ReminderDue, Say, StopRequested
from assistant.understanding.intent import START

NAME = "reminding"
AGAIN_MIN = 15
PUT_OFF_AT_MOST = 2
LATE_MIN = 3  # "it is ten" is still true so long
LATER, NOT_NOW, DONE, NOW = "later", "not_now", "done", "now"
PLAIN_TITLE = re.compile(r"[\w' -]+")  # one that can be a template


def remind(moment: Moment, due: ReminderDue) -> None:
    """Give it, when nobody is being talked to."""
    if moment.state.phase != "asleep" or moment.state.speaking:
        return
    set_out(moment, NAME)
    go_on(moment, id=due.id, ritual=due.ritual, put_off=PUT_OFF_AT_MOST if due.last else due.put_off)
    moment.emit(Play("reminder"))
    hour, _, minute = due.clock.partition(":")
    clock = moment.library.times.clock_time(int(hour), int(minute))
    named = what(moment, due.ritual, due.what)
    ask(moment, _line(moment, due), "choice", _answers(moment, named), clock=clock, what=named)
    moment.effects = [replace(one, softly=True) if isinstance(one, Say) else one for one in moment.effects]


def _line(moment: Moment, due: ReminderDue) -> str:
    if due.ritual not in moment.library.rituals:
        return "reminders.now_of"
    if due.put_off:
        return "reminders.now_again"
    return "reminders.now" if due.late_min <= LATE_MIN else "reminders.now_late"


def _answers(moment: Moment, named: str) -> tuple[Choice, ...]:
    said = moment.prompts.reminders.later_or_not
    answers = (Choice(LATER, said.later), Choice(NOT_NOW, said.not_now), Choice(DONE, said.done))
    return (*answers, Choice(NOW, (named,))) if PLAIN_TITLE.fullmatch(named) else answers


def _heard(moment: Moment, meaning: Meaning) -> None:
    known = facts(moment)
    answer = meaning.slots.get("choice")
    decided = yes_or_no(meaning)
    if answer == LATER:
        _put_off(moment)
    elif answer == NOT_NOW or decided is False:
        _leave(moment, "reminders.left")
    elif (answer == NOW or decided is True) and known["ritual"] in moment.library.rituals:
        _answered(moment)
        opening.start(moment, START + known["ritual"], {})
    elif answer in (DONE, NOW) or decided is True or meaning.intent == "finished":
        _leave(moment, "reminders.noted")
    elif moment.state.tries == 0:
        moment.say("awake.not_heard")
        moment.change(tries=1)
        open_ears(moment)
    else:
        _silent(moment)


def _put_off(moment: Moment) -> None:
    known = facts(moment)
    if known["put_off"] >= PUT_OFF_AT_MOST:
        _leave(moment, "reminders.left")
        return
    moment.emit(ReminderAnswered(known["id"], AGAIN_MIN))
    moment.say("reminders.again_later")
    _over(moment)


def _leave(moment: Moment, line: str) -> None:
    _answered(moment)
    moment.say(line)
    _over(moment)


def _silent(moment: Moment) -> None:
    """Nobody answers: it is left for today, without another word."""
    _answered(moment)
    _over(moment)


def _answered(moment: Moment) -> None:
    moment.emit(ReminderAnswered(facts(moment)["id"]))


def _over(moment: Moment) -> None:
    moment.change(errand=None)
    waking.sleep(moment)


def left_unanswered(moment: Moment, event: Event) -> None:
    """A reminder that a command has ended ("stop") was answered by it, and is not given once more.

    One that the end of the program cuts is given again, if that is soon.
    """
    told = moment.before.errand
    now = moment.state.errand
    gone = told is not None and told.name == NAME and (now is None or now.name != NAME)
    if told is not None and gone and not isinstance(event, StopRequested):
        answered = any(isinstance(effect, ReminderAnswered) for effect in moment.effects)
        moment.effects += () if answered else (ReminderAnswered(told.facts["id"]),)


def _begin(moment: Moment, _: Meaning) -> None:
    """No words begin it; `remind` does."""
    _over(moment)


REMINDING = Errand(_begin, _heard, unclear=_silent)
