"""The commands under `evensong journal`: their arguments and options. No work is done here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.cli_options import Json, settings

journal_app = typer.Typer(help="What was kept: list, show, delete, export, plot, keep safe.", no_args_is_help=True)


@journal_app.command("list", epilog="Example: evensong journal list")
def journal_list(ctx: typer.Context, as_json: Json = False) -> None:
    """List the evenings, the latest first."""
    from assistant.commands import keep

    keep.journal_list(settings(ctx), as_json=as_json)


@journal_app.command("show", epilog="Example: evensong journal show 12")
def journal_show(ctx: typer.Context, session: Annotated[int, typer.Argument(help="A number from the list.")]) -> None:
    """Show what was kept of one evening."""
    from assistant.commands import keep

    keep.journal_show(settings(ctx), session)


@journal_app.command("delete", epilog="Example: evensong journal delete 12")
def journal_delete(
    ctx: typer.Context,
    session: Annotated[int | None, typer.Argument(help="A number from the list.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="Delete the whole journal.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Really remove one evening, or everything."""
    from assistant.commands import keep

    if (session is None) == (not everything):
        raise typer.BadParameter("name one session, or --everything")
    what = "the whole journal" if session is None else f"evening {session}"
    keep.journal_delete(settings(ctx), session, lambda: yes or typer.confirm(f"Delete {what} for good?"))


@journal_app.command("export", epilog="Example: evensong journal export --format csv > journal.csv")
def journal_export(
    ctx: typer.Context,
    to: Annotated[
        Literal["json", "md", "csv", "ics"],
        typer.Option("--format", help="For programs, people, tables; or the reminders for a calendar."),
    ] = "json",
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
) -> None:
    """Print the journal for people or programs (schema: docs/journal.md)."""
    from assistant.commands import keep

    keep.journal_export(settings(ctx), to, out)


@journal_app.command("passphrase", epilog="Example: evensong journal passphrase Ana")
def journal_passphrase(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(help="Whose: the name that the journal knows.")],
    remove: Annotated[bool, typer.Option("--remove", help="Forget it; what was said alone stays unread.")] = False,
) -> None:
    """Set the words after which Evensong reads aloud to one person what they said alone."""
    from assistant.commands import keep

    words = "" if remove else typer.prompt("Two words or more, to be said aloud", hide_input=True)
    keep.journal_passphrase(settings(ctx), person, words)


@journal_app.command("backup", epilog="Example: evensong journal backup --out /media/stick/journal.sqlite")
def journal_backup(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Where to; none: beside the journal, as every day.")] = None,
) -> None:
    """Write a checked copy of the journal; encrypted when the journal is."""
    from assistant.commands import safekeeping

    safekeeping.backup(settings(ctx), out)


@journal_app.command("import", epilog="Example: evensong journal import journal.json")
def journal_import(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(help="What `journal export --format json` printed.")]
) -> None:
    """Add what an export holds and the journal does not."""
    from assistant.commands import safekeeping

    safekeeping.import_json(settings(ctx), file)


@journal_app.command("restore", epilog="Example: evensong journal restore journal-2026-11-22.sqlite")
def journal_restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A copy that `evensong journal backup` or a day has made.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a copy in the place of the journal, once it is checked."""
    from assistant.commands import safekeeping

    safekeeping.restore(settings(ctx), file, lambda: yes or typer.confirm("Put it in the place of the journal?"))


@journal_app.command("encrypt", epilog="Example: evensong journal encrypt")
def journal_encrypt(ctx: typer.Context) -> None:
    """Encrypt the journal and its backups; said again, with a new key."""
    from assistant.commands import safekeeping

    safekeeping.encrypt(settings(ctx))


@journal_app.command("decrypt", epilog="Example: evensong journal decrypt")
def journal_decrypt(ctx: typer.Context) -> None:
    """Take the encryption away again, and forget the key."""
    from assistant.commands import safekeeping

    safekeeping.decrypt(settings(ctx))


@journal_app.command("plot", epilog="Example: evensong journal plot mood --out mood.svg")
def journal_plot(
    ctx: typer.Context,
    measure: Annotated[
        Literal["mood", "stress", "closeness", "listening", "gratitude"], typer.Argument(help="What to draw.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The picture: a name that ends in .svg or .png; none: MEASURE.svg, here.")
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="Light lines on a dark ground.")] = False,
) -> None:
    """Draw how it has been, week by week; a time without numbers stays a gap."""
    from assistant.commands import plotting

    plotting.plot(settings(ctx), measure, out, dark=dark)
