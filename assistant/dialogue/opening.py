"""From a ritual that was asked for to its first step: who is here, and are they neither too few nor too many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistant.dialogue.course import advance, drop_session
from assistant.dialogue.ears import open_ears
from assistant.dialogue.errand import ask, set_out
from assistant.dialogue.errand import go_on as keep_in_mind
from assistant.dialogue.library import START
from assistant.dialogue.moment import Moment
from assistant.dialogue.requests import GUESSING
from assistant.dialogue.state import Session, Starting
from assistant.dialogue.waking import sleep
from assistant.dialogue.wording import row
from assistant.events import Meaning, OpenSession

ALONE = "alone"  # in the slots of a start: who is by themselves, "" without a name
RUNGS = 2  # so often a question of the engine's own is asked again


def start(moment: Moment, intent: str, slots: Mapping[str, Any]) -> None:
    """A ritual was asked for."""
    if moment.state.session is not None:
        drop_session(moment)
    ritual_id = intent.removeprefix(START)
    ritual = moment.library.rituals[ritual_id]
    if moment.state.gentle and ritual.people.min > 1:
        _withhold(moment)
        return
    said = {key: value for key, value in slots.items() if isinstance(value, str | int | float) and key != ALONE}
    moment.change(starting=Starting(ritual_id, said), tries=0, then="", unsaid="")
    people = moment.state.people
    named = () if set(slots.get("names", ())) <= set(people) else slots["names"]
    if ALONE in slots:
        alone(moment, str(slots[ALONE]))
    elif named and ritual.asks_who:
        names(moment, Meaning("", slots=slots))
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
    elif given and meaning.slots.get("namesake"):
        _ask_other_name(moment, given, str(meaning.slots["namesake"]))
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


def _ask_other_name(moment: Moment, named: tuple[str, ...], name: str) -> None:
    """Two people have one name: answers could not be told apart. Once only, as for one's own."""
    assert moment.state.starting is not None
    moment.change(starting=replace(moment.state.starting, named=named, own=True), phase="names", tries=RUNGS - 1)
    moment.say("who.namesake", name=name)
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
