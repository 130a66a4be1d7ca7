"""What has been said of a time, and the one time that is meant by it, with what people leave open filled in."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from assistant.understanding.times.clock import LAST_HOUR, LAST_HOUR_OF_HALF, Clock
from assistant.understanding.times.summaries import DAYS, WORKDAYS, summary, weekly

SMALL_HOURS = 5  # "at two at night" is after midnight


@dataclass(frozen=True, slots=True)
class Said:
    """What has been said of a time so far; None and () where nothing was."""

    clock: Clock | None = None
    certain: bool = False  # the clock time stood where only one can stand
    part: str | None = None
    every: str | None = None
    interval: int | None = None
    days: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    day: str | None = None
    monthday: int | None = None
    perhaps_monthday: int | None = None  # "the first", where no month has been spoken of yet
    month: str | None = None
    nth: int | None = None
    later_min: int | None = None
    later_unit_min: int = 1
    number: int | None = None  # alone after a correction ("in twenty minutes, no, thirty")

    @property
    def is_of_month(self) -> bool:
        return self.every == "monthly" or self.month is not None

    @property
    def has_day(self) -> bool:
        return bool(self.days or self.every or self.day or self.monthday or self.perhaps_monthday)


def summary_of(said: Said, morning_hours_of_workdays: Set[int]) -> str | None:
    """The compact form; None while the clock time, or the day of a weekly or monthly one, is missing."""
    if said.later_min is not None:
        return f"once +{said.later_min}min" if said.later_min > 0 else None
    clock = said.clock
    if clock is None or clock.hour is None:
        return None
    hour = _hour(clock.hour, clock, said, morning_hours_of_workdays)
    how = _how(_past_midnight(said) if _is_after_midnight(said, hour) else said)
    return None if how is None else summary(how, hour, clock.minute)


def times_of(said: Said) -> list[str]:
    """The clock times that may be meant, as HH:MM: both halves of the day where none was named."""
    clock = said.clock
    if clock is None or clock.hour is None:
        return []
    hour = _hour(clock.hour, clock, said, frozenset())
    hours = [hour]
    if not clock.sure and clock.half is None and said.part is None:
        hours = sorted({hour, (hour + LAST_HOUR_OF_HALF) % LAST_HOUR})
    return [f"{one:02}:{clock.minute:02}" for one in hours]


def _hour(hour: int, clock: Clock, said: Said, morning_hours_of_workdays: Set[int]) -> int:
    """0..23. Where nobody says which half of the day, the rules of docs/reminders.md choose."""
    if clock.sure:
        return hour % LAST_HOUR
    early = hour % LAST_HOUR_OF_HALF
    late = early + LAST_HOUR_OF_HALF
    match clock.half or said.part:
        case "am" | "morning":
            return early
        case "pm" | "afternoon":
            return late
        case "evening":
            return late if early else 0
        case "night":
            return late if early >= SMALL_HOURS else early
    if said.days == WORKDAYS and hour in morning_hours_of_workdays:
        return early
    return late


def _is_after_midnight(said: Said, hour: int) -> bool:
    """Of the night that is named by the day before it."""
    return hour < SMALL_HOURS and (said.part == "night" or (hour == 0 and said.day == "today"))


def _past_midnight(said: Said) -> Said:
    days = tuple(DAYS[(DAYS.index(day) + 1) % len(DAYS)] for day in said.days)
    match said.day:
        case None:
            return replace(said, days=days, day=None if said.has_day else "tomorrow")
        case "today":
            return replace(said, day="tomorrow")
        case "tomorrow":
            return replace(said, day="+2d")
        case later:
            return replace(said, day=f"+{int(later[1:-1]) + 1}d")


def _how(said: Said) -> str | None:
    """Everything of the summary but the clock time."""
    if said.is_of_month or said.monthday is not None:
        return _how_of_month(said)
    days = tuple(day for day in said.days or (DAYS if said.without else ()) if day not in said.without)
    interval = said.interval or 1
    if said.every == "weekly" or len(days) > 1:
        return weekly(days, interval) if days else None
    if said.every == "daily" and not said.without:
        return "daily" if interval == 1 else f"every {interval} days"
    return f"once {days[0] if days else said.day or 'today'}"


def _how_of_month(said: Said) -> str | None:
    day = said.monthday or said.perhaps_monthday
    if said.every != "monthly":
        return None if day is None else f"once {day} {said.month or ''}".rstrip()
    named = f"{said.nth}{said.days[0]}" if said.nth is not None and said.days else day
    if named is None:
        return None
    return f"monthly {named}" if (said.interval or 1) == 1 else f"every {said.interval} months {named}"
