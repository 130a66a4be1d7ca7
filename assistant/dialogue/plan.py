"""A ritual unrolled for the people of one evening: a flat row of stops.

Turns become stops of their own, branches become stops with a guard. So the place in a ritual is one number,
"back" is a smaller one, and nothing about a ritual needs code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.dialogue.lines import Lines
from assistant.dialogue.prompts.journal import Apart
from assistant.dialogue.ritual import ChooseStep, EachStep, OfferStep, Question, Ritual, Step
from assistant.dialogue.state import Given, Session
from assistant.dialogue.steps import Around, AskedApartStep, AskStep, DrawStep, LaterStep, OpenStep, SayStep, TurnStep

ALONE_S = 60.0  # so long people may take to leave the room


@dataclass(frozen=True, slots=True)
class Guard:
    """Open when the question at each of ``stops`` was answered: in any way, with ``value``, or with ``at_least``.

    ``otherwise`` turns it round: open when one of them was not.
    """

    stops: tuple[int, ...]
    value: str | None = None
    at_least: float | None = None
    otherwise: bool = False

    def lets_pass(self, given: Sequence[Given]) -> bool:
        return all(self._fits(stop, given) for stop in self.stops) is not self.otherwise

    def _fits(self, stop: int, given: Sequence[Given]) -> bool:
        answer = next((one for one in reversed(given) if one.stop == stop), None)
        if answer is None:
            return False
        if self.at_least is not None:
            return isinstance(answer.value, float | int) and answer.value >= self.at_least
        return self.value is None or answer.value == self.value


@dataclass(frozen=True, slots=True)
class Stop:
    """One step for one person. ``key`` names the step within its ritual, the same for all people."""

    step: Step | Around
    key: str
    person: str | None = None
    other: str | None = None
    guards: tuple[Guard, ...] = ()
    turn: int = 0  # 0 for whoever comes first in an `each`
    kept_if: Guard | None = None  # the answer is kept when this is open
    apart: int | None = None  # the stop that remembers whether this question is answered apart
    gate: bool = False  # waits until somebody is alone

    def is_closed(self, given: Sequence[Given]) -> bool:
        """Whether the answer is to be kept closed."""
        return self.apart is not None and Guard((self.apart,), "yes").lets_pass(given)

    @property
    def answers(self) -> tuple[str | None, str | None]:
        """Who answers here, and whom the answer is about."""
        if getattr(self.step, "of", None) == "other":
            return self.other, self.person
        return self.person, self.other

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
    apart: int | None = None


def unroll(ritual: Ritual, people: Sequence[str], circle: int = 1, apart: Apart | None = None) -> tuple[Stop, ...]:
    """The stops of one evening. ``people`` in the order of turns, empty for one person without a name.

    In a circle each person speaks to the one ``circle`` places on. ``apart`` are the words around a question that may
    be answered apart; None: none may.
    """
    alone = _Turn(person=people[0]) if len(people) == 1 else _Turn()
    laying = _Laying(tuple(people), circle, len(people) > 1 or ritual.people.min > 1, apart)
    laying.lay(ritual.steps, (), alone)
    return tuple(laying.stops)


@dataclass
class _Laying:
    """The row while it is laid out. ``asked`` tells where each question was put to whom."""

    people: tuple[str, ...]
    circle: int
    together: bool  # several take part, whether they have names or not
    words: Apart | None
    stops: list[Stop] = field(default_factory=list)
    asked: dict[tuple[str, str | None, str | None], tuple[int, ...]] = field(default_factory=dict)
    answered_by: dict[tuple[str, str | None], tuple[int, ...]] = field(default_factory=dict)

    def lay(self, steps: tuple[Step, ...], way: tuple[str, ...], turn: _Turn) -> None:
        for number, step in enumerate(steps):
            here = (*way, str(number))
            at = self._entry(step, turn)
            if at is None:
                continue
            key = step.id or ".".join(here)
            if isinstance(step, EachStep):
                turns = self._turns(step, at)
                if step.opening is not None and turns:
                    self.stops.append(Stop(step, key, at.person, at.other, at.guards))
                question = next((one for one in step.steps if isinstance(one, AskStep) and one.apart), None)
                apart = self._before_apart(question, at) if question else None
                for one in turns:
                    self.lay(step.steps, here, replace(one, apart=apart))
                if question and apart is not None:
                    self._after_apart(question, at, apart)
                continue
            places = self._put(step, key, at)
            for value, (inner, guard) in _branches(step, places).items():
                self.lay(inner, (*here, value), replace(at, guards=(*at.guards, guard)))

    def _entry(self, step: Step, turn: _Turn) -> _Turn | None:
        """The turn with the guard that the step's own condition needs; None when it can never happen."""
        if step.only is not None and (step.only == "together") != self.together:
            return None
        if step.only_after is None:
            return turn
        places = self._latest(step.only_after, turn)
        if places is None:
            return None
        return replace(turn, guards=(*turn.guards, Guard(places, at_least=step.at_least)))

    def _put(self, step: Step, key: str, at: _Turn) -> tuple[int, ...]:
        """Add the stop of a step, or one for everyone, who is asked only while all before said yes."""
        wanted = getattr(step, "keep_if", None)
        kept = self._latest(wanted, at) if wanted is not None else None
        kept_if = Guard(kept, "yes") if kept is not None else None
        apart = at.apart if isinstance(step, AskStep) and step.apart else None
        if apart is not None:
            at = self._gate(step, at, Guard((apart,), "yes"))
        turns = [at]
        if isinstance(step, OfferStep) and step.of == "everyone":
            turns = [replace(at, number=place, person=name) for place, name in enumerate(self.people)] or turns
        places: tuple[int, ...] = ()
        for one in turns:
            guards = (*one.guards, Guard(places, "yes")) if places else one.guards
            places = (*places, len(self.stops))
            self.stops.append(Stop(step, key, one.person, one.other, guards, one.number, kept_if, apart))
        if isinstance(step, Question | TurnStep):
            self.asked[step.id, at.person, at.other] = places
            self.answered_by[step.id, self.stops[-1].answers[0]] = places
        return places

    # --- a question that may be answered apart ---

    def _before_apart(self, question: AskStep, at: _Turn) -> int | None:
        """The stop that says so, the first time of an evening; only where the answer is kept can it be."""
        if self.words is None or len(self.people) < 2:
            return None
        kept = self._latest(question.keep_if, at) if question.keep_if is not None else None
        guards = (*at.guards, Guard(kept, "yes")) if kept is not None else at.guards
        first = not any(isinstance(stop.step, AskedApartStep) for stop in self.stops)
        lines = self.words.offer if first else None
        self.stops.append(Stop(AskedApartStep(lines=lines), f"{question.id}.apart", guards=guards))
        return len(self.stops) - 1

    def _gate(self, step: Step, at: _Turn, wished: Guard) -> _Turn:
        """Before each turn it is asked whether the others are gone; without a yes the answer is left for later."""
        assert self.words is not None
        words, here = self.words, len(self.stops)
        prompts = words.gate if at.number == 0 else words.gate_next
        gate = OfferStep(kind="offer", id=f"{step.id}_gate", prompts=prompts, again=words.gate_again, wait_s=ALONE_S)
        guards = (*at.guards, wished)
        self.stops.append(Stop(gate, f"{step.id}.gate", at.person, guards=guards, turn=at.number, gate=True))
        assert step.id is not None
        later = LaterStep(of=step.id, lines=words.later)
        self.stops.append(Stop(later, f"{step.id}.later", at.person, guards=(*guards, Guard((here,), "no"))))
        return replace(at, guards=(*at.guards, Guard((here,), "no", otherwise=True)))

    def _after_apart(self, question: AskStep, at: _Turn, apart: int) -> None:
        """When all have answered, each is asked whether to open; one no is enough to keep all of it closed."""
        assert self.words is not None
        words, name = self.words, question.id
        guards = (*at.guards, Guard((apart,), "yes"))
        self.stops.append(Stop(OpenStep(of=name), f"{name}.closed", guards=guards))
        guards = (*guards, Guard((len(self.stops) - 1,), "all"))
        asked: tuple[int, ...] = ()
        for number, person in enumerate(self.people):
            prompts = words.ask_open_next if asked else words.ask_open
            offer = OfferStep(kind="offer", id=f"{name}_open", prompts=prompts, again=words.ask_open_again)
            before = (*guards, Guard(asked, "yes")) if asked else guards
            asked = (*asked, len(self.stops))
            self.stops.append(Stop(offer, f"{name}.open", person, guards=before, turn=number))
        self.stops.append(Stop(OpenStep(of=name, agreed=True), f"{name}.opened", guards=(*guards, Guard(asked, "yes"))))
        stays = SayStep(kind="say", lines=words.stays)
        self.stops.append(Stop(stays, f"{name}.stays", guards=(*guards, Guard(asked, "yes", otherwise=True))))

    def _latest(self, wanted: str, turn: _Turn) -> tuple[int, ...] | None:
        """Where the question was asked in the same turn, else of the same person in any other, else of all."""
        for person, other in ((turn.person, turn.other), (turn.person, None)):
            if (wanted, person, other) in self.asked:
                return self.asked[wanted, person, other]
        return self.answered_by.get((wanted, turn.person)) or self.asked.get((wanted, None, None))

    def _turns(self, step: EachStep, turn: _Turn) -> list[_Turn]:
        people = self.people
        if step.over == "people":
            return [replace(turn, number=place, person=name) for place, name in enumerate(people)] or [turn]
        if len(people) < 2:
            return []
        reach = 1 + (self.circle - 1) % (len(people) - 1)
        return [
            replace(turn, number=place, person=name, other=people[(place + reach) % len(people)])
            for place, name in enumerate(people)
        ]


def _branches(step: Step, places: tuple[int, ...]) -> Mapping[str, tuple[tuple[Step, ...], Guard]]:
    """The steps that follow each answer, and what lets them happen."""
    if isinstance(step, OfferStep):
        not_all = Guard(places, "no") if len(places) == 1 else Guard(places, "yes", otherwise=True)
        return {"yes": (step.yes, Guard(places, "yes")), "no": (step.no, not_all)}
    if isinstance(step, ChooseStep):
        return {option.id: (option.steps, Guard(places, option.id)) for option in step.options}
    return {}


def is_open(stop: Stop, given: Sequence[Given]) -> bool:
    """Whether the answers given so far lead to this stop."""
    return all(guard.lets_pass(given) for guard in stop.guards)


def following(stops: Sequence[Stop], session: Session) -> int:
    """The next stop; ``len(stops)`` when the ritual is through."""
    for place in range(session.at + 1, len(stops)):
        if is_open(stops[place], session.given) and not _is_left_out(stops[place], session):
            return place
    return len(stops)


def _is_left_out(stop: Stop, session: Session) -> bool:
    """Whether it is for somebody who has left, or opens a circle in which nobody else is left."""
    if not session.gone:
        return False
    alone = len(session.people) - len(session.gone) < 2
    opens_a_circle = isinstance(stop.step, EachStep) and stop.step.over == "circle"
    return stop.person in session.gone or stop.other in session.gone or (alone and opens_a_circle)


def question_before(stops: Sequence[Stop], session: Session) -> tuple[int, int] | None:
    """Stop and item of the question asked (or the turn held) before the present one, or None when there was none."""
    if session.item > 0:
        return session.at, session.item - 1
    for place in range(min(session.at, len(stops)) - 1, -1, -1):
        stop = stops[place]
        if isinstance(stop.step, Question | TurnStep) and is_open(stop, session.given):
            answers = sum(1 for one in session.given if one.stop == place)
            several = isinstance(stop.step, AskStep) and stop.step.up_to > 1
            return place, max(0, answers - 1) if several else 0
    return None


def latest(stops: Sequence[Stop], session: Session, key: str) -> int | None:
    """The last stop of that name on the way here; None when none was come by."""
    for place in range(min(session.at, len(stops)) - 1, -1, -1):
        if stops[place].key == key and is_open(stops[place], session.given):
            return place
    return None


def number_given(stops: Sequence[Stop], session: Session, question: str) -> float | None:
    """The number, or minutes, answered to the latest question of that id; None when it was not answered."""
    for one in reversed(session.given):
        if stops[one.stop].key == question and isinstance(one.value, float | int):
            return float(one.value)
    return None


def card_place(stops: Sequence[Stop], session: Session) -> int | None:
    """The stop of the card that counts here: the last that was drawn on the way; None when there was none."""
    drawn = {one.stop for one in session.given}
    for place in range(min(session.at, len(stops) - 1), -1, -1):
        if place in drawn and isinstance(stops[place].step, DrawStep) and is_open(stops[place], session.given):
            return place
    return None
