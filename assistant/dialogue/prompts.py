"""The lines that belong to no ritual: waking, asking who is there, commands, ladders. Words are in prompts.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from assistant.dialogue.lines import Variants


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Awake(_Section):
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


class Who(_Section):
    """Finding out who takes part."""

    ask: Variants
    ask_again: Variants
    as_before: Variants = Field(description="{people}")
    as_before_alone: Variants = Field(description="{people}")
    welcome: Variants = Field(description="{people}")
    without_names: Variants
    just_one: Variants = Field(description="{people}")
    too_few: Variants = Field(description="{ritual} {least}")
    too_many: Variants = Field(description="{most}")


class Session(_Section):
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
    removed: Variants
    nothing_to_remove: Variants
    take_time: Variants
    listening: Variants
    sleeping: Variants
    muted: Variants = Field(description="{minutes}")
    device_back: Variants
    time_left: Variants = Field(description="{minutes}")
    time_left_one: Variants
    time_left_little: Variants


class Heard(_Section):
    """What would help where what is said comes in badly."""

    too_loud: Variants
    too_quiet: Variants
    too_noisy: Variants


class Errand(_Section):
    """What all errands share. ``let_be``: what is said, whole, instead of an answer in free words."""

    dropped: Variants
    let_be: tuple[str, ...]


class Guessing(_Section):
    """Likely what was wanted, but not sure. ``wishes``: intent -> what to fill in."""

    ask_ritual: Variants = Field(description="{ritual}")
    ask: Variants = Field(description="{wish}")
    let_be: Variants
    wishes: Mapping[str, str]


class Asking(_Section):
    """Questions that have no answer of their own."""

    which: Variants


class Kinds(_Section):
    """How a step of a ritual of one's own is asked for: sentence templates."""

    say: tuple[str, ...]
    ask: tuple[str, ...]
    silence: tuple[str, ...]
    enough: tuple[str, ...]


class InTurn(_Section):
    """Whether its questions go round: sentence templates."""

    each: tuple[str, ...]
    once: tuple[str, ...]


class LaterOrNot(_Section):
    """What may be answered to a reminder, beside yes and no: the ways to say it, as templates."""

    later: tuple[str, ...]
    not_now: tuple[str, ...]
    done: tuple[str, ...]


class Making(_Section):
    """Making a ritual of one's own by voice, and deleting one."""

    kinds: Kinds
    who: InTurn
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


class People(_Section):
    """Getting to know who is here."""

    ask: Variants
    ask_all: Variants
    ask_again: Variants
    right: Variants = Field(description="{names}")
    settled: Variants
    corrected: Variants = Field(description="{name}")
    too_many: Variants = Field(description="{most}")
    later: Variants
    with_us: Variants = Field(description="{people}")
    nobody: Variants
    sounds_like: Variants = Field(description="{name}")
    new_voice: Variants
    not_sure: Variants


class Voices(_Section):
    """Learning a voice and forgetting it. ``about``: words by which a wish is one about voices."""

    about: tuple[str, ...]
    sentences: tuple[str, ...] = Field(min_length=5, description="To be said after Evensong, some four seconds each.")
    reasons: Mapping[str, str] = Field(description="Why a voice could not be learned: filled in as {why}.")
    ask_whose: Variants
    not_here: Variants
    three_sentences: Variants
    say_after_me: Variants = Field(description="{sentence}")
    kept: Variants = Field(description="{name}")
    once_more: Variants = Field(description="{why}")
    another_day: Variants = Field(description="{why}")
    none: Variants
    none_such: Variants = Field(description="{name}")
    ask_which: Variants = Field(description="{people}")
    ask_forget: Variants = Field(description="{name}")
    forgotten: Variants = Field(description="{name}")


class Apart(_Section):
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


class Counted(_Section):
    """How many of a kind, as it is said among others."""

    one: str
    several: str = Field(description="{count}")


class Deleting(_Section):
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


class DeletingSome(_Section):
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


class Record(_Section):
    """Off the record, and on it again."""

    off: Variants
    on: Variants
    is_on: Variants
    still_off: Variants


class Reminders(_Section):
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


class ReadOn(_Section):
    """What may be answered where there is more to read, beside yes and no: the ways to say it, as templates."""

    more: tuple[str, ...]
    everything: tuple[str, ...]
    oldest: tuple[str, ...]


class Recalling(_Section):
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


class Trend(_Section):
    """How mood, stress and the like have changed. {what} is "Ana's mood", {now} and {before} are numbers in words."""

    yours: str = Field(description="{measure}")
    theirs: str = Field(description="{name} {measure}")
    of_all: str = Field(description="{measure}")
    measures: Mapping[str, str]
    half: str = Field(description="{number}")
    up: Variants = Field(description="{what} {now} {before}")
    down: Variants = Field(description="{what} {now} {before}")
    same: Variants = Field(description="{what} {now}")
    only_now: Variants = Field(description="{what} {now}")
    not_lately: Variants = Field(description="{what}")
    evenings: Variants = Field(description="{count}")
    one_evening: Variants
    nothing: Variants


class Voice(_Section):
    """After louder, quieter, slower, faster: said in the new voice."""

    louder: Variants
    quieter: Variants
    slower: Variants
    faster: Variants


class Waiting(_Section):
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


class Slips(_Section):
    """Gently, when somebody who gives back what they heard slips into something else."""

    advice: Variants
    judgement: Variants
    defence: Variants


class Report(_Section):
    """At the end of a listening drill: at most five of these. The single words are filled into the lines."""

    talk: Variants = Field(description="{name} {length} {other} {other_length}")
    no_interruptions: Variants = Field(description="{by}")
    interruptions: Variants = Field(description="{by} {name} {count} {other} {other_count}")
    by_words: Variants
    silence: Variants = Field(description="{seconds}")
    points_of_both: Variants = Field(description="{name} {back} {other} {other_back}")
    points_of_one: Variants = Field(description="{name} {back}")
    points_back: Variants = Field(description="{back}")
    kept_still: Variants = Field(description="{times}")
    into_story: Variants = Field(description="{times}")
    kept_pauses: Variants = Field(description="{times}")
    into_pauses: Variants = Field(description="{times}")
    not_heard: Variants
    last_time: Variants = Field(description="{count}")
    by_microphones: str
    by_voices: str
    under_a_minute: str
    one_minute: str
    minutes: str = Field(description="{number}")
    none: str
    one_point: str
    some_points: str = Field(description="{number}")
    one_interruption: str
    some_interruptions: str = Field(description="{number}")
    times: tuple[str, ...] = Field(min_length=3, description="How often, from none on; the last is for any more.")


class Help(_Section):
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


class Safety(_Section):
    """When something was said that is not for an exercise, and when somebody alone asks for help."""

    paused: Variants
    withheld: Variants
    help: Variants
    menu: Variants
    numbers_follow: Variants
    once_more: Variants
    numbers_over: Variants
    no_country: Variants
    emergency: Variants = Field(description="{number}")


class Prompts(_Section):
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
    numbers: tuple[str, ...] = Field(min_length=21, description="Numbers in words, from zero on.")
