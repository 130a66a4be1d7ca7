"""Stories that a `tell` step tells: for listening to, pauses and all. One file a level, under stories/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from assistant.dialogue.lines import Part, at_least
from assistant.dialogue.steps import Id
from assistant.dialogue.wording import parts
from assistant.understanding.data_file import load_yaml, validate

BETWEEN_S = 0.6  # where the file gives no pause


def _told(told: tuple[str | float, ...]) -> tuple[str | float, ...]:
    words = [part for part in told if isinstance(part, str)]
    if told[:1] != tuple(words[:1]) or not words:
        raise ValueError("a story begins with words; pauses in seconds come between them")
    if any("{" in part or not part.strip() for part in words):
        raise ValueError("a story is told as it stands: no empty texts, no placeholders")
    return told


class Story(Part):
    """One story: ``tell`` are texts with pauses in seconds between them, ``points`` what can be given back of it."""

    id: Id
    tell: Annotated[tuple[str | float, ...], AfterValidator(_told)]
    points: Annotated[tuple[str, ...], at_least(3)] = Field(description="Short sentences, as they are spoken.")

    @property
    def pieces(self) -> tuple[tuple[str, float], ...]:
        """Each text with the pause after it, in seconds."""
        return tuple((text, pause_s or BETWEEN_S) for text, pause_s in parts(self.tell, {}))

    @property
    def text(self) -> str:
        return " ".join(text for text, _ in self.pieces)


class Stories(Part):
    """One file: the stories of one level."""

    level: Id = Field(description="The name of the file without its ending.")
    about: str = Field(min_length=1, description="One line for people who read the file.")
    stories: Annotated[tuple[Story, ...], at_least(3)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [story.id for story in self.stories]
        double = next((one for one in ids if ids.count(one) > 1), None)
        if double is not None:
            raise ValueError(f"the story {double!r} stands there twice; choose another id for one of them")
        return self


def load_stories(folders: Sequence[Path]) -> Mapping[str, tuple[Story, ...]]:
    """The stories of ``folder/stories/*.yaml`` by level; those of a later folder are added to the level.

    Raises IntentsError with file and line.
    """
    levels: dict[str, tuple[Story, ...]] = {}
    for folder in folders:
        for path in sorted((folder / "stories").glob("*.yaml")):
            file = load_yaml(path)
            read = validate(file, Stories)
            if read.level != path.stem:
                raise file.error(f"the level {read.level!r} is not the name of the file; make them the same.", "level")
            levels[read.level] = (*levels.get(read.level, ()), *read.stories)
    return levels
