"""What may stand in a ritual file. docs/writing-rituals.md explains it to people who write one.

The list of step kinds is closed, and there are no expressions: a file says what is said and asked, in which
order, to whom, and what is kept. `plan.unroll` turns it into the stops of one evening.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    field_validator,
    model_validator,
)

from assistant.dialogue.lines import MAX_PAUSE_S, Lines, Part, Variants, at_least
from assistant.events import Earcon, EndpointName

KINDS = ("say", "ask", "choose", "rate", "offer", "each", "silence", "breathe", "earcon")
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class _Step(Part):
    id: Id | None = Field(None, description="A name for it; questions must have one, it is their key in the journal.")
    only: Literal["alone", "together"] | None = Field(None, description="For one person alone, or for several.")
    only_after: Id | None = Field(None, description="The id of a question; without an answer to it this is left out.")
    at_least: float | None = Field(None, description="And left out when that answer is a lower number.")

    @model_validator(mode="after")
    def _condition(self) -> Self:
        if self.at_least is not None and self.only_after is None:
            raise ValueError("at_least goes with only_after; name the rate question it is about")
        return self


class _Question(_Step):
    id: Id = Field(description="Its key in the journal.")
    prompts: Lines = Field(description="The question.")
    again: Lines | None = Field(None, description="The same, shorter, when it was not heard.")
    after: Lines | None = Field(None, description="Said once it is answered.")
    keep: bool = Field(True, description="Whether the journal keeps the answer.")
    wait_s: float = Field(12.0, ge=3, le=120, description="Silence before a first, soft word.")


class SayStep(_Step):
    """Something said, without an answer."""

    kind: Literal["say"]
    lines: Lines
    pause_s: float = Field(0.0, ge=0, le=MAX_PAUSE_S, description="Quiet afterwards.")


class AskStep(_Question):
    """An open question, answered in free words."""

    kind: Literal["ask"]
    answer: Literal["text", "word", "minutes"] = "text"
    up_to: int = Field(1, ge=1, le=5, description="How many answers it takes at most.")
    more: Lines | None = Field(None, description="Asks for the next of several answers.")
    endpoint: EndpointName = Field("answer", description="How patiently the end of an answer is awaited.")
    low: int = Field(1, ge=1, description="The fewest minutes.")
    high: int = Field(20, le=120, description="The most minutes.")
    default: float | None = Field(None, gt=0, description="The minutes that are taken without an answer.")
    from_slot: Id | None = Field(None, description="Not asked when the starting phrase said it in this slot.")

    @model_validator(mode="after")
    def _several(self) -> Self:
        if (self.up_to > 1) != (self.more is not None):
            raise ValueError("up_to above 1 and more go together; give both or neither")
        if self.up_to > 1 and self.answer != "text":
            raise ValueError("several answers are possible with answer: text only")
        if self.answer != "minutes" and (self.from_slot or self.default):
            raise ValueError("from_slot and default go with answer: minutes")
        if self.answer == "minutes" and not self.low <= (self.default or 0) <= self.high:
            raise ValueError("answer: minutes needs a default between low and high")
        return self


class RateStep(_Question):
    """A number on a scale."""

    kind: Literal["rate"]
    low: int = Field(1, ge=0)
    high: int = Field(10, le=100)

    @model_validator(mode="after")
    def _scale(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be less than high")
        return self


class Option(Part):
    """One answer of a closed question and what follows it."""

    id: Id
    name: str = Field(min_length=1, description="How it is said when the choices are read out.")
    phrases: Annotated[tuple[str, ...], at_least(1)] = Field(description="The ways to say it, as sentence templates.")
    steps: tuple[Step, ...] = ()


class ChooseStep(_Question):
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


class OfferStep(_Question):
    """Something that may be left out: yes or no."""

    kind: Literal["offer"]
    keep: bool = False
    yes: Annotated[tuple[Step, ...], at_least(1)] = Field(description="The steps after a yes.")
    no: tuple[Step, ...] = Field((), description="The steps after a no, a pass or silence.")


class SilenceStep(_Step):
    """Shared quiet, with the ears open for commands only."""

    kind: Literal["silence"]
    id: Id
    seconds: float | None = Field(None, ge=5, le=3600)
    minutes_from: Id | None = Field(None, description="The id of a question with answer: minutes, asked before.")
    keep: bool = Field(False, description="Whether the journal keeps the minutes.")

    @model_validator(mode="after")
    def _length(self) -> Self:
        _one_length(self.seconds, self.minutes_from, "seconds")
        return self


class BreatheStep(_Step):
    """Guided breathing, counted in seconds of sound."""

    kind: Literal["breathe"]
    id: Id
    breaths: int | None = Field(None, ge=1, le=60)
    minutes_from: Id | None = Field(None, description="The id of a question with answer: minutes, asked before.")
    in_s: float = Field(4.0, ge=2, le=12)
    hold_s: float = Field(0.0, ge=0, le=12)
    out_s: float = Field(6.0, ge=2, le=15)
    breathe_in: Variants
    hold: Variants | None = None
    breathe_out: Variants
    spoken: int = Field(60, ge=1, description="Breaths that are led in words; the others by a soft tick.")
    keep: bool = Field(False, description="Whether the journal keeps the minutes.")

    @model_validator(mode="after")
    def _length(self) -> Self:
        _one_length(self.breaths, self.minutes_from, "breaths")
        if (self.hold_s > 0) != bool(self.hold):
            raise ValueError("hold_s and hold go together; give both or neither")
        return self

    @property
    def phases_s(self) -> tuple[float, ...]:
        return tuple(seconds for seconds in (self.in_s, self.hold_s, self.out_s) if seconds)


def _one_length(fixed: float | None, asked: str | None, name: str) -> None:
    if (fixed is None) == (asked is None):
        raise ValueError(f"give either {name} or minutes_from")


class EarconStep(_Step):
    """A short sound."""

    kind: Literal["earcon"]
    earcon: Earcon


class EachStep(_Step):
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
    SayStep | AskStep | ChooseStep | RateStep | SilenceStep | BreatheStep | EachStep | OfferStep | EarconStep,
    Field(discriminator="kind"),
    BeforeValidator(_known_kind),
]
Question = AskStep | ChooseStep | RateStep | OfferStep


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
    starters: Starters
    steps: Annotated[tuple[Step, ...], at_least(1)]
    closings: Lines = Field(description="The last words.")

    @property
    def asks_who(self) -> bool:
        """Whether anybody is spoken to by name."""
        return any(isinstance(step, EachStep) for step in walk(self.steps))


def children(step: Step) -> tuple[tuple[Step, ...], ...]:
    """The lists of steps inside a step."""
    if isinstance(step, EachStep):
        return (step.steps,)
    if isinstance(step, OfferStep):
        return (step.yes, step.no)
    if isinstance(step, ChooseStep):
        return tuple(option.steps for option in step.options)
    return ()


def walk(steps: tuple[Step, ...]) -> Iterator[Step]:
    """All steps, outer ones first."""
    for step in steps:
        yield step
        for inner in children(step):
            yield from walk(inner)


for _model in (Option, OfferStep, EachStep, ChooseStep, Ritual):
    _model.model_rebuild()
