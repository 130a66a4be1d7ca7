"""Of very many sentences those that bring two words side by side that no sentence before them had so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.phrases.table import PhraseTable, Rows, Sense, distinct, first_of_each, numbers_of, rows_of
from assistant.understanding.templates.templates import OPEN
from assistant.understanding.times.time_lines import BEGINNING, END, Pair
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.shells import Run

AT_ONCE = 4_000  # sentences


@dataclass(frozen=True, slots=True)
class _Lines:
    """``numbers`` are the words of all lines, one line after the other; ``line`` the line that each stands in."""

    numbers: Rows
    line: Rows


def bringing_new_pairs(
    tables: Sequence[PhraseTable],
    senses: Collection[Sense],
    writing: Writing,
    knows: Callable[[str], bool],
    *,
    strict_only: bool = False,
) -> tuple[list[Run], set[Pair]]:
    """The sentences of ``senses`` that bring a new pair, in full and contracted; and all pairs, with the ends of lines.

    They are gone through strict ones first, then short ones. One with a word that the recogniser does not know is left
    out. Of a sentence with open places each part between them is a line.
    """
    words = sorted({word for table in tables for word in table.columns.words})
    contractions = _Contractions(writing, words)
    words += [BEGINNING, END]
    known = np.array([word in (BEGINNING, END) or knows(word) for word in words], dtype=bool)
    found: list[Run] = []
    have: Rows = np.zeros(0, np.intp)
    for some in _in_order(tables, senses, words, strict_only=strict_only):
        lines = _known(contractions.added_to(some), known)
        pairs, line = _pairs(lines, len(words) - 2)
        first, _ = first_of_each(pairs)
        first = first[~_among(pairs[first], have)]
        have = np.concatenate((have, pairs[first]))
        found += [tuple([words[number] for number in run]) for run in _each(lines, set(line[first].tolist()))]
    return found, _named(have, words)


def pairs_of_rows(table: PhraseTable, rows: Rows) -> set[Pair]:
    """Which words follow on each other in ``rows``, with the ends of sentences."""
    numbers, lengths = numbers_of(table.columns, rows)
    words = [*table.columns.words, BEGINNING, END]
    pairs, _ = _pairs(_Lines(numbers, np.repeat(np.arange(len(rows)), lengths)), len(table.columns.words))
    return _named(pairs[first_of_each(pairs)[0]], words)


def _pairs(lines: _Lines, begin: int) -> tuple[Rows, Rows]:
    """Each pair as one number, and the line it stands in. ``begin`` is the number of a line's beginning, the next one
    that of its end."""
    end = begin + 1
    last = np.flatnonzero(np.diff(lines.line, append=-1))
    numbers = np.insert(lines.numbers, last + 1, end)
    before = np.concatenate(([begin], numbers[:-1]))
    before[before == end] = begin
    return before[: len(numbers)] * (begin + 2) + numbers, np.insert(lines.line, last + 1, lines.line[last])


def _named(pairs: Rows, words: Sequence[str]) -> set[Pair]:
    return {(words[pair // len(words)], words[pair % len(words)]) for pair in pairs.tolist()}


def _in_order(
    tables: Sequence[PhraseTable], senses: Collection[Sense], words: Sequence[str], *, strict_only: bool
) -> Iterator[_Lines]:
    """Some thousands at a time, because all at once take much memory."""
    number = {word: place for place, word in enumerate(words)}
    rows = [rows_of(table, senses) for table in tables]
    if strict_only:
        rows = [of_table[table.columns.strict[of_table]] for table, of_table in zip(tables, rows, strict=True)]
    loose = [~table.columns.strict[of_table] for table, of_table in zip(tables, rows, strict=True)]
    lengths = [np.diff(table.columns.starts)[of_table] for table, of_table in zip(tables, rows, strict=True)]
    numbers = [np.array([number[word] for word in table.columns.words], dtype=np.intp) for table in tables]
    of_table = np.repeat(np.arange(len(tables)), [len(some) for some in rows])
    row = np.concatenate(rows)
    order = np.lexsort((np.concatenate(lengths), np.concatenate(loose)))
    for start in range(0, len(order), AT_ONCE):
        some = order[start : start + AT_ONCE]
        said, line = [], []
        for place, table in enumerate(tables):
            here = np.flatnonzero(of_table[some] == place)
            own, length = numbers_of(table.columns, row[some[here]])
            said.append(numbers[place][own])
            line.append(np.repeat(here, length))
        yield _between_open_places(np.concatenate(said), np.concatenate(line), number.get(OPEN, -1))


def _between_open_places(numbers: Rows, line: Rows, open_place: int) -> _Lines:
    """Two numbers a line: the second is for the line contracted."""
    order = np.argsort(line, kind="stable")
    numbers, line = numbers[order], line[order]
    opens = numbers == open_place
    parts = np.cumsum(opens)
    return _Lines(numbers[~opens], 2 * (line * (1 + int(parts.max(initial=0))) + parts)[~opens])


class _Contractions:
    """Short forms of two words, such as "i'm"; those that are not among ``words`` are added there."""

    def __init__(self, writing: Writing, words: list[str]) -> None:
        self._short: dict[tuple[int, ...], int] = {}
        number = {word: place for place, word in enumerate(words)}
        for run, short in writing.contractable.items():
            if len(run) == 2 and number.keys() >= set(run):
                self._short[tuple(number[word] for word in run)] = number.setdefault(short, len(number))
        words += list(number)[len(words) :]
        self._base = len(words)
        self._codes = np.array([one * self._base + two for one, two in self._short], dtype=np.intp)

    def added_to(self, lines: _Lines) -> _Lines:
        """With each line that can be contracted a second time, contracted, after it."""
        pairs = lines.numbers[:-1] * self._base + lines.numbers[1:]
        there = _among(pairs, self._codes) & (lines.line[:-1] == lines.line[1:])
        changed = distinct(lines.line[:-1][there])
        runs = [self._contracted(run) for run in _each(lines, set(changed.tolist()))]
        numbers = np.array([number for run in runs for number in run], dtype=np.intp)
        line = np.concatenate((lines.line, np.repeat(changed + 1, np.array([len(run) for run in runs], dtype=np.intp))))
        order = np.argsort(line, kind="stable")
        return _Lines(np.concatenate((lines.numbers, numbers))[order], line[order].astype(np.intp))

    def _contracted(self, run: list[int]) -> list[int]:
        short: list[int] = []
        place = 0
        while place < len(run):
            pair = self._short.get(tuple(run[place : place + 2]))
            short.append(run[place] if pair is None else pair)
            place += 1 if pair is None else 2
        return short


def _known(lines: _Lines, known: Rows) -> _Lines:
    bad = distinct(lines.line[~known[lines.numbers]])
    kept = ~_among(lines.line, bad)
    return _Lines(lines.numbers[kept], lines.line[kept])


def _each(lines: _Lines, wanted: Set[int]) -> Iterator[list[int]]:
    """The words of the ``wanted`` lines, in order."""
    starts = np.flatnonzero(np.diff(lines.line, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(lines.line)]):
        if int(lines.line[start]) in wanted:
            yield lines.numbers[start:end].tolist()


def _among(values: Rows, others: Rows) -> NDArray[np.bool_]:
    """Which of ``values`` are one of ``others``; `np.isin` would load all of `numpy.ma` for masked arrays."""
    if not len(others):
        return np.zeros(len(values), bool)
    ordered = np.sort(others)
    return np.asarray(ordered[np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)] == values)
