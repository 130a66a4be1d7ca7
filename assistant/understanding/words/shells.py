"""What stands around a command without changing it: thinking sounds, its name, "could you", "please"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import product

Run = tuple[str, ...]

LOST_PER_SHELL = 0.01  # so that the plainer of two readings wins
LOST_PER_FILLER = 0.002


class Runs:
    """A set of word sequences that can be looked for at one place."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = frozenset(run for run in runs if run)
        self._first = frozenset(run[0] for run in self._runs)
        self._lengths = tuple(sorted({len(run) for run in self._runs}, reverse=True))

    def at(self, words: Sequence[str], place: int) -> int:
        """The length of the longest run that begins at ``place``; 0 for none."""
        if place >= len(words) or words[place] not in self._first:
            return 0
        for length in self._lengths:
            if place + length <= len(words) and tuple(words[place : place + length]) in self._runs:
                return length
        return 0

    def before(self, words: Sequence[str], place: int) -> int:
        """The length of the longest run that ends before ``place``; 0 for none."""
        for length in self._lengths:
            if length <= place and tuple(words[place - length : place]) in self._runs:
                return length
        return 0


@dataclass(frozen=True, slots=True)
class Core:
    """An utterance without some of what stands around it; ``forgiven`` are the words left out."""

    words: Run
    forgiven: Run
    lost: float
    whole: bool = False  # nothing but thinking sounds and the name is left out
    company: bool = False  # "together" and the like are left out


class Shells:
    def __init__(
        self, fillers: Set[str], address: Runs, openers: Runs, holders: Runs, closers: Runs, company: Runs
    ) -> None:
        """``company`` are those of the ``closers`` that tell with whom."""
        self._fillers = fillers
        self._address = address
        self._openers = openers
        self._holders = holders
        self._closers = closers
        self._company = company

    def plain(self, words: Run) -> Core:
        """Without thinking sounds and without Evensong's name; unchanged when there is nothing else."""
        kept: list[str] = []
        left_out: list[str] = []
        place = 0
        while place < len(words):
            name = self._address.at(words, place)
            if name:
                left_out += words[place : place + name]
                place += name
                continue
            (left_out if words[place] in self._fillers else kept).append(words[place])
            place += 1
        if not kept:
            return Core(words, (), 0.0, whole=True)
        return Core(tuple(kept), tuple(left_out), LOST_PER_FILLER * len(left_out), whole=True)

    def bare(self, words: Run) -> Run:
        """Without the outermost thing said before and the outermost said after."""
        start = self._openers.at(words, 0)
        end = len(words) - self._closers.before(words, len(words))
        return words[start:end] if start < end else words

    def cores(self, words: Run) -> tuple[Core, ...]:
        """``plain`` first, then with ever more taken from both ends; never empty."""
        plain = self.plain(words)
        starts = self._starts(plain.words)
        ends = [len(plain.words)]
        with_whom = [False]
        while len(ends) < 5 and (length := self._closers.before(plain.words, ends[-1])):
            with_whom.append(with_whom[-1] or self._company.before(plain.words, ends[-1]) == length)
            ends.append(ends[-1] - length)
        found: dict[Run, Core] = {}
        for (opened, start), (closed, end) in product(enumerate(starts), enumerate(ends)):
            if start < end:
                forgiven = plain.forgiven + plain.words[:start] + plain.words[end:]
                lost = plain.lost + LOST_PER_SHELL * (opened + closed)
                whole = opened == closed == 0
                core = Core(plain.words[start:end], forgiven, lost, whole, with_whom[closed])
                found.setdefault(core.words, core)
        return tuple(sorted(found.values(), key=lambda core: core.lost))

    def _starts(self, words: Run) -> list[int]:
        starts = [0]
        while len(starts) < 6:
            length = self._openers.at(words, starts[-1]) or self._holders.at(words, starts[-1])
            if not length:
                break
            starts.append(starts[-1] + length)
        return starts
