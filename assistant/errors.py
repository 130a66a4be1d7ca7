"""Everything that can go wrong in a way a person can mend.

Each message is one sentence that says what is wrong, where, and what to do next. The command line prints
it without a traceback: exit code 2 for `UsageError`, 1 for every other `EvensongError`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from urllib.parse import unquote, urlsplit


class EvensongError(Exception):
    """Something a person can act on; the message says how."""

    exit_code = 1


class UsageError(EvensongError):
    """The command, its arguments or the configuration are wrong."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration file cannot be used."""


class AudioError(EvensongError):
    """A device or an audio file cannot be used."""


class ModelError(EvensongError):
    """A speech model is missing, broken or cannot be fetched."""


class HearingError(EvensongError):
    """Recognition cannot go on."""


class IntentsError(EvensongError):
    """A file under intents/ (phrases, rituals, slots) is wrong; the message names file and line."""


class SpeakingError(EvensongError):
    """Speech cannot be made."""


class JournalError(EvensongError):
    """The journal cannot be read or written."""


class PageError(EvensongError):
    """The page cannot be served, or cannot do what was asked of it."""


def install_command(extra: str, origin: str | None = None) -> str:
    """The command that adds ``extra`` to this Evensong, for a message: in its own Python, from where it came itself.

    ``origin`` is the text of its direct_url.json (PEP 610; None: as installed); without one a package index is asked.
    """
    try:
        told = origin or distribution("evensong").read_text("direct_url.json")
    except PackageNotFoundError:
        told = None
    wanted = f"'evensong[{extra}]'"
    if told:
        facts = json.loads(told)
        editable = "-e " if facts.get("dir_info", {}).get("editable") else ""
        wanted = f"{editable}'{unquote(urlsplit(facts['url']).path)}[{extra}]'"
    return f"{sys.executable} -m pip install {wanted}"
