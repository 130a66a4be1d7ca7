"""Where the dialogue stands, for those who watch: the ritual and its step, and whether what is said is for all eyes."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.dialogue.errands.recalling import TRUSTING
from assistant.dialogue.library import Library
from assistant.dialogue.state import READS, State

HELPING = "help_lines"  # the errand that gives help lines


@dataclass(frozen=True, slots=True)
class Place:
    """``ritual`` and ``title`` are empty between rituals; ``step`` (its key) is the ``number``-th of ``of`` stops.

    ``alone``: one person holds the ritual by themselves. ``apart``: one answers out of the others' hearing.
    ``discreet``: what is said now is for the room alone, because a passphrase is asked for, or help lines are given.
    """

    ritual: str = ""
    title: str = ""
    step: str = ""
    person: str = ""
    number: int = 0
    of: int = 0
    alone: bool = False
    apart: bool = False
    discreet: bool = False


def place(state: State, library: Library) -> Place:
    errand = state.errand
    trusting = errand is not None and errand.name == READS and errand.stage == TRUSTING
    discreet = trusting or (errand is not None and errand.name == HELPING)
    session = state.session
    if session is None:
        return Place(discreet=discreet)
    alone = len(session.people) <= 1
    ritual = library.rituals.get(session.ritual)
    if ritual is None:  # its file is gone
        return Place(session.ritual, session.ritual, alone=alone, discreet=discreet)
    stops = library.stops(session.ritual, session.people, session.circle)
    at = min(max(session.at, 0), len(stops) - 1)
    stop = stops[at]
    return Place(
        session.ritual,
        ritual.title,
        stop.key,
        stop.person or "",
        at + 1,
        len(stops),
        alone,
        stop.is_closed(session.given),
        discreet,
    )
