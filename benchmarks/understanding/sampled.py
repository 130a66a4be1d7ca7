"""Sentences made from templates, where no test sentences are at hand: a walk through a template, drawn by lot.

hassil's own sampler lists sentences in order and without the slot values they carry, so the walk is made here; which of
the sentences are kept is decided by hassil: those that Home Assistant itself understands as they were made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk

from assistant.understanding.home_sentences.sentences import Block, Sentences, ValueList, clashes, meets, slots_from
from assistant.understanding.templates.templates import parsed
from benchmarks.understanding.cases import Case, Home

TRIES = 6  # to sample one sentence of a block whose context the drawn values do not meet


@dataclass
class _Draw:
    slots: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)


def sampled(
    sentences: Sentences, home: Home, area: str, free: Mapping[str, Sequence[str]], seed: int
) -> Iterator[Case]:
    """Without end, a sentence of every intent in turn, each of a block of it drawn by lot.

    ``sentences`` must already have the home's lists; ``free`` has what to say in a free list.
    """
    lot = random.Random(seed)
    of_intent = {intent: [b for b in sentences.blocks if b.intent == intent] for intent in sentences.intents}
    while True:
        for intent in sentences.intents:
            case = _Sampler(sentences, lot.choice(of_intent[intent]), home, free, lot).case(area)
            if case is not None:
                yield case


class _Sampler:
    def __init__(
        self,
        sentences: Sentences,
        block: Block,
        home: Home,
        free: Mapping[str, Sequence[str]],
        lot: random.Random,
    ) -> None:
        self._sentences = sentences
        self._block = block
        self._home = home
        self._free = free
        self._lot = lot

    def case(self, area: str) -> Case | None:
        for _ in range(TRIES):
            draw = _Draw(context={"area": area})
            text = self._walk(parsed(self._lot.choice(self._block.templates)), draw)
            if text is None or not meets(self._block.requires, draw.context):
                continue
            slots = {**self._block.slots, **slots_from(self._block.requires, {"area": area}), **draw.slots}
            right = {name: (value,) for name, value in slots.items()}
            return Case(" ".join(text.split()), self._block.intent, right, self._home, area, free=tuple(draw.free))
        return None

    def _walk(self, expression: Expression, draw: _Draw) -> str | None:
        if isinstance(expression, TextChunk):
            return expression.original_text
        if isinstance(expression, RuleReference):
            name = expression.rule_name
            return self._walk(parsed(self._block.rules.get(name) or self._sentences.rules[name]), draw)
        if isinstance(expression, ListReference):
            return self._value(expression, draw)
        if isinstance(expression, Alternative):
            return self._walk(self._lot.choice(expression.items), draw)
        if isinstance(expression, Permutation):
            items = self._lot.sample(expression.items, len(expression.items))
            return self._all(items, draw, " ")
        if isinstance(expression, Group):
            return self._all(expression.items, draw, "")
        return None

    def _all(self, items: Sequence[Expression], draw: _Draw, between: str) -> str | None:
        parts = [self._walk(item, draw) for item in items]
        return None if None in parts else between.join(part for part in parts if part is not None)

    def _value(self, reference: ListReference, draw: _Draw) -> str | None:
        name, slot = reference.list_name, reference.slot_name
        found = self._block.lists.get(name) or self._sentences.lists.get(name) or ValueList()
        if found.free:
            said = self._lot.choice(self._free.get(name, ["something nice"]))
            draw.slots[slot] = said
            draw.free.append(said)
            return said
        inline = reference.get_inline_range()
        if found.range is not None or inline is not None:
            first, last, step = inline or (found.range.first, found.range.last, found.range.step)  # type: ignore[union-attr]
            number = self._lot.randrange(first, last + 1, step)
            draw.slots[slot] = number * (found.range.times if found.range else 1)
            return str(number)
        values = [
            value for value in found.values if not clashes(self._block.requires, self._block.excludes, value.context)
        ]
        if not values:
            return None
        value = self._lot.choice(values)
        text = self._walk(parsed(value.said), draw)
        draw.slots[slot] = text if value.meaning is None else value.meaning
        draw.context |= value.context
        return text
