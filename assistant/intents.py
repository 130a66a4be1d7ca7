"""All phrases and rituals of a household, read: those that ship, then its own."""

from __future__ import annotations

from pathlib import Path

from assistant import config
from assistant.dialogue import Library
from assistant.errors import ConfigError
from assistant.understanding import Sentences, Understanding, load_commands


def load_library(settings: config.Settings, sentences: Sentences | None = None) -> tuple[Library, Understanding]:
    """All phrases and rituals: those that ship, then the household's own, and ``sentences`` besides.

    Raises IntentsError, ConfigError.
    """
    folder = language_folder(settings)
    if settings.paths.rituals and not settings.own_rituals_path.is_dir():
        raise ConfigError(f"paths.rituals: there is no folder {settings.own_rituals_path}; make it, or mend the path.")
    library = Library.load([folder, settings.own_rituals_path], settings.household.country)
    return library, Understanding([*load_commands(folder), *library.intents], folder, sentences)


def language_folder(settings: config.Settings) -> Path:
    """The phrases and rituals of the household's language. Raises ConfigError when there are none."""
    intents = config.shipped("intents")
    folder = intents / settings.household.language
    if not folder.is_dir():
        known = ", ".join(sorted(each.name for each in intents.iterdir() if each.is_dir()))
        raise ConfigError(
            f'household.language = "{settings.household.language}": Evensong does not speak it; choose one of: {known}.'
        )
    return folder
