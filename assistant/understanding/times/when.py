"""When somebody wants to be reminded: the words that say so (time_words.py) put together to one time.

What was chosen where people leave something open is written down in docs/reminders.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.understanding.language import Language, TimeWords, load_language
from assistant.understanding.times.clock import LAST_HOUR, MINUTES
from assistant.understanding.times.said_time import Said, summary_of, times_of
from assistant.understanding.times.summaries import DAYS, WORKDAYS, when_slot
from assistant.understanding.times.time_lines import Pair
from assistant.understanding.times.time_words import Facts, Spotted, TimeFinder
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.numbers import Numbers
from assistant.understanding.words.shells import Run, Runs

WEEKEND = ("SAT", "SUN")


@dataclass(frozen=True, slots=True)
class When:
    """``summary`` is None while a clock time, or the day of a weekly or monthly one, is missing.

    ``spans`` are the places in the words that say it; ``text`` those words.
    """

    said: Said
    summary: str | None
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def is_certain(self) -> bool:
        """Whether it is whole, and more than a number that may have been no time."""
        said = self.said
        return self.summary is not None and (said.certain or said.has_day or said.later_min is not None)

    @property
    def pieces(self) -> dict[str, Any]:
        """What was said, complete or not, as plain values: ``text``, ``days``, ``every``, ``day``, ``part``, ``times``.

        ``times`` are the clock times that may be meant: both halves of the day when none was named.
        """
        said = self.said
        pieces: dict[str, Any] = {"days": list(said.days), "every": said.every, "day": said.day, "part": said.part}
        pieces["times"] = times_of(said)
        return {"text": self.text, **{name: value for name, value in pieces.items() if value}}

    @property
    def slot(self) -> dict[str, str] | None:
        return None if self.summary is None else when_slot(self.summary, self.text)


class WhenReader:
    def __init__(self, finder: TimeFinder, data: TimeWords, light: frozenset[str]) -> None:
        self._finder = finder
        self._data = data
        self._may_follow = (light | {""}) - data.never_after_time
        self._changing = Runs(tuple(text.split()) for text in data.changing)

    def words(self, text: str) -> Run:
        return self._finder.words(text)

    def read(self, words: Sequence[str], name: tuple[int, int] = (-1, -1)) -> When | None:
        """The time in ``words`` (of `words`); None when nothing in them says when.

        ``name`` is the place of a ritual's name, of which only a part of the day counts ("the morning minute").
        """
        found = tuple(
            spotted
            for spotted in self._finder.find(words)
            if not name[0] <= spotted.start < spotted.end <= name[1] or spotted.facts.keys() == {"part"}
        )
        said = Said()
        for segment in _segments(found):
            said = _corrected(said, self._gathered(segment, words, found))
        if said == Said():
            return None
        spans = tuple(self._spans(found, words, said))
        if not spans:
            return None
        text = " ".join(word for start, end in spans for word in words[start:end])
        return When(said, summary_of(said, self._data.morning_hours_of_workdays), text, spans)

    @property
    def pairs(self) -> set[Pair]:
        """Which words follow on each other where times are said, for the recogniser's grammar."""
        return self._finder.pairs

    def changes(self, words: Sequence[str]) -> bool:
        """Whether the words ask for another time of something that is set already ("move it to nine")."""
        return any(self._changing.at(words, place) for place in range(len(words)))

    # --- one stretch between corrections ---

    def _gathered(self, segment: Sequence[Spotted], words: Sequence[str], found: Sequence[Spotted]) -> Said:
        said = Said()
        turn, turned = "", 0
        for spotted in segment:
            facts = spotted.facts
            if "turn" in facts:
                turn, turned = facts["turn"], spotted.end
                continue
            if turn == "not" and not all(word in self._data.belongs for word in words[turned : spotted.start]):
                turn = ""  # "do not forget": it was about something else
            if spotted.clock is not None:
                said = self._with_clock(said, spotted, words, found, turn)
                turn = turn if turn == "or" else ""
                continue
            if turn == "not":
                said, turn = _excluding(said, facts), ""
            elif turn == "except":
                said = _excluding(said, facts)
            else:
                said = _with(said, facts)
        return said

    def _with_clock(
        self, said: Said, spotted: Spotted, words: Sequence[str], found: Sequence[Spotted], turn: str
    ) -> Said:
        assert spotted.clock is not None
        corrects = any(one.end == spotted.start and one.facts.get("turn") == "correction" for one in found)
        if spotted.clock.bare and corrects:
            said = replace(said, number=spotted.clock.hour)
        sure = self._certainty(spotted, words, found)
        if not sure or turn == "not" or (turn == "or" and said.clock is not None):
            return said
        certain = sure > 1
        if said.clock is not None and said.certain and not certain:
            return said
        return replace(said, clock=spotted.clock, certain=certain)

    def _certainty(self, spotted: Spotted, words: Sequence[str], found: Sequence[Spotted]) -> int:
        """0: a number that is no time; 1: perhaps a time; 2: a time."""
        clock = spotted.clock
        assert clock is not None
        if not clock.bare:
            return 2
        if clock.hour is None or clock.hour > LAST_HOUR:
            return 0
        before = words[spotted.start - 1] if spotted.start else ""
        after = words[spotted.end] if spotted.end < len(words) else ""
        if before in self._data.before_time:
            return 2
        follows = any(one.start == spotted.end and one.facts.get("turn") != "or" for one in found)
        beside = follows or any(one.end == spotted.start and one.facts.get("turn") != "or" for one in found)
        led = before in self._data.perhaps_before_time
        if words[spotted.start] in self._data.never_time_alone and not led:
            return 0  # "the sunday one"
        return int((led or beside) and (after in self._may_follow or follows))

    def _spans(self, found: Sequence[Spotted], words: Sequence[str], said: Said) -> Iterator[tuple[int, int]]:
        """What was found, with the little words in front of it ("at", "on the")."""
        last = 0
        for number, spotted in enumerate(found):
            counts = (
                spotted.clock is None or self._certainty(spotted, words, found) or spotted.clock.hour == said.number
            )
            if not counts or ("perhaps_monthday" in spotted.facts and not said.is_of_month):
                continue
            turn = spotted.facts.get("turn")
            if turn and (not self._leads_on(found[number:], words) or (turn == "correction" and last == 0)):
                continue  # "do not forget", or a "no" to something that was said before
            start = spotted.start
            while start > last and words[start - 1] in self._data.belongs:
                start -= 1
            yield start, spotted.end
            last = spotted.end

    def _leads_on(self, found: Sequence[Spotted], words: Sequence[str]) -> bool:
        """Whether a time follows this turn at once."""
        for turn, follows in pairwise(found):
            if not all(word in self._data.belongs for word in words[turn.end : follows.start]):
                return False
            if "turn" not in follows.facts:
                return True
        return False


def _segments(found: Sequence[Spotted]) -> Iterator[list[Spotted]]:
    segment: list[Spotted] = []
    for spotted in found:
        if spotted.facts.get("turn") == "correction":
            yield segment
            segment = []
        else:
            segment.append(spotted)
    yield segment


def _with(said: Said, facts: Facts) -> Said:
    """``said`` and what one more phrase says."""
    if "minutes" in facts or "hours" in facts:
        later = MINUTES * facts.get("hours", 0) + facts.get("minutes", 0)
        return replace(said, later_min=later, later_unit_min=1 if "minutes" in facts else MINUTES)
    if "more_minutes" in facts:
        return said if said.later_min is None else replace(said, later_min=said.later_min + facts["more_minutes"])
    changes: dict[str, Any] = {name: facts[name] for name in _PLAIN if name in facts}
    if "weekday" in facts:
        changes["days"] = (*said.days, facts["weekday"])
    if "days" in facts:
        changes["day"] = f"+{facts['days']}d"
    match facts.get("every"):
        case "weekdays":
            changes |= {"days": WORKDAYS, "every": "weekly"}
        case "weekend":
            changes |= {"days": WEEKEND, "every": "weekly"}
        case "range":
            changes |= {"days": _between(facts["first"], facts["last"]), "every": "weekly"}
        case "daily" if said.every in ("weekly", "monthly") and "interval" not in facts:
            # "the weekly one in the evenings", "sunday nights"
            del changes["every"]
    return replace(said, **changes)


_PLAIN = ("every", "part", "interval", "day", "monthday", "perhaps_monthday", "month", "nth")
_DAY = ("days", "without", "day", "monthday", "perhaps_monthday", "month", "nth")


def _between(first: str, last: str) -> tuple[str, ...]:
    start, end = DAYS.index(first), DAYS.index(last)
    return DAYS[start : end + 1] if start <= end else (*DAYS[start:], *DAYS[: end + 1])


def _excluding(said: Said, facts: Facts) -> Said:
    """After "not" and "except": these days are left out of those said before, and nothing else is taken."""
    named = (facts["weekday"],) if "weekday" in facts else WEEKEND if facts.get("every") == "weekend" else ()
    return replace(said, without=(*said.without, *named)) if said.has_day else said


def _corrected(said: Said, later: Said) -> Said:
    """What was said after a correction takes the place of the same before it; the rest stays."""
    if later.later_min is not None:
        return later
    if said.later_min is not None:
        if later.number is not None and not later.has_day:
            return replace(said, later_min=later.number * said.later_unit_min)
        if later.clock is not None:
            said = replace(said, later_min=None)
    clock = later.clock
    if clock is not None and clock.hour is None and said.clock is not None:  # "no, half past"
        clock = replace(clock, hour=said.clock.hour, sure=said.clock.sure)
    merged = replace(said, clock=clock or said.clock, certain=later.certain or said.certain)
    merged = replace(merged, part=later.part or said.part, number=later.number)
    if not later.has_day:
        return merged
    every, interval = later.every, later.interval
    if every is None and later.days and said.every == "weekly":
        every, interval = said.every, said.interval
    if every is None and (later.monthday or later.perhaps_monthday) and said.every == "monthly":
        every, interval = said.every, said.interval
    return replace(
        merged,
        every=every,
        interval=interval,
        **{name: getattr(later, name) for name in _DAY},
    )


def load_when_reader(folder: Path) -> WhenReader:
    """A reader by itself, of intents/<language>. Raises IntentsError with file and line."""
    language = load_language(folder)
    spoken, speech = language.numbers, language.speech
    numbers = Numbers(language.code, spoken.highest, spoken.values, spoken.point)
    writing = Writing(speech.contractions, speech.long_endings, numbers.spell, spoken.point, language.rating.out_of[0])
    return when_reader(language, numbers, writing)


def when_reader(language: Language, numbers: Numbers, writing: Writing) -> WhenReader:
    return WhenReader(TimeFinder(language, numbers, writing), language.times, language.speech.light)
