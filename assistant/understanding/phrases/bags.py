"""Phrases that differ only in little words, put together: by these bags the few near an utterance are found."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.phrases.table import PhraseTable, first_of_each, matrix

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """The content words of phrases, each set of them once for each sense.

    ``rows[starts[n]:starts[n + 1]]`` are the phrases of bag n, ``sense`` and ``strict`` (whether any of them is) have
    shape (bags,). ``holding[holding_starts[n]:holding_starts[n + 1]]`` are the bags that hold word n of the table.
    """

    rows: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    sense: NDArray[np.uint16]
    strict: NDArray[np.bool_]
    holding: NDArray[np.uint32]
    holding_starts: NDArray[np.uint32]

    def with_word(self, number: int) -> NDArray[np.uint32]:
        return self.holding[self.holding_starts[number] : self.holding_starts[number + 1]]

    def totals(self, weights: Floats) -> Floats:
        """What each bag weighs, given what each word does."""
        of_words = np.repeat(weights, np.diff(self.holding_starts))
        return np.bincount(self.holding, of_words, len(self.sense)).astype(np.float32)


def bags_of(table: PhraseTable, light: Set[str]) -> Bags:
    """``light`` words are little ones, by which hardly anything is found."""
    columns = table.columns
    rows = matrix(columns.numbers.astype(np.intp) + 1, np.diff(columns.starts).astype(np.intp))
    # A phrase of little words only ("go on") is found by them; any other by its content words.
    told = np.array([False, *(word not in light for word in columns.words)])[rows]
    told[~told.any(axis=1)] = True
    words = _sets(np.where(told, rows, 0))
    # Sorted by sense and words, so that the order of files decides nothing.
    keys = np.concatenate((columns.sense[:, None], words), axis=1).astype(">u2")
    first, bag_of = first_of_each(keys.view(f"S{2 * keys.shape[1]}").reshape(-1))
    strict = np.zeros(len(first), bool)
    strict[bag_of[columns.strict]] = True
    held = words[first]
    bag, place = np.nonzero(held)
    word = held[bag, place].astype(np.intp) - 1
    return Bags(
        np.argsort(bag_of, kind="stable").astype(np.uint32),
        _starts(bag_of, len(first)),
        columns.sense[first],
        strict,
        bag[np.argsort(word, kind="stable")].astype(np.uint32),
        _starts(word, len(columns.words)),
    )


def _starts(numbers: NDArray[np.intp], count: int) -> NDArray[np.uint32]:
    """Where each of ``count`` numbers begins when ``numbers`` are sorted."""
    return np.concatenate(([0], np.cumsum(np.bincount(numbers, minlength=count)))).astype(np.uint32)


def _sets(words: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Each row's words once and in order, filled up with zeros."""
    last = np.iinfo(np.uint16).max
    ordered = np.sort(np.where(words == 0, last, words), axis=1)
    ordered[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = last
    ordered.sort(axis=1)
    return np.where(ordered == last, 0, ordered).astype(np.uint16)
