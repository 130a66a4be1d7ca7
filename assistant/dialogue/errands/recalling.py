"""Reading from the journal: "what were we grateful for last week", "when did we last check in", "more", "read all".

The answers that are read pass through here and are spoken; the state keeps only their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.dialogue.errand import Errand, ask, current, done, drop, facts, go_on, yes_or_no
from assistant.dialogue.moment import Moment
from assistant.dialogue.waking import sleep
from assistant.events import Choice, Inquire, Learned, Meaning, Say

AT_ONCE = 3  # answers, and a question makes four sentences
AT_MOST = 60  # what memory gives at most
BRIEF_WORDS = 25  # an answer that is longer is cut, but where all is to be read
MORE, EVERYTHING, OLDEST = "more", "everything", "oldest"
ASKED = ("period", "ritual", "keys", "theme", "person", "about", "mine", "words", "asks", "order", "last", "whole")
READING, TRUSTING, WANTED = "reading", "trusting", "wanted"

Answer = Mapping[str, Any]


def _begin(moment: Moment, meaning: Meaning) -> None:
    asked = {name: meaning.slots[name] for name in ASKED if name in meaning.slots}
    go_on(moment, WANTED, asked={**asked, "here": list(moment.state.people)}, whole=bool(asked.get("whole")))
    moment.emit(Inquire("recall", facts(moment)["asked"]))


def _learned(moment: Moment, learned: Learned) -> None:
    found = learned.facts
    match learned.topic:
        case "passphrase" if found is None:
            moment.say("recalling.wrong_passphrase")
            done(moment)
        case "passphrase":
            assert found is not None
            go_on(moment, WANTED, asked={**facts(moment)["asked"], "confided": found["person"]})
            moment.emit(Inquire("recall", facts(moment)["asked"]))
        case "recall":
            _answer(moment, found or {})
        case _:
            _read(moment, (found or {}).get("found", ()))


def _answer(moment: Moment, found: Mapping[str, Any]) -> None:
    if "held" in found:
        _tell_when(moment, found)
    elif not found.get("found"):
        _tell_nothing(moment, found)
    elif found["asks"] == "often":
        _speak(moment, "said_often", times=_times(moment, len(found["ids"])))
        done(moment)
    else:
        if found.get("near"):
            moment.say("recalling.near")
        ids = found["ids"][:1] if found["asks"] == "when" else found["ids"]
        go_on(moment, READING, left=ids)
        _read(moment, found["found"][: len(ids)])


def _tell_nothing(moment: Moment, found: Mapping[str, Any]) -> None:
    asked = facts(moment)["asked"]
    if found.get("private") and not asked.get("confided"):
        go_on(moment, TRUSTING)
        ask(moment, "recalling.ask_passphrase", "free")
        return
    moment.say("recalling.nothing_then" if asked.get("period") else "recalling.nothing")
    done(moment)


def _tell_when(moment: Moment, found: Mapping[str, Any]) -> None:
    ritual = moment.library.rituals.get(found["ritual"])
    title = ritual.title if ritual is not None else found["ritual"].replace("_", " ")
    if not found["held"]:
        _speak(moment, "never_held", ritual=title)
    else:
        when = moment.library.times.past_day(found["day"])
        if found["asks"] == "often":
            _speak(moment, "held_often", times=_times(moment, found["held"]), when=when)
        else:
            moment.say("recalling.held_first" if found["oldest"] else "recalling.held_last", when=when, ritual=title)
    done(moment)


def _times(moment: Moment, count: int) -> str:
    words = moment.prompts.recalling
    if count >= AT_MOST:
        return words.many_times
    return words.once if count == 1 else words.times.format(count=moment.in_words(count))


# --- reading ---------------------------------------------------------------------------------------------


def _read(moment: Moment, answers: Sequence[Answer]) -> None:
    """Read the next of what is ``left``, of which ``answers`` are the first, and ask whether to go on."""
    known = facts(moment)
    left: list[int] = list(known["left"])
    few = left[: len(left) if known["whole"] else AT_ONCE]
    rest = left[len(few) :]
    if len(rest) == 1:  # rather than asking about a single one
        few, rest = left[: AT_ONCE + 1], left[AT_ONCE + 1 :]
    for answer in answers[: len(few)]:
        _say(moment, answer, whole=known["whole"] or len(left) == 1)
    go_on(moment, left=rest)
    if not answers:  # deleted meanwhile
        moment.say("recalling.over")
    if not rest:
        done(moment)
        return
    ways = moment.prompts.recalling.read_on
    choices = (Choice(MORE, ways.more), Choice(EVERYTHING, ways.everything), Choice(OLDEST, ways.oldest))
    if len(rest) + len(few) >= AT_MOST:
        ask(moment, "recalling.ask_more", "choice", choices)
    else:
        ask(moment, "recalling.ask_more_of", "choice", choices, count=_capital(moment.in_words(len(rest))))


def _say(moment: Moment, answer: Answer, *, whole: bool) -> None:
    when = moment.library.times.past_day(answer["day"])
    name, text = answer["person"], answer["text"]
    if text is None:
        number = "" if answer["number"] is None else _number(moment, answer["number"])
        what = moment.prompts.recalling.things.get(answer["key"], answer["key"].replace("_", " "))
        _speak(
            moment,
            "number" if name else "one_of_all",
            when=when,
            name=name,
            number=number,
            what=what,
            text=f"{what}, {number}",
        )
    elif name is None:
        _speak(moment, "one_of_all", when=when, text=_said(text, whole=whole))
    elif answer["about"]:
        _speak(moment, "one_to", when=when, name=name, other=answer["about"], text=_said(text, whole=whole))
    else:
        _speak(moment, "one", when=when, name=name, text=_said(text, whole=whole))


def _speak(moment: Moment, key: str, **values: str | None) -> None:
    """A line that begins with a capital, whatever stands in front."""
    before = len(moment.effects)
    moment.say(f"recalling.{key}", **{name: value for name, value in values.items() if value is not None})
    moment.effects[before:] = [
        replace(one, text=_capital(one.text)) if isinstance(one, Say) else one for one in moment.effects[before:]
    ]


def _said(text: str, *, whole: bool) -> str:
    words = text.split()
    cut = words if whole else words[:BRIEF_WORDS]
    return " ".join(cut).rstrip(".!?,;: ") + ("" if len(cut) == len(words) else " …")


def _number(moment: Moment, number: float) -> str:
    return moment.in_words(int(number)) if float(number).is_integer() else f"{number:g}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- answers ---------------------------------------------------------------------------------------------


def _heard(moment: Moment, meaning: Meaning) -> None:
    if current(moment).stage == TRUSTING:
        if yes_or_no(meaning) is False or not meaning.text:
            drop(moment)
        else:
            moment.emit(Inquire("passphrase", {"words": meaning.text}))
        return
    choice = meaning.slots.get("choice")
    if choice == OLDEST:
        go_on(moment, WANTED, asked={**facts(moment)["asked"], "order": OLDEST})
        moment.emit(Inquire("recall", facts(moment)["asked"]))
    elif choice in (MORE, EVERYTHING) or yes_or_no(meaning) is True:
        go_on(moment, whole=choice == EVERYTHING)
        moment.emit(Inquire("entries", {**facts(moment)["asked"], "ids": facts(moment)["left"]}))
    else:
        drop(moment)


def _silent(moment: Moment) -> None:
    """Nobody wants more."""
    moment.change(errand=None)
    sleep(moment)


RECALLING = Errand(_begin, _heard, _learned, unclear=_silent)
