"""Which reminder is to be given now: a pure function of what is kept and of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from assistant.memory.records import Reminder
from assistant.memory.recurrence import latest, moment_of, upcoming, wall

LATE_MIN = 30  # a reminder that was missed for longer is left out
KEPT_AFTER = timedelta(days=1)  # one that is over is kept so long, in case it only has to wait for the end of a ritual


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` until ``end`` by the wall clock, over midnight when ``end`` is the earlier one."""

    start: time
    end: time

    def __contains__(self, moment: datetime) -> bool:
        at = moment.time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True)
class Due:
    """``reminder`` is to be given for the time ``of`` (wall clock)."""

    reminder: Reminder
    of: datetime


def due(
    reminders: Sequence[Reminder], now: datetime, quiet: QuietHours | None, kept_waiting: timedelta = timedelta(0)
) -> Due | None:
    """The one that has been due longest, if any is; ``now`` is aware, in local time.

    What came more than LATE_MIN ago is missed, unless it was only ``kept_waiting`` by a ritual under way. In quiet
    hours nothing is given but what was itself set for a time within them.
    """
    found = [one for reminder in reminders if (one := _due(reminder, now, quiet, kept_waiting))]
    return min(found, key=lambda one: (one.of, one.reminder.id), default=None)


def _due(reminder: Reminder, now: datetime, quiet: QuietHours | None, kept_waiting: timedelta) -> Due | None:
    limit = timedelta(minutes=LATE_MIN) + kept_waiting
    times = [(last_time(reminder, now), None), (reminder.announced, reminder.again_at)]
    for of, again_at in times:
        if of is None or (of is reminder.announced and again_at is None):
            continue
        late = now.astimezone(UTC) - (again_at or _moment(reminder, of, now)).astimezone(UTC)
        disturbs = quiet is not None and wall(now) in quiet and of not in quiet
        if late <= limit and (again_at is None or late >= timedelta(0)) and not disturbs:
            return Due(reminder, of)
    return None


def last_time(reminder: Reminder, now: datetime) -> datetime | None:
    """The last time it should have come and has not been given for, by the wall clock; None when there is none."""
    clock = wall(now)
    if reminder.rrule is not None:
        found = latest(reminder.rrule, reminder.created, clock)
        return found if found and (reminder.announced is None or found > reminder.announced) else None
    if reminder.announced is not None:
        return None
    moment = _moment(reminder, clock, now)
    by_wall = wall(moment.astimezone(now.tzinfo))
    is_past = moment <= now.astimezone(UTC) if moment.tzinfo is UTC else by_wall <= clock
    return by_wall if is_past else None


def next_time(reminder: Reminder, now: datetime) -> datetime | None:
    """When it comes next, by the wall clock; None when it does not come any more."""
    clock = wall(now)
    if reminder.rrule is not None:
        return upcoming(reminder.rrule, reminder.created, clock)
    by_wall = wall(_moment(reminder, clock, now).astimezone(now.tzinfo))
    return by_wall if by_wall > clock else None


def is_over(reminder: Reminder, now: datetime) -> bool:
    """Whether it was for one time, which has passed for good."""
    if reminder.rrule is not None:
        return False
    last = reminder.again_at or _moment(reminder, wall(now), now)
    given = reminder.announced is not None and reminder.again_at is None
    return given or now.astimezone(UTC) - last.astimezone(UTC) > KEPT_AFTER


def _moment(reminder: Reminder, of: datetime, now: datetime) -> datetime:
    if reminder.at is not None:
        return moment_of(reminder.at, now)
    return of.replace(tzinfo=now.tzinfo)
