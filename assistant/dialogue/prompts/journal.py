"""Lines that read from the journal, and that give back what was answered apart."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from assistant.dialogue.lines import Variants
from assistant.dialogue.prompts.section import Section


class Apart(Section):
    """Answering out of the others' hearing, and opening the answers together. {people} are names, {when} a day."""

    offer: Variants
    begins: Variants
    gate: Variants = Field(description="{name}")
    gate_next: Variants = Field(description="{name}")
    gate_again: Variants = Field(description="{name}")
    later: Variants = Field(description="{name}")
    waits: Variants = Field(description="{people}")
    ask_open: Variants = Field(description="{name}")
    ask_open_next: Variants = Field(description="{name}")
    ask_open_again: Variants = Field(description="{name}")
    opened: Variants
    read: Variants = Field(description="{name} {text}")
    nothing_left: Variants
    stays: Variants
    none: Variants
    all_answered: Variants
    ask_alone: Variants = Field(description="{name} {ritual} {when}")
    ask_answer: Variants
    kept: Variants
    kept_all: Variants
    waits_for_word: Variants = Field(description="{people}")
    ask_delete: Variants = Field(description="{people} {ritual} {when}")
    deleted: Variants


class ReadOn(Section):
    """What may be answered where there is more to read, beside yes and no: the ways to say it, as templates."""

    more: tuple[str, ...]
    everything: tuple[str, ...]
    oldest: tuple[str, ...]


class Recalling(Section):
    """Reading from the journal. {when} is a day in words, {text} an answer."""

    read_on: ReadOn
    things: Mapping[str, str] = Field(description="What the numbers of a step are called; others by its id.")
    one: Variants = Field(description="{when} {name} {text}")
    one_to: Variants = Field(description="{when} {name} {other} {text}")
    one_of_all: Variants = Field(description="{when} {text}")
    number: Variants = Field(description="{when} {name} {number} {what}")
    ask_more: Variants
    ask_more_of: Variants = Field(description="{count}")
    over: Variants
    near: Variants
    nothing: Variants
    nothing_then: Variants
    held_last: Variants = Field(description="{when} {ritual}")
    held_first: Variants = Field(description="{when} {ritual}")
    held_often: Variants = Field(description="{times} {when}")
    said_often: Variants = Field(description="{times}")
    never_held: Variants = Field(description="{ritual}")
    once: str
    times: str = Field(description="{count}")
    many_times: str
    ask_passphrase: Variants
    wrong_passphrase: Variants


class Trend(Section):
    """How mood, stress and the like have changed. {what} is "Ana's mood", {now} and {before} are numbers in words."""

    yours: str = Field(description="{measure}")
    theirs: str = Field(description="{name} {measure}")
    of_all: str = Field(description="{measure}")
    measures: Mapping[str, str]
    half: str = Field(description="{number}")
    a_half: str
    zero: str
    up: Variants = Field(description="{what} {now} {before}")
    down: Variants = Field(description="{what} {now} {before}")
    same: Variants = Field(description="{what} {now}")
    only_now: Variants = Field(description="{what} {now}")
    not_lately: Variants = Field(description="{what}")
    evenings: Variants = Field(description="{count}")
    one_evening: Variants
    nothing: Variants
    nothing_heard: Variants = Field(description="Listening, and no drill was held yet.")
    not_counted: Variants = Field(description="Drills were held, but interruptions were not counted.")
    you_gave_back: Variants = Field(description="{points}")
    gave_back: Variants = Field(description="{name} {points}")
    both_gave_back: Variants = Field(description="{name} {points} {other} {other_points}")
