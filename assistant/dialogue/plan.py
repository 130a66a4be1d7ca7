"""A ritual unrolled for the people of one evening: a flat row of stops.

Turns become stops of their own, branches become stops with a guard. So the place in a ritual is one number,
"back" is a smaller one, and nothing about a ritual needs code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.lines import Lines
from assistant.dialogue.ritual import AskStep, ChooseStep, EachStep, OfferStep, Question, Ritual, SayStep, Step
from assistant.dialogue.state import Given, Session


@dataclass(frozen=True, slots=True)
class Guard:
    """Open when the question at ``stop`` was answered: in any way, with ``value``, or with ``at_least`` a number."""

    stop: int
    value: str | None = None
    at_least: float | None = None

    def lets_pass(self, given: Sequence[Given]) -> bool:
        answer = next((one for one in reversed(given) if one.stop == self.stop), None)
        if answer is None:
            return False
        if self.at_least is not None:
            return isinstance(answer.value, float | int) and answer.value >= self.at_least
        return self.value is None or answer.value == self.value


@dataclass(frozen=True, slots=True)
class Stop:
    """One step for one person. ``key`` names the step within its ritual, the same for all people."""

    step: Step
    key: str
    person: str | None = None
    other: str | None = None
    guards: tuple[Guard, ...] = ()
    turn: int = 0  # 0 for whoever comes first in an `each`

    @property
    def lines(self) -> Lines:
        """What is said here first. Only for steps that say or ask something."""
        if isinstance(self.step, EachStep):
            assert self.step.opening is not None
            return self.step.opening
        if isinstance(self.step, SayStep):
            return self.step.lines
        assert isinstance(self.step, Question)
        return self.step.prompts


@dataclass(frozen=True, slots=True)
class _Turn:
    number: int = 0
    person: str | None = None
    other: str | None = None
    guards: tuple[Guard, ...] = ()


def unroll(ritual: Ritual, people: Sequence[str], circle: int = 1) -> tuple[Stop, ...]:
    """The stops of one evening. ``people`` in the order of turns, empty for one person without a name.

    In a circle each person speaks to the one ``circle`` places on.
    """
    stops: list[Stop] = []
    asked: dict[tuple[str, str | None, str | None], int] = {}
    alone = _Turn(person=people[0]) if len(people) == 1 else _Turn()
    _lay(ritual.steps, (), alone, tuple(people), circle, stops, asked)
    return tuple(stops)


def _lay(
    steps: tuple[Step, ...],
    way: tuple[str, ...],
    turn: _Turn,
    people: tuple[str, ...],
    circle: int,
    stops: list[Stop],
    asked: dict[tuple[str, str | None, str | None], int],
) -> None:
    for number, step in enumerate(steps):
        here = (*way, str(number))
        at = turn
        if step.only is not None and (step.only == "together") != (len(people) > 1):
            continue
        if step.only_after is not None:
            place = _latest(asked, step.only_after, turn)
            if place is None:
                continue
            at = replace(turn, guards=(*turn.guards, Guard(place, at_least=step.at_least)))
        key = step.id or ".".join(here)
        if isinstance(step, EachStep):
            turns = _turns(step, people, circle, at)
            if step.opening is not None and turns:
                stops.append(Stop(step, key, at.person, at.other, at.guards))
            for one in turns:
                _lay(step.steps, here, one, people, circle, stops, asked)
            continue
        place = len(stops)
        stops.append(Stop(step, key, at.person, at.other, at.guards, at.number))
        if isinstance(step, Question):
            asked[step.id, at.person, at.other] = place
        for value, inner in _branches(step).items():
            branch = replace(at, guards=(*at.guards, Guard(place, value)))
            _lay(inner, (*here, value), branch, people, circle, stops, asked)


def _latest(asked: Mapping[tuple[str, str | None, str | None], int], wanted: str, turn: _Turn) -> int | None:
    """Where the question was asked of the same person, else of all."""
    for person, other in ((turn.person, turn.other), (turn.person, None), (None, None)):
        if (wanted, person, other) in asked:
            return asked[wanted, person, other]
    return None


def _turns(step: EachStep, people: tuple[str, ...], circle: int, turn: _Turn) -> list[_Turn]:
    if step.over == "people":
        return [replace(turn, number=place, person=name) for place, name in enumerate(people)] or [turn]
    if len(people) < 2:
        return []
    reach = 1 + (circle - 1) % (len(people) - 1)
    return [
        replace(turn, number=place, person=name, other=people[(place + reach) % len(people)])
        for place, name in enumerate(people)
    ]


def _branches(step: Step) -> Mapping[str, tuple[Step, ...]]:
    if isinstance(step, OfferStep):
        return {"yes": step.yes, "no": step.no}
    if isinstance(step, ChooseStep):
        return {option.id: option.steps for option in step.options}
    return {}


def is_open(stop: Stop, given: Sequence[Given]) -> bool:
    """Whether the answers given so far lead to this stop."""
    return all(guard.lets_pass(given) for guard in stop.guards)


def following(stops: Sequence[Stop], session: Session) -> int:
    """The next stop; ``len(stops)`` when the ritual is through."""
    for place in range(session.at + 1, len(stops)):
        if is_open(stops[place], session.given):
            return place
    return len(stops)


def question_before(stops: Sequence[Stop], session: Session) -> tuple[int, int] | None:
    """Stop and item of the question asked before the present one, or None when there was none."""
    if session.item > 0:
        return session.at, session.item - 1
    for place in range(min(session.at, len(stops)) - 1, -1, -1):
        stop = stops[place]
        if isinstance(stop.step, Question) and is_open(stop, session.given):
            answers = sum(1 for one in session.given if one.stop == place)
            several = isinstance(stop.step, AskStep) and stop.step.up_to > 1
            return place, max(0, answers - 1) if several else 0
    return None


def minutes_given(stops: Sequence[Stop], session: Session, question: str) -> float | None:
    """The minutes answered to the latest question of that id."""
    for one in reversed(session.given):
        if stops[one.stop].key == question and isinstance(one.value, float | int):
            return float(one.value)
    return None
