"""What a schema cannot see: steps that no evening reaches, ids that clash, decks that there are not.

Each fault is an IntentsError with file and line, and says what to do. Lines are checked in line_checks.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from assistant.dialogue.deck import Deck
from assistant.dialogue.line_checks import Values, check_lines
from assistant.dialogue.lines import ByNumber, Lines
from assistant.dialogue.ritual import (
    ChooseStep,
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
    BreatheStep,
    DrawStep,
    ExitStep,
    RateStep,
    ReflectStep,
    SayStep,
    SilenceStep,
    TellStep,
    TurnStep,
)
from assistant.understanding.data_file import DataFile, Location
from assistant.understanding.templates import Opener, TemplateError


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a step stands: whom it can name, and what was asked and drawn before it on every way here."""

    at: Location
    names: frozenset[str] = frozenset()
    many: bool = False  # two or more people for certain
    asked: frozenset[str] = frozenset()
    of_each: frozenset[str] = frozenset()  # asked of everybody in turn: each can be told what they answered
    known: frozenset[str] = frozenset()  # placeholders that have a value whoever is here


@dataclass(frozen=True, slots=True)
class _Check:
    """One ritual file under examination."""

    file: DataFile
    ritual: Ritual
    decks: Mapping[str, Deck]
    levels: frozenset[str]

    def values(self, place: _Place) -> Values:
        """The placeholders for lines at ``place``."""
        all_names = frozenset({"names"}) if self.ritual.asks_who else frozenset[str]()
        return Values(place.known, place.names | all_names, place.many, self.ritual.people.max < 2)


def check_ritual(
    file: DataFile, ritual: Ritual, decks: Mapping[str, Deck], levels: Collection[str] = frozenset()
) -> None:
    """Raise IntentsError for the first fault in ``ritual``, which was read from ``file``.

    It draws from ``decks``, and tells stories of ``levels``.
    """
    check = _Check(file, ritual, decks, frozenset(levels))
    whole = _Place(("steps",), many=ritual.people.min > 1)
    _check_ids(file, ritual.steps, ("steps",), set())
    _check_steps(check, ritual.steps, whole)
    check_lines(file, ritual.closings, ("closings",), check.values(whole))


def _check_ids(file: DataFile, steps: tuple[Step, ...], at: Location, seen: set[str]) -> None:
    for number, step in enumerate(steps):
        if step.id in seen:
            raise file.error(f"the id {step.id!r} is given twice in this ritual; choose another.", *at, number, "id")
        if step.id is not None:
            seen.add(step.id)
        for way, inner in branches(step):
            _check_ids(file, inner, (*at, number, *way), seen)


def _check_steps(check: _Check, steps: tuple[Step, ...], place: _Place) -> None:
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


def _check_at_once(check: _Check, step: OfferStep, after: tuple[Step, ...], at: Location) -> None:
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


def _after(step: Step, place: _Place) -> _Place:
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


def _check_step(check: _Check, step: Step, place: _Place) -> None:
    if step.only is not None:
        place = _narrowed(check, step.only, place)
    if step.at_least is not None and not _is_a(check, RateStep, step.only_after):
        raise check.file.error(
            f"at_least: {step.only_after!r} is no rate question, so no answer to it is a number; name one that is.",
            *place.at,
            "at_least",
        )
    _check_keeping(check, step, place)
    _check_kind(check, step, place)
    for key, lines in spoken(step):
        check_lines(check.file, lines, (*place.at, key), check.values(_hearers(step, place)))
    inner = _within(check, step, place)
    for way, steps in branches(step):
        _check_steps(check, steps, replace(inner, at=(*place.at, *way)))


def _hearers(step: Step, place: _Place) -> _Place:
    """The placeholders of the step's own lines."""
    match step:
        case EachStep(over="circle"):
            return replace(place, names=frozenset(), many=True)
        case EachStep():
            return replace(place, names=frozenset())
        case OfferStep(of="everyone"):
            return replace(place, names=place.names | {"name"})
        case DrawStep():
            return replace(place, known=place.known | {"card"})
        case ReflectStep():
            return replace(place, known=place.known | {"points"})
        case SayStep(numbers_of=ids) if ids:
            return replace(place, known=place.known | {"numbers"})
        case _:
            return place


def _within(check: _Check, step: Step, place: _Place) -> _Place:
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


def _narrowed(check: _Check, only: str, place: _Place) -> _Place:
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


def _is_a(check: _Check, kind: type[Step], wanted: str | None) -> bool:
    return any(isinstance(step, kind) and step.id == wanted for step in walk(check.ritual.steps))


def _check_keeping(check: _Check, step: Step, place: _Place) -> None:
    wanted = getattr(step, "keep_if", None)
    if wanted is not None and not (wanted in place.asked and _is_a(check, OfferStep, wanted)):
        raise check.file.error(
            f"keep_if: no offer with the id {wanted!r} is made before this step; name one that is.",
            *place.at,
            "keep_if",
        )


def _check_kind(check: _Check, step: Step, place: _Place) -> None:
    """What only this kind of step can have wrong."""
    of = getattr(step, "of", None)
    if of == "other" and "other" not in place.names:
        raise check.file.error("of: other needs a circle around it; put it into an each with over: circle.", *place.at)
    if of == "everyone" and place.names:
        raise check.file.error("of: everyone cannot stand inside an each; put it after that one.", *place.at, "of")
    if getattr(step, "apart", False) and place.names != {"name"}:
        raise check.file.error(
            "apart: only what each is asked in turn can be answered apart; put it into an each with over: people.",
            *place.at,
            "apart",
        )
    match step:
        case (
            SilenceStep(minutes_from=str(wanted))
            | BreatheStep(minutes_from=str(wanted))
            | TurnStep(minutes_from=str(wanted))
        ):
            _check_minutes(check, wanted, place)
        case TellStep():
            _check_tell(check, step, place)
        case ReflectStep():
            _check_reflect(check, step, place)
        case ChooseStep():
            _check_options(check.file, step, place.at)
        case OfferStep():
            _check_offer(check, step, place)
        case DrawStep():
            _check_draw(check, step, place)
        case SayStep():
            for wanted in step.numbers_of:
                if not (wanted in place.asked and _is_a(check, RateStep, wanted)):
                    raise check.file.error(
                        f"numbers_of: no rate question with the id {wanted!r} is asked before this step; "
                        "name one that is.",
                        *place.at,
                        "numbers_of",
                    )


def _check_offer(check: _Check, offer: OfferStep, place: _Place) -> None:
    used = {getattr(step, key, None) for step in walk(check.ritual.steps) for key in ("keep_if", "only_after")}
    if not (offer.yes or offer.no or offer.keep or offer.keep_if or offer.id in used):
        raise check.file.error("nothing follows from this offer; give it yes: or no: steps, or remove it.", *place.at)


def _check_draw(check: _Check, draw: DrawStep, place: _Place) -> None:
    deck = check.decks.get(draw.deck)
    if deck is None:
        known = ", ".join(sorted(check.decks)) or "none"
        raise check.file.error(f"deck: there is no deck {draw.deck!r}; the decks are: {known}.", *place.at, "deck")
    depths = [depth.id for depth in deck.depths]
    if depths and draw.depth not in depths:
        raise check.file.error(
            f"depth: the deck {deck.id!r} has the depths {', '.join(depths)}; name one of them.", *place.at, "depth"
        )
    if draw.depth is not None and not depths:
        raise check.file.error(f"depth: the deck {deck.id!r} has no depths; remove this.", *place.at, "depth")
    if draw.lines is None:
        others = (
            lines for step in walk(check.ritual.steps) if not isinstance(step, DrawStep) for _, lines in spoken(step)
        )
        if not any(_says_card(line) for lines in others for line in _every(lines)):
            raise check.file.error("the card is drawn and never said; write {card} in lines: here or later.", *place.at)
    elif silent := [line for line in _every(draw.lines) if not _says_card(line)]:
        raise check.file.error(f"{silent[0]!r} does not say the card; write {{card}} into it.", *place.at, "lines")


def _check_tell(check: _Check, tell: TellStep, place: _Place) -> None:
    chosen = (step for step in walk(check.ritual.steps) if isinstance(step, ChooseStep) and step.id == tell.level_from)
    options = [option.id for step in chosen for option in step.options]
    if tell.level_from not in place.asked or not options:
        raise check.file.error(
            f"level_from: no choose step with the id {tell.level_from!r} comes before this step; name one that does.",
            *place.at,
            "level_from",
        )
    for option in options:
        if option not in check.levels:
            known = ", ".join(sorted(check.levels)) or "none"
            raise check.file.error(
                f"level_from: there are no stories of the level {option!r}; the levels are: {known}.",
                *place.at,
                "level_from",
            )


def _check_reflect(check: _Check, reflect: ReflectStep, place: _Place) -> None:
    for key, wanted, kinds, what in (
        ("story", reflect.story, (TurnStep, TellStep), "turn or tell step"),
        ("retelling", reflect.retelling, (AskStep,), "ask step"),
    ):
        if not any(_is_a(check, kind, wanted) for kind in kinds):
            raise check.file.error(f"{key}: there is no {what} with the id {wanted!r}; name one.", *place.at, key)


def _every(lines: Lines) -> Iterator[str]:
    """All lines as plain text."""
    groups = (lines.alone, lines.together, lines.following) if isinstance(lines, ByNumber) else (lines,)
    for line in (one for group in groups if group is not None for one in group):
        yield line if isinstance(line, str) else " ".join(str(part) for part in line)


def _says_card(line: str) -> bool:
    return "{card}" in line


def _check_options(file: DataFile, step: ChooseStep, at: Location) -> None:
    """Each way to say an option can be read, and means that option only. Rules and slots have no place in them."""
    opener = Opener({}, {}, lambda number: (str(number),))
    meant: dict[str, str] = {}
    for number, option in enumerate(step.options):
        for place, phrase in enumerate(option.phrases):
            here = (*at, "options", number, "phrases", place)
            try:
                sentences = opener.open(phrase)
            except TemplateError as error:
                raise file.error(f"the template {phrase!r} cannot be used: {error}.", *here) from None
            for text, _ in sentences:
                other = meant.setdefault(text.lower(), option.id)
                if other != option.id:
                    raise file.error(
                        f"{text!r} would mean {option.id!r} and {other!r}; take it out of one of them.", *here
                    )


def _check_minutes(check: _Check, wanted: str, place: _Place) -> None:
    asks = [step for step in walk(check.ritual.steps) if isinstance(step, AskStep) and step.id == wanted]
    if wanted not in place.asked or not asks or asks[0].answer != "minutes":
        raise check.file.error(
            f"minutes_from: no question with the id {wanted!r} and answer: minutes is asked before this step; "
            "add one, or give the length here.",
            *place.at,
            "minutes_from",
        )
