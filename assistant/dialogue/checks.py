"""What a schema cannot see: placeholders without a value, steps that no evening reaches, ids that clash.

Each fault is an IntentsError with file and line, and says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.dialogue.lines import PLACEHOLDER, ByNumber, Lines
from assistant.dialogue.prompts import Prompts
from assistant.dialogue.ritual import (
    AskStep,
    BreatheStep,
    ChooseStep,
    EachStep,
    OfferStep,
    Question,
    RateStep,
    Ritual,
    SayStep,
    SilenceStep,
    Step,
    walk,
)
from assistant.understanding.data_file import DataFile
from assistant.understanding.templates import Opener, TemplateError

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a step stands: whom it can name, and the questions that were asked before it on every way here."""

    at: Location
    names: frozenset[str] = frozenset()
    many: bool = False  # two or more people for certain
    asked: frozenset[str] = frozenset()


def check_ritual(file: DataFile, ritual: Ritual) -> None:
    """Raise IntentsError for the first fault in ``ritual``, which was read from ``file``."""
    together = ritual.people.min > 1
    _check_ids(file, ritual.steps, ("steps",), set())
    _check_steps(file, ritual, ritual.steps, _Place(("steps",), many=together))
    _check_lines(file, ritual.closings, ("closings",), frozenset(), together, named=ritual.asks_who)


def _check_ids(file: DataFile, steps: tuple[Step, ...], at: Location, seen: set[str]) -> None:
    for number, step in enumerate(steps):
        if step.id in seen:
            raise file.error(f"the id {step.id!r} is given twice in this ritual; choose another.", *at, number, "id")
        if step.id is not None:
            seen.add(step.id)
        for way, inner in _inner(step):
            _check_ids(file, inner, (*at, number, *way), seen)


def _check_steps(file: DataFile, ritual: Ritual, steps: tuple[Step, ...], place: _Place) -> None:
    asked = place.asked
    for number, step in enumerate(steps):
        here = (*place.at, number)
        if step.only_after is not None and step.only_after not in asked:
            raise file.error(
                f"only_after: no question with the id {step.only_after!r} is asked before this step, so it would "
                "never be reached; name one that is.",
                *here,
                "only_after",
            )
        _check_step(file, ritual, step, replace(place, at=here, asked=asked))
        if isinstance(step, Question):
            asked |= {step.id}


def _check_step(file: DataFile, ritual: Ritual, step: Step, place: _Place) -> None:
    named = ritual.asks_who
    if step.only is not None:
        place = _narrowed(file, ritual, step.only, place)
    if step.at_least is not None and not _rates(ritual, step.only_after):
        raise file.error(
            f"at_least: {step.only_after!r} is no rate question, so no answer to it is a number; name one that is.",
            *place.at,
            "at_least",
        )
    for key, lines in _spoken(step):
        names = place.names if not isinstance(step, EachStep) else place.names - {"name", "other"}
        _check_lines(file, lines, (*place.at, key), names, place.many or _circle(step), named=named)
    if isinstance(step, SilenceStep | BreatheStep) and step.minutes_from is not None:
        _check_minutes(file, ritual, step.minutes_from, place)
    if isinstance(step, ChooseStep):
        _check_options(file, step, place.at)
    inner = place
    if isinstance(step, EachStep):
        if place.names:
            raise file.error("an each step cannot stand inside another; put it after that one.", *place.at)
        if step.over == "circle" and ritual.people.max < 2:
            raise file.error("a circle needs people: {max: 2} or more, so this is never reached.", *place.at, "over")
        inner = replace(
            place,
            names=frozenset({"name", "other"} if step.over == "circle" else {"name"}),
            many=place.many or step.over == "circle",
        )
    if isinstance(step, Question):
        inner = replace(inner, asked=inner.asked | {step.id})
    for way, steps in _inner(step):
        _check_steps(file, ritual, steps, replace(inner, at=(*place.at, *way)))


def _narrowed(file: DataFile, ritual: Ritual, only: str, place: _Place) -> _Place:
    """The place when a step is for one person alone, or for several."""
    if (only == "alone" and (ritual.people.min > 1 or place.many)) or (only == "together" and ritual.people.max < 2):
        raise file.error(
            f"only: {only} never happens with people: {{min: {ritual.people.min}, max: {ritual.people.max}}}; "
            "remove the step or change the people.",
            *place.at,
            "only",
        )
    return replace(place, many=True) if only == "together" else place


def _rates(ritual: Ritual, wanted: str | None) -> bool:
    return any(isinstance(step, RateStep) and step.id == wanted for step in walk(ritual.steps))


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


def _circle(step: Step) -> bool:
    return isinstance(step, EachStep) and step.over == "circle"


def _check_minutes(file: DataFile, ritual: Ritual, wanted: str, place: _Place) -> None:
    asks = [step for step in walk(ritual.steps) if isinstance(step, AskStep) and step.id == wanted]
    if wanted not in place.asked or not asks or asks[0].answer != "minutes":
        raise file.error(
            f"minutes_from: no question with the id {wanted!r} and answer: minutes is asked before this step; "
            "add one, or give the length here.",
            *place.at,
            "minutes_from",
        )


def _inner(step: Step) -> Iterator[tuple[Location, tuple[Step, ...]]]:
    if isinstance(step, EachStep):
        yield ("steps",), step.steps
    elif isinstance(step, OfferStep):
        yield ("yes",), step.yes
        yield ("no",), step.no
    elif isinstance(step, ChooseStep):
        for number, option in enumerate(step.options):
            yield ("options", number, "steps"), option.steps


def _spoken(step: Step) -> Iterator[tuple[str, Lines]]:
    if isinstance(step, SayStep):
        yield "lines", step.lines
    elif isinstance(step, EachStep) and step.opening is not None:
        yield "opening", step.opening
    elif isinstance(step, BreatheStep):
        yield "breathe_in", step.breathe_in
        yield "breathe_out", step.breathe_out
        if step.hold is not None:
            yield "hold", step.hold
    elif isinstance(step, Question):
        yield "prompts", step.prompts
        for key in ("again", "after", "more"):
            lines = getattr(step, key, None)
            if lines is not None:
                yield key, lines


def _check_lines(file: DataFile, lines: Lines, at: Location, names: frozenset[str], many: bool, *, named: bool) -> None:
    several = names | (frozenset({"names"}) if named else frozenset())
    if isinstance(lines, ByNumber):
        if (lines.alone is None) is not many:
            raise file.error(
                "nobody can be alone here, so the lines under alone: are never said; remove them."
                if many
                else "one person can be alone here; add lines under alone:.",
                *at,
            )
        groups = [((*at, "together"), lines.together, several)]
        if lines.alone is not None:
            groups.append(((*at, "alone"), lines.alone, frozenset()))
        if lines.following is not None:
            groups.append(((*at, "following"), lines.following, several))
    else:
        groups = [(at, lines, several if many else frozenset[str]())]
    for place, variants, known in groups:
        for number, line in enumerate(variants):
            for text in (line,) if isinstance(line, str) else line:
                if isinstance(text, str):
                    _check_placeholders(file, text, (*place, number), known, several)


def _check_placeholders(
    file: DataFile, text: str, at: Location, known: frozenset[str], several: frozenset[str]
) -> None:
    for name in PLACEHOLDER.findall(text):
        if name in known:
            continue
        if name in several:
            raise file.error(
                f"{{{name}}} has no value when one person is alone; write the lines as alone: and together:, "
                f"and use {{{name}}} under together: only.",
                *at,
            )
        allowed = ", ".join(f"{{{one}}}" for one in sorted(several)) or "none"
        raise file.error(f"{{{name}}} has no value here; what can be used here: {allowed}.", *at)


def check_prompts(file: DataFile) -> None:
    """Raise IntentsError when a line of prompts.yaml uses a placeholder that it is not given."""
    for section, about in Prompts.model_fields.items():
        fields = getattr(about.annotation, "model_fields", None)
        for key, field in (fields or {}).items():
            known = frozenset(PLACEHOLDER.findall(field.description or ""))
            for number, line in enumerate(file.data[section][key]):
                for text in (line,) if isinstance(line, str) else line:
                    if isinstance(text, str):
                        _check_placeholders(file, text, (section, key, number), known, known)
