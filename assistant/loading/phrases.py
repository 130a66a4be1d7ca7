"""All phrases and rituals of a household, read: those that ship, then its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant import config
from assistant.dialogue import Library
from assistant.errors import ConfigError
from assistant.understanding import Intent, Sentences, Understanding, load_commands
from assistant.understanding.semantic.second_opinion import SecondOpinion

# Makes a second opinion for these intents, of the lessons in a folder, with another folder to keep what was learned.
OpinionMaker = Callable[[Sequence[Intent], Path, Path], SecondOpinion | None]


def load_library(
    settings: config.Settings, sentences: Sentences | None = None, second_opinion: OpinionMaker | None = None
) -> tuple[Library, Understanding]:
    """All phrases and rituals: those that ship, then the household's own, and ``sentences`` besides.

    ``second_opinion`` is `load_opinion`, or `LateOpinion` where nobody may be kept waiting; None: templates alone.
    Raises IntentsError, ConfigError.
    """
    folder = language_folder(settings)
    if settings.paths.rituals and not settings.own_rituals_path.is_dir():
        raise ConfigError(f"paths.rituals: there is no folder {settings.own_rituals_path}; make it, or mend the path.")
    read = Library.load([folder, settings.own_rituals_path], settings.household.country)
    library = replace(read, follow_up_s=settings.wake.follow_up_s, mute_min=settings.wake.mute_min)
    intents = [*load_commands(folder), *library.intents]
    opinion = second_opinion(intents, folder, settings.models_path / "meaning") if second_opinion else None
    return library, Understanding(intents, folder, sentences, opinion, settings.models_path / "phrases")


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
