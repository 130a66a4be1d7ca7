"""Of very many sentences those that bring two words side by side that no sentence before them had so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.understanding.normal import Writing
from assistant.understanding.phrase_table import PhraseTable, Rows, Sense, numbers_of, ranges, rows_of
from assistant.understanding.shells import Run
from assistant.understanding.templates import OPEN
from assistant.understanding.time_lines import BEGINNING, END, Pair


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
    lines = _in_order(tables, senses, words, strict_only=strict_only)
    lines = _with_contracted(lines, writing, words)
    lines = _known(lines, np.array([knows(word) for word in words], dtype=bool))
    pairs, line = _pairs(lines, len(words))
    words += [BEGINNING, END]
    pairs, first = np.unique(pairs, return_index=True)
    kept = set(line[first].tolist())
    found = [tuple([words[number] for number in of_line]) for of_line in _each(lines, kept)]
    return found, _named(pairs, words)


def pairs_of_rows(table: PhraseTable, rows: Rows) -> set[Pair]:
    """Which words follow on each other in ``rows``, with the ends of sentences."""
    numbers, lengths = numbers_of(table.columns, rows)
    words = [*table.columns.words, BEGINNING, END]
    pairs, _ = _pairs(_Lines(numbers, np.repeat(np.arange(len(rows)), lengths)), len(table.columns.words))
    return _named(np.unique(pairs), words)


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
) -> _Lines:
    """Two numbers a line: the second is for the line contracted."""
    number = {word: place for place, word in enumerate(words)}
    numbers, lengths, loose = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)], [np.zeros(0, bool)]
    for table in tables:
        rows = rows_of(table, senses)
        if strict_only:
            rows = rows[table.columns.strict[rows]]
        own, of_rows = numbers_of(table.columns, rows)
        numbers.append(np.array([number[word] for word in table.columns.words], dtype=np.intp)[own])
        lengths.append(of_rows)
        loose.append(~table.columns.strict[rows])
    length = np.concatenate(lengths)
    order = np.lexsort((length, np.concatenate(loose)))
    said = np.concatenate(numbers)[ranges((np.cumsum(length) - length)[order], length[order])]
    opens = said == number.get(OPEN, -1)
    line = np.repeat(np.arange(len(order)) * 2 * (1 + int(length.max(initial=0))), length[order])
    return _Lines(said[~opens], (line + 2 * np.cumsum(opens))[~opens])


def _with_contracted(lines: _Lines, writing: Writing, words: list[str]) -> _Lines:
    """With each line that can be contracted a second time, contracted; new words are added to ``words``."""
    number = {word: place for place, word in enumerate(words)}
    runs = [run for run in writing.contractable if len(run) == 2 and number.keys() >= set(run)]
    codes = np.array([number[one] * len(words) + number[two] for one, two in runs], dtype=np.intp)
    pairs = lines.numbers[:-1] * len(words) + lines.numbers[1:]
    there = np.isin(pairs, codes) & (lines.line[:-1] == lines.line[1:])
    changed = np.unique(lines.line[:-1][there])
    numbers: list[int] = []
    lengths: list[int] = []
    for of_line in _each(lines, set(changed.tolist())):
        short = writing.contracted(tuple([words[place] for place in of_line]))
        numbers += [number.setdefault(word, len(number)) for word in short]
        lengths.append(len(short))
    words += list(number)[len(words) :]
    line = np.concatenate((lines.line, np.repeat(changed + 1, lengths))).astype(np.intp)
    order = np.argsort(line, kind="stable")
    return _Lines(np.concatenate((lines.numbers, np.array(numbers, dtype=np.intp)))[order], line[order])


def _known(lines: _Lines, known: Rows) -> _Lines:
    bad = np.unique(lines.line[~known[lines.numbers]])
    kept = ~np.isin(lines.line, bad)
    return _Lines(lines.numbers[kept], lines.line[kept])


def _each(lines: _Lines, wanted: Set[int]) -> Iterator[list[int]]:
    """The words of the ``wanted`` lines, in order."""
    starts = np.flatnonzero(np.diff(lines.line, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(lines.line)]):
        if int(lines.line[start]) in wanted:
            yield lines.numbers[start:end].tolist()
