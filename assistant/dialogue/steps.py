"""The plain kinds of steps: what is said, asked, drawn, counted and waited for. docs/writing-rituals.md explains them.

Steps that hold other steps (each, offer, choose) are in ritual.py.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assistant.dialogue.lines import MAX_PAUSE_S, Lines, Part, Variants
from assistant.events import Earcon, EndpointName

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class StepPart(Part):
    """What every step may have: a name, and a condition under which alone it happens."""

    id: Id | None = Field(None, description="A name for it; questions must have one, it is their key in the journal.")
    only: Literal["alone", "together"] | None = Field(None, description="For one person alone, or for several.")
    only_after: Id | None = Field(None, description="The id of a question; without an answer to it this is left out.")
    at_least: float | None = Field(None, description="And left out when that answer is a lower number.")

    @model_validator(mode="after")
    def _condition(self) -> Self:
        if self.at_least is not None and self.only_after is None:
            raise ValueError("at_least goes with only_after; name the rate question it is about")
        return self


class QuestionPart(StepPart):
    """What every question has."""

    id: Id = Field(description="Its key in the journal.")
    of: Literal["other", "everyone"] | None = Field(
        None, description="Who answers: the other one in a circle, or (of an offer) everyone in turn until a no."
    )
    prompts: Lines = Field(description="The question.")
    again: Lines | None = Field(None, description="The same, shorter, when it was not heard.")
    after: Lines | None = Field(None, description="Said once it is answered.")
    keep: bool = Field(True, description="Whether the journal keeps the answer.")
    keep_if: Id | None = Field(None, description="The id of an offer; only after a yes to it the answer is kept.")
    wait_s: float = Field(12.0, ge=3, le=120, description="Silence before a first, soft word.")

    @model_validator(mode="after")
    def _kept(self) -> Self:
        _keep_once(self)
        return self

    @model_validator(mode="after")
    def _everyone(self) -> Self:
        if self.of == "everyone" and getattr(self, "kind", "") != "offer":
            raise ValueError("of: everyone goes with an offer only; put this question into an each step instead")
        return self


def _keep_once(step: QuestionPart | DrawStep) -> None:
    if step.keep_if is not None and "keep" in step.model_fields_set:
        raise ValueError("keep and keep_if contradict each other; give one of them")


class SayStep(StepPart):
    """Something said, without an answer."""

    kind: Literal["say"]
    lines: Lines
    pause_s: float = Field(0.0, ge=0, le=MAX_PAUSE_S, description="Quiet afterwards.")
    numbers_of: tuple[Id, ...] = Field(
        (), description="Ids of rate questions; {numbers} are the answers to them. Left out when there are none."
    )


class AskStep(QuestionPart):
    """An open question, answered in free words."""

    kind: Literal["ask"]
    apart: bool = Field(False, description="In an each over people: each may answer it out of the others' hearing.")
    answer: Literal["text", "word", "minutes", "name"] = "text"
    up_to: int = Field(1, ge=1, le=5, description="How many answers it takes at most.")
    more: Lines | None = Field(None, description="Asks for the next of several answers.")
    endpoint: EndpointName = Field("answer", description="How patiently the end of an answer is awaited.")
    low: int = Field(1, ge=1, description="The fewest minutes.")
    high: int = Field(20, le=120, description="The most minutes.")
    default: float | None = Field(None, gt=0, description="The minutes that are taken without an answer.")
    from_slot: Id | None = Field(None, description="Not asked when the starting phrase said it in this slot.")
    otherwise: str | None = Field(None, min_length=1, description="What {about} is when no name was given.")
    stems: Lines | None = Field(None, description="How a sentence may begin: said once when nobody begins to speak.")
    names_slips: bool = Field(False, description="Whether advice, judgement and defence are gently named here.")

    @model_validator(mode="after")
    def _several(self) -> Self:
        if (self.up_to > 1) != (self.more is not None):
            raise ValueError("up_to above 1 and more go together; give both or neither")
        if (self.up_to > 1 or self.apart) and self.answer != "text":
            raise ValueError("several answers, and answers apart, are possible with answer: text only")
        return self

    @model_validator(mode="after")
    def _minutes(self) -> Self:
        if self.answer != "minutes" and (self.from_slot or self.default):
            raise ValueError("from_slot and default go with answer: minutes")
        if self.answer == "minutes" and not self.low <= (self.default or 0) <= self.high:
            raise ValueError("answer: minutes needs a default between low and high")
        return self

    @model_validator(mode="after")
    def _name(self) -> Self:
        if (self.answer == "name") != (self.otherwise is not None):
            raise ValueError("answer: name and otherwise go together; give both or neither")
        if self.answer == "name" and self.again is None:
            raise ValueError("answer: name needs again, for a name that was not understood")
        return self


class RateStep(QuestionPart):
    """A number on a scale."""

    kind: Literal["rate"]
    low: int = Field(1, ge=0)
    high: int = Field(10, le=100)

    @model_validator(mode="after")
    def _scale(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be less than high")
        return self


class RemindStep(QuestionPart):
    """Asks when to remind of something that was agreed on."""

    kind: Literal["remind"]
    what: str = Field(min_length=1, description="What it reminds of, as it is spoken inside a sentence.")


class DrawStep(StepPart):
    """A card from a deck; none comes back before the deck is through."""

    kind: Literal["draw"]
    id: Id
    deck: Id = Field(description="The id of a deck, which is its file's name under decks/.")
    depth: Id | None = Field(None, description="Which depth of the deck, when it has several.")
    lines: Lines | None = Field(None, description="What is said with it; {card} is the card, here and in later steps.")
    pause_s: float = Field(0.0, ge=0, le=MAX_PAUSE_S, description="Quiet afterwards.")
    keep: bool = Field(False, description="Whether the journal keeps the card.")
    keep_if: Id | None = Field(None, description="The id of an offer; only after a yes to it the card is kept.")

    @model_validator(mode="after")
    def _kept(self) -> Self:
        _keep_once(self)
        return self


class SilenceStep(StepPart):
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


class TurnStep(StepPart):
    """One person has the floor for a time, and nobody else says a word."""

    kind: Literal["turn"]
    id: Id
    seconds: float | None = Field(None, ge=20, le=3600)
    minutes_from: Id | None = Field(None, description="The id of a question with answer: minutes, asked before.")

    @model_validator(mode="after")
    def _length(self) -> Self:
        _one_length(self.seconds, self.minutes_from, "seconds")
        return self


class TellStep(StepPart):
    """Evensong tells a story from stories/, with pauses that nobody should talk into."""

    kind: Literal["tell"]
    id: Id
    level_from: Id = Field(description="The id of a choose step whose options are the levels of the stories.")


class ReflectStep(StepPart):
    """What came back of what was told, and what did not: in the teller's own words, and never a grade."""

    kind: Literal["reflect"]
    id: Id
    story: Id = Field(description="The id of the turn or tell step it was told in.")
    retelling: Id = Field(description="The id of the ask step in which it was given back.")
    touched: Lines = Field(description="{points} are points that came back, each a sentence.")
    missed: Lines = Field(description="{points} are points that did not.")
    all_back: Lines = Field(description="When none was missed.")
    none_back: Lines = Field(description="{points} as in missed, when none was touched.")


class ReportStep(StepPart):
    """Talk time, interruptions, held silences and points of this session: kept, and told in a few sentences."""

    kind: Literal["report"]
    id: Id


class BreatheStep(StepPart):
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


class CountStep(StepPart):
    """A quiet count, aloud or in ticks, while people do something together."""

    kind: Literal["count"]
    id: Id
    to: int = Field(ge=2, le=60)
    every_s: float = Field(ge=1, le=30, description="Seconds from one number to the next.")
    aloud: bool = Field(True, description="Whether the numbers are said; otherwise a soft tick marks them.")

    @property
    def phases_s(self) -> tuple[float, ...]:
        return (self.every_s,)


def _one_length(fixed: float | None, asked: str | None, name: str) -> None:
    if (fixed is None) == (asked is None):
        raise ValueError(f"give either {name} or minutes_from")


class EarconStep(StepPart):
    """A short sound."""

    kind: Literal["earcon"]
    earcon: Earcon


class ExitStep(StepPart):
    """Leaves the rest of the ritual out; the closing words come next."""

    kind: Literal["exit"]


class AskedApartStep(StepPart):
    """Before a question that may be answered apart: tells so, and remembers who wished it. No file has it."""

    kind: Literal["asked_apart"] = "asked_apart"
    lines: Lines | None = None


class LaterStep(StepPart):
    """Somebody was not alone: ``of`` may be answered another day. No file has it."""

    kind: Literal["later"] = "later"
    of: Id
    lines: Lines


class OpenStep(StepPart):
    """After ``of`` was answered apart: sees whether all did; when all have ``agreed``, reads. No file has it."""

    kind: Literal["open"] = "open"
    of: Id
    agreed: bool = False


Paced = BreatheStep | CountStep  # led beat by beat
Timed = SilenceStep | TurnStep  # lasts for a time
Around = AskedApartStep | LaterStep | OpenStep  # stops around a question that is answered apart
Quiet = Timed | Paced  # no answer is awaited, and time alone ends it
Floor = TurnStep | TellStep  # somebody has the floor
