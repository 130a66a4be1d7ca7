"""What may be said at one place: a line, several ways to say it, and who it is for."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Tag

MAX_PAUSE_S = 30.0
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# One way to say something: a text, or texts with pauses in seconds between them.
Line = str | tuple[str | float, ...]


def _check_line(line: Line) -> None:
    parts = (line,) if isinstance(line, str) else line
    if not parts or not isinstance(parts[0], str):
        raise ValueError("a line begins with words; pauses in seconds come between them")
    for part in parts:
        if isinstance(part, str) and not part.strip():
            raise ValueError("a line must not be empty; write what is said")
        if not isinstance(part, str) and not 0 < part <= MAX_PAUSE_S:
            raise ValueError(f"a pause is more than 0 and at most {MAX_PAUSE_S:.0f} seconds")


def _check_variants(value: tuple[Line, ...]) -> tuple[Line, ...]:
    if not value:
        raise ValueError("there must be at least one line")
    for line in value:
        _check_line(line)
    texts = [line if isinstance(line, str) else "|".join(map(str, line)) for line in value]
    double = next((text for text in texts if texts.count(text) > 1), None)
    if double is not None:
        raise ValueError(f"the line {double!r} stands there twice; keep one")
    return value


def at_least(count: int) -> AfterValidator:
    """So many values. (pydantic's own min_length would hide the mistake inside a value behind "not enough values".)"""

    def check(value: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(value) < count:
            raise ValueError(f"there must be at least {count}")
        return value

    return AfterValidator(check)


# Several ways to say the same; each evening takes another.
Variants = Annotated[tuple[Line, ...], AfterValidator(_check_variants)]


class ByNumber(Part):
    """What is said to one person alone, and what is said when several take part.

    ``following`` is said in place of ``together`` from the second turn of an `each` on ("And you, Ben?").
    ``alone`` may only be missing where nobody can be alone.
    """

    alone: Variants | None = None
    together: Variants
    following: Variants | None = None


def _how_given(value: Any) -> str:
    return "by_number" if isinstance(value, dict | ByNumber) else "always"


Lines = Annotated[
    Annotated[ByNumber, Tag("by_number")] | Annotated[Variants, Tag("always")],
    Discriminator(_how_given),
]
