"""Templates as word networks, for those that stand for too many sentences to list.

A network is a graph without cycles. Each way from its start to one of its ends is one sentence of one template; arcs
carry a word, or nothing, or the value of a slot. A permutation becomes one node for each set of parts already said, so
five parts in any order take 32 nodes and not 120 orders. The notation stays entirely hassil's, as in templates.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)

from assistant.understanding.templates import MARKS, MAX_DEPTH, OPEN, Opener, TemplateError, parsed

MAX_ARCS = 60_000
MAX_PERMUTED = 7
UNLISTED = frozenset({OPEN, *MARKS.values()})  # places where no word is known beforehand

Value = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Arc:
    """From node ``source`` to ``target``, saying ``word`` ("": nothing); ``value`` is the slot that is full there."""

    source: int
    target: int
    word: str = ""
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Node 0 is the start; arcs lead from lower to higher nodes and are sorted by target.

    ``ends[n]`` is the node where the sentences of template number n end.
    """

    arcs: tuple[Arc, ...]
    nodes: int
    ends: tuple[int, ...]

    def words(self, template: int) -> set[str]:
        """Every word of the sentences of a template."""
        leads_there = {self.ends[template]}
        words: set[str] = set()
        for arc in reversed(self.arcs):  # arcs into later nodes come first
            if arc.target in leads_there:
                leads_there.add(arc.source)
                words.add(arc.word)
        return words - {""}


def weave(templates: Iterable[tuple[str, Opener]], written: Callable[[str], tuple[str, ...]]) -> Network:
    """One network of all ``templates``, each with the rules and lists it may name.

    ``written`` writes the words of a text out in full, as `Writing.words` does.

    Raises TemplateError for a template that does not parse, names what is not there, would match silence or is too
    large for a network.
    """
    weaver = _Weaver(written)
    ends = []
    for template, opener in templates:
        end = weaver.template(template, opener)
        if end in _silent(weaver.arcs, weaver.start):
            raise TemplateError("it would match silence, because everything in it is optional")
        ends.append(end)
    return _tidied(weaver.arcs, weaver.start, ends)


# For each unfinished word ("" between words) the node that has been reached with it.
_Ports = dict[str, int]


class _Weaver:
    """Adds templates to one growing list of arcs."""

    def __init__(self, written: Callable[[str], tuple[str, ...]]) -> None:
        self.arcs: list[Arc] = []
        self.start = 0
        self._nodes = 1
        self._written = written
        self._opener: Opener | None = None

    def template(self, template: str, opener: Opener) -> int:
        """The node where the sentences of ``template`` end."""
        self._opener = opener
        entered = self._node()
        self._arc(self.start, entered)
        return self._between_words(self._weave(parsed(template), {"": entered}, False, 0))[""]

    # --- the parts of an expression ---

    def _weave(self, expression: Expression, ports: _Ports, glued: bool, depth: int) -> _Ports:
        """Where ``expression`` leads from ``ports``; ``glued``: what follows may go on within the same word."""
        if depth > MAX_DEPTH:
            raise TemplateError("its expansion rules contain each other")
        if isinstance(expression, TextChunk):
            return self._text(expression.original_text, ports)
        if isinstance(expression, RuleReference):
            return self._weave(self._known.rule(expression.rule_name), ports, glued, depth + 1)
        if isinstance(expression, ListReference):
            return self._list(expression, ports, glued)
        if isinstance(expression, Alternative):
            return self._joined([self._weave(item, ports, glued, depth + 1) for item in expression.items])
        if isinstance(expression, Permutation):
            return self._permutation(expression.items, ports, depth)
        if isinstance(expression, Group):
            return self._sequence(expression.items, ports, glued, depth)
        raise TemplateError("it holds something this version does not understand")

    @property
    def _known(self) -> Opener:
        if self._opener is None:
            raise TemplateError("it has no rules")
        return self._opener

    def _text(self, text: str, ports: _Ports) -> _Ports:
        ways = []
        for begun, node in ports.items():
            words = (begun + text).split()
            last = "" if not words or (begun + text)[-1].isspace() else words.pop()
            ways.append({last: self._say(words, node)})
        return self._joined(ways)

    def _list(self, reference: ListReference, ports: _Ports, glued: bool) -> _Ports:
        values = self._known.values(reference)
        if any(text in UNLISTED for text, _ in values):
            raise TemplateError(f"{{{reference.list_name}}} takes any words, and it stands for too many sentences")
        if glued or set(ports) != {""}:
            return self._joined([self._valued(self._text(text, ports), slots[0]) for text, slots in values])
        # Between words the values share their beginnings: most long lists are alike there ("a little bit of ...").
        begun: dict[tuple[str, ...], int] = {(): ports[""]}
        ends = []
        for text, slots in values:
            words = self._in_full(text.split())
            for length in range(1, len(words) + 1):
                if words[:length] not in begun:
                    begun[words[:length]] = self._node()
                    self._arc(begun[words[: length - 1]], begun[words[:length]], words[length - 1])
            ends.append(self._valued({"": begun[words]}, slots[0]))
        return self._joined(ends)

    def _sequence(self, items: Sequence[Expression], ports: _Ports, glued: bool, depth: int) -> _Ports:
        goes_on = [glued]
        for item in reversed(items):
            inside, empty = self._begins(item, depth)
            goes_on.append(inside or (empty and goes_on[-1]))
        for item, follows in zip(items, goes_on[-2::-1], strict=True):
            ports = self._weave(item, ports, follows, depth + 1)
            if not follows:
                ports = self._between_words(ports)
        return ports

    def _permutation(self, items: Sequence[Expression], ports: _Ports, depth: int) -> _Ports:
        if len(items) > MAX_PERMUTED:
            raise TemplateError(f"it has {len(items)} parts in any order, more than {MAX_PERMUTED}; split it")
        ways: dict[int, list[_Ports]] = {0: [self._between_words(ports)]}
        everything = (1 << len(items)) - 1
        for said in range(everything):  # in this order all that leads to a set comes before it
            here = self._joined(ways[said])
            for number, item in enumerate(items):
                if not said & 1 << number:
                    ways.setdefault(said | 1 << number, []).append(
                        self._between_words(self._weave(item, here, False, depth + 1))
                    )
        return self._joined(ways[everything])

    def _begins(self, expression: Expression, depth: int) -> tuple[bool, bool]:
        """Whether it may go on with the word before it, and whether it may be nothing at all."""
        if depth > MAX_DEPTH:
            raise TemplateError("its expansion rules contain each other")
        if isinstance(expression, TextChunk):
            text = expression.original_text
            return bool(text) and not text[0].isspace(), not text
        if isinstance(expression, RuleReference):
            return self._begins(self._known.rule(expression.rule_name), depth + 1)
        if isinstance(expression, Alternative):
            found = [self._begins(item, depth + 1) for item in expression.items]
            return any(inside for inside, _ in found), any(empty for _, empty in found)
        if isinstance(expression, Group) and not isinstance(expression, Permutation):
            for item in expression.items:
                inside, empty = self._begins(item, depth + 1)
                if inside or not empty:
                    return inside, False
            return False, True
        return isinstance(expression, ListReference), False

    # --- nodes and arcs ---

    def _node(self) -> int:
        self._nodes += 1
        return self._nodes - 1

    def _arc(self, source: int, target: int, word: str = "", value: Value | None = None) -> None:
        if len(self.arcs) >= MAX_ARCS:
            raise TemplateError(f"its word network has more than {MAX_ARCS} arcs; split it or cut choices")
        self.arcs.append(Arc(source, target, word, value))

    def _in_full(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(part for word in words for part in self._written(word))

    def _say(self, words: Sequence[str], node: int) -> int:
        for word in self._in_full(words):
            following = self._node()
            self._arc(node, following, word)
            node = following
        return node

    def _valued(self, ports: _Ports, value: Value) -> _Ports:
        valued = {}
        for begun, node in ports.items():
            valued[begun] = self._node()
            self._arc(node, valued[begun], value=value)
        return valued

    def _between_words(self, ports: _Ports) -> _Ports:
        return self._joined([{"": self._say([begun] if begun else [], node)} for begun, node in ports.items()])

    def _joined(self, ways: Sequence[_Ports]) -> _Ports:
        """One node for each unfinished word, however many ways lead there."""
        nodes: dict[str, list[int]] = {}
        for ports in ways:
            for begun, node in ports.items():
                nodes.setdefault(begun, []).append(node)
        joined: _Ports = {}
        for begun, sources in nodes.items():
            if len(sources) == 1:
                joined[begun] = sources[0]
                continue
            joined[begun] = self._node()
            for source in sources:
                self._arc(source, joined[begun])
        return joined


def _silent(arcs: Sequence[Arc], start: int) -> set[int]:
    """The nodes that can be reached without a word."""
    following: dict[int, list[int]] = {}
    for arc in arcs:
        if not arc.word:
            following.setdefault(arc.source, []).append(arc.target)
    found, waiting = {start}, [start]
    while waiting:
        for node in following.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def _tidied(arcs: Sequence[Arc], start: int, ends: Sequence[int]) -> Network:
    """The same sentences with fewer arcs that say nothing, and nodes numbered so that arcs lead upwards."""
    same = _contracted(arcs)

    def node(old: int) -> int:
        while old in same:
            old = same[old]
        return old

    kept: dict[tuple[Any, ...], Arc] = {}
    for arc in arcs:
        moved = Arc(node(arc.source), node(arc.target), arc.word, arc.value)
        if moved.source != moved.target:
            kept.setdefault((moved.source, moved.target, moved.word, repr(moved.value)), moved)
    order = _topological(kept.values(), node(start))
    numbered = [Arc(order[a.source], order[a.target], a.word, a.value) for a in kept.values()]
    return Network(
        tuple(sorted(numbered, key=lambda arc: arc.target)), len(order), tuple(order[node(end)] for end in ends)
    )


def _contracted(arcs: Sequence[Arc]) -> dict[int, int]:
    """Nodes that may be taken for another: with nothing said on the only way out of the one or into the other."""
    leaving: dict[int, int] = {}
    coming: dict[int, int] = {}
    for arc in arcs:
        leaving[arc.source] = leaving.get(arc.source, 0) + 1
        coming[arc.target] = coming.get(arc.target, 0) + 1
    same: dict[int, int] = {}
    for arc in arcs:
        if arc.word or arc.value is not None:
            continue
        source, target = arc.source, arc.target
        while source in same:
            source = same[source]
        while target in same:
            target = same[target]
        if source != target and (leaving[source] == 1 or coming[target] == 1):
            same[target] = source
            leaving[source] += leaving.get(target, 0) - 1
            coming[source] = coming.get(source, 0) + coming[target] - 1
    return same


def _topological(arcs: Iterable[Arc], start: int) -> dict[int, int]:
    """A number for each node: by the longest way from the start, so that nodes of one length stand together."""
    following: dict[int, list[int]] = {}
    coming: dict[int, int] = {}
    for arc in arcs:
        following.setdefault(arc.source, []).append(arc.target)
        coming[arc.target] = coming.get(arc.target, 0) + 1
    order: dict[int, int] = {}
    level = [start]
    while level:
        for node in level:
            order[node] = len(order)
        after = []
        for node in level:
            for target in following.get(node, ()):
                coming[target] -= 1
                if not coming[target]:
                    after.append(target)
        level = after
    return order
