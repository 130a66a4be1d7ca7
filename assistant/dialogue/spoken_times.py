"""Times as people say them: "every night at ten", "on Sundays at six in the evening", "in half an hour". Pure.

The words are in times.yaml; what is said comes in the compact form that understanding gives (docs/reminders.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from assistant.dialogue.lines import Part as Section
from assistant.dialogue.wording import row
from assistant.understanding.times.summaries import clock as clock_of

PartOfDay = Literal["morning", "afternoon", "evening", "night"]
NOON, MIDNIGHT = (12, 0), (0, 0)
HALF_DAY_HOURS = 12
HALF, QUARTER, HOUR = 30, 15, 60
DAYS_OF_WEEK, DAYS_OF_MONTH, DAYS_TOLD_WITHOUT_YEAR = 7, 28, 300
IN_FIVES = (5, 10, 20, 25)

ByPart = Mapping[PartOfDay, str]


class ClockWords(Section):
    noon: str
    midnight: str
    hour: str
    half: str
    quarter_past: str
    quarter_to: str
    past: str
    to: str
    other: str


class LaterWords(Section):
    minute: str
    minutes: str
    half_hour: str
    hour: str
    hours: str
    hour_and_half: str
    hours_and_half: str
    hour_and: str
    hours_and: str


class PastWords(Section):
    today: str
    yesterday: str
    weekday: str
    weekday_date: str
    date: str
    date_of_year: str


class SpokenTimes(Section):
    """times.yaml."""

    language: str
    clock: ClockWords
    numbers: Annotated[tuple[str, ...], Field(min_length=HOUR)]
    ordinals: Annotated[tuple[str, ...], Field(min_length=31)]
    last: str
    days: Mapping[str, str]
    every_day_of: Mapping[str, str]
    months: Mapping[str, str]
    parts: Mapping[int, PartOfDay]
    at: str
    in_part: ByPart
    daily: ByPart
    every_day: str
    today: ByPart
    noon: Mapping[Literal["today", "tomorrow"], str]
    tomorrow: ByPart
    weekdays: str
    weekly: str
    every_other_day: str
    every_days: str
    every_other_week: str
    every_weeks: str
    monthly: str
    every_other_month: str
    every_months: str
    day_of_month: str
    last_day: str
    nth_day: str
    in_days: str
    on_day: str
    on_date: str
    on_date_of: str
    later: LaterWords
    past: PastWords

    def part_of_day(self, hour: int) -> PartOfDay:
        begun = [part for start, part in sorted(self.parts.items()) if start <= hour]
        return begun[-1] if begun else self.parts[max(self.parts)]

    def clock_time(self, hour: int, minute: int) -> str:
        """ "ten", "half past nine", "quarter to seven": which half of the day is left out."""
        words, number = self.clock, self.numbers
        named = {NOON: words.noon, MIDNIGHT: words.midnight}.get((hour, minute))
        if named:
            return named
        this, following = number[_of_twelve(hour)], number[_of_twelve(hour + 1)]
        if minute == 0:
            return words.hour.format(hour=this)
        if minute == HALF:
            return words.half.format(hour=this)
        if minute == QUARTER:
            return words.quarter_past.format(hour=this)
        if minute == HOUR - QUARTER:
            return words.quarter_to.format(hour=following)
        if minute in IN_FIVES:
            return words.past.format(minutes=number[minute], hour=this)
        if HOUR - minute in IN_FIVES:
            return words.to.format(minutes=number[HOUR - minute], hour=following)
        return words.other.format(minutes=number[minute], hour=this)

    def spoken(self, summary: str, joiner: str) -> str:
        """A compact form in words; ``joiner`` stands between the last two days."""
        time = clock_of(summary)
        if time is None:
            return self._later(int(summary.rpartition("+")[2].removesuffix("min")))
        hour, minute = time
        clock, part = self.clock_time(hour, minute), self.part_of_day(hour)
        named = time in (NOON, MIDNIGHT)
        match summary.split()[:-1]:
            case ["daily"]:
                return f"{self.every_day if named else self.daily[part]} {clock}"
            case ["once", "today" | "tomorrow" as day] if time == NOON:
                return self.noon[day]
            case ["once", "today" | "tomorrow" as day]:
                return f"{(self.today if day == 'today' else self.tomorrow)[part]} {clock}"
            case how:
                tail = clock if named else f"{clock} {self.in_part[part]}"
                return f"{self._days(how, joiner)} {tail}"

    def to_come(self, summary: str, joiner: str) -> str:
        """The same inside a sentence, of a time that is still to come: one that is past today is tomorrow's."""
        time = clock_of(summary)
        if time is None or not summary.startswith("once today"):
            return self.spoken(summary, joiner)
        clock = self.clock_time(*time)
        return self.at.format(
            at=clock if time in (NOON, MIDNIGHT) else f"{clock} {self.in_part[self.part_of_day(time[0])]}"
        )

    def past_day(self, day: Mapping[str, int]) -> str:
        """A day that is past, inside a sentence: ``year``, ``month``, ``day``, ``weekday`` (0..6), days ``ago``."""
        words, ago = self.past, day["ago"]
        if ago <= 1:
            return words.yesterday if ago == 1 else words.today
        weekday = list(self.days.values())[day["weekday"]]
        if ago < DAYS_OF_WEEK:
            return words.weekday.format(weekday=weekday)
        date = self.ordinals[day["day"] - 1]
        if ago < DAYS_OF_MONTH:
            return words.weekday_date.format(weekday=weekday, day=date)
        month = list(self.months.values())[day["month"] - 1]
        if ago < DAYS_TOLD_WITHOUT_YEAR:
            return words.date.format(day=date, month=month)
        return words.date_of_year.format(day=date, month=month, year=day["year"])

    def _days(self, how: Sequence[str], joiner: str) -> str:
        match how:
            case ["weekdays"]:
                return self.weekdays
            case ["weekly", days]:
                return self.weekly.format(days=self._each(days, joiner))
            case ["every", "2", "days"]:
                return self.every_other_day
            case ["every", count, "days"]:
                return self.every_days.format(count=self._count(count))
            case ["every", "2", "weeks", days]:
                return self.every_other_week.format(days=self._each(days, joiner))
            case ["every", count, "weeks", days]:
                return self.every_weeks.format(count=self._count(count), days=self._each(days, joiner))
            case ["monthly", day]:
                return self.monthly.format(day=self._day_of_month(day))
            case ["every", "2", "months", day]:
                return self.every_other_month.format(day=self._day_of_month(day))
            case ["every", count, "months", day]:
                return self.every_months.format(count=self._count(count), day=self._day_of_month(day))
            case ["once", day]:
                return self._on(day)
            case ["once", day, month]:
                return self.on_date_of.format(day=self._day_of_month(day), month=self.months[month])
        raise ValueError(f"{' '.join(how)!r} is no time")

    def _on(self, day: str) -> str:
        if day in self.days:
            return self.on_day.format(day=self.days[day])
        if day.startswith("+"):
            return self.in_days.format(count=self._count(day[1:-1]))
        return self.on_date.format(day=self._day_of_month(day))

    def _day_of_month(self, day: str) -> str:
        nth = day.rstrip("".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        word = self.last if int(nth) < 0 else self.ordinals[int(nth) - 1]
        if nth != day:
            return self.nth_day.format(nth=word, day=self.days[day[len(nth) :]])
        return self.last_day if int(nth) < 0 else self.day_of_month.format(day=word)

    def _each(self, days: str, joiner: str) -> str:
        return row([self.every_day_of[day] for day in days.split(",")], joiner)

    def _count(self, count: str | int) -> str:
        number = int(count)
        return self.numbers[number] if number < len(self.numbers) else str(number)

    def _later(self, minutes: int) -> str:
        hours, rest = divmod(minutes, HOUR)
        words = self.later
        if hours == 0:
            short = {1: words.minute, HALF: words.half_hour}
            return short.get(rest, words.minutes.format(count=self._count(rest)))
        one = hours == 1
        if rest == 0:
            return words.hour if one else words.hours.format(count=self._count(hours))
        if rest == HALF:
            return words.hour_and_half if one else words.hours_and_half.format(count=self._count(hours))
        pattern = words.hour_and if one else words.hours_and
        return pattern.format(count=self._count(hours), minutes=self._count(rest))


def _of_twelve(hour: int) -> int:
    return (hour - 1) % HALF_DAY_HOURS + 1
