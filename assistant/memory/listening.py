"""How listening has gone: talk time, interruptions, held silences and points of each session, for each person.

A session of a listening drill keeps these as entries (docs/journal.md): ``talk_s``, ``held_silence_s`` of whoever had
the floor, ``interruptions``, ``points`` and ``points_back`` of whoever listened, ``told_apart_by``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.memory.records import Session

DRILLS = ("listening", "solo_listening")
TALK, SILENCE, INTERRUPTIONS = "talk_s", "held_silence_s", "interruptions"
POINTS, POINTS_BACK = "points", "points_back"


@dataclass(frozen=True, slots=True)
class Listened:
    """One person in one session. None is what was not heard, counted or compared there.

    ``talk_s`` seconds with the floor, ``silence_s`` their longest silence that the other held, ``interruptions`` they
    made, and of ``points`` they heard, ``points_back`` came back.
    """

    at: datetime
    ritual: str
    person: str | None
    talk_s: float | None
    silence_s: float | None
    interruptions: int | None
    points: int | None
    points_back: int | None


def listened(sessions: Sequence[Session]) -> tuple[Listened, ...]:
    """Everybody in every drill among ``sessions``, the earliest first; drills that kept nothing are left out."""
    found: list[Listened] = []
    for session in sorted(sessions, key=lambda one: one.started_at):
        if session.ritual in DRILLS:
            people = dict.fromkeys(entry.person for entry in session.entries)
            found += [_of(session, person) for person in people]
    return tuple(found)


def _of(session: Session, person: str | None) -> Listened:
    numbers: dict[str, float] = {}
    for entry in session.entries:
        if entry.person == person and entry.number is not None:
            numbers[entry.key] = entry.number
    return Listened(
        session.started_at,
        session.ritual,
        person,
        numbers.get(TALK),
        numbers.get(SILENCE),
        _whole(numbers.get(INTERRUPTIONS)),
        _whole(numbers.get(POINTS)),
        _whole(numbers.get(POINTS_BACK)),
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def last_given_back(sessions: Sequence[Session]) -> Mapping[str, int]:
    """How many points came back from each in the last drill of theirs in which something was compared."""
    return {
        one.person: one.points_back
        for one in listened(sessions)
        if one.person is not None and one.points_back is not None
    }


def last_listening(sessions: Sequence[Session], people: Sequence[str]) -> Mapping[str, Any] | None:
    """``interruptions`` of all ``people`` in the last finished session of theirs in which they were counted."""
    for session in sessions:
        if session.outcome == "finished" and set(session.people) == set(people):
            counted = [one.interruptions for one in listened([session]) if one.interruptions is not None]
            if counted:
                return {"interruptions": sum(counted)}
    return None
