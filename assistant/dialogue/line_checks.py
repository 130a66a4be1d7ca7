"""Placeholders without a value, and lines that are never said, each named by file and line."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.dialogue.lines import PLACEHOLDER, ByNumber, Lines, Variants
from assistant.dialogue.prompts import Prompts
from assistant.understanding.data_file import DataFile, Location


@dataclass(frozen=True, slots=True)
class Values:
    """Which placeholders have a value at a place.

    ``always``: {card} and the like. ``named``: those that stand for a person or all of them, and have no value when
    one person is alone, which is possible unless ``many``. ``one``: nobody is there but one person.
    """

    always: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    many: bool = False
    one: bool = False

    @property
    def several(self) -> frozenset[str]:
        return self.always | self.named


def check_lines(file: DataFile, lines: Lines, at: Location, values: Values) -> None:
    """Raise IntentsError when ``lines`` have a placeholder without a value, or ways that are never said."""
    if isinstance(lines, ByNumber):
        groups = _groups(file, lines, at, values)
    else:
        groups = [(at, lines, values.several if values.many else values.always)]
    for place, variants, known in groups:
        for number, line in enumerate(variants):
            for text in (line,) if isinstance(line, str) else line:
                if isinstance(text, str):
                    _check_placeholders(file, text, (*place, number), known, values.several)


def _groups(
    file: DataFile, lines: ByNumber, at: Location, values: Values
) -> list[tuple[Location, Variants, frozenset[str]]]:
    if values.one:
        raise file.error("one person is alone here; write a plain list instead of alone: and together:.", *at)
    if (lines.alone is None) is not values.many:
        raise file.error(
            "nobody can be alone here, so the lines under alone: are never said; remove them."
            if values.many
            else "one person can be alone here; add lines under alone:.",
            *at,
        )
    groups = [((*at, "together"), lines.together, values.several)]
    if lines.alone is not None:
        groups.append(((*at, "alone"), lines.alone, values.always))
    if lines.following is not None:
        groups.append(((*at, "following"), lines.following, values.several))
    return groups


def _check_placeholders(
    file: DataFile, text: str, at: Location, known: frozenset[str], several: frozenset[str]
) -> None:
    for name in PLACEHOLDER.findall(text):
        if name in known:
            continue
        if name in several:
            raise file.error(
                f"{{{name}}} has no value when one person is alone; write the lines as alone: and together:, "
                f"and use {{{name}}} under together: only.",
                *at,
            )
        allowed = ", ".join(f"{{{one}}}" for one in sorted(several)) or "none"
        raise file.error(f"{{{name}}} has no value here; what can be used here: {allowed}.", *at)


def check_prompts(file: DataFile) -> None:
    """Raise IntentsError when a line of prompts.yaml uses a placeholder that it is not given."""
    for section, about in Prompts.model_fields.items():
        fields = getattr(about.annotation, "model_fields", None)
        for key, field in (fields or {}).items():
            known = frozenset(PLACEHOLDER.findall(field.description or ""))
            for number, line in enumerate(file.data[section][key]):
                for text in (line,) if isinstance(line, str) else line:
                    if isinstance(text, str):
                        _check_placeholders(file, text, (section, key, number), known, known)
