"""The help lines of a country: intents/<language>/help_lines.yaml, and how they are said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.understanding.data_file import parse

BETWEEN_GROUPS_S = 0.9  # time to write the digits down
BETWEEN_LINES_S = 1.6
ALWAYS = "day and night"  # need not be said

Number = Annotated[str, Field(pattern=r"^[0-9]+( [0-9]+)*$", description="Digits, with spaces where one takes breath.")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HelpLine(_Data):
    """One telephone number: ``name`` as it is spoken, whom it is ``meant_for``, and where and when that was read."""

    name: str
    meant_for: str
    number: Number
    hours: str
    source: str
    as_of: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Country(_Data):
    name: str
    emergency: Number
    lines: tuple[HelpLine, ...]


class HelpLines(_Data):
    language: str
    digits: tuple[str, ...] = Field(min_length=10, max_length=10)
    countries: Mapping[Annotated[str, Field(pattern="^[A-Z]{2}$")], Country]

    def spoken(self, line: HelpLine) -> Iterator[tuple[str, float]]:
        """``line`` as texts with the pause after each, in seconds."""
        yield f"{line.name}.", 0.4
        yield f"{line.meant_for}.", 0.6
        yield from self.spoken_number(line.number)
        if line.hours != ALWAYS:
            yield f"You reach it {line.hours}.", BETWEEN_LINES_S

    def spoken_number(self, number: str) -> Iterator[tuple[str, float]]:
        groups = number.split()
        for place, group in enumerate(groups, start=1):
            last = place == len(groups)
            yield self.in_words(group) + ".", BETWEEN_LINES_S if last else BETWEEN_GROUPS_S

    def in_words(self, digits: str) -> str:
        """``116`` as "One, one, six"."""
        return ", ".join(self.digits[int(digit)] for digit in digits).capitalize()


def load_help_lines(folder: Path) -> HelpLines:
    """Read ``folder``/help_lines.yaml; a language without one has no help lines.

    Raises IntentsError with file and line.
    """
    path = folder / "help_lines.yaml"
    if not path.exists():
        return HelpLines(language=folder.name, digits=tuple("0123456789"), countries={})
    return parse(path, HelpLines)
