"""Holding the floor: one person's turn, or a story that Evensong tells. Who talks into it, and what was said in it.

What is said in a turn stays in ``State.words``, which is never saved; of the turn only numbers outlive the session.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.dialogue import wording
from assistant.dialogue.ears import open_ears
from assistant.dialogue.moment import QUIET_TIMER, TICK_TIMER, Moment
from assistant.dialogue.plan import Stop, latest
from assistant.dialogue.state import Given, Tally
from assistant.dialogue.steps import Floor, TellStep
from assistant.dialogue.story import Story
from assistant.events import FloorKept, Interrupted, KeepFloor, Play, Say, StartTimer

TICK_S = 30.0  # before the end of a turn
MORE_S = 60.0  # "more time"
SAME_S = 0.6  # an utterance that begins so soon after an interruption is the one that interrupted
COMMAND_S = 6.0  # an interruption that turns out to be a command is over within


def take_floor(moment: Moment) -> None:
    """The turn's time has begun to run: its holder is listened to, and whoever else speaks interrupts."""
    stop = moment.stop
    others = tuple(name for name in moment.session.people if name != stop.person)
    _start_tick(moment)
    moment.emit(KeepFloor(str(moment.session.at), stop.person or "", others))


def _start_tick(moment: Moment) -> None:
    left_s = moment.session.left_s or 0.0
    if left_s > TICK_S:
        moment.emit(StartTimer(TICK_TIMER, left_s - TICK_S))


def lengthen(moment: Moment) -> None:
    """More time for whoever has the floor; a soft sound says that it was heard."""
    session = moment.session
    gone_s = 0.0 if session.since_s is None else moment.at_s - session.since_s
    left_s = max(0.0, (session.left_s or 0.0) - gone_s) + MORE_S
    note(moment, session.at, held_s=tally(moment, session.at).held_s + gone_s)
    moment.change_session(since_s=moment.at_s, left_s=left_s)
    moment.emit(StartTimer(QUIET_TIMER, left_s), Play("heard"))
    _start_tick(moment)
    open_ears(moment)


def forget_turn(moment: Moment) -> None:
    """Begin the turn or the telling anew, as if nothing had been said in it."""
    place = moment.session.at
    moment.change_session(tallies=tuple(one for one in moment.session.tallies if one.stop != place), broken_s=None)
    moment.change(words={key: text for key, text in moment.state.words.items() if key != str(place)})


def said_in_turn(moment: Moment, text: str) -> None:
    """The floor-holder went on; what an interrupter said, and what went under in it, is not theirs."""
    broken_s = moment.session.broken_s
    utterance = moment.utterance
    if broken_s is not None and utterance is not None and utterance.start_s - SAME_S <= broken_s <= utterance.end_s:
        words = utterance.hypotheses[0].words if utterance.hypotheses else ()
        text = " ".join(word.text for word in words if word.end_s <= broken_s + SAME_S / 2)
    if text:
        remember(moment, text)
    open_ears(moment)


def remember(moment: Moment, text: str) -> None:
    """Words of the present stop, until the session is over; between two utterances one sentence ends."""
    key = str(moment.session.at)
    before = moment.state.words.get(key, "")
    moment.change(words={**moment.state.words, key: f"{before}. {text}" if before else text})


# --- a story -------------------------------------------------------------------------------------------


def begin_story(moment: Moment) -> None:
    """Choose the story, unless it is chosen already, and begin to tell it."""
    session = moment.session
    if story_number(moment) is None:
        stories = moment.library.stories[_level(moment)]
        moment.state, number = wording.choose_place(moment.state, f"stories.{_level(moment)}", len(stories))
        moment.change_session(given=(*session.given, Given(session.at, value=float(number))))
    moment.change_session(breath=0)
    tell(moment)


def tell(moment: Moment) -> None:
    """The present piece of the story, and its pause."""
    session = moment.session
    if session.since_s is None:
        moment.change_session(since_s=moment.at_s)
        moment.emit(KeepFloor(str(session.at), None))
    text, pause_s = story_at(moment).pieces[session.breath]
    moment.emit(Say(text, pause_s))
    moment.change(speaking=True, spoken=text, then="next")


def tell_on(moment: Moment) -> bool:
    """The next piece; False when the story is over."""
    if moment.session.breath + 1 >= len(story_at(moment).pieces):
        return False
    moment.change_session(breath=moment.session.breath + 1)
    tell(moment)
    return True


def story_at(moment: Moment, place: int | None = None) -> Story:
    """The story of the stop ``place``, or of the present one."""
    number = story_number(moment, place)
    assert number is not None
    stories = moment.library.stories[_level(moment, place)]
    return stories[number % len(stories)]


def story_number(moment: Moment, place: int | None = None) -> int | None:
    at = moment.session.at if place is None else place
    drawn = (one.value for one in moment.session.given if one.stop == at)
    return next((int(value) for value in drawn if isinstance(value, float | int)), None)


def _level(moment: Moment, place: int | None = None) -> str:
    """What was chosen; without an answer, the lightest by the order of the options."""
    step = moment.stops[moment.session.at if place is None else place].step
    assert isinstance(step, TellStep)
    chosen = latest(moment.stops, moment.session, step.level_from)
    answer = next((one.value for one in moment.session.given if one.stop == chosen), None)
    return answer if isinstance(answer, str) else _options(moment.stops, step.level_from)[0]


def _options(stops: tuple[Stop, ...], question: str) -> list[str]:
    return [option.id for stop in stops if stop.key == question for option in getattr(stop.step, "options", ())]


# --- interruptions, and what is known of a turn ----------------------------------------------------------


def interrupted(moment: Moment, event: Interrupted) -> None:
    """One soft tone, at once."""
    if moment.state.phase == "ritual" and isinstance(moment.stop.step, Floor):
        place = moment.session.at
        note(moment, place, broken=tally(moment, place).broken + 1)
        moment.change_session(broken_s=event.began_s)
        moment.emit(Play("interruption"))


def was_a_command(moment: Moment) -> None:
    """What was taken for an interruption was a word to Evensong."""
    session = moment.state.session
    if session is None or session.broken_s is None or moment.at_s - session.broken_s > COMMAND_S:
        return
    utterance = moment.utterance
    if utterance is not None and not utterance.start_s - SAME_S <= session.broken_s <= utterance.end_s:
        return  # the interruption was something else that was said before
    if moment.state.phase == "ritual" and isinstance(moment.stop.step, Floor):
        note(moment, session.at, broken=max(0, tally(moment, session.at).broken - 1))
        moment.change_session(broken_s=None)


def floor_kept(moment: Moment, event: FloorKept) -> None:
    """What the ears know of a turn, or of the part of it that is over."""
    if moment.state.session is None:
        return
    place = int(event.key)
    before = tally(moment, place)
    holder = moment.stops[place].person or ""
    note(
        moment,
        place,
        way=event.way,
        talk_s=before.talk_s + event.talk_s.get(holder, 0.0),
        silence_s=max(before.silence_s, event.silence_s),
    )


def tally(moment: Moment, place: int) -> Tally:
    """What is known of the turn or story at the stop ``place``."""
    return next((one for one in moment.session.tallies if one.stop == place), Tally(place))


def note(moment: Moment, place: int, **changes: Any) -> None:
    noted = replace(tally(moment, place), **changes)
    others = tuple(one for one in moment.session.tallies if one.stop != place)
    moment.change_session(tallies=(*others, noted))
