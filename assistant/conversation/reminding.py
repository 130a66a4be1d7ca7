"""Reminders between the journal and the dialogue: which is due, what is kept of it, and what dialogue may know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from assistant.config import Household
from assistant.dialogue import AGAIN_MIN
from assistant.events import CancelReminders, Effect, MoveReminder, Remind, ReminderAnswered, ReminderDue, Unremind
from assistant.memory import Due, Journal, QuietHours, due, next_time


def quiet_hours(household: Household) -> QuietHours | None:
    """The quiet hours of the settings; None when there are none."""
    if not household.quiet_hours:
        return None
    start, end = (time.fromisoformat(part) for part in household.quiet_hours.split("-"))
    return QuietHours(start, end)


class Reminding:
    """Looks at the calendar of ``journal`` when it is asked to, and at no other clock."""

    def __init__(self, journal: Journal, quiet: QuietHours | None) -> None:
        self._journal = journal
        self._quiet = quiet
        self._given: dict[int, Due] = {}
        self._busy_since: datetime | None = None

    def is_quiet_hour(self) -> bool:
        return self._quiet is not None and self._journal.now() in self._quiet

    def due(self, at_s: float, *, is_free: bool) -> ReminderDue | None:
        """The reminder to be given now, if there is one and the people are free for it; it waits while they are not."""
        now = self._journal.now()
        if not is_free:
            self._busy_since = self._busy_since or now
            return None
        waited = timedelta(0) if self._busy_since is None else now.astimezone(UTC) - self._busy_since.astimezone(UTC)
        self._busy_since = None
        found = due(self._journal.reminders.all(), now, self._quiet, waited)
        if found is None:
            return None
        self._given[found.reminder.id] = found
        late = now.replace(tzinfo=None) - found.of
        return ReminderDue(
            at_s,
            found.reminder.id,
            f"{found.of:%H:%M}",
            found.reminder.ritual,
            found.reminder.what,
            found.reminder.put_off,
            max(0, late // timedelta(minutes=1)),
            self._is_last(found, now),
        )

    def _is_last(self, found: Due, now: datetime) -> bool:
        again = (now.astimezone(UTC) + timedelta(minutes=AGAIN_MIN)).astimezone(now.tzinfo).replace(tzinfo=None)
        return self._quiet is not None and again in self._quiet and found.of not in self._quiet

    def keep(self, effect: Effect) -> None:
        """Do what ``effect`` asks of the journal; nothing when it is about something else. Raises JournalError."""
        reminders = self._journal.reminders
        match effect:
            case Remind(when, ritual, what):
                reminders.add(when, ritual, what)
            case Unremind(what):
                set_last = [one.id for one in reminders.all() if one.what == what]
                reminders.remove([max(set_last)] if set_last else [])
            case MoveReminder(number, when):
                reminders.move(number, when)
            case CancelReminders(ids):
                reminders.remove(ids)
            case ReminderAnswered(number, again_min) if number in self._given:
                given = self._given.pop(number)
                if again_min is None:
                    reminders.given(number, given.of)
                else:
                    until = self._journal.now().astimezone(UTC) + timedelta(minutes=again_min)
                    reminders.put_off(number, given.of, until)

    def facts(self, about: Mapping[str, Any]) -> Mapping[str, Any]:
        """The reminders still to come, the next one first; ``over``: the time ``about["at"]`` is past today."""
        now = self._journal.now()
        kept = [(one, next_time(one, now)) for one in self._journal.reminders.all()]
        return {
            "reminders": [
                {
                    "id": one.id,
                    "ritual": one.ritual,
                    "what": one.what,
                    "summary": one.summary,
                    "days_ahead": (comes.date() - now.date()).days,
                }
                for one, comes in kept
                if comes is not None
            ],
            "over": _is_over(str(about.get("at", "")), now),
        }


def _is_over(at: str, now: datetime) -> bool:
    day, _, clock = at.partition(" ")
    return day == "today" and clock <= f"{now:%H:%M}"
