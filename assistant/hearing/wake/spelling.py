"""How a wake phrase may be written by a recogniser that heard it, and which part of it tells it from other talk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

CORE_LETTERS = 0.6  # of the phrase's
_LONG_WORD = 7  # letters, from which a word is also looked for in two
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """``core`` are its last words: so many that what stands before them, such as "hey", is the smaller part of it."""

    words: tuple[str, ...]
    core: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def core_text(self) -> str:
        return " ".join(self.core)


def spelling(text: str) -> Spelling:
    """``text`` (lower case, at least one word) as it stands."""
    words = tuple(text.split())
    letters = len("".join(words))
    count = next(count for count in range(1, len(words) + 1) if len("".join(words[-count:])) >= CORE_LETTERS * letters)
    return Spelling(words, words[-count:])


def spellings(text: str, knows: Callable[[str], bool]) -> tuple[Spelling, ...]:
    """``text`` as it stands, and once more for each long word that can be written as two which sound the same."""
    words = text.split()
    found = [text]
    for place, word in enumerate(words):
        halves = _halves(word, knows)
        if halves:
            found.append(" ".join([*words[:place], *halves, *words[place + 1 :]]))
    return tuple(spelling(each) for each in found)


def _halves(word: str, knows: Callable[[str], bool]) -> Sequence[str]:
    """The two known words nearest to halves of ``word``; empty: there are none."""
    if len(word) < _LONG_WORD:
        return ()
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    for cut in sorted(cuts, key=lambda cut: abs(2 * cut - len(word))):
        if knows(word[:cut]) and knows(word[cut:]):
            return word[:cut], word[cut:]
    return ()
