"""What the people of the simulated household will say, and on what cue: a YAML file, checked when read."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assistant.understanding.data_file import parse


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Strict):
    """One voice. ``pitch`` 1.0 is the recorded speaker; higher is a smaller, brighter voice."""

    pitch: float = Field(1.0, ge=0.7, le=1.5)
    rate: float = Field(1.0, ge=0.5, le=1.6)
    level_db: float = Field(-23.0, ge=-60, le=-6, description="Loudness at the microphone, dBFS RMS.")


class Line(_Strict):
    """``who`` says ``says``, ``after_s`` seconds after Evensong has said something that holds ``cue``.

    "..." inside ``says`` is a thinking pause of 1.5 s. ``interrupts``: begins ``after_s`` into the sentence
    that holds the cue, while it still sounds. Without a cue it comes after the line before it has been said
    and Evensong is quiet.
    """

    who: str
    says: str = Field(min_length=1)
    cue: str = ""
    after_s: float = Field(0.9, ge=0, le=600)
    interrupts: bool = False

    @field_validator("cue")
    @classmethod
    def _compiles(cls, cue: str) -> str:
        try:
            re.compile(cue)
        except re.error as error:
            raise ValueError(f"the cue is not a pattern: {error}") from None
        return cue

    @property
    def phrases(self) -> tuple[str, ...]:
        """What is said between thinking pauses."""
        return tuple(part.strip() for part in self.says.split("...") if part.strip())


class Script(_Strict):
    """A whole evening: the people and their lines in order."""

    title: str
    people: dict[str, Person] = Field(min_length=1, max_length=4)
    lines: tuple[Line, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _everyone_is_known(self) -> Script:
        for line in self.lines:
            if line.who not in self.people:
                raise ValueError(f"{line.who} speaks but is not among the people")
        return self


def load_script(path: Path) -> Script:
    """Read an evening. Raises IntentsError with file and line when it is wrong."""
    return parse(path, Script)
