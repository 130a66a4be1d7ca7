"""How well a ritual speaks: whether it has words enough to vary, and whether they are short enough to be heard.

These are remarks for whoever writes a file; nothing of it keeps a ritual from being used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from assistant.dialogue.library import Library
from assistant.dialogue.lines import PLACEHOLDER, ByNumber, Line, Lines, Variants
from assistant.dialogue.prompts import Prompts
from assistant.dialogue.ritual import Ritual, Step, branches, spoken
from assistant.understanding.data_file import DataFile, Location, load_yaml

FEWEST_VARIANTS = 3
MOST_WORDS = 20  # in a sentence
MOST_S = 12.0  # without a pause
WORDS_PER_S = 2.5  # of a calm voice
SHORT_NAME = "Ann"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def remarks(library: Library) -> tuple[tuple[Path, str], ...]:
    """What could be said better, each with the file and as a sentence that names file and line."""
    found: list[tuple[Path, str]] = []
    for ritual_id, ritual in library.rituals.items():
        path = Path(library.sources[ritual_id].rpartition(":")[0])
        file = load_yaml(path)
        found += [(path, text) for at, lines in _of_ritual(ritual) for text in _about(file, at, lines)]
    return tuple(found)


def remarks_on_prompts(prompts: Prompts, path: Path) -> tuple[tuple[Path, str], ...]:
    """The same for the engine's own lines, which were read from ``path``."""
    file = load_yaml(path)
    return tuple((path, text) for at, lines in lines_of(prompts) for text in _about(file, at, lines))


@dataclass(frozen=True, slots=True)
class Measure:
    """All that can be said, measured. ``prompts`` are whole and without their pauses."""

    prompts: tuple[str, ...]
    longest_sentence_words: int
    longest_stretch_s: float  # without a pause


def measure(library: Library) -> Measure:
    """A name stands for whatever is filled in."""
    lines = [tuple(_texts(line)) for line in _all_lines(library)]
    stretches = [text for line in lines for text in line]
    return Measure(
        tuple(" ".join(line) for line in lines),
        max(len(sentence.split()) for text in stretches for sentence in SENTENCE_END.split(text)),
        max(len(text.split()) for text in stretches) / WORDS_PER_S,
    )


def _all_lines(library: Library) -> Iterator[Line]:
    for _, variants in lines_of(library.prompts):
        yield from variants
    for ritual in library.rituals.values():
        for at, lines in _of_ritual(ritual):
            for _, variants in _groups(at, lines):
                yield from variants
    for deck in library.decks.values():
        yield from (*deck.cards, *(card for depth in deck.depths for card in depth.cards))
    for question in library.questions.values():
        yield from question.answers


def _texts(line: Line) -> Iterator[str]:
    for text in (line,) if isinstance(line, str) else line:
        if isinstance(text, str):
            yield PLACEHOLDER.sub(SHORT_NAME, text)


def lines_of(section: BaseModel, at: Location = ()) -> Iterator[tuple[Location, Variants]]:
    """All lines of prompts.yaml or a part of it. Sentence templates and words that join others are none."""
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if isinstance(value, BaseModel):
            yield from lines_of(value, (*at, key))
        elif field.annotation == tuple[Line, ...]:
            yield (*at, key), value


def _of_ritual(ritual: Ritual) -> Iterator[tuple[Location, Lines]]:
    yield from _of_steps(ritual.steps, ("steps",))
    yield ("closings",), ritual.closings


def _of_steps(steps: tuple[Step, ...], at: Location) -> Iterator[tuple[Location, Lines]]:
    for number, step in enumerate(steps):
        for key, lines in spoken(step):
            yield (*at, number, key), lines
        for way, inner in branches(step):
            yield from _of_steps(inner, (*at, number, *way))


def _about(file: DataFile, at: Location, lines: Lines) -> Iterator[str]:
    for place, variants in _groups(at, lines):
        if len(variants) < FEWEST_VARIANTS:
            ways = "one way" if len(variants) == 1 else f"{len(variants)} ways"
            yield (
                f"{file.where(*place)}: this can be said in {ways} only; write {FEWEST_VARIANTS} or more, so that it "
                "does not wear out."
            )
        for number, line in enumerate(variants):
            for problem in _too_long(line):
                yield f"{file.where(*place, number)}: {problem}"


def _groups(at: Location, lines: Lines) -> Iterator[tuple[Location, Variants]]:
    if not isinstance(lines, ByNumber):
        yield at, lines
        return
    for key in ("alone", "together", "following"):
        variants = getattr(lines, key)
        if variants is not None:
            yield (*at, key), variants


def _too_long(line: Line) -> Iterator[str]:
    for text in (line,) if isinstance(line, str) else line:
        if not isinstance(text, str):
            continue
        words = len(text.split())
        if words > MOST_S * WORDS_PER_S:
            yield f"{words} words without a pause take more than {MOST_S:.0f} seconds; put pauses between them."
        for sentence in SENTENCE_END.split(text):
            if len(sentence.split()) > MOST_WORDS:
                yield f"{sentence!r} has more than {MOST_WORDS} words; make it shorter."
