"""Quiet, breath and count: steps that wait for no answer. Time alone leads through them, on the audio clock."""

from __future__ import annotations

from assistant.dialogue.ears import open_ears
from assistant.dialogue.floor import forget_turn, take_floor
from assistant.dialogue.moment import BREATH_TIMER, QUIET_TIMER, Moment
from assistant.dialogue.plan import number_given
from assistant.dialogue.steps import AskStep, BreatheStep, CountStep, Paced, Quiet, SilenceStep, Timed, TurnStep
from assistant.events import Play, StartTimer


def begin_quiet(moment: Moment) -> None:
    """Begin the silence or the turn, or go on with what is left of it."""
    step = moment.stop.step
    assert isinstance(step, Timed)
    left_s = moment.session.left_s
    if left_s is None:
        left_s = _length_s(moment, step)
        if isinstance(step, TurnStep):
            forget_turn(moment)
    moment.change_session(since_s=moment.at_s, left_s=left_s)
    moment.emit(StartTimer(QUIET_TIMER, left_s))
    if isinstance(step, TurnStep):
        take_floor(moment)
    open_ears(moment)


def beat(moment: Moment) -> bool:
    """The present phase of a breath, or the present number: a word or a tick, then its seconds. False: all are over."""
    stop = moment.stop
    step = stop.step
    assert isinstance(step, Paced)
    rounds, phase = divmod(moment.session.breath, len(step.phases_s))
    if rounds >= max(1, round(_length_s(moment, step) / sum(step.phases_s))):
        return False
    if isinstance(step, CountStep):
        if step.aloud:
            moment.say_text(f"{moment.in_words(rounds + 1).capitalize()}.")
        else:
            moment.emit(Play("tick"))
    elif rounds < step.spoken:
        words = [("breathe_in", step.breathe_in), ("hold", step.hold), ("breathe_out", step.breathe_out)]
        key, lines = [(key, lines) for key, lines in words if lines is not None][phase]
        moment.say_lines(f"{stop.key}.{key}", lines, stop)
    elif phase == 0:
        moment.emit(Play("tick"))
    moment.change_session(since_s=moment.at_s)
    moment.emit(StartTimer(BREATH_TIMER, step.phases_s[phase]))
    open_ears(moment)
    return True


def _length_s(moment: Moment, step: Quiet) -> float:
    match step:
        case SilenceStep(seconds=float(seconds)) | TurnStep(seconds=float(seconds)):
            return seconds
        case BreatheStep(breaths=int(breaths)):
            return breaths * sum(step.phases_s)
        case CountStep():
            return step.to * step.every_s
    assert step.minutes_from is not None
    minutes = number_given(moment.stops, moment.session, step.minutes_from)
    if minutes is None:
        minutes = _default_minutes(moment, step.minutes_from)
    return minutes * 60


def _default_minutes(moment: Moment, question: str) -> float:
    asks = (stop.step for stop in moment.stops if stop.key == question)
    return next(step.default for step in asks if isinstance(step, AskStep) and step.default is not None)


def passed_s(moment: Moment) -> float:
    """Seconds of the present quiet step that are over."""
    step = moment.stop.step
    assert isinstance(step, Quiet)
    if isinstance(step, Paced):
        rounds, phase = divmod(moment.session.breath, len(step.phases_s))
        return rounds * sum(step.phases_s) + sum(step.phases_s[:phase])
    return _length_s(moment, step) - (left_s(moment) or 0.0)


def left_s(moment: Moment) -> float | None:
    """Seconds that are left of the present quiet step; None at every other step."""
    step = moment.stop.step
    session = moment.session
    if isinstance(step, Paced):
        return max(0.0, _length_s(moment, step) - passed_s(moment))
    if not isinstance(step, Timed) or session.left_s is None:
        return None
    gone_s = 0.0 if session.since_s is None else moment.at_s - session.since_s
    return max(0.0, session.left_s - gone_s)
