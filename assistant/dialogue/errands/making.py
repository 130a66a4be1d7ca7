"""A ritual of one's own, made by voice: its name, two to six steps, who takes part; read back, then kept as a file."""

from __future__ import annotations

from typing import Any

from assistant.dialogue.errand import Errand, ask, ask_again, current, done, drop, facts, go_on, yes_or_no
from assistant.dialogue.moment import Moment
from assistant.dialogue.waking import sleep
from assistant.events import Choice, DropRitual, Inquire, KeepRitual, Learned, MadeStep, Meaning

FEWEST = 2
MOST = 6
LONGEST_NAME_WORDS = 5
FEWEST_STEP_WORDS = 2  # "ask again" is no question to ask
FEWEST_TOLD_WORDS = 4  # a step that is just told: "we drink tea together"; less may be talk to somebody else
SAY, ASK, SILENCE, ENOUGH = "say", "ask", "silence", "enough"


def _begin(moment: Moment, meaning: Meaning) -> None:
    if meaning.intent == "delete_ritual":
        go_on(moment, "delete")
        moment.emit(Inquire("own_ritual", {"name": str(meaning.slots.get("topic", ""))}))
        return
    go_on(moment, "name", steps=[])
    name = str(meaning.slots.get("topic", ""))
    if name:
        _named(moment, name)
    else:
        ask(moment, "making.ask_name", "free")


def _heard(moment: Moment, meaning: Meaning) -> None:
    match current(moment).stage:
        case "name":
            _named(moment, _words(meaning))
        case "kind":
            _kind(moment, meaning)
        case "say" | "ask":
            _worded(moment, _words(meaning))
        case "silence":
            _timed(moment, meaning.slots.get("duration_s"))
        case "who":
            _who(moment, meaning)
        case "delete":
            _decided_to_delete(moment, meaning)
        case _:
            _decided(moment, meaning)


def _learned(moment: Moment, learned: Learned) -> None:
    found = learned.facts or {}
    match learned.topic:
        case "ritual_name" if found.get("taken_by"):
            ask(moment, "making.name_taken", "free", other=str(found["taken_by"]))
        case "ritual_name":
            _ask_kind(moment)
        case "own_ritual" if found:
            go_on(moment, id=found["id"], name=found["title"])
            ask(moment, "making.ask_delete", name=str(found["title"]))
        case "own_ritual":
            moment.say("making.no_such")
            done(moment)
        case _:
            _told_how_it_went(moment, trouble=found.get("trouble"))


def _told_how_it_went(moment: Moment, trouble: object) -> None:
    deleting = current(moment).stage == "delete"
    if trouble:
        moment.say("making.trouble")
        done(moment)
    else:
        moment.say("making.deleted" if deleting else "making.kept", name=facts(moment)["name"])
        sleep(moment)  # when it is woken again, all rituals have been read anew


# --- its name ------------------------------------------------------------------------------------------


def _named(moment: Moment, name: str) -> None:
    words = name.split()
    if not 1 <= len(words) <= LONGEST_NAME_WORDS:
        ask(moment, "making.ask_name_again", "free")
        return
    go_on(moment, "name", name=name)
    moment.emit(Inquire("ritual_name", {"name": name}))


# --- its steps -----------------------------------------------------------------------------------------


def _ask_kind(moment: Moment) -> None:
    steps = facts(moment)["steps"]
    if len(steps) == MOST:
        _ask_who(moment)
        return
    go_on(moment, "kind")
    kinds = moment.prompts.making.kinds
    choices = tuple(
        Choice(kind, tuple(getattr(kinds, kind)))
        for kind in (SAY, ASK, SILENCE, ENOUGH)
        if kind != ENOUGH or len(steps) >= FEWEST
    )
    key = "ask_first" if not steps else "ask_next" if len(steps) < FEWEST else "ask_more"
    ask(moment, f"making.{key}", "choice", choices)


def _kind(moment: Moment, meaning: Meaning) -> None:
    kind = meaning.slots.get("choice")
    if meaning.intent == "finished":
        kind = ENOUGH
    if (kind == ENOUGH and len(facts(moment)["steps"]) >= FEWEST) or yes_or_no(meaning) is False:
        _ask_who(moment) if len(facts(moment)["steps"]) >= FEWEST else drop(moment)
    elif kind == SILENCE:
        go_on(moment, SILENCE)
        ask(moment, "making.ask_silence", "duration")
    elif kind in (SAY, ASK):
        go_on(moment, str(kind))
        ask(moment, f"making.ask_{kind}", "free")
    elif step := _given_at_once(moment, meaning.text.strip(" .!")):
        _add(moment, step)
    else:
        ask_again(moment)


def _given_at_once(moment: Moment, said: str) -> dict[str, Any] | None:
    """The step that is told with its words, "then ask us what was hard today"; None where it is none."""
    making = moment.prompts.making
    words = said.split()
    while words and words[0].strip(",.").lower() in making.before_a_step:
        words = words[1:]
    lead = words[0].lower() if words else ""
    kind = SAY if lead in making.step_leads.say else ASK if lead in making.step_leads.ask else None
    rest = words[1:]
    while rest and rest[0].lower() in making.step_leads.whom:
        rest = rest[1:]
    if kind and len(rest) >= FEWEST_STEP_WORDS:
        return {"kind": kind, "text": " ".join(rest)}
    # What is done or said by those who are here is told them when its turn comes; it is read back before it is kept.
    return {"kind": SAY, "text": " ".join(words)} if len(words) >= FEWEST_TOLD_WORDS and not kind else None


def _worded(moment: Moment, text: str) -> None:
    if not text:
        ask_again(moment)
        return
    _add(moment, {"kind": current(moment).stage, "text": text})


def _timed(moment: Moment, seconds: Any) -> None:
    if not isinstance(seconds, int | float) or not 5 <= seconds <= 3600:
        ask_again(moment)
        return
    _add(moment, {"kind": SILENCE, "seconds": float(seconds)})


def _add(moment: Moment, step: dict[str, Any]) -> None:
    go_on(moment, steps=[*facts(moment)["steps"], step])
    _ask_kind(moment)


# --- who takes part, and whether to keep it --------------------------------------------------------------


def _ask_who(moment: Moment) -> None:
    if all(step["kind"] != ASK for step in facts(moment)["steps"]):
        _read_back(moment, each=False)
        return
    go_on(moment, "who")
    who = moment.prompts.making.who
    ask(moment, "making.ask_who", "choice", (Choice("each", who.each), Choice("once", who.once)))


def _who(moment: Moment, meaning: Meaning) -> None:
    said = meaning.slots.get("choice")
    if said is None:
        ask_again(moment)
    else:
        _read_back(moment, each=said == "each")


def _read_back(moment: Moment, *, each: bool) -> None:
    go_on(moment, "decide", each=each)
    moment.say("making.this_is", name=facts(moment)["name"])
    for step in facts(moment)["steps"]:
        if step["kind"] == SILENCE:
            moment.say("making.step_silence", length=_spoken_length(moment, step["seconds"]))
        else:
            moment.say(f"making.step_{step['kind']}", text=step["text"])
    ask(moment, "making.ask_keep")


def _spoken_length(moment: Moment, seconds: float) -> str:
    units = moment.prompts.making
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{moment.in_words(round(seconds))} {units.seconds}"
    return f"{moment.in_words(minutes)} {units.minute if minutes == 1 else units.minutes}"


def _decided(moment: Moment, meaning: Meaning) -> None:
    keep = yes_or_no(meaning)
    if keep is None:
        ask_again(moment)
    elif not keep:
        drop(moment)
    else:
        told = facts(moment)
        steps = tuple(MadeStep(step["kind"], step.get("text", ""), step.get("seconds", 0.0)) for step in told["steps"])
        moment.emit(KeepRitual(told["name"], steps, each=told["each"]))


def _decided_to_delete(moment: Moment, meaning: Meaning) -> None:
    wanted = yes_or_no(meaning)
    if wanted is None:
        ask_again(moment)
    elif wanted:
        moment.emit(DropRitual(facts(moment)["id"]))
    else:
        drop(moment)


def _words(meaning: Meaning) -> str:
    return str(meaning.slots.get("text", "")).strip(" .!")


MAKING = Errand(_begin, _heard, _learned)
