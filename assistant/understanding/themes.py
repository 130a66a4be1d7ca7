"""Themes that people ask for by a name under which nothing was said: data of themes.yaml, no model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assistant.understanding.data_file import load_yaml, validate


class _Theme(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    names: tuple[str, ...] = Field(min_length=1)
    words: tuple[str, ...] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    themes: tuple[_Theme, ...]


@dataclass(frozen=True, slots=True)
class Themes:
    """``words``: by each name of a theme, the words it is found by."""

    words: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, folder: Path) -> Themes:
        """Those of ``folder`` (intents/<language>); none where there is no file. Raises IntentsError."""
        path = folder / "themes.yaml"
        if not path.exists():
            return cls({})
        themes = validate(load_yaml(path), _File).themes
        return cls({name: one.words for one in reversed(themes) for name in one.names})

    def of(self, word: str) -> tuple[str, ...]:
        """The words by which the theme called ``word`` is found; () when it is the name of none."""
        return self.words.get(word.lower(), ())
