"""When a reminder comes: recurrences by dateutil, on the wall clock of the household. Pure.

"Every night at ten" is ten o'clock by the clock on the wall, also after the clocks were changed, so these times carry
no zone. Only "in half an hour" is an instant.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule, rrulestr

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
LONGEST_APART = timedelta(days=62)  # two times of a rule without an interval; the thirty-first skips a month
INSTANT = "Z"  # the last letter of an instant; times by the wall clock have none


def wall(moment: datetime) -> datetime:
    """The clock on the wall at ``moment`` (aware): naive, whole seconds."""
    return moment.replace(tzinfo=None, microsecond=0)


def resolved(at: str, now: datetime) -> str:
    """The slot's ``at`` (docs/reminders.md) as it is kept: an instant, or a wall-clock time after ``now`` (aware).

    Raises ValueError when it is none.
    """
    if at.startswith("+") and at.endswith("min"):
        moment = now.astimezone(UTC) + timedelta(minutes=int(at[1:-3]))
        return moment.replace(tzinfo=None).isoformat(timespec="seconds") + INSTANT
    day, _, clock = at.rpartition(" ")
    hour, minute = (int(part) for part in clock.split(":"))
    return _next(day, wall(now), hour, minute).isoformat(timespec="minutes")


def _next(day: str, now: datetime, hour: int, minute: int) -> datetime:
    """The next time that it is ``hour``:``minute`` on ``day``."""
    today = now.replace(hour=hour, minute=minute, second=0)
    match day.split():
        case ["today"]:
            return today if today > now else today + timedelta(days=1)
        case ["tomorrow"]:
            return today + timedelta(days=1)
        case [ahead] if ahead.startswith("+") and ahead.endswith("d"):
            return today + timedelta(days=int(ahead[1:-1]))
        case [weekday] if weekday in DAYS:
            rule = rrule(WEEKLY, byweekday=DAYS.index(weekday), dtstart=today)
        case [monthday]:
            rule = rrule(MONTHLY, bymonthday=int(monthday), dtstart=today)
        case [monthday, month] if month in MONTHS:
            rule = rrule(YEARLY, bymonth=MONTHS.index(month) + 1, bymonthday=int(monthday), dtstart=today)
        case _:
            raise ValueError(f"{day!r} is no day")
    found = rule.after(now)
    if found is None:
        raise ValueError(f"{day!r} never comes")
    return found


def latest(rule: str, since: datetime, now: datetime) -> datetime | None:
    """The last time of ``rule`` after ``since`` and not after ``now``, all by the wall clock; None for none."""
    # Counting from years ago takes long; only "every other" must be counted from where it began.
    start = since if "INTERVAL" in rule else max(since, now - LONGEST_APART)
    found = rrulestr(rule, dtstart=start).before(now, inc=True)
    return None if found is None or found <= since else found


def upcoming(rule: str, since: datetime, now: datetime) -> datetime | None:
    """The first time of ``rule``, which was set at ``since``, after ``now``."""
    found = rrulestr(rule, dtstart=since).after(max(now, since))
    return None if found is None else found


def moment_of(text: str, now: datetime) -> datetime:
    """The moment that `resolved` wrote, aware: an instant, or a wall-clock time in the zone of ``now``."""
    if text.endswith(INSTANT):
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    return datetime.fromisoformat(text).replace(tzinfo=now.tzinfo)
