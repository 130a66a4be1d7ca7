"""The lines that belong to no ritual, as prompts.yaml holds them: a class for each of its sections."""

from __future__ import annotations

from pydantic import Field

from assistant.dialogue.prompts.anywhere import (
    Asking,
    Awake,
    Guessing,
    Heard,
    Help,
    Safety,
    Session,
    Voice,
    Waiting,
    Who,
)
from assistant.dialogue.prompts.drills import Report, Slips
from assistant.dialogue.prompts.errands import Deleting, DeletingSome, Errand, Making, People, Record, Reminders, Voices
from assistant.dialogue.prompts.journal import Apart, Recalling, Trend
from assistant.dialogue.prompts.section import Section


class Prompts(Section):
    awake: Awake
    who: Who
    session: Session
    heard: Heard
    errand: Errand
    asking: Asking
    guessing: Guessing
    making: Making
    people: People
    voices: Voices
    apart: Apart
    deleting: Deleting
    deleting_some: DeletingSome
    record: Record
    reminders: Reminders
    recalling: Recalling
    trend: Trend
    voice: Voice
    waiting: Waiting
    slips: Slips
    report: Report
    help: Help
    safety: Safety
    joiner: str = Field(description='Between the last two of several names or choices, with spaces: " and ".')
    either: str = Field(description='Between the last two choices, with spaces: " or ".')
    left_out: str = Field(description="Read back in place of a number that was not given.")
    another: tuple[str, ...] = Field(description="Words in a wish to skip that ask for another card.")
    endings: tuple[str, ...] = Field(description="Phrases that end an answer and are not part of it.")
    thinking_sounds: tuple[str, ...] = Field(description="Said alone they are no answer: somebody is thinking.")
    partly: frozenset[str] = Field(frozenset(), description="Neither yes nor no: there is something to say about it.")
    except_for: frozenset[str] = Field(frozenset(), description="Words after a yes that take a part of it back: but.")
    whoever: frozenset[str] = Field(frozenset(), description="Said when asked who begins: it stays as proposed.")
    not_this_one: frozenset[str] = Field(frozenset(), description="Said when asked who begins: the other one.")
    days: frozenset[str] = Field(description="Words that name a day.")
    beside_days: frozenset[str] = Field(description="Words that may stand beside a day: on, next, evening.")
    corrections: frozenset[str] = Field(description="Words before a day that put right the one said before: no, sorry.")
    meant: tuple[str, ...] = Field((), description="Said before what puts right the answer before: I meant.")
    before_meant: frozenset[str] = Field(frozenset(), description="Words that may stand before it: no, sorry.")
    meant_alone: frozenset[str] = Field(frozenset(), description="The last words of those that need nothing before.")
    never_meant: frozenset[str] = Field(frozenset(), description="Words after it that put nothing right: to, it.")
    numbers: tuple[str, ...] = Field(min_length=21, description="Numbers in words, from zero on.")
