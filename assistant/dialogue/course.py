"""The course of a ritual: from stop to stop, what each does when it is reached, and how it ends."""

from __future__ import annotations

from assistant.dialogue.ears import open_ears
from assistant.dialogue.moment import BREATH_TIMER, EVENING_TIMER, QUIET_TIMER, Moment
from assistant.dialogue.plan import following, minutes_given
from assistant.dialogue.ritual import (
    AskStep,
    BreatheStep,
    ChooseStep,
    EachStep,
    EarconStep,
    Question,
    SayStep,
    SilenceStep,
)
from assistant.dialogue.state import Given
from assistant.events import CloseSession, Play, Record, Scratch, StartTimer

EVENING_S = 3 * 3600.0  # as long as this it need not be asked again who is here


def advance(moment: Moment) -> None:
    """On to the next stop, or to the end."""
    stops = moment.stops
    place = following(stops, moment.session)
    moment.stop_timers()
    moment.change_session(at=place, item=0, breath=0, left_s=None)
    moment.change(tries=0, then="", unsaid="")
    if place == len(stops):
        _finish(moment)
    else:
        enter(moment)


def enter(moment: Moment) -> None:
    """Do what the present stop is for, from its beginning."""
    stop = moment.stop
    moment.change(tries=0, then="", unsaid="")
    match stop.step:
        case SayStep() | EachStep():
            pause_s = stop.step.pause_s if isinstance(stop.step, SayStep) else 0.0
            moment.change(spoken=moment.say_lines(stop.key, stop.lines, stop, pause_s), then="next")
        case EarconStep():
            moment.emit(Play(stop.step.earcon))
            advance(moment)
        case SilenceStep():
            begin_quiet(moment)
        case BreatheStep():
            breathe(moment)
        case _:
            if not _said_at_start(moment):
                ask(moment)


def ask(moment: Moment) -> None:
    """Ask the present question, or for the next of several answers."""
    stop = moment.stop
    step = stop.step
    assert isinstance(step, Question)
    if moment.session.item > 0 and isinstance(step, AskStep) and step.more is not None:
        spoken = moment.say_lines(f"{stop.key}.more", step.more, stop)
    else:
        spoken = moment.say_lines(stop.key, step.prompts, stop)
    moment.change(spoken=spoken)
    open_ears(moment)


def _said_at_start(moment: Moment) -> bool:
    """Whether the starting phrase held the answer ("five minutes of silence"); it is taken from there once."""
    step = moment.stop.step
    slot = getattr(step, "from_slot", None)
    slots = dict(moment.session.slots)
    value = slots.pop(slot, None) if slot else None
    if value is None:
        return False
    moment.change_session(slots=slots)
    if isinstance(step, AskStep) and isinstance(value, int | float):
        if not step.low <= value <= step.high:
            return False
        give(moment, number=float(value), value=float(value))
    elif isinstance(step, ChooseStep) and value in {option.id for option in step.options}:
        give(moment, text=str(value), value=value)
    else:
        return False
    advance(moment)
    return True


def give(
    moment: Moment, *, text: str | None = None, number: float | None = None, value: str | float | None = None
) -> None:
    """Take an answer to the present question; it replaces what was answered here, and after here, before."""
    session = moment.session
    stop = moment.stop
    here = (session.at, session.item)
    replaced = [one for one in session.given if (one.stop, one.item) >= here]
    moment.emit(*(Scratch() for one in replaced if one.kept))
    kept = bool(getattr(stop.step, "keep", False))
    if kept:
        moment.emit(Record(stop.key, stop.person, text, number, stop.other))
    before = tuple(one for one in session.given if (one.stop, one.item) < here)
    moment.change_session(given=(*before, Given(session.at, session.item, kept, value)))
    moment.change(tries=0)


def _finish(moment: Moment) -> None:
    ritual = moment.ritual
    moment.say_lines("closings", ritual.closings)
    close(moment, "finished")
    open_ears(moment)


def close(moment: Moment, outcome: str) -> None:
    """The session is over; back to sleep."""
    moment.stop_timers()
    shared = len(moment.session.people) > 1
    moment.emit(
        CloseSession("finished" if outcome == "finished" else "stopped"),
        Play("goodbye"),
        StartTimer(EVENING_TIMER, EVENING_S),
    )
    moment.change(
        session=None,
        phase="asleep",
        then="",
        unsaid="",
        tries=0,
        circle=moment.state.circle + 1 if shared else moment.state.circle,
    )


# --- quiet, and breath ---------------------------------------------------------------------------------


def begin_quiet(moment: Moment) -> None:
    """Begin the silence, or go on with what is left of it."""
    step = moment.stop.step
    assert isinstance(step, SilenceStep)
    left_s = moment.session.left_s
    if left_s is None:
        left_s = _quiet_s(moment, step)
    moment.change_session(since_s=moment.at_s, left_s=left_s)
    moment.emit(StartTimer(QUIET_TIMER, left_s))
    open_ears(moment)


def _quiet_s(moment: Moment, step: SilenceStep | BreatheStep) -> float:
    if isinstance(step, SilenceStep) and step.seconds is not None:
        return step.seconds
    if isinstance(step, BreatheStep) and step.breaths is not None:
        return step.breaths * sum(step.phases_s)
    assert step.minutes_from is not None
    minutes = minutes_given(moment.stops, moment.session, step.minutes_from)
    if minutes is None:
        minutes = _default_minutes(moment, step.minutes_from)
    return minutes * 60


def _default_minutes(moment: Moment, question: str) -> float:
    asks = (stop.step for stop in moment.stops if stop.key == question)
    return next(step.default for step in asks if isinstance(step, AskStep) and step.default is not None)


def end_quiet(moment: Moment) -> None:
    """A silence or breathing is over, by time or by word: keep its minutes where the file says so."""
    step = moment.stop.step
    assert isinstance(step, SilenceStep | BreatheStep)
    if step.keep:
        give(moment, number=round(_quiet_passed_s(moment, step) / 60, 1))
    advance(moment)


def _quiet_passed_s(moment: Moment, step: SilenceStep | BreatheStep) -> float:
    if isinstance(step, BreatheStep):
        rounds, phase = divmod(moment.session.breath, len(step.phases_s))
        return rounds * sum(step.phases_s) + sum(step.phases_s[:phase])
    return _quiet_s(moment, step) - (left_s(moment) or 0.0)


def left_s(moment: Moment) -> float | None:
    """Seconds that are left of the present silence or breathing; None at every other step."""
    step = moment.stop.step
    session = moment.session
    if isinstance(step, BreatheStep):
        return max(0.0, _quiet_s(moment, step) - _quiet_passed_s(moment, step))
    if not isinstance(step, SilenceStep) or session.left_s is None:
        return None
    gone_s = 0.0 if session.since_s is None else moment.at_s - session.since_s
    return max(0.0, session.left_s - gone_s)


def breathe(moment: Moment) -> None:
    """The present phase of a breath: a word or a tick, then its seconds."""
    stop = moment.stop
    step = stop.step
    assert isinstance(step, BreatheStep)
    rounds, phase = divmod(moment.session.breath, len(step.phases_s))
    if rounds >= max(1, round(_quiet_s(moment, step) / sum(step.phases_s))):
        end_quiet(moment)
        return
    words = [("breathe_in", step.breathe_in), ("hold", step.hold), ("breathe_out", step.breathe_out)]
    key, lines = [(key, lines) for key, lines in words if lines is not None][phase]
    if rounds < step.spoken:
        moment.say_lines(f"{stop.key}.{key}", lines, stop)
    elif phase == 0:
        moment.emit(Play("tick"))
    moment.change_session(since_s=moment.at_s)
    moment.emit(StartTimer(BREATH_TIMER, step.phases_s[phase]))
    open_ears(moment)
