"""Words that say when, found in what was said: each phrase of intents/<language>/slots/when.yaml with what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.understanding.language import Language, TimePhrases
from assistant.understanding.templates.slot_lists import ListValue, SlotList
from assistant.understanding.templates.templates import Opener, TemplateError, template_error
from assistant.understanding.times.clock import LAST_HOUR_OF_HALF, MINUTES, Clock, Clocks
from assistant.understanding.times.time_lines import Pair, time_pairs
from assistant.understanding.words.normal import MAX_CHARACTERS, Writing
from assistant.understanding.words.numbers import Numbers
from assistant.understanding.words.shells import Run, Runs

EACH = "each_"  # the list {each_weekday} gives the slot "weekday"
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\b([01]?\d|2[0-4])[:.h]([0-5]\d)\b")
_NUMBER_AND_LETTERS = re.compile(r"\b(\d{1,2})([a-z]{2})\b")
_WORD = re.compile(r"\b[A-Z][a-z]+\b")

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spotted:
    """``words[start:end]`` say ``facts`` (docs/reminders.md lists them), or are a ``clock`` time."""

    facts: Facts
    start: int
    end: int
    clock: Clock | None = None


class TimeFinder:
    """Raises IntentsError, when it is made, for a template that cannot be used."""

    def __init__(self, language: Language, numbers: Numbers, writing: Writing) -> None:
        self._data = language.times
        self._numbers = numbers
        self._writing = writing
        self._misheard_words = {tuple(heard.split()): meant.split() for heard, meant in language.times.misheard.items()}
        self._misheard_runs = Runs(self._misheard_words)
        self._units = frozenset(language.duration.units)
        tables = _Tables(language, numbers, writing)
        self._phrases = tables.runs(language.times.phrases)
        self._longest = max(map(len, self._phrases))
        self._before_hour = tables.runs(language.times.before_hour)
        self._clocks = tables.clocks(self._before_hour)

    @property
    def pairs(self) -> set[Pair]:
        """Which words follow on each other where times are said, for the recogniser's grammar."""
        said = [run for run, facts in self._phrases.items() if "turn" not in facts]
        return time_pairs(said, tuple(self._before_hour), self._numbers.spell, self._data)

    def words(self, text: str) -> Run:
        """``text`` written out, with "22:00", "1st" and "Mon" as they are spoken. Never raises."""
        data = self._data
        text = text[:MAX_CHARACTERS]
        if _DIGIT.search(text):
            text = _CLOCK.sub(lambda found: self._spoken(found[1], int(found[2])), text)
            text = _NUMBER_AND_LETTERS.sub(self._ordinal, text)
        text = _WORD.sub(lambda found: data.short.get(found[0], found[0]), text)
        return self._as_meant(self._writing.words(text))

    def _as_meant(self, words: Run) -> Run:
        """What a recogniser is known to write for these words, put right."""
        meant: list[str] = []
        place = 0
        while place < len(words):
            length = self._misheard_runs.at(words, place)
            meant += self._misheard_words[words[place : place + length]] if length else words[place : place + 1]
            place += length or 1
        return tuple(meant)

    def _ordinal(self, found: re.Match[str]) -> str:
        if found[2] in self._data.ordinal_endings:
            return " ".join(self._numbers.ordinal(int(found[1])))
        return f"{found[1]} {found[2]}"

    def _spoken(self, hour: str, minute: int) -> str:
        """How a time that was typed is said: so that "9:30" leaves open which half of the day, "09:30" does not."""
        data = self._data
        early = hour.startswith("0")
        said = [data.oh] if early and int(hour) else []
        said += self._numbers.spell(int(hour))
        if minute == 0:
            said += [data.hundred] if early or int(hour) > LAST_HOUR_OF_HALF else [data.o_clock]
        else:
            said += ([data.oh] if minute < 10 else []) + list(self._numbers.spell(minute))
        return f" {' '.join(said)} "

    def find(self, words: Sequence[str]) -> tuple[Spotted, ...]:
        """All of them from left to right, the longest at each place."""
        found: list[Spotted] = []
        place = 0
        while place < len(words):
            spotted = self._at(words, place) or self._misheard(words, place, found)
            if spotted is not None:
                found.append(spotted)
            place = spotted.end if spotted else place + 1
        return tuple(found)

    def _at(self, words: Sequence[str], place: int) -> Spotted | None:
        phrase = self._phrase(words, place)
        clock = self._clock(words, place)
        if phrase is None or (clock is not None and clock.end > phrase.end):
            return clock
        return phrase

    def _phrase(self, words: Sequence[str], place: int) -> Spotted | None:
        for end in range(min(len(words), place + self._longest), place, -1):
            facts = self._phrases.get(tuple(words[place:end]))
            if facts is None or ("part" in facts and place and words[place - 1] in self._data.no_part_after):
                continue
            named = Clock(facts["hour"], sure=True) if "hour" in facts else None  # noon
            return Spotted({} if named else facts, place, end, named)
        return None

    def _clock(self, words: Sequence[str], place: int) -> Spotted | None:
        """Not "ten minutes", and not "ten to nine" in "from ten to nine"."""
        if place and words[place - 1] in self._data.range_starts:
            found = self._clocks.at(words[: place + 1], place)
        else:
            found = self._clocks.at(words, place)
        while found is not None:
            clock, end = found
            if end == len(words) or words[end] not in self._units:
                return Spotted({}, place, end, clock)
            found = self._clocks.at(words[: end - 1], place) if end - 1 > place else None
        return None

    def _misheard(self, words: Sequence[str], place: int, found: Sequence[Spotted]) -> Spotted | None:
        """Only between "at" and the end, or beside something else that says when."""
        if not place or words[place - 1] not in self._data.before_time:
            return None
        misheard = self._clocks.misheard_at(words, place)
        if misheard is None:
            return None
        clock, end = misheard
        beside = bool(found) and found[-1].end == place - 1
        if beside or end == len(words) or not clock.bare or self._at(words, end) is not None:
            return Spotted({}, place, end, clock)
        return None


class _Tables:
    """The phrases of when.yaml, opened out."""

    def __init__(self, language: Language, numbers: Numbers, writing: Writing) -> None:
        self._language = language
        self._numbers = numbers
        self._writing = writing
        data = language.times
        lists = {**language.rules.lists, **data.lists, **self._number_lists()}
        self._opener = Opener({**language.rules.expansion_rules, **data.expansion_rules}, lists, numbers.spell)

    def runs(self, phrases: Sequence[TimePhrases]) -> dict[Run, Facts]:
        """What each phrase means. Where two are the same words, the one that stands first in the file counts."""
        found: dict[Run, Facts] = {}
        same: dict[str, Facts] = {}  # many phrases say the same
        for group in phrases:
            for template in group.said:
                for run, slots in self._opened(template):
                    facts = {**slots, **group.means}
                    found.setdefault(run, same.setdefault(repr(facts), facts))
        return found

    def _opened(self, template: str) -> list[tuple[Run, Facts]]:
        try:
            opened = self._opener.open(template)
        except TemplateError as error:
            raise template_error(str(self._language.folder / "slots" / "when.yaml"), template, error) from None
        return [
            (self._writing.words(text), {name.removeprefix(EACH): value for name, value in slots})
            for text, slots in opened
        ]

    def clocks(self, before_hour: Mapping[Run, Facts]) -> Clocks:
        data, spell = self._language.times, self._numbers.spell
        early = {(*(said.split()), *spell(number)): number for said in (data.oh, *spell(0)) for number in range(1, 10)}
        return Clocks(
            before_hour,
            self.runs(data.after_hour),
            {spell(number): number for number in range(MINUTES)},
            early,
            {word: hour for word, hour in self._language.numbers.sounds_like.items() if hour <= LAST_HOUR_OF_HALF},
        )

    def _number_lists(self) -> dict[str, SlotList]:
        """Numbers as they stand in clock times and dates."""
        fives = {" ".join(self._numbers.spell(number)): number for number in (5, 10, 20, 25)}
        ordinals = {" ".join(self._numbers.ordinal(number)): number for number in range(1, 32)}
        return {"five": _list(fives), "ordinal": _list(ordinals)}


def _list(values: Mapping[str, int]) -> SlotList:
    return SlotList(values=tuple(ListValue.model_validate({"in": said, "out": out}) for said, out in values.items()))
