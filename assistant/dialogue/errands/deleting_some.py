""" "Forget what I said today", "delete everything about Ana": says what would go, and does it after a clear yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistant.dialogue.errand import Errand, ask, ask_again, done, drop, facts, go_on, yes_or_no
from assistant.dialogue.moment import Moment
from assistant.events import Forget, Inquire, Learned, Meaning

NARROWS = ("period", "person", "words", "mine")


def _begin(moment: Moment, meaning: Meaning) -> None:
    about = {name: meaning.slots[name] for name in NARROWS if name in meaning.slots}
    if not about.keys() - {"mine"}:  # nothing that could be told apart from everything
        moment.say("deleting_some.which")
        done(moment)
        return
    about["here"] = list(moment.state.people)
    go_on(moment, "asked", about=about)
    moment.emit(Inquire("some", about))


def _learned(moment: Moment, learned: Learned) -> None:
    if learned.facts is None:
        moment.say("deleting_some.none")
        done(moment)
        return
    words = moment.prompts.deleting_some
    ask(
        moment,
        "deleting_some.ask",
        of=_what(moment, facts(moment)["about"]),
        answers=_counted(moment, learned.facts["entries"], words.one_answer, words.answers),
        evenings=_counted(moment, learned.facts["sessions"], words.one_evening, words.evenings),
    )


def _what(moment: Moment, about: Mapping[str, Any]) -> str:
    words = moment.prompts.deleting_some
    if about.get("person"):
        return words.of_person.format(name=about["person"])
    return words.of_words if about.get("words") else words.of_time


def _counted(moment: Moment, count: int, one: str, several: str) -> str:
    return one if count == 1 else several.format(count=moment.in_words(count))


def _heard(moment: Moment, meaning: Meaning) -> None:
    decided = yes_or_no(meaning)
    if decided is None:
        ask_again(moment)
        return
    if not decided:
        drop(moment)
        return
    about = facts(moment)["about"]
    moment.emit(Forget("some", about))
    _let_go_of_answers(moment)
    name = about.get("person")
    if name and not about.get("period"):
        state = moment.state
        moment.change(
            people=state.people if state.configured else tuple(one for one in state.people if one != name),
            guests=tuple(one for one in state.guests if one != name),
            known=tuple(one for one in state.known if one != name),
            began=None if state.began == name else state.began,
        )
    moment.say("deleting_some.gone")
    moment.change(spoken="")  # the question named what is gone
    done(moment)


def _let_go_of_answers(moment: Moment) -> None:
    """In the middle of a ritual: which of its answers are gone is not known here, so none is taken back any more."""
    if moment.state.session is not None:
        moment.change_session(given=tuple(replace(one, kept=False) for one in moment.session.given))


DELETING_SOME = Errand(_begin, _heard, _learned)
