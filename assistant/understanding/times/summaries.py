"""A time in the compact form that is its name everywhere ("weekly SUN 18:00"), and its recurrence rule (RFC 5545).

The forms are in docs/reminders.md. A one-time summary without its first word is the slot's ``at``: when that is depends
on the moment in which it was said, which nobody knows here.
"""

from __future__ import annotations

from collections.abc import Sequence

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
WORKDAYS = DAYS[:5]
ONCE = "once"
SHORTEST_MONTH_DAYS = 28


def summary(how: str, hour: int, minute: int) -> str:
    """``how`` is "daily", "weekly MON,WED", "once tomorrow" and the like."""
    return f"{how} {hour:02}:{minute:02}"


def weekly(days: Sequence[str], interval: int = 1) -> str:
    """How a set of days (at least one) is written: all seven are "daily", Monday to Friday are "weekdays"."""
    ordered = [day for day in DAYS if day in days]
    if interval == 1 and len(ordered) == len(DAYS):
        return "daily"
    if interval == 1 and tuple(ordered) == WORKDAYS:
        return "weekdays"
    return f"{'weekly' if interval == 1 else f'every {interval} weeks'} {','.join(ordered)}"


def is_once(said: str) -> bool:
    return said.startswith(ONCE)


def clock(said: str) -> tuple[int, int] | None:
    """Hour and minute of a summary; None for "once +30min"."""
    hour, colon, minute = said.rpartition(" ")[2].partition(":")
    return (int(hour), int(minute)) if colon else None


def when_slot(said: str, text: str) -> dict[str, str]:
    """The slot ``when`` (docs/contracts.md) of the summary ``said``, which was heard as ``text``."""
    if is_once(said):
        return {"text": text, "at": said.removeprefix(ONCE).strip(), "summary": said}
    return {"text": text, "rrule": rrule(said), "summary": said}


def rrule(said: str) -> str:
    """The recurrence rule of a summary that is not of one time only."""
    how, _, _ = said.rpartition(" ")
    time = clock(said)
    assert time is not None, said
    return f"{_days_rule(how.split())};BYHOUR={time[0]};BYMINUTE={time[1]};BYSECOND=0"


def _days_rule(how: list[str]) -> str:
    match how:
        case ["daily"]:
            return "FREQ=DAILY"
        case ["weekdays"]:
            return f"FREQ=WEEKLY;BYDAY={_days(','.join(WORKDAYS))}"
        case ["weekly", days]:
            return f"FREQ=WEEKLY;BYDAY={_days(days)}"
        case ["monthly", day]:
            return f"FREQ=MONTHLY;{_day_of_month(day)}"
        case ["every", count, "days"]:
            return f"FREQ=DAILY;INTERVAL={count}"
        case ["every", count, "weeks", days]:
            return f"FREQ=WEEKLY;INTERVAL={count};BYDAY={_days(days)}"
        case ["every", count, "months", day]:
            return f"FREQ=MONTHLY;INTERVAL={count};{_day_of_month(day)}"
    raise ValueError(f"{' '.join(how)!r} is no summary of a recurrence")


def _days(days: str) -> str:
    return ",".join(day[:2] for day in days.split(","))


def _day_of_month(day: str) -> str:
    """``15``, ``-1`` (the last), ``1SUN``, ``-1FRI``. "The thirty-first" of a shorter month is its last day."""
    if day[-1].isalpha():
        return f"BYDAY={day[:-1]}"
    if int(day) > SHORTEST_MONTH_DAYS:
        days = ",".join(str(number) for number in range(SHORTEST_MONTH_DAYS, int(day) + 1))
        return f"BYMONTHDAY={days};BYSETPOS=-1"
    return f"BYMONTHDAY={day}"
