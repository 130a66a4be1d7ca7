"""Which country's help lines are given: asked for when the settings are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.commands.keep import print_line
from assistant.dialogue.help_lines import HelpLines, load_help_lines
from assistant.errors import UsageError


def country_of(given: str | None, folder: Path, ask: Callable[[str], str] | None) -> str:
    """Two letters of ``folder``/help_lines.yaml, or "": ``given``, else what ``ask`` answers (None: nobody is there).

    Raises UsageError for a country that has no help lines there.
    """
    known = load_help_lines(folder)
    if given is not None:
        return _checked(given, known, folder)
    if ask is None:
        return ""
    question = (
        "When somebody who is alone asks for help, Evensong gives the help lines of your country.\n"
        f"Your country ({_listed(known)}; empty for none)"
    )
    while True:
        try:
            return _checked(ask(question), known, folder)
        except UsageError as error:
            print_line(str(error))


def say_what_follows(country: str, folder: Path) -> None:
    """Where the numbers stand, or how a country is chosen later."""
    path = folder / "help_lines.yaml"
    if not country:
        print_line(f'No help lines are given; set household.country, for example to "GB", to one of {path}.')
        return
    chosen = load_help_lines(folder).countries[country]
    names = ", ".join(line.name for line in chosen.lines)
    print_line(
        f"Help lines of {chosen.name}: {names}. Look at their numbers and sources before you rely on them: {path}."
    )


def _checked(text: str, known: HelpLines, folder: Path) -> str:
    country = text.strip().upper()
    if country and country not in known.countries:
        raise UsageError(
            f"There are no help lines for {text.strip()!r}; choose one of {_listed(known)}, or add them to "
            f"{folder / 'help_lines.yaml'}."
        )
    return country


def _listed(known: HelpLines) -> str:
    return ", ".join(known.countries)
