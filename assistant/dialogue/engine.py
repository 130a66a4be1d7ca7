"""The dialogue as one pure function: state and event in, state and effects out."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import apart, course, opening, requests, safety, waking
from assistant.dialogue.advice import advise
from assistant.dialogue.answers import answered, silent
from assistant.dialogue.cards import asks_for_another
from assistant.dialogue.commands import COMMANDS, command, leave_out, matters, mute, rephrase
from assistant.dialogue.course import draw_another, end_quiet, pace
from assistant.dialogue.ears import awaits_a_topic, open_ears
from assistant.dialogue.errand import ask_again, current, set_out
from assistant.dialogue.errands import ERRANDS
from assistant.dialogue.errands.asking import is_answered
from assistant.dialogue.errands.guessing import granted, is_guessing
from assistant.dialogue.errands.joining import is_new_here
from assistant.dialogue.errands.leaving import is_about_somebody_here, is_the_one_asked
from assistant.dialogue.errands.reminding import left_unanswered, remind
from assistant.dialogue.floor import floor_kept, interrupted, was_a_command
from assistant.dialogue.library import START, Library
from assistant.dialogue.moment import (
    BREATH_TIMER,
    EVENING_TIMER,
    MUTE_TIMER,
    PAUSE_TIMER,
    QUIET_TIMER,
    TICK_TIMER,
    Moment,
)
from assistant.dialogue.requests import AT_A_QUESTION, BEGUN_BY, GUESSING, IN_A_RITUAL, INSTEAD_OF_A_TOPIC
from assistant.dialogue.ritual import Question
from assistant.dialogue.state import State
from assistant.dialogue.steps import Paced, Timed, TurnStep
from assistant.dialogue.taking_up import continue_
from assistant.events import (
    CancelTimer,
    DeviceBack,
    DeviceLost,
    Effect,
    Event,
    FloorKept,
    HardToHear,
    Hypothesis,
    Interrupted,
    Learned,
    Meaning,
    Play,
    PlaybackFinished,
    Quit,
    ReminderDue,
    Say,
    Silence,
    StopRequested,
    TimerFired,
    UnmuteRequested,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)

Effects = tuple[Effect, ...]


def begin(state: State, library: Library) -> tuple[State, Effects]:
    """At the start of the program: wait for the wake phrase; an unfinished ritual is offered when it is heard."""
    moment = Moment(state, library, 0.0)
    waking.begin(moment)
    return moment.state, tuple(moment.effects)


def step(state: State, event: Event, library: Library) -> tuple[State, Effects]:
    """What ``event`` changes and what is to be done about it. Pure: the same input gives the same output.

    After each step something is still to come: words that are being said, open ears, or a timer.
    """
    moment = Moment(state, library, event.at_s)
    if not state.lost or isinstance(event, DeviceBack | StopRequested | PlaybackFinished):
        _step(moment, event)
        left_unanswered(moment, event)
    return moment.state, tuple(moment.effects)


def cannot_keep(state: State, library: Library, at_s: float) -> tuple[State, Effects]:
    """The journal refused what the last step was to keep: ``state`` is the one before that."""
    moment = Moment(state, library, at_s)
    waking.cannot_keep(moment)
    return moment.state, tuple(moment.effects)


def is_free(state: State) -> bool:
    """Whether nobody is being talked to, so that a reminder disturbs nothing."""
    return state.phase == "asleep" and not state.speaking and not state.lost


def is_apart(state: State, library: Library) -> bool:
    """Whether what is said now is an answer that will be closed."""
    if state.phase == "errand" and state.errand is not None:
        return (state.errand.name, state.errand.stage) == ("closed_answers", "answer")
    if state.phase != "ritual" or state.session is None:
        return False
    moment = Moment(state, library, 0.0)
    if not 0 <= state.session.at < len(moment.stops):
        return False
    return isinstance(moment.stop.step, Question) and moment.stop.is_closed(state.session.given)


def _step(moment: Moment, event: Event) -> None:
    match event:
        case WakeHeard():
            if moment.state.phase == "asleep":
                moment.hush()
                moment.change(hushed="drop" if moment.state.hushed else "")
                waking.wake(moment)
        case UtteranceHeard(meaning=Meaning() as meaning, utterance=utterance):
            moment.utterance = utterance
            _heard(moment, meaning)
        case Silence():
            if not moment.state.speaking:
                _silent(moment)
        case PlaybackFinished(unsaid=unsaid):
            _played(moment, unsaid)
        case TimerFired(name=name):
            _timer(moment, name)
        case Learned():
            _learned(moment, event)
        case Interrupted():
            interrupted(moment, event)
        case FloorKept():
            floor_kept(moment, event)
        case UnmuteRequested():
            if moment.state.phase == "muted":
                waking.unmute(moment)
        case ReminderDue():
            remind(moment, event)
        case HardToHear():
            moment.change(hard_to_hear=event.trouble)
        case DeviceLost():
            moment.stop_timers()
            moment.change(lost=True, speaking=False, hushed="")
        case DeviceBack():
            waking.device_back(moment)
        case StopRequested():
            moment.hush()
            moment.stop_timers()
            moment.emit(CancelTimer(PAUSE_TIMER), Quit())
        case _:
            pass  # partial words, voice activity, a failed sentence: nothing to say


def _heard(moment: Moment, meaning: Meaning) -> None:
    if moment.state.phase in ("asleep", "muted"):
        return
    if meaning.safety is not None:
        safety.pause(moment)
        return
    intent = meaning.intent or ""
    if moment.state.speaking:
        if intent in COMMANDS:
            if not matters(moment, intent):
                return
        elif not (meaning.slots and _asks(moment)) and not _may_begin(moment, intent):
            return  # talk over the voice is no answer, nor is anything where nothing was asked
        moment.hush()
    wished = granted(moment, meaning)
    if wished is not None:
        meaning, intent = wished, wished.intent or ""
    if _is_told(moment, meaning):
        meaning, intent = replace(meaning, intent=None, slots={}), ""
    if meaning.unsure:
        _wonder(moment, meaning)
    elif _may_begin(moment, intent):
        _begin(moment, intent, meaning)
    elif moment.state.phase in ("as_before", "go_on", "names") and intent in ("yes", "no"):
        _answer_opening(moment, meaning)
    elif moment.state.phase == "errand" and intent in ("yes", "no", "finished"):
        _answer(moment, meaning)
    elif asks_for_another(moment, meaning):
        draw_another(moment)
    elif intent == requests.SKIPS:
        leave_out(moment)
    elif intent in COMMANDS:
        was_a_command(moment)
        _command(moment, intent, meaning)
    else:
        _answer(moment, meaning)


def _is_told(moment: Moment, meaning: Meaning) -> bool:
    """Whether it is said of somebody, or of something, that is none of Evensong's business, and so tells something."""
    match meaning.intent:
        case requests.LEAVES:
            return not is_about_somebody_here(moment, meaning)
        case requests.JOINS:
            return not is_new_here(moment, meaning)
        case requests.SKIPS:
            return not is_the_one_asked(moment, meaning)
        case requests.ASKS:
            return moment.state.phase == "ritual" and not is_answered(moment, meaning)
        case _:
            return False


def _command(moment: Moment, intent: str, meaning: Meaning) -> None:
    if "mute" in meaning.slots:
        mute(moment, meaning.slots)
    elif "otherwise" in meaning.slots and moment.state.phase == "ritual":
        rephrase(moment)
    else:
        command(moment, intent)


def _wonder(moment: Moment, meaning: Meaning) -> None:
    """A guess is asked about between rituals where it could mean something; within one there is no reason to ask."""
    if moment.state.phase == "command" and matters(moment, meaning.intent or ""):
        set_out(moment, GUESSING)
        ERRANDS[GUESSING].begin(moment, meaning)
    else:
        _answer(moment, replace(meaning, intent=None, slots={}))


def _may_begin(moment: Moment, intent: str) -> bool:
    """Whether this is a ritual or an errand that can be begun now."""
    if intent.startswith(START) or intent in BEGUN_BY:
        if intent == apart.WISH and moment.state.phase == "ritual":
            return apart.may_be_apart(moment)
        return (
            moment.state.phase in ("command", "go_on")
            or is_guessing(moment)
            or (intent in IN_A_RITUAL and moment.state.phase not in ("errand", "paused"))
            or (intent in AT_A_QUESTION and moment.state.phase == "ritual")
            or (intent in INSTEAD_OF_A_TOPIC and awaits_a_topic(moment))
        )
    return False


def _begin(moment: Moment, intent: str, meaning: Meaning) -> None:
    if intent == apart.WISH and moment.state.phase == "ritual":
        course.go_to(moment, apart.wish(moment), 0, line="apart.begins")
        return
    if is_guessing(moment) or awaits_a_topic(moment):  # this is what was wanted instead
        moment.change(errand=None, phase="command", tries=0)
    if intent in BEGUN_BY:
        set_out(moment, BEGUN_BY[intent])
        ERRANDS[BEGUN_BY[intent]].begin(moment, meaning)
    elif intent.removeprefix(START) in moment.library.rituals:
        opening.start(moment, intent, meaning.slots)
    else:
        waking.no_match(moment)


def _asks(moment: Moment) -> bool:
    return moment.state.phase != "ritual" or isinstance(moment.stop.step, Question)


def _answer(moment: Moment, meaning: Meaning) -> None:
    match moment.state.phase:
        case "ritual":
            answered(moment, meaning)
        case "command":
            waking.no_match(moment)
        case "errand":
            ERRANDS[current(moment).name].heard(moment, meaning)
        case "paused":
            open_ears(moment)  # people talk to each other
        case _:
            _answer_opening(moment, meaning)


def _answer_opening(moment: Moment, meaning: Meaning) -> None:
    match moment.state.phase:
        case "as_before":
            opening.as_before(moment, meaning)
        case "names":
            opening.names(moment, meaning) if meaning.intent != "no" else opening.without_names(moment)
        case _:
            yes = meaning.slots.get("yes_no")
            if yes is True or meaning.intent == "yes":
                waking.go_on(moment)
            elif yes is False or meaning.intent == "no":
                waking.not_going_on(moment)
            else:
                waking.go_on_unclear(moment)


def _silent(moment: Moment) -> None:
    match moment.state.phase:
        case "ritual":
            silent(moment)
        case "command":
            advise(moment)
            waking.sleep(moment)
        case "paused":
            waking.sleep(moment)
        case "as_before":
            opening.as_before_unclear(moment)
        case "names":
            opening.names_unclear(moment)
        case "go_on":
            waking.go_on_unclear(moment)
        case "errand":
            (ERRANDS[current(moment).name].unclear or ask_again)(moment)
        case "asleep" | "muted":
            pass


def _learned(moment: Moment, learned: Learned) -> None:
    if moment.state.phase == "errand":
        take = ERRANDS[current(moment).name].learned
        assert take is not None, "only an errand that asked memory is answered"
        take(moment, learned)
    elif moment.state.phase == "ritual":
        course.learned(moment, learned)


def _played(moment: Moment, unsaid: str) -> None:
    state = moment.state
    if state.hushed:
        moment.change(hushed="")
        if state.hushed == "take":
            moment.change(unsaid=unsaid)
        if state.phase == "ritual" and state.then == "continue" and not state.speaking:
            continue_(moment)  # the command had no answer in words
        return
    if unsaid:  # cut by the app itself, without a Hush: it goes on when it is spoken to
        moment.change(speaking=False, unsaid=unsaid)
        return
    moment.change(speaking=False)
    if state.phase != "ritual" or state.lost:
        return
    if state.then == "next":
        course.go_on(moment)
    elif state.then == "continue":
        continue_(moment)


def _timer(moment: Moment, name: str) -> None:
    state = moment.state
    if name == EVENING_TIMER:
        moment.change(settled=state.configured, gentle=False, hard_to_hear="", advised=False)
        waking.send_guests_home(moment)
    elif name == MUTE_TIMER and state.phase == "muted":
        waking.unmute(moment)
    elif name == PAUSE_TIMER and state.phase == "paused":
        waking.sleep(moment)
    elif state.phase == "ritual" and moment.session.since_s is not None:
        at = moment.stop.step
        if name == QUIET_TIMER and isinstance(at, Timed):
            end_quiet(moment)
        elif name == TICK_TIMER and isinstance(at, TurnStep):
            moment.emit(Play("tick"))
        elif name == BREATH_TIMER and isinstance(at, Paced):
            moment.change_session(breath=moment.session.breath + 1)
            pace(moment)


def upcoming(state: State, library: Library) -> tuple[str, ...]:
    """Texts likely to be said next, the likeliest first: what `step` would say to what may happen now."""
    texts: dict[str, None] = {}
    # What waits in the queue is made already; what follows is asked of the moment when it has been heard.
    quiet = replace(state, speaking=False, hushed="")
    for event in _likely(quiet, library):
        after, effects = step(quiet, event, library)
        if after.then == "next":
            effects += step(after, PlaybackFinished(event.at_s), library)[1]
        texts.update({effect.text: None for effect in effects if isinstance(effect, Say)})
    return tuple(texts)


def _likely(state: State, library: Library) -> tuple[Event, ...]:
    at_s = state.session.since_s if state.session and state.session.since_s is not None else 0.0
    if state.phase == "ritual" and state.then:
        return (PlaybackFinished(at_s),)
    timers = tuple(TimerFired(at_s, name) for name in (BREATH_TIMER, QUIET_TIMER))
    meanings: tuple[Meaning, ...]
    match state.phase:
        case "asleep" | "paused" | "muted":
            return (WakeHeard(at_s, ""),)
        case "command":
            meanings = tuple(Meaning("", intent=intent) for intent in library.starter_ids)
        case "ritual":
            slots = {"rating": 5, "duration_s": 300.0, "yes_no": True}
            meanings = (Meaning("something", slots=slots), Meaning("", intent="skip"))
        case _:
            meanings = (Meaning("", slots={"yes_no": True, "names": list(state.people)}),)
    heard = Utterance((Hypothesis("something"),))
    said = tuple(UtteranceHeard(at_s, heard, meaning) for meaning in meanings)
    return (*timers, *said, Silence(at_s, 0.0))
