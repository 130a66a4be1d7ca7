"""The smaller groups of commands: models, wake phrase, reminders, settings. No work is done here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant import config
from assistant.cli_options import Json, settings, settings_file

models_app = typer.Typer(help="The speech models: list, install, verify, remove.", no_args_is_help=True)
reminders_app = typer.Typer(help="The reminders: list, cancel.", no_args_is_help=True)
config_app = typer.Typer(help="The settings: show, path, init.", no_args_is_help=True)
wake_app = typer.Typer(help="The wake phrase: test.", no_args_is_help=True)


# --- models --------------------------------------------------------------------------------------------


@models_app.command("list", epilog="Example: evensong models list")
def models_list(ctx: typer.Context) -> None:
    """List the models of the catalogue and which are installed."""
    from assistant.commands import keep

    keep.models_list(settings(ctx))


@models_app.command("install", epilog="Example: evensong models install small-en-us")
def models_install(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A name from `evensong models list`.")] = "small-en-us",
    archive: Annotated[Path | None, typer.Option(help="Install from this file instead of fetching it.")] = None,
    sha256: Annotated[str | None, typer.Option(help="The archive's SHA-256, where the catalogue has none.")] = None,
) -> None:
    """Fetch a model, verify it and put it in place."""
    from assistant.commands import keep

    keep.models_install(settings(ctx), name, archive, sha256)


@models_app.command("verify", epilog="Example: evensong models verify small-en-us")
def models_verify(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="An installed model.")] = "small-en-us",
) -> None:
    """Compare an installed model with its hash."""
    from assistant.commands import keep

    keep.models_verify(settings(ctx), name)


@models_app.command("remove", epilog="Example: evensong models remove small-en-us")
def models_remove(ctx: typer.Context, name: Annotated[str, typer.Argument(help="An installed model.")]) -> None:
    """Delete an installed model."""
    from assistant.commands import keep

    keep.models_remove(settings(ctx), name)


# --- the wake phrase -----------------------------------------------------------------------------------


@wake_app.command("test", epilog='Example: evensong wake test "good evening house" --background television.wav')
def wake_test(
    ctx: typer.Context,
    phrase: Annotated[str, typer.Argument(help="What it would be called by.")],
    background: Annotated[
        Path | None, typer.Option(help="A recording, or a folder of them, that must not wake it.")
    ] = None,
) -> None:
    """Tell how a wake phrase would fare: its syllables, what sounds like it, how often it is missed and mistaken."""
    from assistant.commands import waking

    waking.test(settings(ctx), phrase, background)


# --- reminders -----------------------------------------------------------------------------------------


@reminders_app.command("list", epilog="Example: evensong reminders list")
def reminders_list(ctx: typer.Context, as_json: Json = False) -> None:
    """List the reminders, the next one first."""
    from assistant.commands import reminders

    reminders.list_all(settings(ctx), as_json=as_json)


@reminders_app.command("cancel", epilog="Example: evensong reminders cancel 3")
def reminders_cancel(
    ctx: typer.Context,
    number: Annotated[int | None, typer.Argument(help="A number from the list.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Cancel all of them.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Really remove one reminder, or all."""
    from assistant.commands import reminders

    if (number is None) == (not everything):
        raise typer.BadParameter("name one reminder, or --all")
    reminders.cancel(settings(ctx), number, lambda what: yes or typer.confirm(f"Cancel {what}?"))


# --- settings ------------------------------------------------------------------------------------------


@config_app.command("show", epilog="Example: evensong config show")
def config_show(ctx: typer.Context) -> None:
    """Print the settings in force, each with what it means."""
    typer.echo(config.as_toml(settings(ctx)))


@config_app.command("path", epilog="Example: evensong config path")
def config_show_path(ctx: typer.Context) -> None:
    """Print where settings, journal, rituals and models are kept."""
    from assistant.commands import keep

    keep.config_paths(settings(ctx), settings_file(ctx))


@config_app.command("init", epilog="Example: evensong config init --country GB")
def config_init(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Option(help="Where to; none: the usual place.")] = None,
    country: Annotated[
        str | None, typer.Option(help="Two letters: whose help lines are given. A terminal is asked for it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file that is there.")] = False,
) -> None:
    """Write a settings file with every key, its default and its meaning."""
    from assistant.commands import keep

    there = sys.stdin.isatty() and sys.stdout.isatty()
    ask = (lambda question: str(typer.prompt(question, default="", show_default=False))) if there else None
    keep.config_init(file or settings_file(ctx), country, ask, force=force)
