"""Stretches of the calendar that people name ("last week", "in May", "a year ago"), by local time. Pure.

What was said comes as plain values (docs/contracts.md, the slot ``period``); what "last week" is depends on the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from assistant.memory.trends import monday

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
DAY = timedelta(days=1)
SATURDAY = timedelta(days=5)
LONG_AGO = date(1970, 1, 1)
Span = tuple[date, date]  # the first day, and the first that is not in it any more


def span(period: Mapping[str, Any], today: date) -> Span:
    """The days of ``period``. Whatever would end after ``today`` ends with it. Raises ValueError for no period."""
    start, end = _span(period, today)
    return start, max(start + DAY, min(end, today + DAY))


def moments(period: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    """`span` as two moments, aware, by the local clock of ``now``."""
    start, end = span(period, now.date())
    return _midnight(start, now), _midnight(end, now)


def _midnight(day: date, now: datetime) -> datetime:
    return now.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)


def _span(period: Mapping[str, Any], today: date) -> Span:
    match period:
        case {"month": str(month), "monthday": int(day)}:
            return _of_year(f"{month}-{day}", f"{month}-{day}", int(period.get("ago", 0)), today)
        case {"monthday": int(day)}:  # with a weekday, too, that may not fit: then the date counts
            return _of_month(day, today)
        case {"unit": str(unit), "ago": int(ago)}:
            return _unit(unit, ago, today)
        case {"weekday": str(day)}:
            back = (today.weekday() - DAYS.index(day)) % 7 or (0 if period.get("this") else 7)
            found = today - timedelta(days=back + 7 * int(period.get("ago", 0)))
            return found, found + DAY
        case {"last": int(count), "of": str(unit)}:
            return today + DAY - _length(unit, count), today + DAY
        case {"from": str(first), "to": str(last)}:
            return _of_year(first, last, int(period.get("ago", 0)), today)
        case {"month": str(month)}:
            return _of_year(f"{month}-1", f"{month}-31", int(period.get("ago", 0)), today)
        case {"since_month": str(month)}:
            return _of_year(f"{month}-1", f"{month}-1", 0, today)[0], today + DAY
        case {"since_ago": int(count), "of": str(unit)}:
            return today - _length(unit, count), today + DAY
        case {"until_ago": int(count), "of": str(unit)}:
            return LONG_AGO, today - _length(unit, count)
        case {"year": int(year)}:
            return date(year, 1, 1), date(year + 1, 1, 1)
    raise ValueError(f"{dict(period)} is no period")


def _unit(unit: str, ago: int, today: date) -> Span:
    match unit:
        case "day":
            start = today - timedelta(days=ago)
            return start, start + DAY
        case "week":
            start = monday(today) - timedelta(weeks=ago)
            return start, start + timedelta(weeks=1)
        case "weekend":
            start = monday(today) + SATURDAY - timedelta(weeks=ago)
            if start > today:  # in the middle of a week, "the weekend" is the one that is over
                start -= timedelta(weeks=1)
            return start, start + 2 * DAY
        case "month":
            start = today.replace(day=1) - relativedelta(months=ago)
            return start, start + relativedelta(months=1)
        case "year":
            return date(today.year - ago, 1, 1), date(today.year - ago + 1, 1, 1)
        case "same_day":
            start = today - relativedelta(years=ago)
            return start, start + DAY
    raise ValueError(f"{unit!r} is no stretch of the calendar")


def _length(unit: str, count: int) -> relativedelta:
    return relativedelta(**{f"{unit}s": count})  # type: ignore[arg-type]


def _of_month(day: int, today: date) -> Span:
    """The latest day of that number that has come, in a month that has one."""
    first = today.replace(day=1)
    while (found := first + relativedelta(day=day)).day != day or found > today:
        first -= relativedelta(months=1)
    return found, found + DAY


def _of_year(first: str, last: str, ago: int, today: date) -> Span:
    """The latest time of the year from ``first`` to ``last`` (MM-DD) that has begun, or ``ago`` years before it."""
    year = today.year
    if _on(year, first) > today:
        year -= 1
    start = _on(year - ago, first)
    end = _on(start.year, last)
    if end < start:  # winter goes over the end of the year
        end = _on(start.year + 1, last)
    return start, end + DAY


def _on(year: int, text: str) -> date:
    month, day = (int(part) for part in text.split("-"))
    return date(year, month, 1) + relativedelta(day=day)
