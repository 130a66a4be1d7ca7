""" "Ben is here now": somebody comes in the middle of a ritual, and takes part from there on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.dialogue.errand import Errand, done, drop, set_out
from assistant.dialogue.errands.people import PEOPLE
from assistant.dialogue.moment import Moment
from assistant.dialogue.plan import Stop
from assistant.dialogue.wording import row
from assistant.events import Join, Meaning

# By which a stop is known again: its key, its people, and which of these.
Sign = tuple[str, str | None, str | None, int]


def is_new_here(moment: Moment, meaning: Meaning) -> bool:
    """Whether nobody of those who come is here already: "Ana is here now", said of Ana, tells something."""
    session = moment.state.session
    here = moment.present if session is not None else moment.state.people
    return bool(meaning.slots.get("names")) and set(here).isdisjoint(meaning.slots["names"])


def _begin(moment: Moment, meaning: Meaning) -> None:
    names = tuple(str(name) for name in meaning.slots["names"])
    if moment.state.session is None:
        set_out(moment, "people")
        PEOPLE.begin(moment, meaning)
        return
    if _take_in(moment, names):
        moment.say("people.joined", name=row(names, moment.prompts.joiner))
    else:
        moment.say("people.later")
    done(moment)


def _take_in(moment: Moment, names: tuple[str, ...]) -> bool:
    """Give ``names`` their turns from here on; False where there is no room for them, or no place to go on from."""
    before, stops = moment.session, moment.stops
    people = tuple(dict.fromkeys((*before.people, *names)))
    gone = tuple(one for one in before.gone if one not in names)
    if not before.people or len(people) - len(gone) > moment.ritual.people.max:
        return False
    moment.change_session(people=people, gone=gone)
    places = _places(moment.stops)
    now_at = {old: places.get(sign, places.get((sign[0], None, None, sign[3]))) for sign, old in _places(stops).items()}
    at = now_at[before.at]
    if at is None:  # in a round that is another one with more people
        moment.change(session=before)
        return False
    moment.change_session(
        at=at,
        given=tuple(replace(one, stop=place) for one in before.given if (place := now_at[one.stop]) is not None),
        tallies=tuple(replace(one, stop=place) for one in before.tallies if (place := now_at[one.stop]) is not None),
    )
    state = moment.state
    if not state.configured:
        moment.change(people=tuple(dict.fromkeys((*state.people, *names))))
    moment.change(known=tuple(dict.fromkeys((*state.known, *names))))
    moment.emit(*(Join(name) for name in names))
    return True


def _places(stops: Sequence[Stop]) -> Mapping[Sign, int]:
    seen: Counter[tuple[str, str | None, str | None]] = Counter()
    places: dict[Sign, int] = {}
    for place, stop in enumerate(stops):
        who = (stop.key, stop.person, stop.other)
        places[(*who, seen[who])] = place
        seen[who] += 1
    return places


def _heard(moment: Moment, _: Meaning) -> None:
    drop(moment)


JOINING = Errand(_begin, _heard)
