"""Templates laid out as pieces of text, and the whole words that may be read from there.

Words may end in different ways within one template ("light[s]", "day[ ]light", "{hours}-hour"), so a template is laid
out piece by piece first; which words may come next at a node is then found by reading on to the next space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)

from assistant.understanding.templates.templates import MAX_DEPTH, TemplateError, parsed

MAX_ARCS = 100_000  # of one template, between pieces
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


@dataclass(frozen=True, slots=True)
class Full:
    """Nothing is said here, but ``slot`` has its ``value``; ``written`` tells True and 1 apart."""

    slot: str
    value: Any
    written: str


Label = str | SlotArc | Full


@dataclass(frozen=True, slots=True)
class End:
    """A sentence of ``template`` number ``template`` of block number ``block`` ends here."""

    block: int
    template: int


class Names(Protocol):
    """What the templates of one file may name."""

    def rule(self, name: str) -> Expression:
        """What an expansion rule stands for. Raises TemplateError when there is none."""

    def said(self, reference: ListReference) -> SlotArc | Sequence[tuple[str, Full]]:
        """The slot that a list goes into, or, where its values are laid out like all else, each as it is said.

        Raises TemplateError when there is no such list, or its values cannot be laid out.
        """


class Pieces:
    """Templates laid out as pieces of text, spaces and slots. Each node's arcs are (what is said, where it leads);
    nothing said is "", and whatever separates words is " "."""

    def __init__(self) -> None:
        self.arcs: list[list[tuple[Label, int]]] = []
        self.ends: dict[int, End] = {}
        self._names: Names | None = None
        self._left = MAX_ARCS

    def template(self, end: End, template: str, names: Names) -> int:
        """The node where the sentences of a template begin; ``end`` is what is told where they are whole.

        Raises TemplateError for one that does not parse, names what is not there or is too large.
        """
        self._names, self._left = names, MAX_ARCS
        start = self.node()
        self.ends[self._lay(parsed(template), start, 0)] = end
        return start

    def node(self) -> int:
        self.arcs.append([])
        return len(self.arcs) - 1

    def _arc(self, source: int, said: Label, target: int | None = None) -> int:
        self._left -= 1
        if self._left < 0:
            raise TemplateError(f"its graph has more than {MAX_ARCS} arcs; split it or cut choices")
        target = self.node() if target is None else target
        self.arcs[source].append((said, target))
        return target

    def _lay(self, expression: Expression, node: int, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise TemplateError("its expansion rules contain each other")
        if isinstance(expression, TextChunk):
            return self._text(expression.original_text, node)
        if isinstance(expression, RuleReference):
            return self._lay(self._known.rule(expression.rule_name), node, depth + 1)
        if isinstance(expression, ListReference):
            return self._list(expression, node)
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

    def _text(self, text: str, node: int) -> int:
        for piece in _PIECES.findall(text):
            node = self._arc(node, piece if piece[0] not in " -\t\n" else " ")
        return node

    def _list(self, reference: ListReference, node: int) -> int:
        found = self._known.said(reference)
        if isinstance(found, SlotArc):
            return self._arc(node, found)
        after = self.node()
        for text, full in found:
            self._arc(self._text(text, node), full, after)
        return after

    @property
    def _known(self) -> Names:
        if self._names is None:
            raise TemplateError("it has no rules")
        return self._names


class WholeWords:
    """Which words, slots and ends may come next at a node of the pieces."""

    def __init__(self, pieces: Pieces, written: Callable[[str], Words]) -> None:
        self._pieces = pieces
        self._written = written
        self._full: dict[str, Words] = {}
        self._next: dict[int, tuple[list[tuple[Label, int]], list[End]]] = {}
        self._rest: dict[tuple[Words, int], int] = {}
        self._begun: dict[tuple[str, int], int] = {}
        self._within: dict[int, tuple[int, str]] = {}

    def next(self, node: int) -> tuple[list[tuple[Label, int]], list[End]]:
        known = self._next.get(node)
        if known is None:
            known = self._next[node] = self._find(node)
        return known

    def _find(self, node: int) -> tuple[list[tuple[Label, int]], list[End]]:
        """In the template's own order."""
        steps: dict[tuple[Label, int], None] = {}
        ends: dict[End, None] = {}
        waiting = [self._within.get(node, (node, ""))]
        seen = set(waiting)
        while waiting:
            here, begun = waiting.pop()
            if not begun and here in self._pieces.ends:
                ends.setdefault(self._pieces.ends[here])
            onward = list(self._say(begun, here, steps)) if begun and here in self._pieces.ends else []
            for said, target in self._pieces.arcs[here]:
                if isinstance(said, Full):
                    steps.setdefault((said, self._going_on(begun, target)))
                elif isinstance(said, SlotArc) and begun:
                    onward += self._say(begun, here, steps)
                elif isinstance(said, SlotArc):
                    steps.setdefault((said, target))
                elif said == " " and begun:
                    onward += self._say(begun, target, steps)
                else:
                    onward.append((target, begun + said.strip()))
            waiting += [way for way in reversed(onward) if way not in seen]
            seen.update(onward)
        return list(steps), list(ends)

    def _going_on(self, begun: str, target: int) -> int:
        """The node where what is at ``target`` goes on within the word that was ``begun``."""
        if not begun:
            return target
        known = self._begun.get((begun, target))
        if known is None:
            known = self._begun[begun, target] = self._pieces.node()
            self._within[known] = (target, begun)
        return known

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
