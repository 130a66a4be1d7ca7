"""Which of many sentences share words with one: cosine of beginnings of words and pairs, rare ones counting more."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.words.normal import tokens

Floats = NDArray[np.float32]

PAIR_WEIGHT = 0.7  # of two words in a row, beside 1 for each word
LETTERS = 4  # of a word that count: "remind", "reminds" and "reminder" are one
LEAST_OFTEN = 2  # a word that stands in fewer sentences teaches nothing


class WordIndex:
    """``arrays`` are those of an index made before: ``length`` (1,), ``features`` as bytes of lines, ``rarity`` and
    ``starts`` for each of these, and ``rows`` and ``shares``, where those of feature n go from ``starts[n]`` on.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = {name: arrays[name] for name in ("length", "features", "rarity", "starts", "rows", "shares")}
        self._rarity: NDArray[np.float64] = self.arrays["rarity"]
        # Features stay bytes in one row: as text, thousands of them take many times the memory.
        self._lines = self.arrays["features"].tobytes()
        lines = self._lines.split(b"\n") if self._lines else []
        self._begins = array("I", accumulate((len(line) + 1 for line in lines), initial=0))
        self._in_order = array("I", sorted(range(len(lines)), key=lines.__getitem__))

    def __len__(self) -> int:
        return len(self._in_order)

    def _feature(self, number: int) -> bytes:
        return self._lines[self._begins[number] : self._begins[number + 1] - 1]

    def _number(self, feature: bytes) -> int | None:
        place = bisect_left(self._in_order, feature, key=self._feature)
        found = place < len(self) and self._feature(self._in_order[place]) == feature
        return self._in_order[place] if found else None

    def _weighed(self, text: str) -> dict[int, float]:
        weights: dict[int, float] = {}
        for feature, count in Counter(_features(text)).items():
            number = self._number(feature.encode())
            if number is not None:
                weight = PAIR_WEIGHT if " " in feature else 1.0
                weights[number] = (1 + math.log(count)) * float(self._rarity[number]) * weight
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / norm for feature, weight in weights.items()}

    def alike(self, text: str) -> Floats:
        """Shape (sentences,), 0..1."""
        found = np.zeros(int(self.arrays["length"][0]), np.float32)
        for feature, weight in self._weighed(text).items():
            rows, shares = self._with(feature)
            found[rows] += weight * shares
        return found

    def add_alike(self, sums: Floats, sentences: slice, weight: float) -> None:
        """Add to ``sums``, shape (sentences, ``sentences.stop``), ``weight`` times how like each of ``sentences`` is to
        each up to the last of them, 0..1.
        """
        for feature in range(len(self)):
            rows, shares = self._with(feature)
            begin, end = np.searchsorted(rows, (sentences.start, sentences.stop))
            if begin < end:
                here = rows[begin:end] - sentences.start
                sums[np.ix_(here, rows[:end])] += weight * np.outer(shares[begin:end], shares[:end])

    def _with(self, feature: int) -> tuple[NDArray[Any], Floats]:
        part = slice(self.arrays["starts"][feature], self.arrays["starts"][feature + 1])
        return self.arrays["rows"][part], self.arrays["shares"][part]


def index_of(texts: Sequence[str]) -> WordIndex:
    row = np.min_scalar_type(len(texts))  # two bytes, not four: they are most of the index
    numbers = Counter(feature for text in texts for feature in set(_features(text)))
    rarity = {
        feature: math.log((len(texts) + 1) / (number + 1)) + 1
        for feature, number in numbers.items()
        if number >= LEAST_OFTEN
    }
    arrays: dict[str, NDArray[Any]] = {
        "length": np.array([len(texts)]),
        "features": np.frombuffer("\n".join(rarity).encode(), np.uint8),
        "rarity": np.array(list(rarity.values())),
        "starts": np.zeros(0, np.uint32),
        "rows": np.zeros(0, row),
        "shares": np.zeros(0, np.float32),
    }
    empty = WordIndex(arrays)
    entries: list[list[tuple[int, float]]] = [[] for _ in rarity]
    for place, text in enumerate(texts):
        for feature, weight in empty._weighed(text).items():
            entries[feature].append((place, weight))
    arrays["starts"] = np.cumsum([0, *map(len, entries)]).astype(np.uint32)
    arrays["rows"] = np.array([place for found in entries for place, _ in found], row)
    arrays["shares"] = np.array([weight for found in entries for _, weight in found], np.float32)
    return WordIndex(arrays)


def _features(text: str) -> Iterator[str]:
    words = [word[:LETTERS] for word in tokens(text)]
    yield from words
    for pair in zip(["<", *words], [*words, ">"], strict=True):
        yield " ".join(pair)
