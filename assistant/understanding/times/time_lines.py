"""How times are said, as pairs of words for the recogniser's grammar: what may follow on what.

The recogniser makes a model of pairs of words, so to list every time there is would be a waste: the pairs are strung
together to as few lines as they fit into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, product

from assistant.understanding.language import TimeWords
from assistant.understanding.words.shells import Run

HOURS = range(1, 13)
SPOKEN_MINUTES = (5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55)
BEGINNING, END = "<s>", "</s>"
LONGEST_LINE_WORDS = 30

Pair = tuple[str, str]


def pairs_of(words: Iterable[str]) -> set[Pair]:
    return set(pairwise(words))


def time_pairs(
    phrases: Sequence[Run], before_hour: Sequence[Run], spell: Callable[[int], Run], data: TimeWords
) -> set[Pair]:
    """``phrases`` are those of days and durations, ``before_hour`` those like "quarter to"."""
    hours = [spell(hour)[-1] for hour in HOURS]
    minutes = [*map(spell, SPOKEN_MINUTES[1:]), (data.oh, *spell(SPOKEN_MINUTES[0]))]
    halves = [tuple(half.split()) for half in data.halves]
    leads = sorted(data.before_time & data.begins)
    prefixes = list(before_hour)
    pairs = {pair for run in (*phrases, *prefixes, *minutes, *halves) for pair in pairwise(run)}
    lasts = {run[-1] for run in phrases}
    firsts = {run[0] for run in phrases} & data.begins  # rarer ones the recogniser can put together itself
    clock_firsts = {*hours, *(prefix[0] for prefix in prefixes)}
    clock_lasts = {*hours, data.o_clock, data.hundred, *(run[-1] for run in (*minutes, *halves))}
    pairs |= set(product((prefix[-1] for prefix in prefixes), hours))
    pairs |= set(product(hours, (data.o_clock, data.hundred, *(run[0] for run in (*minutes, *halves)))))
    pairs |= set(product((*leads, BEGINNING), clock_firsts)) | set(product((*lasts, BEGINNING), leads))
    pairs |= set(product((*clock_lasts, BEGINNING), firsts)) | set(product((*clock_lasts, *lasts), (END,)))
    return pairs


def strung(pairs: Iterable[Pair]) -> Iterator[Run]:
    """Lines in which each of ``pairs`` stands, and no pair of other words."""
    after: dict[str, list[str]] = {}
    for first, second in sorted(pairs, reverse=True):
        after.setdefault(first, []).append(second)
    for begin in (BEGINNING, *sorted(after)):
        while after.get(begin):
            line = [begin]
            while after.get(line[-1]) and len(line) < LONGEST_LINE_WORDS:
                line.append(after[line[-1]].pop())
            yield tuple(word for word in line if word not in (BEGINNING, END))
