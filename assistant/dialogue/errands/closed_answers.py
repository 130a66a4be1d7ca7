"""Answers that were given apart: one more is given, they are opened once all agree, or deleted unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.dialogue import apart
from assistant.dialogue.errand import Errand, ask, ask_again, current, done, drop, facts, go_on, yes_or_no
from assistant.dialogue.lines import Variants
from assistant.dialogue.moment import Moment
from assistant.dialogue.ritual import walk
from assistant.dialogue.steps import AskStep, DrawStep
from assistant.dialogue.wording import lines_for, row
from assistant.events import AgreeToOpen, Forget, Inquire, Learned, Meaning, RecordApart

OPEN, DELETE = "open_answers", "delete_closed"
ALONE, ANSWER = "alone", "answer"  # stages of giving one more

Closed = Mapping[str, Any]  # as the topic "closed" tells of it


def _begin(moment: Moment, meaning: Meaning) -> None:
    if moment.state.off_record and meaning.intent == apart.WISH:
        moment.say("record.still_off")
        done(moment)
        return
    go_on(moment, meaning.intent or "")
    moment.emit(Inquire("closed"))


def _learned(moment: Moment, learned: Learned) -> None:
    if learned.topic == "opened":
        _opened(moment, learned)
        return
    sets: Sequence[Closed] = (learned.facts or {}).get("sets", ())
    if current(moment).stage in (OPEN, DELETE):
        sets = [one for one in sets if one["answered"]]
    if not sets:
        moment.say("apart.none")
        done(moment)
        return
    match current(moment).stage:
        case "open_answers":
            _begin_opening(moment, sets)
        case "delete_closed":
            go_on(moment, of=dict(sets[0]))
            whose = _row(moment, sets[0]["answered"])
            ask(moment, "apart.ask_delete", people=whose, ritual=_ritual(moment, sets[0]), when=_when(moment, sets[0]))
        case _:
            _begin_answer(moment, sets)


def _ritual(moment: Moment, one: Closed) -> str:
    ritual = moment.library.rituals.get(one["ritual"])
    return ritual.title if ritual is not None else str(one["ritual"]).replace("_", " ")


def _when(moment: Moment, one: Closed) -> str:
    return moment.library.times.past_day(one["day"])


def _row(moment: Moment, names: Sequence[str]) -> str:
    return row(names, moment.prompts.joiner)


# --- one more answer -------------------------------------------------------------------------------------


def _begin_answer(moment: Moment, sets: Sequence[Closed]) -> None:
    here = moment.state.people
    waiting = [(one, name) for one in sets for name in one["missing"]]
    mine = [(one, name) for one, name in waiting if here == (name,)]
    if not waiting:
        moment.say("apart.all_answered")
        done(moment)
        return
    one, name = (mine or waiting)[0]
    go_on(moment, ALONE, of=dict(one), name=name)
    ask(moment, "apart.ask_alone", name=name, ritual=_ritual(moment, one), when=_when(moment, one))


def _ask_question(moment: Moment) -> None:
    """The question as the ritual has it, with the card of then; where its file is gone, without it."""
    one, name = facts(moment)["of"], facts(moment)["name"]
    go_on(moment, ANSWER)
    found = _question(moment, one)
    if found is None:
        ask(moment, "apart.ask_answer", "free")
        return
    variants, cards = found
    card = next((one["cards"][key] for key in reversed(cards) if key in one["cards"]), "")
    spoken = moment.say_variants(f"{one['ritual']}.{one['key']}", variants, name=name, card=card)
    moment.change(spoken=spoken)
    ask(moment, "apart.ask_answer", "free")


def _question(moment: Moment, one: Closed) -> tuple[Variants, list[str]] | None:
    """What the question is asked with, and the cards that are drawn before it."""
    ritual = moment.library.rituals.get(one["ritual"])
    cards: list[str] = []
    for step in walk(ritual.steps) if ritual is not None else ():
        if isinstance(step, DrawStep):
            cards.append(step.id)
        if isinstance(step, AskStep) and step.id == one["key"]:
            alone = [facts(moment)["name"]]
            return lines_for(step.prompts, alone)[1], cards
    return None


# --- opening ---------------------------------------------------------------------------------------------


def _begin_opening(moment: Moment, sets: Sequence[Closed]) -> None:
    complete = [one for one in sets if not one["missing"]]
    if not complete:
        moment.say("apart.waits", people=_row(moment, sets[0]["missing"]))
        done(moment)
        return
    one = complete[0]
    unasked = [name for name in one["answered"] if name not in one["willing"]]
    here = [name for name in unasked if name in moment.state.people] or unasked
    go_on(moment, of=dict(one), left=here, others=[name for name in unasked if name not in here])
    _ask_next(moment, first=True)


def _ask_next(moment: Moment, *, first: bool = False) -> None:
    known = facts(moment)
    if known["left"]:
        ask(moment, "apart.ask_open" if first else "apart.ask_open_next", name=known["left"][0])
    else:
        moment.emit(Inquire("opened", {"session": known["of"]["session"], "key": known["of"]["key"]}))


def _opened(moment: Moment, learned: Learned) -> None:
    if learned.facts is None:
        moment.say("apart.waits_for_word", people=_row(moment, facts(moment)["others"]))
    else:
        apart.read(moment, learned.facts["found"])
        moment.change(spoken="")  # what was read is nothing to be saved
    done(moment)


# --- answers ---------------------------------------------------------------------------------------------


def _heard(moment: Moment, meaning: Meaning) -> None:
    if current(moment).stage == ANSWER:
        _answer(moment, meaning)
        return
    decided = yes_or_no(meaning)
    if decided is None:
        ask_again(moment)
        return
    one = facts(moment)["of"]
    match current(moment).stage:
        case "open_answers":
            _agree(moment, one, willing=decided)
        case _ if not decided:
            drop(moment)
        case "delete_closed":
            moment.emit(Forget("closed", {"session": one["session"], "key": one["key"]}))
            moment.say("apart.deleted")
            done(moment)
        case _:
            _ask_question(moment)


def _answer(moment: Moment, meaning: Meaning) -> None:
    if not meaning.text or meaning.intent == "no":
        drop(moment)
        return
    one, name = facts(moment)["of"], facts(moment)["name"]
    moment.emit(RecordApart(one["session"], one["key"], name, meaning.text))
    moment.say("apart.kept_all" if one["missing"] == [name] else "apart.kept")
    done(moment)


def _agree(moment: Moment, one: Closed, *, willing: bool) -> None:
    name, *left = facts(moment)["left"]
    agreed, refused = ((name,), ()) if willing else ((), (name,))
    moment.emit(AgreeToOpen(one["key"], one["session"], agreed, refused))
    if not willing:
        moment.say("apart.stays")
        done(moment)
        return
    go_on(moment, left=left)
    _ask_next(moment)


CLOSED_ANSWERS = Errand(_begin, _heard, _learned)
