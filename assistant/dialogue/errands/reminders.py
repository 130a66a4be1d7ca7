"""Reminders: "remind us every night at ten to do gratitude", "what reminders do we have", "cancel the sunday one"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.dialogue.errand import Errand, ask, ask_again, current, done, drop, facts, go_on, yes_or_no
from assistant.dialogue.errands.chosen_reminders import Reminder, is_narrowed, meant, moved, told
from assistant.dialogue.moment import Moment
from assistant.events import CancelReminders, Inquire, Learned, Meaning, MoveReminder, Remind
from assistant.understanding.times.summaries import when_slot

SCHEDULE, CHANGE, LIST, CANCEL = "schedule", "change", "list", "cancel"
OF_INTENT = {"schedule_reminder": SCHEDULE, "list_reminders": LIST, "cancel_reminder": CANCEL}
SAID_AT_MOST = 3
ABOUT = ("when", "said", "ritual", "what", "all", "counted", "moved_from")  # the slots that are noted


def _begin(moment: Moment, meaning: Meaning) -> None:
    wanted = OF_INTENT[str(meaning.intent)]
    if wanted == SCHEDULE and meaning.slots.get("change"):
        wanted = CHANGE
    go_on(moment, wanted, **{name: meaning.slots[name] for name in ABOUT if name in meaning.slots})
    moment.emit(Inquire("reminders", {"at": _at(facts(moment).get("when"))}))


def _at(when: Mapping[str, str] | None) -> str:
    return when.get("at", "") if when else ""


def _learned(moment: Moment, learned: Learned) -> None:
    found = learned.facts or {}
    reminders = list(found.get("reminders", ()))
    if found.get("over"):  # nine o'clock today is past, so tomorrow's is meant
        when = facts(moment)["when"]
        go_on(moment, when=when_slot(when["summary"].replace("today", "tomorrow"), when["text"]))
    match current(moment).stage:
        case "schedule":
            _ask_what_is_missing(moment)
        case "list":
            _list(moment, reminders)
        case "cancel":
            _cancel(moment, reminders)
        case _:
            _change(moment, reminders)


# --- a new one -----------------------------------------------------------------------------------------


def _ask_what_is_missing(moment: Moment) -> None:
    known = facts(moment)
    if not known.get("when"):
        go_on(moment, "when")
        partly = bool(known.get("said"))
        ask(moment, "reminders.ask_time" if partly else "reminders.ask_when", "when", so_far=_said(moment))
    elif not known.get("ritual") and not known.get("what"):
        go_on(moment, "what")
        ask(moment, "reminders.ask_what", "topic")
    else:
        _read_back(moment, "confirm")


def _said(moment: Moment) -> str:
    return str((facts(moment).get("said") or {}).get("text", ""))


def _read_back(moment: Moment, stage: str) -> None:
    known = facts(moment)
    go_on(moment, stage)
    values = told(moment, known["when"]["summary"], known.get("ritual"), known.get("what"))
    ask(moment, "reminders.confirm", "when", so_far=_said(moment), when=values["when"], what=values["what"])


def _take(moment: Moment, meaning: Meaning) -> bool:
    """Note what the answer says; whether it said anything."""
    new = {name: meaning.slots[name] for name in ("when", "said", "ritual", "what") if meaning.slots.get(name)}
    go_on(moment, **new)
    return bool(new)


# --- telling them ----------------------------------------------------------------------------------------


def _list(moment: Moment, reminders: Sequence[Reminder]) -> None:
    known = facts(moment)
    chosen = meant(moment, reminders, known)
    if not chosen:
        moment.say("reminders.none_such" if reminders and is_narrowed(known) else "reminders.none")
    else:
        _tell(moment, chosen)
    done(moment)


def _tell(moment: Moment, chosen: Sequence[Reminder]) -> None:
    if len(chosen) > 1:
        moment.say("reminders.count", count=moment.in_words(len(chosen)))
    for one in chosen[:SAID_AT_MOST]:
        moment.say("reminders.one", **told(moment, one["summary"], one["ritual"], one["what"]))
    if len(chosen) > SAID_AT_MOST:
        moment.say("reminders.more", count=moment.in_words(len(chosen) - SAID_AT_MOST))


# --- cancelling ------------------------------------------------------------------------------------------


def _cancel(moment: Moment, reminders: Sequence[Reminder]) -> None:
    known = facts(moment)
    chosen = meant(moment, reminders, known)
    if not chosen:
        moment.say("reminders.none_such" if reminders else "reminders.none")
        done(moment)
    elif len(chosen) == 1 or known.get("all"):
        _propose_to_cancel(moment, chosen)
    else:
        go_on(moment, "cancel_which", reminders=[dict(one) for one in chosen])
        _tell(moment, chosen)
        ask(moment, "reminders.ask_which", "topic")


def _which_to_cancel(moment: Moment, meaning: Meaning) -> None:
    """The answer to "Which one?"."""
    offered = facts(moment)["reminders"]
    chosen = meant(moment, offered, meaning.slots)
    if chosen and (is_narrowed(meaning.slots) or meaning.slots.get("all")):
        _propose_to_cancel(moment, chosen)
    else:
        ask_again(moment)


def _propose_to_cancel(moment: Moment, chosen: Sequence[Reminder]) -> None:
    go_on(moment, "cancel_decided", ids=[one["id"] for one in chosen])
    if len(chosen) == 1:
        (one,) = chosen
        values = told(moment, one["summary"], one["ritual"], one["what"])
        ask(moment, "reminders.ask_cancel", when=values["when"], what=values["what"])
    else:
        ask(moment, "reminders.ask_cancel_all", count=moment.in_words(len(chosen)))


def _decide_to_cancel(moment: Moment, meaning: Meaning) -> None:
    decided = yes_or_no(meaning)
    if decided is None:
        ask_again(moment)
    elif not decided:
        drop(moment)
    else:
        ids = tuple(facts(moment)["ids"])
        moment.emit(CancelReminders(ids))
        moment.say("reminders.cancelled" if len(ids) == 1 else "reminders.all_cancelled")
        done(moment)


# --- another time for one that is there ------------------------------------------------------------------


def _change(moment: Moment, reminders: Sequence[Reminder]) -> None:
    """ "Move it": the one that is named by its ritual, its time or its number, or the one that was set last."""
    known = facts(moment)
    named = {"ritual": known.get("ritual"), "said": known.get("moved_from"), "counted": known.get("counted")}
    chosen = meant(moment, reminders, named)
    if not chosen:
        moment.say("reminders.none_such" if reminders else "reminders.none")
        done(moment)
        return
    one = max(chosen, key=lambda one: one["id"])
    go_on(moment, id=one["id"], old=one["summary"], ritual=one["ritual"], what=one["what"])
    _read_change_back(moment)


def _read_change_back(moment: Moment) -> None:
    known = facts(moment)
    new = moved(known["old"], known)
    if new is None:
        go_on(moment, "change_when")
        ask(moment, "reminders.ask_when", "when", so_far=_said(moment))
        return
    go_on(moment, when=when_slot(new, _said(moment)))
    _read_back(moment, "change_confirm")


# --- answers -------------------------------------------------------------------------------------------


def _heard(moment: Moment, meaning: Meaning) -> None:
    if meaning.text.lower().strip(" .!,") in moment.prompts.errand.let_be:
        drop(moment)
        return
    match current(moment).stage:
        case "cancel_which":
            _which_to_cancel(moment, meaning)
        case "cancel_decided":
            _decide_to_cancel(moment, meaning)
        case "confirm" | "change_confirm":
            _confirmed(moment, meaning)
        case "when" | "what" if yes_or_no(meaning) is False and not (meaning.slots.keys() & {"when", "said"}):
            drop(moment)  # but "no, Saturday" is another day
        case stage:
            if not _take(moment, meaning):
                ask_again(moment)
            elif stage == "change_when":
                _read_change_back(moment)
            else:
                _ask_what_is_missing(moment)


def _confirmed(moment: Moment, meaning: Meaning) -> None:
    changing = current(moment).stage == "change_confirm"
    decided = yes_or_no(meaning)
    before = facts(moment)["when"]["summary"]
    if _take(moment, meaning) and (decided is not True or facts(moment)["when"]["summary"] != before):
        _read_change_back(moment) if changing else _ask_what_is_missing(moment)  # "no, at nine"
    elif decided is None:
        ask_again(moment)
    elif not decided:
        go_on(moment, "change_when" if changing else "when", when=None)
        ask(moment, "reminders.ask_when", "when", so_far=_said(moment))
    else:
        _keep(moment, changing=changing)


def _keep(moment: Moment, *, changing: bool) -> None:
    known: Mapping[str, Any] = facts(moment)
    if changing:
        moment.emit(MoveReminder(known["id"], known["when"]))
        moment.say("reminders.moved")
    else:
        moment.emit(Remind(known["when"], known.get("ritual"), known.get("what")))
        moment.say("reminders.kept")
    done(moment)


REMINDERS = Errand(_begin, _heard, _learned)
