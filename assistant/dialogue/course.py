"""The course of a ritual: from stop to stop, what each does when it is reached, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.dialogue import apart, cards
from assistant.dialogue.ears import open_ears
from assistant.dialogue.floor import begin_story, forget_turn, tell_on
from assistant.dialogue.moment import EVENING_TIMER, Moment
from assistant.dialogue.plan import following
from assistant.dialogue.quiet import beat, begin_quiet, passed_s
from assistant.dialogue.reflecting import compare, report, tell_report, tell_what_came_back
from assistant.dialogue.ritual import ChooseStep, EachStep, OfferStep, Question
from assistant.dialogue.state import Given
from assistant.dialogue.steps import (
    AskedApartStep,
    AskStep,
    BreatheStep,
    CountStep,
    DrawStep,
    EarconStep,
    ExitStep,
    LaterStep,
    OpenStep,
    Quiet,
    ReflectStep,
    RemindStep,
    ReportStep,
    SayStep,
    SilenceStep,
    TellStep,
    TurnStep,
)
from assistant.events import CloseSession, Learned, Play, Record, Scratch, StartTimer, Unremind

REMINDER_SET = "set"  # the value of an answer that made a reminder
EVENING_S = 3 * 3600.0  # as long as this it need not be asked again who is here


def advance(moment: Moment) -> None:
    """On to the next stop, or to the end."""
    stops = moment.stops
    place = following(stops, moment.session)
    moment.stop_timers()
    moment.change_session(at=place, item=0, breath=0, left_s=None, so_far="")
    moment.change(tries=0, then="", unsaid="", reads=False)
    if place == len(stops):
        _finish(moment)
    else:
        enter(moment)


def go_on(moment: Moment) -> None:
    """What was to be said here has been said: the next piece of a story, or the next stop."""
    if not (isinstance(moment.stop.step, TellStep) and tell_on(moment)):
        advance(moment)


def learned(moment: Moment, answer: Learned) -> None:
    """Memory has answered what the present stop asked."""
    tell = _TOLD.get(answer.topic)
    if tell is not None and not tell(moment, answer):
        advance(moment)


_TOLD: Mapping[str, Callable[[Moment, Learned], bool]] = {
    "reflection": tell_what_came_back,
    "listening": tell_report,
    "closed": apart.learned,
    "opened": apart.learned,
}


def enter(moment: Moment) -> None:
    """Do what the present stop is for, from its beginning."""
    stop = moment.stop
    moment.change(tries=0, then="", unsaid="", reads=False)
    match stop.step:
        case SayStep(numbers_of=ids) if ids and not any(moment.numbers_given(ids)):
            advance(moment)
        case SayStep() | EachStep():
            pause_s = stop.step.pause_s if isinstance(stop.step, SayStep) else 0.0
            moment.change(spoken=moment.say_lines(stop.key, stop.lines, stop, pause_s), then="next")
        case DrawStep():
            draw(moment)
        case EarconStep():
            moment.emit(Play(stop.step.earcon))
            advance(moment)
        case SilenceStep() | TurnStep():
            begin_quiet(moment)
        case TellStep():
            forget_turn(moment)
            begin_story(moment)
        case ReflectStep():
            if not compare(moment):
                advance(moment)
        case ReportStep():
            report(moment)
        case AskedApartStep() | LaterStep() | OpenStep():
            if not apart.enter(moment):
                advance(moment)
        case BreatheStep() | CountStep():
            pace(moment)
        case ExitStep():
            moment.change_session(at=len(moment.stops))
            _finish(moment)
        case _:
            if not (_said_at_start(moment) or _decided_off_record(moment)):
                ask(moment)


def draw(moment: Moment) -> None:
    """Draw the card, unless it is drawn already, and say it where the file says it here."""
    step = moment.stop.step
    assert isinstance(step, DrawStep)
    if not moment.is_answered:
        card, number = cards.draw(moment)
        give(moment, text=card, value=float(number))
    if step.lines is None:
        advance(moment)
    else:
        moment.change(spoken=moment.say_lines(moment.stop.key, step.lines, moment.stop, step.pause_s), then="next")


def draw_another(moment: Moment) -> None:
    """Put the card back, and draw the next in its place."""
    go_to(moment, cards.put_back(moment), 0, line="session.another")


def go_to(moment: Moment, place: int, item: int, line: str) -> None:
    """To an earlier stop, with a word about it."""
    moment.stop_timers()
    moment.change(tries=0, then="", unsaid="", hushed="drop" if moment.state.hushed else "")
    moment.change_session(at=place, item=item, breath=0, left_s=None, slots={}, so_far="")
    moment.say(line)
    enter(moment)


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


def _decided_off_record(moment: Moment) -> bool:
    """Whether this only asks if answers are to be kept, and nothing is kept anyway: then it is a no."""
    step, at = moment.stop.step, moment.session.at
    if not (moment.state.off_record and isinstance(step, OfferStep)) or step.yes or step.no:
        return False
    if not any(stop.kept_if is not None and at in stop.kept_if.stops for stop in moment.stops):
        return False
    give(moment, text="no", value="no")
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
    take_back_reminders(moment, replaced)
    kept = _keeps(moment)
    if kept:
        person, other = stop.answers
        closed = stop.is_closed(session.given)
        moment.emit(Record(stop.key, person, text, number, other or moment.about, closed))
    before = tuple(one for one in session.given if (one.stop, one.item) < here)
    moment.change_session(given=(*before, Given(session.at, session.item, kept, value)))
    moment.change(tries=0)


def begins_with(moment: Moment, person: str) -> None:
    """``person`` has the first turn, before any turn was had; the others follow in their order."""
    people = moment.session.people
    at = people.index(person)
    moment.change_session(people=(*people[at:], *people[:at]))
    moment.change(began=person)


def take_back_reminders(moment: Moment, replaced: Sequence[Given]) -> None:
    """The reminders that these answers set do not come any more."""
    for one in replaced:
        step = moment.stops[one.stop].step
        if isinstance(step, RemindStep) and one.value == REMINDER_SET:
            moment.emit(Unremind(step.what))


def _keeps(moment: Moment) -> bool:
    """Whether the journal keeps what is answered here."""
    stop = moment.stop
    if moment.state.off_record:
        return False
    if stop.kept_if is not None:
        return stop.kept_if.lets_pass(moment.session.given)
    return bool(getattr(stop.step, "keep", False)) and getattr(stop.step, "keep_if", None) is None


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
        words={},
        then="",
        unsaid="",
        tries=0,
        circle=moment.state.circle + 1 if shared else moment.state.circle,
    )


def drop_session(moment: Moment) -> None:
    """The session ends where it stands, without the sound of an end: something else follows, or nothing."""
    close(moment, "stopped")
    moment.effects = [effect for effect in moment.effects if not isinstance(effect, Play)]


# --- quiet, breath and count ---------------------------------------------------------------------------


def pace(moment: Moment) -> None:
    """The present beat of a breath or a count, or what follows the last."""
    if not beat(moment):
        end_quiet(moment)


def end_quiet(moment: Moment) -> None:
    """A quiet step is over, by time or by word: keep its minutes where the file says so."""
    step = moment.stop.step
    assert isinstance(step, Quiet)
    if isinstance(step, SilenceStep | BreatheStep) and step.keep:
        give(moment, number=round(passed_s(moment) / 60, 1))
    elif isinstance(step, TurnStep):
        give(moment)  # that it was held, and not passed
    advance(moment)
