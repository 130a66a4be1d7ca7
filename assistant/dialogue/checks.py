"""What a schema cannot see: steps that no evening reaches, ids that clash, names that nobody has there.

Each fault is an IntentsError with file and line, and says what to do. What a step can have wrong by itself is checked
in kind_checks.py, lines in line_checks.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from assistant.dialogue.deck import Deck
from assistant.dialogue.kind_checks import Check, Place, check_keeping, check_kind, is_a
from assistant.dialogue.line_checks import check_lines
from assistant.dialogue.plan import unroll
from assistant.dialogue.ritual import (
    EachStep,
    OfferStep,
    Question,
    Ritual,
    Step,
    branches,
    spoken,
    walk,
)
from assistant.dialogue.steps import (
    AskStep,
    DrawStep,
    ExitStep,
    RateStep,
    ReflectStep,
    SayStep,
    TurnStep,
)
from assistant.understanding.data_file import DataFile, Location


def check_ritual(
    file: DataFile, ritual: Ritual, decks: Mapping[str, Deck], levels: Collection[str] = frozenset()
) -> None:
    """Raise IntentsError for the first fault in ``ritual``, which was read from ``file``.

    It draws from ``decks``, and tells stories of ``levels``.
    """
    check = Check(file, ritual, decks, frozenset(levels))
    whole = Place(("steps",), many=ritual.people.min > 1)
    _check_ids(file, ritual.steps, ("steps",), set())
    _check_steps(check, ritual.steps, whole)
    check_lines(file, ritual.closings, ("closings",), check.values(whole))
    if ritual.people.min == 1 and not unroll(ritual, ("",)):
        raise file.error(
            "steps: for one person alone nothing of this ever happens; set people: min: 2, or add a step for one.",
            "steps",
        )


def _check_ids(file: DataFile, steps: tuple[Step, ...], at: Location, seen: set[str]) -> None:
    for number, step in enumerate(steps):
        if step.id in seen:
            raise file.error(f"the id {step.id!r} is given twice in this ritual; choose another.", *at, number, "id")
        if step.id is not None:
            seen.add(step.id)
        for way, inner in branches(step):
            _check_ids(file, inner, (*at, number, *way), seen)


def _check_steps(check: Check, steps: tuple[Step, ...], place: Place) -> None:
    left = False
    for number, step in enumerate(steps):
        here = (*place.at, number)
        if left:
            raise check.file.error("an exit comes before this step, so it is never reached; remove one of them.", *here)
        if step.only_after is not None and step.only_after not in place.asked:
            raise check.file.error(
                f"only_after: no question with the id {step.only_after!r} is asked before this step, so it would "
                "never be reached; name one that is.",
                *here,
                "only_after",
            )
        if isinstance(step, OfferStep) and step.at_once is not None:
            _check_at_once(check, step, steps[number + 1 :], here)
        _check_step(check, step, replace(place, at=here))
        place = _after(step, place)
        left = _always_leaves(step)


def _check_at_once(check: Check, step: OfferStep, after: tuple[Step, ...], at: Location) -> None:
    asks = (one for steps in (step.yes, step.no, after) for one in walk(steps) if isinstance(one, AskStep))
    if not any(one.id == step.at_once and one.answer == "text" for one in asks):
        raise check.file.error(
            f"at_once: no ask with the id {step.at_once!r} that takes free words comes after this offer; "
            "name one that does.",
            *at,
            "at_once",
        )


def _always_leaves(step: Step) -> bool:
    """Whether nothing can come after this step, whatever is answered."""
    if not _always(step):
        return False
    if isinstance(step, OfferStep):
        return all(any(map(_always_leaves, steps)) for steps in (step.yes, step.no))
    return isinstance(step, ExitStep)


def _always(step: Step) -> bool:
    return step.only is None and step.only_after is None


def _after(step: Step, place: Place) -> Place:
    """``place`` for what follows the step beside it."""
    if isinstance(step, Question | TurnStep):
        place = replace(place, asked=place.asked | {step.id})
    if isinstance(step, EachStep):
        inside = {one.id for one in walk(step.steps) if isinstance(one, Question)}
        place = replace(place, of_each=place.of_each | inside)
    if _always(step) and isinstance(step, DrawStep):
        place = replace(place, known=place.known | {"card"})
    if _always(step) and isinstance(step, AskStep) and step.answer == "name":
        place = replace(place, known=place.known | {"about"})
    return place


def _check_step(check: Check, step: Step, place: Place) -> None:
    if step.only is not None:
        place = _narrowed(check, step.only, place)
    if step.at_least is not None and not is_a(check, RateStep, step.only_after):
        raise check.file.error(
            f"at_least: {step.only_after!r} is no rate question, so no answer to it is a number; name one that is.",
            *place.at,
            "at_least",
        )
    check_keeping(check, step, place)
    check_kind(check, step, place)
    for key, lines in spoken(step):
        check_lines(check.file, lines, (*place.at, key), check.values(_hearers(step, place)))
    inner = _within(check, step, place)
    for way, steps in branches(step):
        _check_steps(check, steps, replace(inner, at=(*place.at, *way)))


def _hearers(step: Step, place: Place) -> Place:
    """The placeholders of the step's own lines."""
    match step:
        case EachStep(over="circle"):
            return replace(place, names=frozenset(), many=True)
        case EachStep():
            return replace(place, names=frozenset())
        case OfferStep(of="everyone") | OfferStep(first_turn=True):
            return replace(place, names=place.names | {"name"})
        case DrawStep():
            return replace(place, known=place.known | {"card"})
        case ReflectStep():
            return replace(place, known=place.known | {"points"})
        case SayStep(numbers_of=ids) if ids:
            return replace(place, known=place.known | {"numbers"})
        case _:
            return place


def _within(check: Check, step: Step, place: Place) -> Place:
    """``place`` for the steps inside this one."""
    if isinstance(step, Question):
        return replace(place, asked=place.asked | {step.id})
    if not isinstance(step, EachStep):
        return place
    if place.names:
        raise check.file.error("an each step cannot stand inside another; put it after that one.", *place.at)
    circle = step.over == "circle"
    if circle and check.ritual.people.max < 2:
        raise check.file.error("a circle needs people: {max: 2} or more, so this is never reached.", *place.at, "over")
    names = {"name", "other"} if circle else {"name"}
    asked = place.asked | place.of_each
    return replace(place, names=frozenset(names), many=place.many or circle, asked=asked)


def _narrowed(check: Check, only: str, place: Place) -> Place:
    """The place when a step is for one person alone, or for several."""
    people = check.ritual.people
    if (only == "alone" and (people.min > 1 or place.many)) or (only == "together" and people.max < 2):
        raise check.file.error(
            f"only: {only} never happens with people: {{min: {people.min}, max: {people.max}}}; "
            "remove the step or change the people.",
            *place.at,
            "only",
        )
    return replace(place, many=True) if only == "together" else place
