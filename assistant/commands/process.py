"""What surrounds every command: its streams, its signals, and how errors reach a person."""

from __future__ import annotations

import io
import os
import signal
import sys
from types import FrameType

import typer

from assistant.errors import EvensongError

NAME = "evensong"
INTERRUPTED = 128 + signal.SIGINT  # what shells expect of a program that Ctrl-C ended
# What typer raises for wrong usage; it has no public name there, and its home differs between versions.
WRONG_USAGE: type[Exception] = typer.BadParameter.__mro__[2]


def run(app: typer.Typer) -> int:
    """Run the command that the arguments name, and return the exit code.

    Every expected error becomes one sentence on standard error; a mistake of ours stays a traceback.
    """
    _mend_streams()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # As an exception, so that temporary folders and the speaking process are put away.
        if signal.getsignal(number) == signal.SIG_DFL:  # nohup's wish is respected
            signal.signal(number, _leave)
    code = _run(app)
    try:
        sys.stdout.flush()
    except OSError as error:
        return _told(error)
    return code


def _run(app: typer.Typer) -> int:
    try:
        code = app(prog_name=NAME, standalone_mode=False)
    except EvensongError as error:
        return _say(str(error), error.exit_code)
    except WRONG_USAGE as error:
        return _wrong_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as error:
        return _told(error)
    return code if isinstance(code, int) else 0


def _wrong_usage(error: Exception) -> int:
    message: str = error.format_message()  # type: ignore[attr-defined]
    if type(error).__name__ == "NoArgsIsHelpError":  # no command was named; rich has printed the help already
        typer.echo(message, err=True, nl=bool(message))
        return 2
    context = getattr(error, "ctx", None)
    # The sentence is typer's own; only its ends are made like ours.
    sentence = " ".join(message.split()).rstrip(".").replace(": Value error, ", ": ")
    command = context.command_path if context is not None else NAME
    return _say(f"{sentence}{'' if sentence.endswith('?') else ';'} see `{command} --help`.", 2)


def _told(error: OSError) -> int:
    """The system refused something that no command expects to be refused."""
    if error.filename is not None:
        return _say(f"{error.filename} cannot be used ({error.strerror}); mend it and try again.", 1)
    _drop_output()
    if isinstance(error, BrokenPipeError):
        return 1  # the reader of our output went away (`| head`): nothing to tell
    return _say(f"the output cannot be written ({error.strerror or error}); send it elsewhere.", 1)


def _say(sentence: str, code: int) -> int:
    typer.echo(f"{NAME}: {sentence}", err=True)
    return code


def _mend_streams() -> None:
    """Bytes that are no text become replacement characters, and a closed stream is an empty one."""
    if sys.stdin is None:
        sys.stdin = io.StringIO()
    if sys.stdout is None:
        sys.stdout = io.StringIO()
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    for stream in (sys.stdin, sys.stdout):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _drop_output() -> None:
    """What could not be written must not be tried again, and complained about, when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
