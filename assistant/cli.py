"""The command `evensong`: its commands and options. No work is done here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant import __version__
from assistant.cli_groups import config_app, models_app, reminders_app, wake_app
from assistant.cli_journal import journal_app
from assistant.cli_options import Json, settings
from assistant.commands import process

app = typer.Typer(
    help="A voice companion for the people you live with. It listens, understands and answers offline.",
    epilog="Example: evensong listen. No microphone? evensong demo. Trouble? evensong doctor.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(models_app, name="models", epilog="Example: evensong models install small-en-us")
app.add_typer(journal_app, name="journal", epilog="Example: evensong journal export --format md > evenings.md")
app.add_typer(reminders_app, name="reminders", epilog="Example: evensong reminders list")
app.add_typer(config_app, name="config", epilog="Example: evensong config init")
app.add_typer(wake_app, name="wake", epilog='Example: evensong wake test "good evening house"')


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evensong {__version__}")
        raise typer.Exit


@app.callback()
def options(
    config_file: Annotated[
        Path | None, typer.Option("--config", help="Read this settings file instead of the usual one.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A voice companion for the people you live with. It listens, understands and answers offline."""


# --- talking -------------------------------------------------------------------------------------------


@app.command(epilog='Example: evensong listen --microphone "USB" --plain')
def listen(
    ctx: typer.Context,
    microphone: Annotated[str | None, typer.Option(help="Part of the microphone's name.")] = None,
    loudspeaker: Annotated[str | None, typer.Option(help="Part of the loudspeaker's name.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Instead of the live view, log lines without anybody's words.")
    ] = False,
    or_demo: Annotated[
        bool, typer.Option("--or-demo", help="Without a microphone, say so and run the demonstration.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Show the evening in a browser, too: prints the address (see `page`).")
    ] = False,
) -> None:
    """Wait for the wake phrase on a microphone, and lead people through a ritual."""
    chosen = settings(ctx)
    if page:
        from assistant.commands.page import check_installed

        check_installed()  # before anything else is begun
    from assistant.loading.ears import load_ears

    ears = load_ears(chosen)  # the recogniser loads while the rest is imported
    from assistant.commands import talk

    talk.listen(chosen, ears, microphone, loudspeaker, plain=plain, or_demo=or_demo, page=page)


@app.command(epilog="Example: evensong demo --out evening.wav --transcript evening.md")
def demo(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Write the evening as a stereo WAV.")] = None,
    transcript: Annotated[Path | None, typer.Option(help="Write who said what as Markdown.")] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Write the terminal view, at its fullest moment, as SVG.")
    ] = None,
    play: Annotated[bool, typer.Option("--play", help="Play the evening when it is over.")] = False,
    evening: Annotated[
        Path | None, typer.Option(help="A script of your own for the household (see docs/simulated-room.md).")
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="At its real pace, and in a browser, too; the page stays until Ctrl-C.")
    ] = False,
) -> None:
    """Run an evening with a simulated household: real recognition, no sound card, nothing in your journal."""
    from assistant.commands import simulate

    simulate.demo(settings(ctx), out, transcript, picture, play=play, script_path=evening, page=page)


@app.command(epilog="Example: evensong page")
def page(ctx: typer.Context) -> None:
    """Serve the page for a browser on this machine: journal, people, pictures, checks. It prints its address.

    Needs the extra evensong[page]. A running evening is shown by `evensong listen --page`.
    """
    from assistant.commands import page as page_command

    page_command.run(settings(ctx))


@app.command(epilog="Example: evensong text")
def text(ctx: typer.Context) -> None:
    """Talk by typing: the same rituals and the same journal, without sound. End with Ctrl-D."""
    from assistant.commands import talk

    talk.text(settings(ctx))


@app.command(epilog="Example: evensong replay evening.wav --json")
def replay(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A recording: WAV or FLAC, any rate.")],
    as_json: Json = False,
    chunk_ms: Annotated[int, typer.Option(min=1, max=1000, help="Read the file in blocks of this length.")] = 20,
    out: Annotated[Path | None, typer.Option(help="Write what Evensong answered as a WAV.")] = None,
) -> None:
    """Let Evensong hear a recording, wake phrase and all, faster than real time; nothing in your journal."""
    from assistant.commands import simulate

    simulate.replay(settings(ctx), file, as_json=as_json, chunk_ms=chunk_ms, out=out)


# --- parts, one at a time ------------------------------------------------------------------------------


@app.command(epilog="Example: evensong transcribe letter.wav")
def transcribe(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Recordings: WAV or FLAC, any rate.")],
    as_json: Json = False,
) -> None:
    """Write down what is said in recordings."""
    from assistant.commands import parts

    parts.transcribe(settings(ctx), files, as_json=as_json)


@app.command(epilog='Example: evensong say "Good night." --out good-night.wav')
def say(
    ctx: typer.Context,
    words: Annotated[str, typer.Argument(metavar="TEXT", help="What to say.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write a WAV instead of playing it.")] = None,
    earcons: Annotated[bool, typer.Option("--earcons", help="All its short sounds instead, a second apart.")] = False,
) -> None:
    """Speak a text in Evensong's voice, or play its short sounds."""
    from assistant.commands import parts

    if earcons:
        parts.say_earcons(settings(ctx), out)
    else:
        parts.say(settings(ctx), words, out)


@app.command(epilog='Example: echo "could we do the gratitude thing" | evensong match --json')
def match(
    ctx: typer.Context,
    sentences: Annotated[
        list[str] | None, typer.Argument(help="Sentences; none: a line each from standard input.")
    ] = None,
    as_json: Json = False,
    context: Annotated[
        Literal["idle", "ritual", "answer", "all"],
        typer.Option(help="Said when just woken, when a command is awaited, inside a free answer, or anywhere."),
    ] = "all",
    explain: Annotated[bool, typer.Option("--explain", help="Say why: template, forgiven words, runner-up.")] = False,
    home_assistant: Annotated[
        Path | None, typer.Option(help="A file or folder of Home Assistant's sentences, to be understood too.")
    ] = None,
) -> None:
    """Tell what sentences would be taken to mean: intent, score, margin over the next, and the sentence."""
    from assistant.commands import parts

    parts.match(settings(ctx), sentences or sys.stdin, context, home_assistant, as_json=as_json, explain=explain)


@app.command(epilog='Example: evensong reflect "I lost my keys and missed the bus." "You could not find your keys."')
def reflect(
    ctx: typer.Context,
    story: Annotated[str | None, typer.Argument(help="What was told; none: pairs from standard input.")] = None,
    retelling: Annotated[str | None, typer.Argument(help="How it was given back.")] = None,
    as_json: Json = False,
) -> None:
    """Tell how much of a story came back in a retelling, and which points did not.

    Without texts, standard input is read: {"story": "...", "retelling": "..."} a line.
    """
    from assistant.commands import reflecting

    if story is not None and retelling is None:
        raise typer.BadParameter("give both, the story and the retelling")
    given = [reflecting.Pair(story=story, retelling=retelling)] if story is not None and retelling is not None else None
    reflecting.reflect(settings(ctx), given or reflecting.pairs_of(sys.stdin), as_json=as_json)


@app.command(epilog="Example: evensong rituals --json")
def rituals(ctx: typer.Context, as_json: Json = False) -> None:
    """List what Evensong can lead you through."""
    from assistant.commands import parts

    parts.rituals(settings(ctx), as_json=as_json)


@app.command(epilog="Example: evensong check")
def check(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="A folder like intents/en; without it, what Evensong uses.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a ritual file instead.")] = False,
    deck_schema: Annotated[bool, typer.Option("--deck-schema", help="Print that of a deck of cards.")] = False,
) -> None:
    """Validate phrases and rituals, your own too, and print what each example is taken for."""
    from assistant.commands import parts

    if schema or deck_schema:
        parts.schema(of="ritual" if schema else "deck")
    else:
        parts.check(settings(ctx), folder)


@app.command(epilog="Example: evensong devices")
def devices(as_json: Json = False) -> None:
    """List microphones and loudspeakers."""
    from assistant.commands import parts

    parts.devices(as_json=as_json)


@app.command(epilog="Example: evensong doctor")
def doctor(ctx: typer.Context, as_json: Json = False) -> None:
    """Check everything Evensong needs on this machine; each line says what to do about it."""
    from assistant.commands import doctor as doctor_command

    doctor_command.run(settings(ctx), as_json=as_json)


def main() -> None:
    """Run the command line; every expected error becomes one sentence and an exit code."""
    code = process.run(app)
    # All is put away by now. Taking the speech model apart piece by piece would only keep a person waiting.
    sys.stderr.flush()
    os._exit(code)
