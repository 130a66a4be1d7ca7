"""What is kept: models, the journal, the settings."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console
from rich.table import Table

from assistant import config
from assistant.audio.writing import check_place, why_not_written, write_whole
from assistant.errors import ConfigError, EvensongError, JournalError, UsageError
from assistant.memory import Journal
from assistant.models import ModelStore, load_catalog, progress_bar


def model_store(settings: config.Settings) -> ModelStore:
    return ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml")))


def models_list(settings: config.Settings) -> None:
    store = model_store(settings)
    installed = store.installed()
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "languages", "MB", "licence", "installed", "where from"):
        table.add_column(heading, overflow="fold")
    for name, model in store.catalog.models.items():
        mark = "yes" if name in installed else ""
        table.add_row(name, ", ".join(model.languages), f"{model.download_mb:.0f}", model.licence, mark, model.where)
    wide_console().print(table)


def models_install(settings: config.Settings, name: str, archive: Path | None, sha256: str | None) -> None:
    store = model_store(settings)
    store.catalog.model(name)  # refuses an unknown name before a progress bar is drawn for it
    with progress_bar(f"Fetching {name}") as progress:
        installed = store.install(name, progress, archive=archive, sha256=sha256)
    print_line(f"{name} is installed in {installed.path} (archive SHA-256 {installed.sha256}).")


def models_verify(settings: config.Settings, name: str) -> None:
    print_line(f"{name} is intact ({model_store(settings).verify(name).path}).")


def models_remove(settings: config.Settings, name: str) -> None:
    model_store(settings).remove(name)
    print_line(f"{name} is removed.")


def now() -> datetime:
    """The calendar, for the journal's dates; nothing else in Evensong looks at a wall clock."""
    return datetime.now(UTC).astimezone()


def open_journal(settings: config.Settings) -> Journal:
    """The household's journal, to write in."""
    return Journal.open(settings.journal_path, now, key_file=key_file())


def key_file() -> Path:
    """Where the key of an encrypted journal is, when the system has no keyring."""
    return config.config_path().with_name("journal.key")


def read_journal(settings: config.Settings) -> Journal:
    """The household's journal, only to read; works while Evensong is listening."""
    if not settings.journal_path.exists():
        raise JournalError(f"There is no journal yet at {settings.journal_path}; it begins with your first ritual.")
    return Journal.open(settings.journal_path, now, "read", key_file())


def journal_list(settings: config.Settings, *, as_json: bool) -> None:
    with read_journal(settings) as journal:
        sessions = journal.sessions()
    if as_json:
        for session in sessions:
            print_line(
                json.dumps(
                    {
                        "id": session.id,
                        "ritual": session.ritual,
                        "people": list(session.people),
                        "started_at": session.started_at.isoformat(),
                        "outcome": session.outcome,
                        "entries": len(session.entries),
                    },
                    ensure_ascii=False,
                )
            )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("number", "when", "ritual", "people", "kept", "ended"):
        table.add_column(heading)
    for session in sessions:
        when = session.started_at.strftime("%a %d %b %Y, %H:%M")
        people = ", ".join(session.people)
        table.add_row(str(session.id), when, session.ritual, people, str(len(session.entries)), session.outcome)
    wide_console().print(table)


def journal_show(settings: config.Settings, session_id: int) -> None:
    with read_journal(settings) as journal:
        session = journal.session(session_id)
    print_line(f"{session.ritual}, {session.started_at.strftime('%A %d %B %Y, %H:%M')}, {session.outcome}")
    for entry in session.entries:
        number = "" if entry.number is None else f"{entry.number:g}"
        who = (entry.person or "all") + ("" if entry.about is None else f" to {entry.about}")
        print_line(f"  {who}: {entry.key}: {' '.join(part for part in (number, entry.text) if part)}")


def journal_delete(settings: config.Settings, session_id: int | None, is_meant: Callable[[], bool]) -> None:
    """Remove one evening, or all; asks ``is_meant`` once it is certain that it can be done."""
    with read_journal(settings) as journal:  # says so when there is none, instead of making an empty one
        if session_id is not None:
            journal.session(session_id)
    with open_journal(settings) as journal:
        if not agreed(is_meant, "deleted"):
            print_line("Nothing was deleted.")
            sys.exit(1)
        if session_id is None:
            journal.delete_everything()
        else:
            journal.delete_session(session_id)
    print_line("Deleted.")


def agreed(is_meant: Callable[[], bool], done: str) -> bool:
    """What ``is_meant`` answers; ``done`` is what is not done to anything when nobody is there to answer."""
    try:
        return is_meant()
    except typer.Abort:
        if sys.stdin.isatty():  # Ctrl-C or Ctrl-D at the question
            raise
        raise UsageError(f"Nobody answered, so nothing was {done}; add --yes where nobody can be asked.") from None


def journal_passphrase(settings: config.Settings, person: str, words: str) -> None:
    """Set the passphrase of ``person``; without ``words`` there is none any more."""
    with open_journal(settings) as journal:
        if person not in journal.people():
            raise UsageError(f"Nobody called {person} has taken part yet; `evensong journal list` shows the names.")
        if words:
            journal.passphrases.set(person, words)
        else:
            journal.passphrases.remove(person)
    print_line(f"{person}'s passphrase is {'kept' if words else 'gone'}.")


def journal_export(settings: config.Settings, to: Literal["json", "md", "csv", "ics"], out: Path | None) -> None:
    with read_journal(settings) as journal:
        text = journal.export(to)
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(out, text)


def config_paths(settings: config.Settings, file: Path) -> None:
    for name, path in (
        ("settings", file),
        ("journal", settings.journal_path),
        ("own rituals", settings.own_rituals_path),
        ("models", settings.models_path),
        ("speech cache", settings.cache_path),
    ):
        print_line(f"{name:13} {path}{'' if path.exists() else '  (not there yet)'}")


def config_init(path: Path, given: str | None, ask: Callable[[str], str] | None, *, force: bool) -> None:
    """Write the settings with the country that was ``given``, or that ``ask`` answers where somebody is there."""
    from assistant.commands.country import country_of, say_what_follows
    from assistant.loading.phrases import language_folder

    if path.exists() and not force:
        raise ConfigError(f"{path} exists already; use --force to replace it.")
    folder = language_folder(config.Settings())
    country = country_of(given, folder, ask)
    if path == config.config_path():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EvensongError(why_not_written(path, error)) from None
    write_text(path, config.as_toml(config.Settings(household=config.Household(country=country))))
    print_line(f"Wrote {path}.")
    say_what_follows(country, folder)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path``: whole, or not at all."""
    try:
        write_whole(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise EvensongError(why_not_written(path, error)) from None


def check_places(*paths: Path | None) -> None:
    """Refuse places that cannot be written before an evening is spent on what is to be written there."""
    for path in paths:
        if path is not None:
            try:
                check_place(path)
            except OSError as error:
                raise EvensongError(why_not_written(path, error)) from None


def wide_console() -> Console:
    """For tables: as wide as the terminal, and wide enough to keep a row on a line where there is none."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 160)


def warn(sentence: str) -> None:
    """Something worth knowing that stops nothing: one line on standard error."""
    sys.stderr.write(f"evensong: {sentence}\n")


def print_line(line: str) -> None:
    """A line to standard output, at once, so that a program that reads us is not kept waiting."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
