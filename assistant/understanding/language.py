"""What intents/<language>/slots/*.yaml say about a language, as models. A new language is new files, no new code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.understanding.data_file import DataFile, load_yaml, validate
from assistant.understanding.templates.slot_lists import SlotList, Template


def _split(value: object) -> object:
    """Long word lists may be written as running text."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return [word for line in value for word in line.split()]
    return value


Words = Annotated[frozenset[str], BeforeValidator(_split)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    language: str


class Speech(_Data):
    fillers: Words
    address: tuple[Template, ...]
    openers: tuple[Template, ...]
    holders: tuple[Template, ...] = ()
    closers: tuple[Template, ...]
    company: tuple[Template, ...] = ()
    polite: tuple[Template, ...] = ()
    light: Words
    heavy: Words
    contractions: Mapping[str, str]
    long_endings: Mapping[str, str] = {}
    endings: tuple[str, ...] = ()


class SoundRules(_Data):
    sounds: Mapping[str, str | None]
    words: Mapping[str, str] = {}
    alike: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()


class NumberWords(_Data):
    highest: int = Field(120, ge=10, le=1000)
    values: Mapping[str, float] = {}
    sounds_like: Mapping[str, int] = {}
    half: tuple[str, ...]
    joiners: tuple[str, ...]
    point: str
    not_after: Words = frozenset()
    not_one_after: Words = frozenset()
    not_one_before: Words = frozenset()


class Rating(_Data):
    out_of: tuple[str, ...]
    may_follow: Words
    corrections: tuple[str, ...]
    longest_words: int = Field(16, ge=1, le=60)
    said: tuple[str, ...]


class Number(_Data):
    phrases: Mapping[str, tuple[Template, ...]]
    may_follow: Words
    said: tuple[str, ...]


class YesNo(_Data):
    yes: tuple[Template, ...]
    no: tuple[Template, ...]
    leads_yes: tuple[str, ...]
    leads_no: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    longest_remark_words: int = Field(7, ge=0, le=40)


class Names(_Data):
    leads: tuple[Template, ...]
    joiners: tuple[str, ...]
    never: Words
    tolerated: Words
    also_words: Words = frozenset()
    alone: tuple[Template, ...] = ()
    speaker: Words = frozenset()
    corrections: tuple[Template, ...] = ()
    company: Words = frozenset()
    at_most: int = Field(4, ge=1, le=20)


class Word(_Data):
    leads: tuple[Template, ...]
    cuts: Words


class Duration(_Data):
    units: Mapping[str, float]
    one: Words
    half: tuple[str, ...]
    plain_unit_s: float = Field(60, gt=0)
    phrases: Mapping[str, tuple[Template, ...]] = {}
    said: tuple[str, ...]


class TimePhrases(BaseModel):
    """Sentences that say when, and what they say beside the values of their slots (docs/reminders.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    means: Mapping[str, str | int | bool]
    said: tuple[Template, ...]


class TimeWords(_Data):
    short: Mapping[str, str] = {}
    misheard: Mapping[str, str] = {}
    ordinal_endings: tuple[str, ...] = ()
    o_clock: str
    oh: str
    hundred: str
    halves: tuple[str, ...]
    lists: Mapping[str, SlotList]
    expansion_rules: Mapping[str, Template] = {}
    phrases: tuple[TimePhrases, ...]
    before_hour: tuple[TimePhrases, ...]
    after_hour: tuple[TimePhrases, ...]
    before_time: Words
    perhaps_before_time: Words
    never_after_time: Words
    never_time_alone: Words
    range_starts: Words
    belongs: Words
    no_part_after: Words
    changing: tuple[str, ...]
    everything: tuple[str, ...]
    counted: Mapping[str, int] = {}
    counted_before: Words = frozenset()
    moved_to: Words = frozenset()
    correction: str
    begins: Words
    before_name: Words
    after_name: Words
    asking: tuple[Template, ...]
    no_topic: Words
    topic: Words = frozenset()
    morning_hours_of_workdays: frozenset[int]


class RecallWords(_Data):
    lists: Mapping[str, SlotList]
    expansion_rules: Mapping[str, Template] = {}
    periods: tuple[TimePhrases, ...]
    themes: tuple[TimePhrases, ...]
    asks: tuple[TimePhrases, ...]
    little: Words
    mine: Words
    before_name: Words
    nobody: Words = frozenset()
    questions: Words = frozenset()


class Talk(_Data):
    talk: tuple[str, ...]
    ballast: tuple[str, ...] = ()
    listening: tuple[str, ...] = ()


class Rules(_Data):
    expansion_rules: Mapping[str, Template] = {}
    lists: Mapping[str, SlotList] = {}


@dataclass(frozen=True, slots=True)
class Language:
    """All that is known of one language; ``rules_file`` gives the lines for complaints about templates."""

    code: str
    folder: Path
    speech: Speech
    sounds: SoundRules
    numbers: NumberWords
    rating: Rating
    number: Number
    yes_no: YesNo
    names: Names
    word: Word
    duration: Duration
    times: TimeWords
    recall: RecallWords
    talk: Talk
    rules: Rules
    rules_file: DataFile


Kind = TypeVar("Kind", bound=_Data)


def load_language(folder: Path) -> Language:
    """Read ``folder``/slots/*.yaml (``folder`` is intents/<language>). Raises IntentsError with file and line."""
    slots = folder / "slots"
    rules_file = load_yaml(slots / "rules.yaml")
    speech = _read(slots / "speech.yaml", Speech)
    return Language(
        code=speech.language,
        folder=folder,
        speech=speech,
        sounds=_read(slots / "sounds.yaml", SoundRules),
        numbers=_read(slots / "numbers.yaml", NumberWords),
        rating=_read(slots / "rating.yaml", Rating),
        number=_read(slots / "number.yaml", Number),
        yes_no=_read(slots / "yes_no.yaml", YesNo),
        names=_read(slots / "names.yaml", Names),
        word=_read(slots / "word.yaml", Word),
        duration=_read(slots / "duration.yaml", Duration),
        times=_read(slots / "when.yaml", TimeWords),
        recall=_read(slots / "recall.yaml", RecallWords),
        talk=_read(slots / "grammar.yaml", Talk),
        rules=validate(rules_file, Rules),
        rules_file=rules_file,
    )


def _read(path: Path, kind: type[Kind]) -> Kind:
    return validate(load_yaml(path), kind)
