"""How have we been doing: in two sentences, and never more certain than the numbers are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.dialogue.errand import Errand, done, drop, go_on
from assistant.dialogue.moment import Moment
from assistant.events import Inquire, Learned, Meaning

ASKED = ("period", "person", "mine")
MEASURE_OF: Mapping[str, str] = {
    "mood": "mood",
    "closeness": "closeness",
    "listening": "listening",
    "solo_listening": "listening",
}  # by ritual
STRESS = "stress"
SAID_APART = 2  # people; of more, it would be a list


def _begin(moment: Moment, meaning: Meaning) -> None:
    asked = {name: meaning.slots[name] for name in ASKED if name in meaning.slots}
    measure = STRESS if STRESS in meaning.slots.get("keys", ()) else MEASURE_OF.get(meaning.slots.get("ritual", ""))
    go_on(moment, "told")
    moment.emit(Inquire("trend", {**asked, "measure": measure, "here": list(moment.state.people)}))


def _learned(moment: Moment, learned: Learned) -> None:
    found = learned.facts
    if found is None:
        moment.say("trend.nothing")
        done(moment)
        return
    given_back: Mapping[str, int] = found.get("given_back") or {}
    came_back = {name: count for name, count in given_back.items() if count}  # that nothing did is not rubbed in
    if not found["trends"]:
        moment.say("trend.not_counted" if given_back else "trend.nothing_heard")
    for one in found["trends"]:
        _tell(moment, found["measure"], one)
    if came_back and len(found["trends"]) <= 1:
        _tell_given_back(moment, came_back)
    elif len(found["trends"]) == 1 and found["evenings"]:
        count = found["evenings"]
        if count == 1:
            moment.say("trend.one_evening")
        else:
            moment.say("trend.evenings", count=moment.in_words(count).capitalize())
    done(moment)


def _tell(moment: Moment, measure: str, one: Mapping[str, Any]) -> None:
    what = _what(moment, measure, one["person"])
    if one["now"] is None:
        moment.say("trend.not_lately", what=what)
        return
    now = _rounded(moment, one["now"])
    match one["direction"]:
        case "up" | "down" as way:
            moment.say(f"trend.{way}", what=what, now=now, before=_rounded(moment, one["before"]))
        case "same":
            moment.say("trend.same", what=what, now=now)
        case _:
            moment.say("trend.only_now", what=what, now=now)


def _tell_given_back(moment: Moment, given_back: Mapping[str, int]) -> None:
    """How many points, and never of how many: that would be a grade."""
    words = moment.prompts.report
    told = []
    for name, count in given_back.items():
        points = words.one_point if count == 1 else words.some_points.format(number=moment.in_words(count))
        told.append((name, points))
    if len(told) == 1:
        name, points = told[0]
        if moment.state.people == (name,):
            moment.say("trend.you_gave_back", points=points)
        else:
            moment.say("trend.gave_back", name=name, points=points)
    elif len(told) == SAID_APART:
        (name, points), (other, other_points) = told
        moment.say("trend.both_gave_back", name=name, points=points, other=other, other_points=other_points)


def _what(moment: Moment, measure: str, person: str | None) -> str:
    words = moment.prompts.trend
    name = words.measures.get(measure, measure)
    if person is None:
        said = words.of_all.format(measure=name)
    elif moment.state.people == (person,):
        said = words.yours.format(measure=name)
    else:
        said = words.theirs.format(name=person, measure=name)
    return said[:1].upper() + said[1:]


def _rounded(moment: Moment, number: float) -> str:
    """To the nearest half, in words."""
    whole, half = divmod(round(number * 2), 2)
    words = moment.prompts.trend
    if not whole:
        return words.a_half if half else words.zero
    return words.half.format(number=moment.in_words(whole)) if half else moment.in_words(whole)


def _heard(moment: Moment, _: Meaning) -> None:
    drop(moment)


TREND = Errand(_begin, _heard, _learned)
