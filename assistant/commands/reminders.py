"""The reminders: list and cancel."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime

from rich.table import Table

from assistant import config
from assistant.commands.keep import agreed, now, open_journal, print_line, read_journal, wide_console
from assistant.dialogue import Library
from assistant.errors import UsageError
from assistant.loading.phrases import language_folder
from assistant.memory import Reminder, next_time


def list_all(settings: config.Settings, *, as_json: bool) -> None:
    """The next one first; one whose time is over and was not given yet has no next time."""
    with read_journal(settings) as journal:
        kept = [(one, next_time(one, journal.now())) for one in journal.reminders.all()]
    if as_json:
        for one, comes in kept:
            row = {"id": one.id, "ritual": one.ritual, "what": one.what, "summary": one.summary}
            print_line(json.dumps(row | {"next": comes.isoformat() if comes else None}, ensure_ascii=False))
        return
    if not kept:
        print_line('There are no reminders. Say for example: "remind us every night at ten to do gratitude".')
        return
    library = _library(settings)
    table = Table(box=None, pad_edge=False)
    for heading in ("number", "what", "when", "next"):
        table.add_column(heading, overflow="fold")
    for one, comes in kept:
        table.add_row(str(one.id), _what(one, library), _when(one, library), _day(comes))
    wide_console().print(table)


def cancel(settings: config.Settings, number: int | None, is_meant: Callable[[str], bool]) -> None:
    """Really remove one, or (None) all, when ``is_meant`` says yes to what would go."""
    with read_journal(settings) as journal:
        kept = {one.id: one for one in journal.reminders.all()}
    if number is not None and number not in kept:
        known = ", ".join(map(str, sorted(kept))) or "none"
        raise UsageError(f"There is no reminder {number}; there are: {known} (`evensong reminders list`).")
    if not kept:
        print_line("There are no reminders.")
        return
    if number is None:
        what = "all reminders" if len(kept) > 1 else "the only reminder"
    else:
        library = _library(settings)
        what = f"{_what(kept[number], library)}, {_when(kept[number], library)}"
    if not agreed(lambda: is_meant(what), "cancelled"):
        print_line("Nothing was cancelled.")
        sys.exit(1)
    with open_journal(settings) as journal:
        journal.reminders.remove(list(kept) if number is None else [number])
    print_line("Cancelled.")


def _library(settings: config.Settings) -> Library:
    return Library.load([language_folder(settings), settings.own_rituals_path])


def _what(one: Reminder, library: Library) -> str:
    if one.ritual is None:
        return one.what or ""
    known = library.rituals.get(one.ritual)
    return known.title if known else one.ritual


def _when(one: Reminder, library: Library) -> str:
    return library.times.to_come(one.summary, library.prompts.joiner)


def _day(comes: datetime | None) -> str:
    if comes is None:
        return "over"
    return comes.strftime("%a %d %b %Y, %H:%M" if comes.year != now().year else "%a %d %b, %H:%M")
