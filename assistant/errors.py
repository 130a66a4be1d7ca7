"""Everything that can go wrong in a way a person can mend.

Each message is one sentence that says what is wrong, where, and what to do next. The command line prints
it without a traceback: exit code 2 for `UsageError`, 1 for every other `EvensongError`.
"""

from __future__ import annotations


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
