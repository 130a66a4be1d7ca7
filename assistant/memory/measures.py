"""What is measured, as points of a trend: mood, stress, closeness on a scale; listening and gratitude by counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from assistant.memory.listening import listened
from assistant.memory.recall import Question, Recall
from assistant.memory.records import Session
from assistant.memory.trends import Point


@dataclass(frozen=True, slots=True)
class Measure:
    """The answers whose keys are ``keys``; the mean of them all in one session is one point on ``low``..``high``."""

    keys: tuple[str, ...]
    ritual: str
    low: int
    high: int


MEASURES: Mapping[str, Measure] = {
    "mood": Measure(("mood",), "mood", 1, 10),
    "stress": Measure(("stress",), "checkin", 1, 10),
    "closeness": Measure(("accepts", "shares", "cares", "helps", "understood"), "closeness", 1, 5),
}

LISTENING, GRATITUDE = "listening", "gratitude"
GOOD_THING = "good_thing"


def points(recall: Recall, name: str, confided: str | None) -> Mapping[str | None, tuple[Point, ...]]:
    """The points of the measure ``name`` by person, oldest first. A session counts when nothing of it was passed on.

    ``confided`` as in `Question`. Raises KeyError for a measure there is not, JournalError.
    """
    measure = MEASURES[name]
    given: dict[tuple[str | None, int], list[Point]] = defaultdict(list)
    for person, session, point in recall.numbers(Question(keys=measure.keys, ritual=measure.ritual, confided=confided)):
        given[person, session].append(point)
    found: dict[str | None, list[Point]] = defaultdict(list)
    for (person, _), of_session in given.items():
        if len(of_session) == len(measure.keys):
            found[person].append(Point(of_session[-1].day, mean(point.value for point in of_session)))
    return {person: tuple(one) for person, one in found.items()}


def interruptions(sessions: Sequence[Session]) -> Mapping[str | None, tuple[Point, ...]]:
    """How often each interrupted, by drill in which it was counted; oldest first."""
    found: dict[str | None, list[Point]] = defaultdict(list)
    for one in listened(sessions):
        if one.interruptions is not None:
            found[one.person].append(Point(one.at.date(), float(one.interruptions)))
    return {person: tuple(one) for person, one in found.items()}


def good_things(sessions: Sequence[Session]) -> Mapping[str | None, tuple[Point, ...]]:
    """How many good things each named, by evening of gratitude; oldest first."""
    found: dict[str | None, list[Point]] = defaultdict(list)
    for session in sorted(sessions, key=lambda one: one.started_at):
        if session.ritual == GRATITUDE:
            said = [entry.person for entry in session.entries if entry.key == GOOD_THING]
            for person in dict.fromkeys(said):
                found[person].append(Point(session.started_at.date(), float(said.count(person))))
    return {person: tuple(one) for person, one in found.items()}
