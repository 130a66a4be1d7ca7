"""The journal as text: JSON for programs, Markdown for people, CSV for spreadsheets. Pure.

The JSON is described by docs/journal-export.schema.json; a change there that readers must know of raises
`EXPORT_VERSION`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from assistant.memory.records import Entry, Reminder, Session

EXPORT_VERSION = 1
CSV_COLUMNS = ("session", "ritual", "outcome", "at", "person", "key", "text", "number", "about")

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_EXACT_BELOW = 2.0**53


def to_json(sessions: Sequence[Session], reminders: Sequence[Reminder], exported_at: datetime) -> str:
    """One object on one line. Its sessions are as exact as the journal: times, people, numbers and words."""
    document = {
        "format": "evensong-journal",
        "version": EXPORT_VERSION,
        "exported_at": exported_at.isoformat(timespec="milliseconds"),
        "sessions": [_session_object(session) for session in sessions],
        "reminders": [_reminder_object(reminder) for reminder in sorted(reminders, key=lambda one: one.id)],
    }
    line = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # Two characters that JSON allows and many a line reader takes for the end of a line.
    return line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n"


def to_csv(sessions: Sequence[Session]) -> str:
    """One row an entry. A cell that a spreadsheet would run as a formula gets a ' before it; JSON is the exact form."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for session in sessions:
        for entry in session.entries:
            *words, about = [_harmless(word or "") for word in (entry.person, entry.key, entry.text, entry.about)]
            at = entry.at.isoformat(timespec="seconds")
            number = "" if entry.number is None else _plain(entry.number)
            writer.writerow([session.id, _harmless(session.ritual), session.outcome, at, *words, number, about])
    return out.getvalue()


def to_markdown(sessions: Sequence[Session]) -> str:
    """For reading: a heading a day, below it each ritual, below it each person with what they said."""
    if not sessions:
        return "# Our evenings\n\nNothing is kept yet.\n"
    lines = ["# Our evenings", "", _summary(sessions), ""]
    for day, of_day in groupby(sessions, key=lambda session: session.started_at.date()):
        lines += [f"## {_DAYS[day.weekday()]}, {_day(day)}", ""]
        for session in of_day:
            lines += _session_lines(session)
    return "\n".join(lines)


def _session_object(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "ritual": session.ritual,
        "people": list(session.people),
        "seed": session.seed,
        "outcome": session.outcome,
        "started_at": session.started_at.isoformat(timespec="milliseconds"),
        "ended_at": session.ended_at and session.ended_at.isoformat(timespec="milliseconds"),
        "entries": [
            {
                "at": entry.at.isoformat(timespec="milliseconds"),
                "person": entry.person,
                "key": entry.key,
                "text": entry.text,
                "number": None if entry.number is None else _plain(entry.number),
                "about": entry.about,
            }
            for entry in session.entries
        ],
    }


def _reminder_object(reminder: Reminder) -> dict[str, Any]:
    return {
        "id": reminder.id,
        "ritual": reminder.ritual,
        "what": reminder.what,
        "summary": reminder.summary,
        "rrule": reminder.rrule,
        "at": reminder.at,
        "created": reminder.created.isoformat(),
    }


def _plain(number: float) -> int | float:
    """7 rather than 7.0, where the two are the same number."""
    return int(number) if number.is_integer() and abs(number) < _EXACT_BELOW else number


def _harmless(cell: str) -> str:
    return "'" + cell if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\n") else cell


def _summary(sessions: Sequence[Session]) -> str:
    days = sorted({session.started_at.date() for session in sessions})
    span = f"on {_day(days[0])}" if len(days) == 1 else f"from {_day(days[0])} to {_day(days[-1])}"
    times = "once" if len(sessions) == 1 else f"{len(sessions)} times"
    return f"We sat down together {times}, {span}."


def _session_lines(session: Session) -> list[str]:
    aside = {"open": " (still open)", "stopped": " (ended early)", "finished": ""}[session.outcome]
    lines = [f"### {_title(session.ritual)}, {session.started_at:%H:%M}{aside}", ""]
    if session.people:
        lines += [f"With {_joined(session.people)}.", ""]
    if not session.entries:
        lines += ["Nothing is kept of it yet." if session.outcome == "open" else "Nothing was kept of it.", ""]
    several = len({entry.key for entry in session.entries}) > 1
    people = tuple(dict.fromkeys(entry.person for entry in session.entries))
    for person in people:
        said = [entry for entry in session.entries if entry.person == person]
        if person is not None:
            lines += [f"**{_escaped(person)}**", ""]
        elif len(people) > 1:  # or it would seem to be said by whoever stands above
            lines += ["**Together**", ""]
        lines += [f"- {_answer(entry, session.people, name_it=several)}" for entry in said]
        lines.append("")
    return lines


def _answer(entry: Entry, people: Sequence[str], *, name_it: bool) -> str:
    number = None if entry.number is None else f"{_plain(entry.number)}"
    text = entry.text and _escaped(entry.text if number else _as_written(entry.text, people))
    words = ", ".join(part for part in (number, text) if part)
    to = "" if entry.about is None else f", to {_escaped(entry.about)}"
    name = f"*{_title(entry.key)}{to}*" if name_it or to or entry.text is None else ""
    return f"{name}: {words}" if name and words else name or words


def _title(identifier: str) -> str:
    words = " ".join(identifier.replace("_", " ").split())
    return _escaped(_capital(words))


def _as_written(said: str, people: Sequence[str]) -> str:
    """Recognised speech, which is all small letters, with the capitals that "I" and the names of ``people`` have."""
    names = {name.lower(): name for name in people}
    return _capital(re.sub(r"\b\w+\b", lambda word: names.get(word[0], "I" if word[0] == "i" else word[0]), said))


def _capital(words: str) -> str:
    """``words`` with a capital first, as a line of a list begins; recognised speech has none."""
    words = words.lstrip()
    first = words[:1].title()
    return first + words[1:] if len(first) == 1 else words  # some letters' capital is two


def _joined(people: Sequence[str]) -> str:
    names = [_escaped(name) for name in people]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _escaped(text: str) -> str:
    """Words on one line that Markdown shows as they were said."""
    line = re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d*)([-+.)=])", r"\1\\\2", line)


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
