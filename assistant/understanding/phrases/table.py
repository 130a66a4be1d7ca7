"""Sentences and what they mean, as arrays: a hundred thousand take a few megabytes, and no object each.

Words are numbers in the order of the alphabet, two bytes each, the higher first; so rows sorted by their bytes are
sorted by their words, and what begins alike stands together.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from struct import unpack
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.templates.templates import OPEN, Slots

SenseKind = Literal["intent", "choice", "yes_no", "number"]
Sense = tuple[SenseKind, str]
Rows = NDArray[np.intp]

MAX_WORDS_KNOWN = 65_000  # so that a word's number takes two bytes, and one is left for what comes after all
_AFTER_ALL = b"\xff\xff"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in full words and what it means. ``strict``: counts inside a free answer too.

    The word ``OPEN`` is a place where any words may stand; the slot whose value is ``OPEN`` takes them.
    """

    words: tuple[str, ...]
    sense: Sense
    template: str
    strict: bool
    slots: Slots = ()

    @property
    def is_open(self) -> bool:
        return OPEN in self.words

    def filled(self, taken: Sequence[tuple[str, ...]]) -> Phrase:
        """An open phrase with the words that were said in its open places, in their order."""
        said = [" ".join(words) for words in taken][::-1]
        return replace(self, slots=tuple((name, said.pop() if value == OPEN else value) for name, value in self.slots))


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A table as it is kept. All names are sorted, and rows by their words, then by their senses.

    ``numbers`` has shape (words of all rows,), row n being ``numbers[starts[n]:starts[n + 1]]``; the others have shape
    (rows,), each a place in the tuple of that name.
    """

    words: tuple[str, ...]
    senses: tuple[Sense, ...]
    templates: tuple[str, ...]
    slots: tuple[Slots, ...]
    numbers: NDArray[np.uint16]
    starts: NDArray[np.uint32]
    sense: NDArray[np.uint16]
    template: NDArray[np.uint16]
    slot: NDArray[np.uint16]
    strict: NDArray[np.bool_]


class PhraseTable:
    """Phrases, each words and sense once, looked up by their words or the first of them."""

    def __init__(self, columns: Columns) -> None:
        self._number = {word: number for number, word in enumerate(columns.words)}
        self._bytes = columns.numbers.astype(">u2").tobytes()
        self._starts = array("I", columns.starts.astype(np.uint32).tobytes())
        # The same memory as columns: read one by one these are quicker, all at once those.
        numbers, starts = np.frombuffer(self._bytes, ">u2"), np.frombuffer(self._starts, np.uint32)
        self.columns = replace(columns, numbers=numbers, starts=starts)
        self._rows = range(len(columns.sense))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Phrase]:
        return map(self.phrase, self._rows)

    def words(self, row: int) -> tuple[str, ...]:
        key = self._key(row)
        names = self.columns.words
        return tuple([names[number] for number in unpack(f">{len(key) // 2}H", key)])

    def phrase(self, row: int) -> Phrase:
        columns = self.columns
        return Phrase(
            self.words(row),
            columns.senses[columns.sense[row]],
            columns.templates[columns.template[row]],
            bool(columns.strict[row]),
            columns.slots[columns.slot[row]],
        )

    def exact(self, words: Sequence[str]) -> range:
        """The rows that are exactly these words."""
        key = self._sought(words)
        if key is None:
            return range(0)
        first = last = bisect_left(self._rows, key, key=self._key)
        while last < len(self._rows) and self._key(last) == key:
            last += 1
        return range(first, last)

    def going_on(self, words: Sequence[str]) -> range:
        """The rows that begin with these words and have more."""
        key = self._sought(words)
        if key is None:
            return range(0)
        return range(self.exact(words).stop, bisect_left(self._rows, key + _AFTER_ALL, key=self._key))

    def _key(self, row: int) -> bytes:
        return self._bytes[2 * self._starts[row] : 2 * self._starts[row + 1]]

    def _sought(self, words: Sequence[str]) -> bytes | None:
        try:
            return np.array([self._number[word] for word in words], ">u2").tobytes()
        except KeyError:
            return None


class TableMaker:
    """Takes phrases down, and makes a table of them."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._senses: dict[Sense, int] = {}
        self._templates: dict[str, int] = {}
        self._slots: dict[str, tuple[int, Slots]] = {}
        self._numbers = array("I")
        self._lengths = array("I")
        self._columns = [array("I"), array("I"), array("I"), array("I")]

    def add(self, words: Sequence[str], sense: Sense, template: str, strict: bool, slots: Slots = ()) -> None:
        number = self._words
        self._numbers.extend([number.setdefault(word, len(number)) for word in words])
        self._lengths.append(len(words))
        # As text, because True and 1 are not the same value of a slot.
        slot, _ = self._slots.setdefault(repr(slots) if slots else "()", (len(self._slots), slots))
        row = (
            self._senses.setdefault(sense, len(self._senses)),
            self._templates.setdefault(template, len(self._templates)),
            slot,
            not strict,
        )
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)

    def table(self) -> PhraseTable:
        """Of several templates of one sense that give the same words one is kept: strict before loose."""
        words, number = _sorted(self._words)
        senses, sense = _sorted(self._senses)
        templates, template = _sorted(self._templates)
        texts, slot = _sorted({text: place for text, (place, _) in self._slots.items()})
        if len(words) > MAX_WORDS_KNOWN:
            raise ValueError(f"{len(words)} words are more than a table can hold")
        lengths = np.frombuffer(self._lengths, np.uint32).astype(np.intp)
        numbers = number[np.frombuffer(self._numbers, np.uint32)]
        maps = (sense, template, slot, np.arange(2))
        columns = [of[np.frombuffer(column, np.uint32)] for of, column in zip(maps, self._columns, strict=True)]
        _, same_words = first_of_each(_padded(numbers + 1, lengths))
        order = np.lexsort((columns[2], columns[1], columns[3], columns[0], same_words))
        group = np.stack((same_words, columns[0]))[:, order]
        kept = order[np.flatnonzero(np.any(np.diff(group, axis=1, prepend=-1), axis=0))]
        ends = np.cumsum(lengths)
        taken = ranges(ends[kept] - lengths[kept], lengths[kept])
        return PhraseTable(
            Columns(
                words,
                senses,
                templates,
                tuple(self._slots[text][1] for text in texts),
                numbers[taken].astype(np.uint16),
                np.concatenate(([0], np.cumsum(lengths[kept]))).astype(np.uint32),
                columns[0][kept].astype(np.uint16),
                columns[1][kept].astype(np.uint16),
                columns[2][kept].astype(np.uint16),
                columns[3][kept] == 0,
            )
        )


def _sorted(places: Mapping[Any, int]) -> tuple[tuple[Any, ...], Rows]:
    """The names in order, and for each old place the new one."""
    names = sorted(places)
    moved = np.zeros(len(names), np.intp)
    moved[[places[name] for name in names]] = np.arange(len(names))
    return tuple(names), moved


def ranges(starts: Rows, lengths: Rows) -> Rows:
    """All numbers of the ranges that begin at ``starts``, one range after the other."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


def rows_of(table: PhraseTable, senses: Collection[Sense]) -> Rows:
    """The rows that have one of these senses."""
    wanted = np.array([sense in senses for sense in table.columns.senses], dtype=bool)
    return np.flatnonzero(wanted[table.columns.sense])


def numbers_of(columns: Columns, rows: Rows) -> tuple[Rows, Rows]:
    """The words of ``rows``, one row after the other, and how many each row has."""
    starts = columns.starts.astype(np.intp)
    lengths = starts[rows + 1] - starts[rows]
    return columns.numbers[ranges(starts[rows], lengths)].astype(np.intp), lengths


def first_of_each(values: NDArray[Any]) -> tuple[Rows, Rows]:
    """Where each value stands first, in the order of values; and for each place which of these values stands there."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    new = np.ones(len(values), bool)
    new[1:] = ordered[1:] != ordered[:-1]
    which = np.empty(len(values), np.intp)
    which[order] = np.cumsum(new) - 1
    return order[new], which


def distinct(numbers: NDArray[Any]) -> Rows:
    """The numbers from 0 on that come in ``numbers``; `np.unique` would load all of `numpy.ma` for masked ones."""
    return np.flatnonzero(np.bincount(numbers))


def matrix(numbers: Rows, lengths: Rows) -> NDArray[np.uint16]:
    """Shape (rows, longest), each row filled up with zeros."""
    rows = np.zeros((len(lengths), int(lengths.max(initial=1))), np.uint16)
    before = np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows[np.repeat(np.arange(len(lengths)), lengths), np.arange(len(numbers)) - before] = numbers
    return rows


def _padded(numbers: Rows, lengths: Rows) -> NDArray[np.bytes_]:
    """Each row as bytes that sort as its numbers do."""
    rows = matrix(numbers, lengths).astype(">u2")
    return rows.view(f"S{2 * rows.shape[1]}").reshape(-1)
