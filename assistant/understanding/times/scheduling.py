"""Requests that name a time: what is left of them without it is matched, wherever in the sentence it stood.

"Remind us every night at ten to do gratitude" and "every night at ten remind us to do gratitude" are both "remind us to
do [ritual] [when]" here. Templates under ``timed`` in requests.yaml say such sentences, with {when}, {day} (a time of
which something is missing) and {ritual}; {when} and {day} stand at their end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from typing import Any

from assistant.events import Hypothesis
from assistant.understanding.language import TimeWords
from assistant.understanding.readings.reading import MAX_HYPOTHESES, Heard, handicaps
from assistant.understanding.templates.templates import DAY, OPEN, RITUAL, WHEN
from assistant.understanding.times.time_lines import BEGINNING, END, Pair
from assistant.understanding.times.when import When, WhenReader
from assistant.understanding.words.shells import Core, Run, Runs, Shells

LONGEST_REQUEST_WORDS = 40  # times are long: "every monday and every thursday at quarter to ten at night"
LEAST_COUNTED = 2  # words of "the second"


@dataclass(frozen=True, slots=True)
class Timed:
    """An utterance taken apart: ``rest`` are the words beside the time, ``ritual`` whose name stood among them.

    ``marked`` are the words to be matched: the rest with marks in place of the ritual and the time.
    """

    when: When | None
    rest: Run
    ritual: str | None
    marked: Run


class Scheduling:
    """``names`` are what rituals are called, each as words with its id; ``asking`` begins a request."""

    def __init__(
        self,
        when: WhenReader,
        shells: Shells,
        names: Mapping[Run, str],
        data: TimeWords,
        asking: Runs,
        light: frozenset[str],
    ) -> None:
        self._when = when
        self._shells = shells
        self._names = names
        self._runs = Runs(names)
        self._before_name = data.before_name
        self._after_name = data.after_name
        self._asking = asking
        self._time_begins = tuple(sorted(data.begins))
        self._no_topic = (light | data.no_topic) - data.topic
        self._moved_to = data.moved_to
        self._numbers_of_reminders = data.counted
        self._counted_before = data.counted_before
        self._everything = Runs(tuple(text.split()) for text in data.everything)

    @cached_property
    def time_pairs(self) -> frozenset[Pair]:
        """Which words follow on each other where times are said, for the recogniser's grammar."""
        return frozenset(self._when.pairs)

    def request_pairs(self, marked: Iterable[Pair]) -> set[Pair]:
        """The same for requests that name a time or a ritual, given as the pairs of sentences with marks."""
        names = {(name[0], name[-1]) for name in self._names}
        pairs = {pair for name in self._names for pair in pairwise(name)}
        pairs |= set(product((BEGINNING, *self._before_name), (first for first, _ in names)))
        pairs |= set(product((last for _, last in names), (END, *self._time_begins)))
        for first, second in marked:
            if second in (WHEN, DAY) and first not in (OPEN, RITUAL):
                pairs |= {(first, begin) for begin in self._time_begins}
            elif not {first, second} & {OPEN, RITUAL, WHEN, DAY}:
                pairs.add((first, second))
        return pairs

    def heard(self, hypotheses: Sequence[Hypothesis]) -> list[Heard]:
        """Hypotheses that name a time or a ritual, marked, without some of what stands around them."""
        found: list[Heard] = []
        kept = hypotheses[:MAX_HYPOTHESES]
        for number, (hypothesis, handicap) in enumerate(zip(kept, handicaps(kept), strict=True)):
            timed = self.taken_apart(hypothesis.text)
            if timed is None:
                continue
            time = tuple(word for word in timed.marked[-1:] if word in (WHEN, DAY))
            rest = timed.marked[: len(timed.marked) - len(time)]
            for core in self._shells.cores(rest) if rest else (Core((), (), 0.0, whole=True),):
                words = Core((*core.words, *time), core.forgiven, core.lost, core.whole)
                found.append(Heard(number, hypothesis.text, words, handicap))
        return found

    def taken_apart(self, text: str) -> Timed | None:
        """None when ``text`` names neither a time nor a ritual, or is longer than any request."""
        words = self._shells.plain(self._when.words(text)).words
        if len(words) > LONGEST_REQUEST_WORDS:
            return None
        ritual, name, around = self._named(words)
        when = self._when.read(words, name)
        if when is None and ritual is None:
            return None
        spans = when.spans if when else ()
        time = {place for start, end in spans for place in range(start, end)} - set(range(*name))
        rest = tuple(word for place, word in enumerate(words) if place not in time)
        marked = tuple(
            RITUAL if place == name[0] else word
            for place, word in enumerate(words)
            if place not in time and (place == name[0] or place not in range(*around))
        )
        whole = when is not None and (when.is_certain or (when.summary is not None and self._when.changes(words)))
        mark = () if when is None else (WHEN,) if whole else (DAY,)
        return Timed(when, rest, ritual, (*marked, *mark))

    def _named(self, words: Run) -> tuple[str | None, tuple[int, int], tuple[int, int]]:
        """The first ritual that is named, the place of its name, and that place with what may stand around a name."""
        for start in range(len(words)):
            length = self._runs.at(words, start)
            if not length:
                continue
            first, last = start, start + length
            while first and words[first - 1] in self._before_name:
                first -= 1
            while last < len(words) and words[last] in self._after_name:
                last += 1
            return self._names[words[start : start + length]], (start, start + length), (first, last)
        return None, (-1, -1), (-1, -1)

    def pieces(self, text: str) -> dict[str, Any] | None:
        """What ``text`` says of a time, whole or not; None when it says nothing of one."""
        when = self._when.read(self._when.words(text))
        return when.pieces if when is not None else None

    def slots(self, text: str) -> dict[str, Any]:
        """What ``text`` says of a reminder; docs/reminders.md lists the slots."""
        timed = self.taken_apart(text)
        words = self._when.words(text)
        slots: dict[str, Any] = {}
        when = timed.when if timed is not None else None
        if self._when.changes(words):
            slots["change"] = True
            moved = self._moved(words)
            if moved is not None:
                slots["moved_from"], when = moved[0].pieces, moved[1]
        if when is not None:
            slots |= {"when": when.slot} if when.slot else {}
            slots["said"] = when.pieces
        if timed is not None and timed.ritual is not None:
            slots["ritual"] = timed.ritual
        if (counted := self._counted(words)) is not None:
            slots["counted"] = counted
        if any(self._everything.at(words, place) for place in range(len(words))):
            slots["all"] = True
        return slots

    def _moved(self, words: Run) -> tuple[When, When] | None:
        """The old time and the new one of "move the sunday one to monday"; None where no old one is named."""
        for place in range(1, len(words)):
            if words[place] not in self._moved_to:
                continue
            rest = self._shells.bare(words[place:])
            new = self._when.read(rest)
            if new is None or not set(range(1, len(rest))) <= {at for span in new.spans for at in range(*span)}:
                continue
            old = self._when.read(words[:place])
            return (old, new) if old is not None else None
        return None

    def _counted(self, words: Run) -> int | None:
        """The number of "the second one", which is a whole answer without "one", too; -1 is the last."""
        bare = words[1:] if len(words) == LEAST_COUNTED else words  # "the second"
        if len(bare) == 1:
            return self._numbers_of_reminders.get(bare[0])
        for first, second in pairwise(words):
            if second in self._counted_before and first in self._numbers_of_reminders:
                return self._numbers_of_reminders[first]
        return None

    def topic(self, text: str) -> str:
        """What is to be done at that time, in the words it was asked for; "" when nothing was said of it."""
        timed = self.taken_apart(text)
        words = timed.rest if timed is not None else self._shells.plain(self._when.words(text)).words
        bare = min((core.words for core in self._shells.cores(words)), key=len) if words else ()
        bare = bare[self._asking.at(bare, 0) :]
        bare = bare[: len(bare) - self._asking.before(bare, len(bare))]
        return "" if self._no_topic.issuperset(bare) else " ".join(bare)
