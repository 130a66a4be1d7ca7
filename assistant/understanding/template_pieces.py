"""Templates laid out as pieces of text, and the whole words that may be read from there.

Words may end in different ways within one template ("light[s]", "day[ ]light", "{hours}-hour"), so a template is laid
out piece by piece first; which words may come next at a node is then found by reading on to the next space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)

from assistant.understanding.sentences import Sentences
from assistant.understanding.templates import MAX_DEPTH, TemplateError, parsed

MAX_PERMUTED = 7
# Lists that a home fills with its own names; until then nothing can be said for them.
OF_THE_HOME = frozenset({"area", "floor", "name"})
_RANGE = re.compile(r"(\d+)\.\.(\d+)(?:,(\d+))?$")
_PIECES = re.compile(r"[\s-]+|[^\s-]+")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class SlotArc:
    """A value of ``list`` goes into ``slot``. ``block`` is the block whose context the value must fit, or whose own
    list it is; -1 where any block may say any value."""

    list: str
    slot: str
    block: int = -1

    def inline_range(self) -> tuple[int, int, int]:
        """First, last and step of ``{1..20:minutes}``, whose "list" is the range itself."""
        first, last, step = _RANGE.match(self.list).groups()  # type: ignore[union-attr]
        return int(first), int(last), int(step or 1)


Label = str | SlotArc


@dataclass(frozen=True, slots=True)
class End:
    """A sentence of ``template`` number ``template`` of block number ``block`` ends here."""

    block: int
    template: int


class Pieces:
    """Templates laid out as pieces of text, spaces and slots. Each node's arcs are (what is said, where it leads);
    nothing said is "", and whatever separates words is " "."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._block = 0
        self.arcs: list[list[tuple[str | SlotArc, int]]] = []
        self.ends: dict[int, End] = {}
        self._typed: dict[tuple[str, str], int] = {}

    def template(self, number: int, place: int, template: str) -> int:
        """The node where the sentences of a template begin."""
        self._block = number
        start = self.node()
        self.ends[self._lay(parsed(template), start, 0)] = End(number, place)
        return start

    def node(self) -> int:
        self.arcs.append([])
        return len(self.arcs) - 1

    def _arc(self, source: int, said: str | SlotArc, target: int | None = None) -> int:
        target = self.node() if target is None else target
        self.arcs[source].append((said, target))
        return target

    def _lay(self, expression: Expression, node: int, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise TemplateError("its expansion rules contain each other")
        if isinstance(expression, TextChunk):
            for piece in _PIECES.findall(expression.original_text):
                node = self._arc(node, piece if piece[0] not in " -\t\n" else " ")
            return node
        if isinstance(expression, RuleReference):
            return self._lay(self._rule(expression.rule_name), node, depth + 1)
        if isinstance(expression, ListReference):
            return self._arc(node, self._slot(expression))
        if isinstance(expression, Alternative):
            after = self.node()
            for item in expression.items:
                self._arc(self._lay(item, node, depth + 1), "", after)
            return after
        if isinstance(expression, Permutation):
            return self._permutation(expression.items, node, depth)
        if isinstance(expression, Group):
            for item in expression.items:
                node = self._lay(item, node, depth + 1)
            return node
        raise TemplateError("it holds something this version does not understand")

    def _permutation(self, items: Sequence[Expression], node: int, depth: int) -> int:
        """One node for each set of parts already said: five parts in any order take 32 and not 120 orders."""
        if len(items) > MAX_PERMUTED:
            raise TemplateError(f"it has {len(items)} parts in any order, more than {MAX_PERMUTED}; split it")
        everything = (1 << len(items)) - 1
        said = {0: self._arc(node, " ")}
        for done in range(everything):
            for number, item in enumerate(items):
                more = done | 1 << number
                if more != done:
                    here = said.setdefault(more, self.node())
                    self._arc(self._lay(item, said[done], depth + 1), " ", here)
        return said[everything]

    def _rule(self, name: str) -> Expression:
        rules = self._sentences.blocks[self._block].rules
        template = rules.get(name) or self._sentences.rules.get(name)
        if template is None:
            raise TemplateError(f"there is no expansion rule <{name}>; define it under expansion_rules")
        return parsed(template)

    def _slot(self, reference: ListReference) -> SlotArc:
        block = self._sentences.blocks[self._block]
        name = reference.list_name
        own = name in block.lists
        found = block.lists[name] if own else self._sentences.lists.get(name)
        if found is None and reference.get_inline_range() is None and name not in OF_THE_HOME:
            raise TemplateError(f"there is no list {{{name}}}; define it under lists")
        # A home's names may be of any kind, whichever home it is.
        told = own or name in OF_THE_HOME or (found is not None and any(value.context for value in found.values))
        return SlotArc(name, reference.slot_name, self._like_this(own, name) if told else -1)

    def _like_this(self, own: bool, name: str) -> int:
        """The first block that asks the same of a value, so that what is the same in both is kept once."""
        block = self._sentences.blocks[self._block]
        key = (name, repr((block.requires, block.excludes, block.lists[name] if own else None)))
        return self._typed.setdefault(key, self._block)


class WholeWords:
    """Which words, slots and ends may come next at a node of the pieces."""

    def __init__(self, pieces: Pieces, written: Callable[[str], Words]) -> None:
        self._pieces = pieces
        self._written = written
        self._full: dict[str, Words] = {}
        self._next: dict[int, tuple[list[tuple[Label, int]], list[End]]] = {}
        self._rest: dict[tuple[Words, int], int] = {}

    def next(self, node: int) -> tuple[list[tuple[Label, int]], list[End]]:
        known = self._next.get(node)
        if known is None:
            known = self._next[node] = self._find(node)
        return known

    def _find(self, node: int) -> tuple[list[tuple[Label, int]], list[End]]:
        steps: dict[tuple[Label, int], None] = {}
        ends: dict[End, None] = {}
        waiting = [(node, "")]
        seen = set(waiting)
        while waiting:
            here, begun = waiting.pop()
            onward = [("", here)] if begun and here in self._pieces.ends else []
            if not begun and here in self._pieces.ends:
                ends.setdefault(self._pieces.ends[here])
            for said, target in self._pieces.arcs[here]:
                if isinstance(said, SlotArc):
                    if begun:
                        onward.append(("", here))
                    else:
                        steps.setdefault((said, target))
                elif said == " " and begun:
                    onward.append(("", target))
                elif (way := (target, begun + said.strip())) not in seen:
                    seen.add(way)
                    waiting.append(way)
            for _, target in onward:
                for way in self._say(begun, target, steps):
                    if way not in seen:
                        seen.add(way)
                        waiting.append(way)
        return list(steps), list(ends)

    def _say(self, word: str, target: int, steps: dict[tuple[Label, int], None]) -> Iterator[tuple[int, str]]:
        """Adds the way over ``word`` to ``steps``; where it is written as nothing ("%"), gives where to look on."""
        words = self._full.get(word)
        if words is None:
            words = self._full[word] = self._written(word)
        if words:
            steps.setdefault((words[0], self._after(words[1:], target)))
        else:
            yield target, ""

    def _after(self, words: Words, target: int) -> int:
        if not words:
            return target
        known = self._rest.get((words, target))
        if known is None:
            known = self._rest[words, target] = self._pieces.node()
            self._next[known] = ([(words[0], self._after(words[1:], target))], [])
        return known
