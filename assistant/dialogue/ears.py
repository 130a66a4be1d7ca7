"""What the ears are told to expect, for each place the dialogue can be in."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.apart import WISH, may_be_apart
from assistant.dialogue.moment import Moment
from assistant.dialogue.requests import AT_A_QUESTION, BEGUN_BY, GUESSING, IN_A_RITUAL, INSTEAD_OF_A_TOPIC
from assistant.dialogue.ritual import ChooseStep, OfferStep, Question
from assistant.dialogue.steps import AskStep, RateStep, RemindStep, TurnStep
from assistant.events import Choice, Expectation, Listen, ListenMode, Play

# Understood at any moment of a ritual; docs/contracts.md lists them.
ANYTIME = (
    "stop",
    "pause",
    "resume",
    "repeat",
    "skip",
    "back",
    "help",
    "louder",
    "quieter",
    "slower",
    "faster",
    "more_time",
    "finished",
    "scratch",
    "stop_listening",
    "time_left",
)
YES_NO = ("yes", "no")
CLOSED_S = 10.0  # for the answer to a question of the engine's own
AFTER_NUDGE_S = 15.0  # once it has been said that there is no hurry
MORE_S = 8.0  # for one more of several answers
TAKE_TIME_S = 90.0  # after "take your time"
PAUSE_S = 300.0  # a pause that is longer ends in sleep; the ritual can be gone on with


def open_ears(moment: Moment, *, patient: bool = False) -> None:
    """Listen for what can be said now. ``patient``: somebody asked for more time."""
    listen = _listen(moment)
    if listen.expectation.mode not in (ListenMode.WAKE, ListenMode.OFF):
        session = moment.state.session
        people = session.people if session is not None else moment.state.people
        listen = replace(listen, expectation=replace(listen.expectation, people=people, known=moment.state.known))
    if patient and listen.no_input_s is not None:
        listen = Listen(listen.expectation, listen.endpoint, TAKE_TIME_S)
    if moment.state.phase == "command" and moment.state.speaking:
        moment.emit(Play("heard"))  # quietly: whatever comes next need not begin with the wake phrase
    moment.emit(listen)


def _listen(moment: Moment) -> Listen:
    match moment.state.phase:
        case "asleep":
            return Listen(Expectation(ListenMode.WAKE))
        case "command":
            intents = (*ANYTIME, *moment.library.starter_ids, *BEGUN_BY)
            return Listen(Expectation(ListenMode.COMMAND, intents), "command", moment.library.follow_up_s)
        case "muted":
            return Listen(Expectation(ListenMode.OFF))
        case "as_before":
            return Listen(Expectation(ListenMode.CHOICE, (*ANYTIME, *YES_NO), "yes_no"), "choice", CLOSED_S)
        case "names":
            return Listen(Expectation(ListenMode.ANSWER, (*ANYTIME, "no"), "names"), "short", CLOSED_S)
        case "go_on":
            intents = (*ANYTIME, *YES_NO, *moment.library.starter_ids, *BEGUN_BY)
            return Listen(Expectation(ListenMode.CHOICE, intents, "yes_no"), "choice", CLOSED_S)
        case "paused":
            return Listen(Expectation(ListenMode.COMMAND, ANYTIME), "command", PAUSE_S)
        case "errand":
            return _in_errand(moment)
        case "ritual":
            return _at_step(moment)


def awaits_a_topic(moment: Moment) -> bool:
    """Whether it was asked of what something is, and no ritual waits behind that."""
    errand = moment.state.errand
    return errand is not None and errand.awaits == "topic" and moment.state.session is None


def _in_errand(moment: Moment) -> Listen:
    assert moment.state.errand is not None
    intents = (*ANYTIME, *YES_NO, *IN_A_RITUAL)
    if moment.state.errand.name == GUESSING:  # what was really wanted may be said instead of no
        intents = (*intents, *moment.library.starter_ids, *BEGUN_BY)
    if awaits_a_topic(moment):
        intents = (*intents, *sorted(INSTEAD_OF_A_TOPIC))
    match moment.state.errand.awaits:
        case "yes_no":
            return Listen(Expectation(ListenMode.CHOICE, intents, "yes_no"), "choice", CLOSED_S)
        case "choice":
            choices = moment.state.errand.choices
            return Listen(Expectation(ListenMode.CHOICE, intents, "choice", choices), "choice", CLOSED_S)
        case "when":
            awaited = Expectation(ListenMode.CHOICE, intents, "when", so_far=moment.state.errand.so_far)
            return Listen(awaited, "short", CLOSED_S)
        case "free" | "names" | "word" | "topic" as slot:
            return Listen(Expectation(ListenMode.ANSWER, intents, slot), "short", CLOSED_S)
        case slot:
            return Listen(Expectation(ListenMode.CHOICE, intents, slot), "choice", CLOSED_S)


def _at_step(moment: Moment) -> Listen:
    step = moment.stop.step
    wait_s = AFTER_NUDGE_S
    if isinstance(step, Question) and moment.state.tries == 0:
        wait_s = step.wait_s if moment.session.item == 0 else MORE_S
    intents = (*ANYTIME, *YES_NO, *AT_A_QUESTION)
    match step:
        case AskStep(answer="text"):
            if may_be_apart(moment):
                intents = (*intents, WISH)
            return Listen(Expectation(ListenMode.ANSWER, intents, "free"), step.endpoint, wait_s)
        case AskStep(answer="word"):
            # "Okay" is a word for a day, and "yes" answers nothing here.
            return Listen(Expectation(ListenMode.ANSWER, (*ANYTIME, "no", *AT_A_QUESTION), "word"), "short", wait_s)
        case AskStep(answer="name"):
            return Listen(Expectation(ListenMode.ANSWER, (*ANYTIME, "no"), "names"), "short", wait_s)
        case RemindStep():
            so_far = moment.session.so_far
            return Listen(Expectation(ListenMode.ANSWER, (*ANYTIME, "no"), "when", so_far=so_far), "short", wait_s)
        case AskStep():
            limits = Expectation(ListenMode.CHOICE, ANYTIME, "duration", low=step.low, high=step.high)
            return Listen(limits, "choice", wait_s)
        case RateStep():
            limits = Expectation(ListenMode.CHOICE, ANYTIME, "rating", low=step.low, high=step.high)
            return Listen(limits, "choice", wait_s)
        case ChooseStep():
            choices = tuple(Choice(option.id, option.phrases) for option in step.options)
            return Listen(Expectation(ListenMode.CHOICE, ANYTIME, "choice", choices), "choice", wait_s)
        case OfferStep():
            or_words = step.at_once is not None
            offered = Expectation(ListenMode.CHOICE, intents, "yes_no", or_words=or_words)
            return Listen(offered, "offer" if or_words else "choice", wait_s)
        case TurnStep():
            return Listen(Expectation(ListenMode.ANSWER, ANYTIME, "free"), "turn")
        case _:  # a quiet step, or words that are being said
            return Listen(Expectation(ListenMode.COMMAND, ANYTIME), "command")
