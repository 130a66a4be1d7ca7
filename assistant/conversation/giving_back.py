"""What came back of what was told, for `Inquire("reflection")`: points that were touched and points that were not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.understanding.retelling.points import point_of
from assistant.understanding.retelling.reflection import Encoder, reflect
from assistant.understanding.retelling.telling import Telling, load_telling

LONGEST_WORDS = 14  # of a point that is said aloud


class GivingBack:
    """``folder`` is intents/<language>; its words are read when they are first needed.

    ``encoder`` gives the sentence encoder where one is ready; without it words alone are compared.
    """

    def __init__(self, folder: Path, encoder: Callable[[], Encoder | None] = lambda: None) -> None:
        self._folder = folder
        self._encoder = encoder

    def facts(self, about: Mapping[str, Any]) -> Mapping[str, Any]:
        """``touched`` and ``missed``, each a list of points in the teller's words, cut where one is too long to be
        heard.

        ``about``: ``story`` and ``retelling``, and ``points`` where they are known beforehand.
        """
        told = [point for text in about.get("points", ()) if (point := point_of(str(text), self._telling))]
        reflection = reflect(str(about["story"]), str(about["retelling"]), self._telling, self._encoder(), told)
        return {
            "touched": [self._short(each.point.text) for each in reflection.touched if not each.missed],
            "missed": [self._short(text) for text in reflection.missed],
        }

    def _short(self, text: str) -> str:
        """Short enough to be said aloud, and not broken off at a word that leads on."""
        said = text.split()
        kept = said[:LONGEST_WORDS]
        while len(said) > LONGEST_WORDS and len(kept) > 1 and kept[-1].lower() in self._telling.words.edges:
            kept.pop()
        return " ".join(kept)

    @cached_property
    def _telling(self) -> Telling:
        return load_telling(self._folder)
