"""Lines of the errands: a wish that takes a question or two and is no ritual."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from assistant.dialogue.lines import Variants
from assistant.dialogue.prompts.section import Section


class Errand(Section):
    """What all errands share. ``let_be``: what is said, whole, instead of an answer in free words."""

    dropped: Variants
    let_be: tuple[str, ...]


class Kinds(Section):
    """How a step of a ritual of one's own is asked for: sentence templates."""

    say: tuple[str, ...]
    ask: tuple[str, ...]
    silence: tuple[str, ...]
    enough: tuple[str, ...]


class InTurn(Section):
    """Whether its questions go round: sentence templates."""

    each: tuple[str, ...]
    once: tuple[str, ...]


class StepLeads(Section):
    """What a step begins with that is given with its words: "ask us what was hard". ``whom``: left out after it."""

    say: tuple[str, ...]
    ask: tuple[str, ...]
    whom: tuple[str, ...]


class Making(Section):
    """Making a ritual of one's own by voice, and deleting one."""

    kinds: Kinds
    who: InTurn
    before_a_step: tuple[str, ...] = Field(description="words that are no part of a step: then, first")
    step_leads: StepLeads
    ask_name: Variants
    ask_name_again: Variants
    name_taken: Variants = Field(description="{other}")
    ask_first: Variants
    ask_next: Variants
    ask_more: Variants
    ask_say: Variants
    ask_ask: Variants
    ask_silence: Variants
    ask_who: Variants
    this_is: Variants = Field(description="{name}")
    step_say: Variants = Field(description="{text}")
    step_ask: Variants = Field(description="{text}")
    step_silence: Variants = Field(description="{length}")
    ask_keep: Variants
    kept: Variants = Field(description="{name}")
    trouble: Variants
    no_such: Variants
    ask_delete: Variants = Field(description="{name}")
    deleted: Variants = Field(description="{name}")
    seconds: str
    minute: str
    minutes: str


class People(Section):
    """Getting to know who is here."""

    ask: Variants
    ask_all: Variants
    ask_again: Variants
    right: Variants = Field(description="{names}")
    settled: Variants
    corrected: Variants = Field(description="{name}")
    gone: Variants = Field(description="{name}")
    joined: Variants = Field(description="{name}")
    who_left: Variants
    too_many: Variants = Field(description="{most}")
    later: Variants
    with_us: Variants = Field(description="{people}")
    nobody: Variants
    sounds_like: Variants = Field(description="{name}")
    new_voice: Variants
    not_sure: Variants


class Voices(Section):
    """Learning a voice and forgetting it. ``about``: words by which a wish is one about voices."""

    about: tuple[str, ...]
    sentences: tuple[str, ...] = Field(min_length=5, description="To be said after Evensong, some four seconds each.")
    reasons: Mapping[str, str] = Field(description="Why a voice could not be learned: filled in as {why}.")
    ask_whose: Variants
    not_here: Variants
    three_sentences: Variants
    say_after_me: Variants = Field(description="{sentence}")
    kept: Variants = Field(description="{name}")
    alike: Variants = Field(description="{people} whose voice is hard to tell from the one that was learned.")
    once_more: Variants = Field(description="{why}")
    another_day: Variants = Field(description="{why}")
    none: Variants
    none_such: Variants = Field(description="{name}")
    ask_which: Variants = Field(description="{people}")
    ask_forget: Variants = Field(description="{name}")
    forgotten: Variants = Field(description="{name}")


class Counted(Section):
    """How many of a kind, as it is said among others."""

    one: str
    several: str = Field(description="{count}")


class Deleting(Section):
    """Deleting what was kept. ``at_once``: what waives the day of grace, as templates."""

    at_once: tuple[str, ...]
    counted: Mapping[str, Counted] = Field(description="By what the journal counts.")
    nothing_kept: Variants
    ask_last: Variants = Field(description="{ritual}")
    ask_last_of: Variants = Field(description="{ritual} {name}")
    last_gone: Variants
    ask_everything: Variants = Field(description="{what}")
    everything_leaves: Variants
    everything_gone: Variants
    brought_back: Variants
    nothing_to_bring: Variants


class DeletingSome(Section):
    """Deleting what was said in a time, or everything about somebody. {of} says which."""

    of_person: str = Field(description="{name}")
    of_time: str
    of_words: str
    answers: str = Field(description="{count}")
    one_answer: str
    evenings: str = Field(description="{count}")
    one_evening: str
    ask: Variants = Field(description="{of} {answers} {evenings}")
    none: Variants
    which: Variants
    gone: Variants


class Record(Section):
    """Off the record, and on it again."""

    off: Variants
    on: Variants
    is_on: Variants
    still_off: Variants


class LaterOrNot(Section):
    """What may be answered to a reminder, beside yes and no: the ways to say it, as templates."""

    later: tuple[str, ...]
    not_now: tuple[str, ...]
    done: tuple[str, ...]


class Reminders(Section):
    """Setting, telling, moving, cancelling and giving reminders. {when} is a time in words, {what} what it is of."""

    later_or_not: LaterOrNot
    yours: Mapping[str, str] = Field(description="What somebody says of themselves, as it is said back to them.")
    ask_when: Variants
    ask_time: Variants
    ask_what: Variants
    confirm: Variants = Field(description="{when} {what}")
    kept: Variants
    kept_for: Variants = Field(description="{when}")
    not_set: Variants
    none: Variants
    none_such: Variants
    count: Variants = Field(description="{count}")
    one: Variants = Field(description="{when} {what}")
    more: Variants = Field(description="{count}")
    ask_which: Variants
    ask_cancel: Variants = Field(description="{when} {what}")
    ask_cancel_all: Variants = Field(description="{count}")
    cancelled: Variants
    all_cancelled: Variants
    moved: Variants
    now: Variants = Field(description="{clock} {what}")
    now_late: Variants = Field(description="{clock} {what}")
    now_again: Variants = Field(description="{what}")
    now_of: Variants = Field(description="{clock} {what}")
    again_later: Variants
    left: Variants
    noted: Variants
