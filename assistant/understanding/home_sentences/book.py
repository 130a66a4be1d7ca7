"""Sentences with slots, searchable: what an utterance may mean by the templates of Home Assistant's files.

What `PhraseBook` is for sentences that can be listed, this is for those that cannot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.home_sentences.graph_search import NEVER, Found, GraphSearch
from assistant.understanding.home_sentences.graph_way import Step, cheapest_way
from assistant.understanding.home_sentences.sentences import (
    Block,
    Context,
    Sentences,
    ValueList,
    clashes,
    meets,
    slots_from,
)
from assistant.understanding.home_sentences.spoken_values import SpokenValues
from assistant.understanding.language import Language
from assistant.understanding.phrases.table import Sense
from assistant.understanding.templates.pieces import End
from assistant.understanding.templates.templates import Opener, Slots
from assistant.understanding.templates.word_graph import WordGraph, compile_graph, intents_after, telling_arcs
from assistant.understanding.words.alignment import Pair
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.numbers import Numbers
from assistant.understanding.words.shells import Run, Runs
from assistant.understanding.words.sounds import SAME_SOUND, Sounds
from assistant.understanding.words.weights import LIGHT, Weights

SENSES = 3
PER_SENSE = 2
LOOKED_AT = 12
FAR_BEHIND = 1.5
MASKS_KEPT = 64
TRUSTED = 0.1
BESIDE_FREE = 1.5  # times what errors cost in a sentence with a free slot
LEAST_TOLD = 0.5  # of the weight that tells sentences apart, that must have been heard


Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Match:
    """``template`` of intent ``sense`` may have been said as ``words``; ``likeness`` 0..1 as in alignment.py.

    ``cost`` is what it costs to take what was heard for it, words of free slots included, which ``likeness`` omits.
    ``free`` tells of each free slot from which word to which (exclusive) it was said. ``as_said``: no word was taken
    for another, so that nothing is wrong but words left out or put in.
    """

    sense: Sense
    template: str
    words: Run
    slots: Slots
    likeness: float
    pairs: tuple[Pair, ...]
    cost: float
    free: Mapping[str, tuple[int, int]]
    as_said: bool


class SentenceBook:
    """All sentences of ``sentences``, searchable by words and sounds.

    Raises IntentsError naming the file for a template that cannot be used. ``graph`` is that of the same templates,
    where there is one already.
    """

    def __init__(
        self,
        sentences: Sentences,
        language: Language,
        writing: Writing,
        numbers: Numbers,
        sounds: Sounds,
        graph: WordGraph | None = None,
    ) -> None:
        self._sentences = sentences
        self._parts = (language, writing, numbers, sounds)
        self._sounds = sounds
        self._graph = graph = graph or compile_graph(sentences, writing.words)
        speech = language.speech
        values = SpokenValues(sentences, graph, writing.words, numbers, sounds, speech.light)
        after = intents_after(graph, [block.intent for block in sentences.blocks])
        self._weights = Weights(speech.fillers, speech.light, speech.heavy, _using(graph, after, values.words))
        self._search = GraphSearch(
            graph,
            values,
            sounds,
            self._weights.weight,
            self._distance,
            telling_arcs(graph, after),
            {tuple(full.split()): short for short, full in speech.contractions.items()},
        )
        self._known = self._search.words
        self._trusted = self._known | values.number_words
        opener = Opener(sentences.rules, {}, numbers.spell)
        self._skipped = Runs(
            words for skip in sentences.skipped for text, _ in opener.open(skip) if (words := writing.words(text))
        )
        ends = [(node, end) for node, row in enumerate(graph.ends) for end in row]
        ends.sort(key=lambda pair: self._order(pair[1]))
        self._ends = [end for _, end in ends]
        self._end_nodes = np.array([node for node, _ in ends], np.intp)
        self._masks: dict[tuple[frozenset[Sense], str], Mask] = {}

    @property
    def senses(self) -> tuple[Sense, ...]:
        return tuple(("intent", intent) for intent in self._sentences.intents)

    def with_lists(self, lists: Mapping[str, ValueList]) -> SentenceBook:
        """The same sentences where ``lists`` hold other values, such as the names of another home."""
        return SentenceBook(self._sentences.with_lists(lists), *self._parts, graph=self._graph)

    def tells(self, words: Sequence[str]) -> bool:
        """Whether any of ``words`` tells sentences from others ("pause" does), so that it is no mere beginning."""
        return any(word in self._known and self._weights.is_content(word) for word in words)

    def find(self, words: Run, allowed: Set[Sense], context: Context) -> list[Match]:
        """The nearest sentences of the ``allowed`` senses, cheapest first: at most PER_SENSE of SENSES senses.

        ``context`` is what is known beforehand, such as the room that is listened in.
        """
        if not words:
            return []
        ways = self._search.search(words, self._skips(words))
        costs = np.where(self._usable(frozenset(allowed), context), ways.costs[-1, self._end_nodes], NEVER)
        found: list[Match] = []
        senses: Counter[Sense] = Counter()
        # Stable: equal costs stay in the order of intents and templates.
        for place in np.argsort(costs, kind="stable")[:LOOKED_AT].tolist():
            cost = float(costs[place])
            if cost >= NEVER or (found and cost > found[0].cost + FAR_BEHIND):
                break
            end = self._ends[place]
            sense: Sense = ("intent", self._block(end).intent)
            if senses[sense] < PER_SENSE and (senses[sense] or len(senses) < SENSES):
                match = self._match(ways, int(self._end_nodes[place]), end, context, cost)
                if match is not None:
                    found.append(match)
                    senses[sense] += 1
        return found

    def _distance(self, heard: str, meant: str) -> float:
        """By sound; a word that is itself a word of sentences, or a number, was more likely said than misheard."""
        apart = self._sounds.distance(heard, meant)
        if apart > SAME_SOUND and heard in self._trusted and not self._sounds.same_stem(heard, meant):
            apart = min(1.0, apart + TRUSTED)
        return apart

    def _match(self, ways: Found, node: int, end: End, context: Context, cost: float) -> Match | None:
        block = self._block(end)
        steps = cheapest_way(self._search, ways, node)
        slots: dict[str, Any] = {}
        known = dict(context)
        free: dict[str, tuple[int, int]] = {}
        place = 0
        for step in steps:
            if step.said is not None and step.slot is not None:
                slots[step.slot.slot] = step.said.meant.value
                known |= step.said.meant.context
            elif step.slot is not None:
                free[step.slot.slot] = (free.get(step.slot.slot, (place, 0))[0], place + 1)
            place += len(step.heard.split())
        if not meets(block.requires, known) or clashes({}, block.excludes, known) or not _carried(steps):
            return None
        slots |= {slot: " ".join(ways.words[start:end]) for slot, (start, end) in free.items()}
        slots = {**block.slots, **slots_from(block.requires, known), **slots}
        return Match(
            sense=("intent", block.intent),
            template=block.templates[end.template],
            words=tuple(word for step in steps for word in step.meant.split()),
            slots=tuple(sorted(slots.items())),
            likeness=likeness(steps),
            pairs=tuple(step.pair() for step in steps),
            cost=cost,
            free=free,
            as_said=_as_said(steps),
        )

    def _skips(self, words: Run) -> list[bool]:
        """Which words are skipped: those at the beginning and at the end, where no free slot can have meant them."""
        start, end = 0, len(words)
        while start < end and (length := self._skipped.at(words, start)):
            start += length
        while end > start and (length := self._skipped.before(words, end)):
            end -= length
        return [not start <= place < end for place in range(len(words))]

    def _usable(self, allowed: frozenset[Sense], context: Context) -> Mask:
        """The ends of allowed senses that the context does not forbid."""
        key = (allowed, repr(sorted(context.items())))
        known = self._masks.get(key)
        if known is None:
            if len(self._masks) >= MASKS_KEPT:
                self._masks.clear()
            blocks = map(self._block, self._ends)
            known = self._masks[key] = np.array(
                [("intent", b.intent) in allowed and not clashes(b.requires, b.excludes, context) for b in blocks],
                dtype=bool,
            )
        return known

    def _block(self, end: End) -> Block:
        return self._sentences.blocks[end.block]

    def _order(self, end: End) -> tuple[str, str, str, str]:
        block = self._block(end)
        return block.intent, block.templates[end.template], repr(sorted(block.slots.items())), repr(block.requires)


def _using(graph: WordGraph, after: Sequence[int], values: Set[str]) -> dict[str, int]:
    """By how many intents each word is used; words of values by one at least."""
    using: dict[str, int] = {}
    for row in graph.arcs:
        for label, target in row.items():
            if isinstance(label, str):
                using[label] = using.get(label, 0) | after[target]
    return {**dict.fromkeys(values, 1), **{word: intents.bit_count() for word, intents in using.items()}}


def _carried(steps: Sequence[Step]) -> bool:
    """Whether enough was heard of what tells this sentence from others."""
    telling = [step for step in steps if step.meant and step.weight > LIGHT and not _is_free(step)]
    told = sum(step.weight * (1.0 - step.apart) for step in telling)
    return told >= LEAST_TOLD * sum(step.weight for step in telling)


def _as_said(steps: Sequence[Step]) -> bool:
    """Whether no word was taken for another, and a word of the sentence itself was heard, not values alone."""
    both = [step for step in steps if step.heard and step.meant]
    own = any(step.slot is None and step.weight > LIGHT for step in both)
    return own and all(step.apart <= SAME_SOUND for step in both)


def _is_free(step: Step) -> bool:
    return step.slot is not None and step.said is None


def likeness(steps: Sequence[Step]) -> float:
    """One minus what it costs to take what was heard for what was meant, as a share of the heavier side.

    Words of a free slot count on neither side: whatever they are, they say nothing for or against the sentence. So
    what little it has besides must have been heard all the better.
    """
    heard = meant = cost = 0.0
    added: list[float] = []
    dropped: list[float] = []
    for step in (*steps, None):
        if step is not None and not step.meant:
            added.append(step.weight)
            heard += step.weight
        elif step is not None and not step.heard:
            dropped.append(step.weight)
            meant += step.weight
        else:
            cost += _unmatched(added, dropped)
            added, dropped = [], []
            if step is not None and not _is_free(step):
                heard += step.weight
                meant += step.weight
                cost += step.cost
    if any(map(_is_free, steps)):
        cost *= BESIDE_FREE
    return max(0.0, 1.0 - cost / max(heard, meant, 1e-9))


def _unmatched(added: Sequence[float], dropped: Sequence[float]) -> float:
    """Words that were heard where others were meant: two unlike words exchanged cost less than one more, one less."""
    both = sum(0.5 * min(one, other) for one, other in zip(added, dropped, strict=False))
    return sum(added) + sum(dropped) - both
