"""From the wake phrase to the first step: what shall we do, who is here, shall we go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from assistant.dialogue.advice import advise
from assistant.dialogue.course import advance, close, enter
from assistant.dialogue.ears import open_ears
from assistant.dialogue.errand import ask, set_out
from assistant.dialogue.errand import go_on as keep_in_mind
from assistant.dialogue.library import START
from assistant.dialogue.moment import MUTE_TIMER, Moment
from assistant.dialogue.requests import GUESSING
from assistant.dialogue.state import Session, Starting
from assistant.dialogue.wording import row
from assistant.events import CancelTimer, Meaning, OpenSession, Play, StartTimer

ALONE = "alone"  # in the slots of a start: who is by themselves, "" without a name
RUNGS = 2  # so often a question of the engine's own is asked again


def wake(moment: Moment) -> None:
    """The wake phrase was heard."""
    moment.emit(Play("woken"))
    moment.change(tries=0)
    if moment.state.session is None:
        moment.change(phase="command")
    else:
        moment.change(phase="go_on")
        _ask_to_go_on(moment)
    open_ears(moment)


def sleep(moment: Moment, phase: Literal["asleep", "muted"] = "asleep") -> None:
    """Back to waiting for the wake phrase; an unfinished session stays to be gone on with."""
    moment.stop_timers()
    moment.change(phase=phase, starting=None, errand=None, tries=0, then="", unsaid="")
    open_ears(moment)


def mute(moment: Moment, minutes: int) -> None:
    """Hear nothing, not the wake phrase either, for so long or until a hand; an unfinished session stays."""
    moment.say("session.muted", minutes=moment.in_words(minutes))
    moment.emit(StartTimer(MUTE_TIMER, minutes * 60.0))
    sleep(moment, "muted")


def unmute(moment: Moment) -> None:
    """The time is over, or a hand said so."""
    moment.emit(CancelTimer(MUTE_TIMER), Play("heard"))
    sleep(moment)


def no_match(moment: Moment) -> None:
    """Awake, and what was said is nothing that can be done: one short word, then back to sleep."""
    if moment.state.tries > 0:
        sleep(moment)
        return
    moment.say("safety.not_heard" if moment.state.gentle else "awake.not_heard")
    advise(moment)
    moment.change(tries=1)
    open_ears(moment)


# --- shall we go on? -----------------------------------------------------------------------------------


def _ask_to_go_on(moment: Moment) -> None:
    moment.say("awake.go_on", ritual=moment.ritual.title)


def go_on(moment: Moment) -> None:
    """Take up the unfinished ritual at the step where it stopped."""
    moment.change(phase="ritual")
    moment.say("awake.going_on")
    enter(moment)


def not_going_on(moment: Moment) -> None:
    close(moment, "stopped")
    moment.effects = [effect for effect in moment.effects if not isinstance(effect, Play)]
    moment.change(phase="command")
    moment.say("awake.not_going_on")
    open_ears(moment)


def go_on_unclear(moment: Moment) -> None:
    """Neither yes nor no: ask once more, then sleep and keep it."""
    if moment.state.tries > 0:
        sleep(moment)
        return
    _ask_to_go_on(moment)
    moment.change(tries=1)
    open_ears(moment)


# --- who is here? --------------------------------------------------------------------------------------


def start(moment: Moment, intent: str, slots: Mapping[str, Any]) -> None:
    """A ritual was asked for."""
    if moment.state.session is not None:
        close(moment, "stopped")
        moment.effects = [effect for effect in moment.effects if not isinstance(effect, Play)]
    ritual_id = intent.removeprefix(START)
    ritual = moment.library.rituals[ritual_id]
    if moment.state.gentle and ritual.people.min > 1:
        _withhold(moment)
        return
    said = {key: value for key, value in slots.items() if isinstance(value, str | int | float) and key != ALONE}
    moment.change(starting=Starting(ritual_id, said), tries=0, then="", unsaid="")
    people = moment.state.people
    if ALONE in slots:
        alone(moment, str(slots[ALONE]))
    elif not ritual.asks_who:
        _open(moment, people if moment.state.settled else ())
    elif not people:
        ask_names(moment)
    elif len(people) > ritual.people.max == 1:
        _ask_which_one(moment, people)
    elif not moment.state.settled:
        moment.change(phase="as_before")
        _ask_as_before(moment)
        open_ears(moment)
    else:
        settle(moment, people)


def _ask_as_before(moment: Moment) -> None:
    people = moment.state.people
    moment.say("who.as_before_alone" if len(people) == 1 else "who.as_before", people=_row(moment, people))


def as_before(moment: Moment, meaning: Meaning) -> None:
    """The answer to "Ana and Ben, as before?"."""
    names = meaning.slots.get("names")
    yes = meaning.slots.get("yes_no")
    if names:
        settle(moment, tuple(names))
    elif yes is True or meaning.intent == "yes" or _names_all(moment, meaning.text):
        settle(moment, moment.state.people)
    else:  # a no, or most likely other names, which are not awaited here
        ask_names(moment)


def _names_all(moment: Moment, text: str) -> bool:
    """Whether just those who were here before are named, and nobody else."""
    words = set(text.lower().replace(",", " ").rstrip(".!").split())
    return words - set(moment.prompts.joiner.split()) == {name.lower() for name in moment.state.people}


def as_before_unclear(moment: Moment) -> None:
    """No answer: ask once more, then take it that it is as before."""
    if moment.state.tries > 0:
        settle(moment, moment.state.people)
        return
    _ask_as_before(moment)
    moment.change(tries=1)
    open_ears(moment)


def ask_names(moment: Moment) -> None:
    moment.change(phase="names", tries=0)
    moment.say("who.ask")
    open_ears(moment)


def _ask_which_one(moment: Moment, people: tuple[str, ...]) -> None:
    moment.change(phase="names")
    moment.say("who.just_one", people=row(people, moment.prompts.either))
    open_ears(moment)


def names(moment: Moment, meaning: Meaning) -> None:
    """The answer to "Who is here tonight?"."""
    starting = moment.state.starting
    assert starting is not None
    given = tuple(str(name) for name in meaning.slots.get("names", ()))
    if given and starting.own:
        settle(moment, (*given, *starting.named))
    elif given and meaning.slots.get("speaker_too"):
        moment.change(starting=replace(starting, named=given))
        _ask_own_name(moment)
    elif given:
        settle(moment, given)
    elif meaning.slots.get(ALONE):
        alone(moment)
    else:
        names_unclear(moment)


def alone(moment: Moment, name: str = "") -> None:
    """Somebody is by themselves: called ``name``, or else asked for it where that matters."""
    starting = moment.state.starting
    assert starting is not None
    ritual = moment.library.rituals[starting.ritual]
    named = (name,) if name else starting.named[:1]
    if ritual.people.min > 1:
        moment.change(starting=replace(starting, named=named))
        _leave_to_one(moment)
    elif named:
        settle(moment, named)
    elif not ritual.asks_who:
        _open(moment, ())
    else:
        _ask_own_name(moment)


def _ask_own_name(moment: Moment) -> None:
    """Once only: without an answer it goes on with those who were named."""
    assert moment.state.starting is not None
    moment.change(starting=replace(moment.state.starting, own=True), phase="names", tries=RUNGS - 1)
    moment.say("who.your_name")
    open_ears(moment)


def _leave_to_one(moment: Moment) -> None:
    """They are too few: offer what one can do alone, where the ritual names something; else leave it."""
    starting = moment.state.starting
    assert starting is not None
    ritual = moment.library.rituals[starting.ritual]
    if ritual.for_one is None:
        _say_too_few(moment)
        sleep(moment)
        return
    instead = moment.library.rituals[ritual.for_one].title
    name = starting.named[0] if len(starting.named) == 1 else ""
    moment.change(starting=None)
    set_out(moment, GUESSING)
    keep_in_mind(moment, intent=START + ritual.for_one, slots={ALONE: name})
    ask(moment, "who.for_one", ritual=ritual.title, instead=instead)


def names_unclear(moment: Moment) -> None:
    """No name was heard: ask once more, then go on without, where one person may be alone."""
    if moment.state.tries < RUNGS - 1:
        moment.say("who.ask_again")
        moment.change(tries=moment.state.tries + 1)
        open_ears(moment)
    else:
        without_names(moment)


def without_names(moment: Moment) -> None:
    starting = moment.state.starting
    assert starting is not None
    if starting.named and starting.own:
        moment.change(starting=replace(starting, own=False))
        settle(moment, starting.named)
        return
    if moment.library.rituals[starting.ritual].people.min > 1:
        _leave_to_one(moment)
        return
    moment.say("who.without_names")
    _open(moment, ())


def settle(moment: Moment, people: tuple[str, ...]) -> None:
    """These people take part, when they are neither too few nor too many."""
    starting = moment.state.starting
    assert starting is not None
    limits = moment.library.rituals[starting.ritual].people
    people = tuple(dict.fromkeys(people))
    if len(people) < limits.min:
        people = tuple(dict.fromkeys((*starting.named, *people)))
    if limits.min <= len(people) <= limits.max:
        one_of_many = limits.max == 1 and len(moment.state.people) > 1
        if not one_of_many:
            if not moment.state.settled:
                moment.say("who.welcome", people=_row(moment, people))
            moment.change(people=people, settled=True)
        _open(moment, people)
        return
    if limits.max == 1 and moment.state.tries == 0:
        _ask_which_one(moment, people)
        moment.change(tries=1)
        return
    again = moment.state.phase == "names" and moment.state.tries > 0
    if len(people) < limits.min and again:
        moment.change(starting=replace(starting, named=people))
        _leave_to_one(moment)
        return
    if len(people) < limits.min:
        _say_too_few(moment)
    else:
        moment.say("who.too_many", most=moment.in_words(limits.max))
    if again:
        sleep(moment)
        return
    if len(people) < limits.min:
        moment.say("who.who_else")
        moment.change(starting=replace(starting, named=people))
    moment.change(phase="names", tries=1)
    open_ears(moment)


def _say_too_few(moment: Moment) -> None:
    starting = moment.state.starting
    assert starting is not None
    ritual = moment.library.rituals[starting.ritual]
    moment.say("who.too_few", ritual=ritual.title, least=moment.in_words(ritual.people.min))


def _row(moment: Moment, people: tuple[str, ...]) -> str:
    return row(people, moment.prompts.joiner)


def _withhold(moment: Moment) -> None:
    """Nothing for two people this evening: another day, without a reason given."""
    moment.say("safety.withheld")
    moment.change(phase="command", starting=None, tries=0)
    open_ears(moment)


def _open(moment: Moment, people: tuple[str, ...]) -> None:
    """Begin the session. Who had the first turn the last time is followed by the next."""
    starting = moment.state.starting
    assert starting is not None
    if moment.state.gentle and len(people) > 1:
        if moment.library.rituals[starting.ritual].asks_who:
            _withhold(moment)
            return
        people = ()  # a quiet one, which anybody may sit with
    order = people
    if len(people) > 1:
        began = moment.state.began
        first = (people.index(began) + 1) % len(people) if began in people else 0
        order = (*people[first:], *people[:first])
        moment.change(began=order[0])
    session = Session(
        ritual=starting.ritual,
        edition=moment.library.editions[starting.ritual],
        people=order,
        circle=moment.state.circle,
        slots=starting.slots,
        unopened=moment.state.off_record,
    )
    if moment.state.off_record:
        moment.say("record.still_off")
    else:
        moment.emit(OpenSession(starting.ritual, order, moment.state.seed))
    moment.change(session=session, starting=None, phase="ritual", tries=0)
    advance(moment)


def begin(moment: Moment) -> None:
    """At the start of the program: nothing sounds and nothing is timed any more; an unfinished session stays."""
    session = moment.state.session
    moment.change(
        phase="asleep",
        starting=None,
        errand=None,
        speaking=False,
        hushed="",
        then="",
        unsaid="",
        lost=False,
        tries=0,
        settled=moment.state.configured,
    )
    send_guests_home(moment)
    if session is not None:
        known = moment.library.editions.get(session.ritual) == session.edition
        if known:
            moment.change(session=replace(session, since_s=None))
        else:  # its file is gone or has changed, so its place in it means nothing any more
            close(moment, "stopped")
            moment.effects = [effect for effect in moment.effects if not isinstance(effect, Play)]
    open_ears(moment)


def send_guests_home(moment: Moment) -> None:
    """Guests are people for one evening."""
    guests = moment.state.guests
    moment.change(people=tuple(name for name in moment.state.people if name not in guests), guests=())


def device_back(moment: Moment) -> None:
    """The device is there again: take up what was being said or asked."""
    moment.change(lost=False, speaking=False, hushed="", then="", unsaid="")
    match moment.state.phase:
        case "ritual":
            moment.say("session.device_back")
            enter(moment)
        case "as_before" | "names" | "command" | "go_on" | "errand":
            sleep(moment)
        case _:
            open_ears(moment)
