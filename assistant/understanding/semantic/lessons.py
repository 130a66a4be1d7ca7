"""What the second opinion learns from: sentences, each with the intent that is meant by it, or with none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.understanding.data_file import load_yaml, validate
from assistant.understanding.intent import Intent, IntentId

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class Lesson:
    """``intent`` is None for talk that is not meant for Evensong; ``slots`` come along with the intent."""

    text: str
    intent: str | None
    slots: tuple[tuple[str, Any], ...] = ()


class _Meanings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    language: str
    meanings: Mapping[IntentId, list[Sentence]]


class _Disclosures(BaseModel):
    model_config = ConfigDict(extra="forbid")
    language: str
    told: Mapping[IntentId, list[Sentence]]
    ordinary: list[Sentence] = Field(min_length=1)


class _Background(BaseModel):
    model_config = ConfigDict(extra="forbid")
    language: str
    background: list[Sentence] = Field(min_length=1)


def load_lessons(intents: Sequence[Intent], folder: Path) -> tuple[Lesson, ...]:
    """The examples of ``intents``, then those of meanings.yaml and background.yaml in ``folder`` (intents/<language>).

    A language without these two files has no lessons: (). Raises IntentsError with file and line.
    """
    files = (folder / "meanings.yaml", folder / "background.yaml")
    if not all(path.exists() for path in files):
        return ()
    meanings = validate(load_yaml(files[0]), _Meanings).meanings
    background = validate(load_yaml(files[1]), _Background).background
    lessons = [Lesson(text, intent.id, intent.slots) for intent in intents for text in intent.examples]
    lessons += [Lesson(text, name) for name, texts in meanings.items() for text in texts]
    lessons += [Lesson(text, None) for text in background]
    # Sorted and once each, so that neither the order of files nor a repetition changes what is learned.
    return tuple(sorted(set(lessons), key=lambda lesson: (lesson.intent or "", lesson.text, lesson.slots)))


def load_disclosures(folder: Path) -> tuple[Lesson, ...]:
    """The sentences of safety_examples.yaml, each with its category, and all talk that is ordinary, with none.

    A language without that file has no such lessons: (). Raises IntentsError with file and line.
    """
    path = folder / "safety_examples.yaml"
    if not path.exists():
        return ()
    examples = validate(load_yaml(path), _Disclosures)
    lessons = [Lesson(text, category) for category, texts in examples.told.items() for text in texts]
    lessons += [Lesson(text, None) for text in examples.ordinary]
    told = {lesson.text for lesson in lessons}
    background = validate(load_yaml(folder / "background.yaml"), _Background).background
    lessons += [Lesson(text, None) for text in background if text not in told]
    return tuple(sorted(set(lessons), key=lambda lesson: (lesson.intent or "", lesson.text)))


def digest(lessons: Sequence[Lesson]) -> str:
    """A name for exactly these lessons."""
    return hashlib.sha256(repr(lessons).encode()).hexdigest()[:16]
