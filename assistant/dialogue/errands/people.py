"""Who is here: "my name is Ana", "there are three of us", "Tom is our guest", "no, Anna", "who is speaking?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.errand import Errand, ask, ask_again, current, done, facts, go_on, set_out, yes_or_no
from assistant.dialogue.errands.voices import VOICES, is_about_voices
from assistant.dialogue.moment import Moment
from assistant.dialogue.wording import row
from assistant.events import Learned, Meaning, Rename, TellVoice

MOST = 4
CORRECTIONS = 2  # after so many, the last one heard is taken: nobody is held up by a name

ASKED = "asked"
CHECKING = "checking"


def _begin(moment: Moment, meaning: Meaning) -> None:
    names = _names_in(meaning)
    wrong = meaning.slots.get("instead_of")
    if meaning.intent == "who_is_speaking":
        moment.emit(TellVoice())
    elif wrong:
        _rename(moment, str(wrong), names[0])
        moment.say("people.corrected", name=names[0])
        done(moment)
    elif moment.state.session is not None:
        moment.say("people.later")  # who takes part is settled before a ritual begins
        done(moment)
    elif is_about_voices(moment, meaning):
        set_out(moment, "voices")
        VOICES.begin(moment, meaning)
    else:
        go_on(moment, ASKED, guest=bool(meaning.slots.get("guest")), count=int(meaning.slots.get("count", 0)))
        if names:
            _take(moment, names)
        else:
            ask(moment, "people.ask_all" if facts(moment)["count"] > 1 else "people.ask", "names")


def _heard(moment: Moment, meaning: Meaning) -> None:
    names = _names_in(meaning)
    if current(moment).stage == ASKED:
        if names:
            _take(moment, names)
        else:
            ask_again(moment)
        return
    wrong = meaning.slots.get("instead_of")
    if not names and yes_or_no(meaning) is False:
        ask(moment, "people.ask_again", "names")
    elif names and facts(moment)["corrections"] < CORRECTIONS:
        old = str(wrong) if wrong else facts(moment)["names"][-1]
        _rename(moment, old, names[0])
        taken = [names[0] if name == old else name for name in facts(moment)["names"]]
        go_on(moment, corrections=facts(moment)["corrections"] + 1, names=taken)
        ask(moment, "people.right", "names", names=row(taken, moment.prompts.joiner))
    else:
        _settle(moment)


def _unclear(moment: Moment) -> None:
    """Nobody objects."""
    if current(moment).stage == CHECKING:
        _settle(moment)
    else:
        ask_again(moment)


def _take(moment: Moment, names: Sequence[str]) -> None:
    """``names`` are here. What was heard is said back, and can be put right."""
    told = facts(moment)
    here = moment.state.people if not told["count"] else ()
    everybody = tuple(dict.fromkeys((*here, *names)))
    if len(everybody) > MOST:
        moment.say("people.too_many", most=moment.in_words(MOST))
        done(moment)
        return
    guests = moment.state.guests
    if told["guest"]:
        guests = tuple(dict.fromkeys((*guests, *names)))
    moment.change(people=everybody, guests=guests)
    go_on(moment, CHECKING, names=list(names), corrections=0)
    ask(moment, "people.right", "names", names=row(tuple(names), moment.prompts.joiner))


def _settle(moment: Moment) -> None:
    moment.change(settled=True, known=tuple(dict.fromkeys((*moment.state.known, *moment.state.people))))
    moment.say("people.settled")
    done(moment)


def _rename(moment: Moment, old: str, new: str) -> None:
    """``old`` was got wrong, here and in what the open session keeps."""

    def right(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(new if name == old else name for name in names))

    state = moment.state
    moment.change(
        people=right(state.people),
        guests=right(state.guests),
        known=tuple(name for name in state.known if name != old),
        began=new if state.began == old else state.began,
    )
    if state.session is not None:
        moment.change(session=replace(state.session, people=right(state.session.people)))
        moment.emit(Rename(old, new))


def _learned(moment: Moment, learned: Learned) -> None:
    """Whose voice it was that asked who is speaking; a name is never guessed."""
    known = learned.facts or {}
    people = moment.state.people
    match known.get("told"):
        case "known":
            moment.say("people.sounds_like", name=str(known["person"]))
        case "stranger":
            moment.say("people.new_voice")
        case "unsure":
            moment.say("people.not_sure")
        case _:
            _say_who_is_here(moment, people)
    done(moment)


def _say_who_is_here(moment: Moment, people: Sequence[str]) -> None:
    if people:
        moment.say("people.with_us", people=row(people, moment.prompts.joiner))
    else:
        moment.say("people.nobody")


def _names_in(meaning: Meaning) -> list[str]:
    return [str(name) for name in meaning.slots.get("names", ())]


PEOPLE = Errand(_begin, _heard, _learned, _unclear)
