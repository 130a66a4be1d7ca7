"""Where in an utterance a value of a list may have been said, exactly or nearly.

All ways to say all values are compared with all runs of words at once, by their sounds, so that a name that was heard
as other words, or in other pieces ("bed room lamb"), is still found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.understanding.home_sentences.sentences import Context, NumberRange, Sentences, ValueList, clashes
from assistant.understanding.templates.pieces import OF_THE_HOME, SlotArc
from assistant.understanding.templates.templates import Opener, TemplateError, template_error
from assistant.understanding.templates.word_graph import WordGraph
from assistant.understanding.words.numbers import Numbers
from assistant.understanding.words.sounds import SAME_SOUND, Sounds

MOST_APART = 0.4  # of a value's sounds, that may be wrong
COST_PER_SOUND = 0.12  # consonants count twice; a word has about eight, so counted
LITTLE = 0.1  # more, where a little word would be misheard: "to it three" is rather 3 than 83
NEARER = 1e-3  # a value costs so much less, at least, than one that is further away for its length
MORE_WORDS = 1  # that a value may have been heard as
NEAREST = 6  # of the values near a run of words, the most that are looked at
MAX_WAYS = 500  # to say one value

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    value: Any
    context: Context


@dataclass(frozen=True, slots=True)
class Said:
    """words[start:end] may be value ``meant`` for slot arcs of ``kind``, said ``words`` in full; ``apart`` 0..1.

    ``cost`` counts the sounds that are wrong, so that a long value does not take a word more for nothing; but of the
    values that the same words may be, none costs more than one that is further away ("city" is rather 60 than 80).
    """

    start: int
    end: int
    kind: int
    words: Words
    meant: Meant
    apart: float
    cost: float


class SpokenValues:
    """Every way to say every value of the lists that a graph names.

    Arcs of one *kind* take the same values: ``kinds`` numbers them. Lists that are free take any words and have none.
    ``little`` are words that are rather themselves than part of a value.
    """

    def __init__(
        self,
        sentences: Sentences,
        graph: WordGraph,
        written: Callable[[str], Words],
        numbers: Numbers,
        sounds: Sounds,
        little: Set[str],
    ) -> None:
        self._sentences = sentences
        self._written = written
        self._numbers = numbers
        self._sounds = sounds
        self._little = little
        self.free: set[SlotArc] = set()
        self.kinds: dict[SlotArc, int] = {}
        self.number_words: set[str] = set()
        self._meanings: dict[Words, list[tuple[int, Meant]]] = {}
        self._opened: dict[int, list[tuple[Words, Meant]]] = {}
        by_values: dict[tuple[str, int], int] = {}
        for arc in sorted({label for row in graph.arcs for label in row if isinstance(label, SlotArc)}):
            found = self._list(arc)
            if found is not None and found.free:
                self.free.add(arc)
                continue
            kind = by_values.setdefault((arc.list, arc.block), len(by_values))
            if kind == len(by_values) - 1 and kind not in self.kinds.values():
                self._fill(kind, arc, found)
            self.kinds[arc] = kind
        self._ways = sorted(self._meanings)
        self._codes = ["".join(map(sounds.weighed, way)) for way in self._ways]
        self._longest = max((len(way) for way in self._ways), default=0) + MORE_WORDS

    @property
    def words(self) -> frozenset[str]:
        """All words of all values."""
        return frozenset(word for way in self._ways for word in way)

    def find(self, words: Sequence[str]) -> list[Said]:
        """All that may have been said in ``words``, each run's exact reading alone where there is one for a kind."""
        runs = [
            (start, end)
            for start in range(len(words))
            for end in range(start + 1, min(len(words), start + self._longest) + 1)
        ]
        if not runs or not self._ways:
            return []
        codes = ["".join(map(self._sounds.weighed, words[start:end])) for start, end in runs]
        apart = process.cdist(
            codes, self._codes, scorer=Levenshtein.normalized_distance, dtype=np.float32, score_cutoff=MOST_APART
        )
        rows, columns = np.nonzero(apart <= MOST_APART)
        known: dict[tuple[int, int], list[Said]] = defaultdict(list)
        # The furthest first, because no value costs more than one that is further away for its length.
        for place in np.lexsort((columns, -apart[rows, columns], rows)).tolist():
            row, column = int(rows[place]), int(columns[place])
            start, end = runs[row]
            way = self._ways[column]
            same = way == tuple(words[start:end])
            distance = 0.0 if same else max(SAME_SOUND, float(apart[row, column]))
            cost = distance * COST_PER_SOUND * max(len(codes[row]), len(self._codes[column]))
            if distance > SAME_SOUND and end > start + 1 and self._takes_little(words[start:end], way):
                cost += LITTLE
            for kind, meant in self._meanings[way]:
                further = [one.cost - NEARER for one in known[row, kind] if one.apart > distance]
                known[row, kind].append(Said(start, end, kind, way, meant, distance, min([cost, *further])))
        return [one for ones in known.values() for one in ones]

    def _takes_little(self, heard: Sequence[str], way: Words) -> bool:
        """Whether a little word is taken for a part of ``way``, not only said within it."""
        without = tuple(word for word in heard if word not in self._little)
        return len(without) < len(heard) and without != tuple(word for word in way if word not in self._little)

    def _list(self, arc: SlotArc) -> ValueList | None:
        own = self._sentences.blocks[arc.block].lists if arc.block >= 0 else {}
        return own.get(arc.list) or self._sentences.lists.get(arc.list)

    def _fill(self, kind: int, arc: SlotArc, found: ValueList | None) -> None:
        block = self._sentences.blocks[arc.block] if arc.block >= 0 else None
        for way, meant in self._all(arc, found):
            if block is None or not clashes(block.requires, block.excludes, meant.context):
                known = self._meanings.setdefault(way, [])
                if (kind, meant.value) not in [(other, one.value) for other, one in known]:
                    known.append((kind, meant))

    def _all(self, arc: SlotArc, found: ValueList | None) -> list[tuple[Words, Meant]]:
        if found is None and arc.list in OF_THE_HOME:
            return []
        if found is None:
            first, last, step = arc.inline_range()
            return self._spoken(NumberRange(first, last, step))
        known = self._opened.get(id(found))
        if known is None:
            known = self._said(found, arc.list) + (self._spoken(found.range) if found.range else [])
            self._opened[id(found)] = known
        return known

    def _said(self, found: ValueList, name: str) -> list[tuple[Words, Meant]]:
        opener = Opener(self._sentences.rules, {}, self._numbers.spell)
        ways: list[tuple[Words, Meant]] = []
        for value in found.values:
            try:
                texts = [text for text, _ in opener.open(value.said)][:MAX_WAYS]
            except TemplateError as error:
                raise template_error(f"list {name}", value.said, error) from None
            for text in texts:
                words = self._written(text)
                if words:
                    ways.append((words, Meant(text if value.meaning is None else value.meaning, value.context)))
        return ways

    def _spoken(self, numbers: NumberRange) -> list[tuple[Words, Meant]]:
        ways: list[tuple[Words, Meant]] = []
        for whole in range(numbers.first, numbers.last + 1, numbers.step):
            for number in (whole, *(whole + part for part in numbers.fractions)):
                value = number * numbers.times
                meant = Meant(int(value) if float(value).is_integer() else value, {})
                ways += [(words, meant) for words in self._numbers.ways_to_say(number)]
        self.number_words.update(word for words, _ in ways for word in words)
        return ways


def nearest(said: Sequence[Said]) -> Mapping[tuple[int, int], list[Said]]:
    """What may have been said, by where it ends and its kind, the nearest first."""
    by_end: dict[tuple[int, int], list[Said]] = {}
    for one in sorted(said, key=lambda one: (one.cost, one.start, one.words)):
        same = by_end.setdefault((one.end, one.kind), [])
        if len(same) < NEAREST:
            same.append(one)
    return by_end
