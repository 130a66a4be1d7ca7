"""What may stand in a ritual file. docs/writing-rituals.md explains it to people who write one.

The list of step kinds is closed, and there are no expressions: a file says what is said and asked, in which
order, to whom, and what is kept. `plan.unroll` turns it into the stops of one evening.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from assistant.dialogue.lines import Lines, Part, at_least
from assistant.dialogue.steps import (
    AskStep,
    BreatheStep,
    CountStep,
    DrawStep,
    EarconStep,
    ExitStep,
    Id,
    QuestionPart,
    RateStep,
    ReflectStep,
    RemindStep,
    ReportStep,
    SayStep,
    SilenceStep,
    StepPart,
    TellStep,
    TurnStep,
)
from assistant.understanding.data_file import Location

KINDS = (
    "say",
    "ask",
    "choose",
    "rate",
    "offer",
    "remind",
    "each",
    "draw",
    "silence",
    "breathe",
    "count",
    "turn",
    "tell",
    "reflect",
    "report",
    "earcon",
    "exit",
)


class Option(Part):
    """One answer of a closed question and what follows it."""

    id: Id
    name: str = Field(min_length=1, description="How it is said when the choices are read out.")
    phrases: Annotated[tuple[str, ...], at_least(1)] = Field(description="The ways to say it, as sentence templates.")
    steps: tuple[Step, ...] = ()


class ChooseStep(QuestionPart):
    """One of a few answers, each with steps of its own."""

    kind: Literal["choose"]
    keep: bool = False
    options: Annotated[tuple[Option, ...], at_least(2)]
    default: Id | None = Field(None, description="The option that is taken without an answer.")
    from_slot: Id | None = Field(None, description="Not asked when the starting phrase said it in this slot.")

    @model_validator(mode="after")
    def _options(self) -> Self:
        ids = [option.id for option in self.options]
        phrases = [phrase for option in self.options for phrase in option.phrases]
        for double in (text for many in (ids, phrases) for text in many if many.count(text) > 1):
            raise ValueError(f"{double!r} stands in the options twice; keep one")
        if self.default is not None and self.default not in ids:
            raise ValueError(f"default is {self.default!r}, which is none of the options {', '.join(ids)}")
        return self


class OfferStep(QuestionPart):
    """Something that may be left out: yes or no."""

    kind: Literal["offer"]
    keep: bool = False
    yes: tuple[Step, ...] = Field((), description="The steps after a yes (of: everyone: after a yes of all).")
    no: tuple[Step, ...] = Field((), description="The steps after a no, a pass or silence.")
    at_once: Id | None = Field(None, description="The id of a later ask; what is neither yes nor no answers that one.")
    first_turn: bool = Field(False, description="{name} has the first turn, or the next one after a no to that.")

    @property
    def unanswered(self) -> Literal["yes", "no"]:
        """What a pass or silence stands for: nothing is forced on anybody, and nobody minds who begins."""
        return "yes" if self.first_turn else "no"

    @model_validator(mode="after")
    def _at_once(self) -> Self:
        if self.at_once is not None and self.of == "everyone":
            raise ValueError("at_once does not go with of: everyone, where all must agree first; leave one of them out")
        return self

    @model_validator(mode="after")
    def _first_turn(self) -> Self:
        if self.first_turn and (self.yes or self.no or self.at_once or self.of or self.keep or self.keep_if):
            raise ValueError("first_turn only settles who begins; it goes with prompts and again alone")
        return self


class EachStep(StepPart):
    """The same steps for each person (people), or for each towards one other (circle)."""

    kind: Literal["each"]
    over: Literal["people", "circle"]
    opening: Lines | None = Field(None, description="Said once, before the first turn.")
    steps: Annotated[tuple[Step, ...], at_least(1)]


def _known_kind(value: Any) -> Any:
    if isinstance(value, dict) and value.get("kind") not in KINDS:
        raise ValueError(f"the kind of a step is one of {', '.join(KINDS)}")
    return value


Step = Annotated[
    SayStep
    | AskStep
    | ChooseStep
    | RateStep
    | OfferStep
    | RemindStep
    | EachStep
    | DrawStep
    | SilenceStep
    | BreatheStep
    | CountStep
    | TurnStep
    | TellStep
    | ReflectStep
    | ReportStep
    | EarconStep
    | ExitStep,
    Field(discriminator="kind"),
    BeforeValidator(_known_kind),
]
Question = AskStep | ChooseStep | RateStep | OfferStep | RemindStep


class People(Part):
    min: int = Field(1, ge=1, le=4)
    max: int = Field(4, ge=1, le=4)

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.min > self.max:
            raise ValueError("min must not be more than max")
        return self


class Starters(Part):
    """The phrases that start a ritual: sentence templates, and examples as people talk."""

    templates: Annotated[tuple[str, ...], at_least(1)]
    examples: Annotated[tuple[str, ...], at_least(1)]

    @field_validator("templates", "examples")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        double = next((text for text in value if value.count(text) > 1), None)
        if double is not None:
            raise ValueError(f"{double!r} stands there twice; keep one")
        return value


class Ritual(Part):
    """One ritual file."""

    id: Id
    title: str = Field(min_length=1, description="Its name as it is spoken inside a sentence.")
    about: str = Field(min_length=1, description="One line for people who read the list.")
    minutes: int = Field(ge=1, le=120, description="About how long it takes two people.")
    people: People
    for_one: Id | None = Field(None, description="The ritual that is offered to somebody who is alone.")
    starters: Starters
    steps: Annotated[tuple[Step, ...], at_least(1)]
    closings: Lines = Field(description="The last words.")

    @property
    def asks_who(self) -> bool:
        """Whether it must be known who takes part: to speak to each by name, or to know that one is alone."""
        return self.people.max < 2 or any(
            isinstance(step, EachStep) or getattr(step, "of", None) == "everyone" for step in walk(self.steps)
        )


def branches(step: Step) -> Iterator[tuple[Location, tuple[Step, ...]]]:
    """The lists of steps inside a step, and where in it they stand."""
    if isinstance(step, EachStep):
        yield ("steps",), step.steps
    elif isinstance(step, OfferStep):
        yield ("yes",), step.yes
        yield ("no",), step.no
    elif isinstance(step, ChooseStep):
        for number, option in enumerate(step.options):
            yield ("options", number, "steps"), option.steps


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """All steps, outer ones first."""
    for step in steps:
        yield step
        for _, inner in branches(step):
            yield from walk(inner)


def spoken(step: Step) -> Iterator[tuple[str, Lines]]:
    """All that a step says, under the keys of the file."""
    match step:
        case SayStep() | DrawStep():
            keys: tuple[str, ...] = ("lines",)
        case EachStep():
            keys = ("opening",)
        case BreatheStep():
            keys = ("breathe_in", "hold", "breathe_out")
        case ReflectStep():
            keys = ("touched", "missed", "all_back", "none_back")
        case _:
            keys = ("prompts", "again", "after", "more", "stems")
    for key in keys:
        lines = getattr(step, key, None)
        if lines is not None:
            yield key, lines


for _model in (Option, OfferStep, EachStep, ChooseStep, Ritual):
    _model.model_rebuild()
