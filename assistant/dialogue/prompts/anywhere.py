"""Lines that may be said at any time: waking, asking who is there, commands, ladders, help, safety."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from assistant.dialogue.lines import Variants
from assistant.dialogue.prompts.section import Section


class Awake(Section):
    """Between the wake phrase and a ritual."""

    not_heard: Variants
    help: Variants
    nothing_to_resume: Variants
    nothing_running: Variants
    nothing_said: Variants
    bye: Variants
    go_on: Variants = Field(description="{ritual}")
    going_on: Variants
    not_going_on: Variants


class Who(Section):
    """Finding out who takes part."""

    ask: Variants
    ask_again: Variants
    as_before: Variants = Field(description="{people}")
    as_before_alone: Variants = Field(description="{people}")
    welcome: Variants = Field(description="{people}")
    without_names: Variants
    just_one: Variants = Field(description="{people}")
    your_name: Variants
    namesake: Variants = Field(description="{name}")
    for_one: Variants = Field(description="{ritual} {instead}")
    too_few: Variants = Field(description="{ritual} {least}")
    who_else: Variants
    too_many: Variants = Field(description="{most}")


class Session(Section):
    """Commands while a ritual is under way."""

    passed: Variants
    stopped: Variants
    stopped_counted: Variants
    stopped_at_once: Variants
    paused: Variants
    resumed: Variants
    first_question: Variants
    back: Variants
    another: Variants
    put_right: Variants
    removed: Variants
    nothing_to_remove: Variants
    take_time: Variants
    listening: Variants
    sleeping: Variants
    muted: Variants = Field(description="{minutes}")
    device_back: Variants
    cannot_keep: Variants
    time_left: Variants = Field(description="{minutes}")
    time_left_one: Variants
    time_left_little: Variants


class Heard(Section):
    """What would help where what is said comes in badly."""

    too_loud: Variants
    too_quiet: Variants
    too_noisy: Variants


class Asking(Section):
    """Questions that have no answer of their own."""

    which: Variants


class Guessing(Section):
    """Likely what was wanted, but not sure. ``wishes``: intent -> what to fill in."""

    ask_ritual: Variants = Field(description="{ritual}")
    ask: Variants = Field(description="{wish}")
    let_be: Variants
    wishes: Mapping[str, str]


class Voice(Section):
    """After louder, quieter, slower, faster: said in the new voice."""

    louder: Variants
    quieter: Variants
    slower: Variants
    faster: Variants


class Waiting(Section):
    """The ladders: silence, and answers that were not understood."""

    no_hurry: Variants
    may_pass: Variants
    moving_on: Variants
    minutes_again: Variants
    rate_again: Variants = Field(description="{low} {high}")
    choices: Variants = Field(description="{choices}")
    yes_or_no: Variants
    scale_or_pass: Variants = Field(description="{low} {high}")
    minutes_or_pass: Variants = Field(description="{low} {high}")


class Help(Section):
    """What can be said here, at most three things."""

    ask: Variants
    card: Variants
    remind: Variants
    rate: Variants
    choose: Variants
    offer: Variants
    minutes: Variants
    names: Variants
    quiet: Variants
    turn: Variants
    paused: Variants
    between: Variants


class Safety(Section):
    """When something was said that is not for an exercise, and when somebody alone asks for help."""

    paused: Variants
    not_heard: Variants
    withheld: Variants
    help: Variants
    menu: Variants
    numbers_follow: Variants
    once_more: Variants
    numbers_over: Variants
    no_country: Variants
    emergency: Variants = Field(description="{number}")
