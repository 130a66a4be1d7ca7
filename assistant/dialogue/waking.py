"""Waking and sleeping, and "shall we go on?": what happens around rituals, whoever is here."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.dialogue.advice import advise
from assistant.dialogue.course import drop_session, enter
from assistant.dialogue.ears import open_ears
from assistant.dialogue.moment import MUTE_TIMER, PAUSE_TIMER, Moment
from assistant.events import CancelTimer, Play, StartTimer


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
    drop_session(moment)
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


# --- the program begins, the device comes back, the evening is over -------------------------------------


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
            drop_session(moment)
    open_ears(moment)


def send_guests_home(moment: Moment) -> None:
    """Guests are people for one evening."""
    guests = moment.state.guests
    moment.change(people=tuple(name for name in moment.state.people if name not in guests), guests=())


def cannot_keep(moment: Moment) -> None:
    """The journal takes nothing: say so, and sleep; an unfinished session stays, to be gone on with when it does."""
    moment.hush()
    moment.change(hushed="drop" if moment.state.hushed else "")
    moment.say("session.cannot_keep")
    moment.emit(CancelTimer(PAUSE_TIMER))
    sleep(moment)


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
