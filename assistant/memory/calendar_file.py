"""The reminders as an iCalendar file (RFC 5545), for the household's calendar. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.memory.due import next_time
from assistant.memory.records import Reminder

LINE_BYTES = 75
LENGTH = "PT15M"


def to_icalendar(reminders: Sequence[Reminder], now: datetime) -> str:
    """An event for each that still comes, from the next time on, by the clock on the wall (no zone), with an alarm."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Evensong//Reminders//EN"]
    for one in reminders:
        start = next_time(one, now)
        if start is not None:
            lines += _event(one, start, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(one: Reminder, start: datetime, now: datetime) -> list[str]:
    title = _escaped((one.ritual or "").replace("_", " ").capitalize() if one.what is None else one.what)
    rule = [] if one.rrule is None else [f"RRULE:{one.rrule.removeprefix('RRULE:')}"]
    return [
        "BEGIN:VEVENT",
        f"UID:reminder-{one.id}-{one.created:%Y%m%dT%H%M%S}@evensong",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"DURATION:{LENGTH}",
        *rule,
        f"SUMMARY:{title}",
        *("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", "TRIGGER:PT0M", "END:VALARM"),
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 bytes a line, each further one begun with a space."""
    parts = [""]
    for character in line:
        if len((parts[-1] + character).encode()) > LINE_BYTES - (len(parts) > 1):
            parts.append("")
        parts[-1] += character
    return "\r\n ".join(parts)
