"""Templates as word networks, for those that stand for too many sentences to list.

A network is a graph without cycles. Each way from its start to one of its ends is one sentence of one template; arcs
carry a word, or nothing, or the value of a slot. It is the word graph of word_graph.py, in which the values of lists
are laid out word by word, too, with an end for each template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hassil.expression import Expression, ListReference

from assistant.understanding.templates.pieces import End, Full, Pieces, SlotArc, WholeWords
from assistant.understanding.templates.templates import MARKS, OPEN, Opener, TemplateError
from assistant.understanding.templates.word_graph import WordGraph, joined

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
    large for a network; IntentsError when all of them are.
    """
    pieces = Pieces()
    starts = [
        pieces.template(End(0, number), template, _WrittenOut(opener))
        for number, (template, opener) in enumerate(templates)
    ]
    graph = joined(WholeWords(pieces, written), starts)
    arcs = [*_arcs(graph), *_to_ends(graph)]
    if any(arc.source == 0 and arc.target >= len(graph.arcs) for arc in arcs):
        raise TemplateError("it would match silence, because everything in it is optional")
    return _numbered(arcs, [len(graph.arcs) + number for number in range(len(starts))])


@dataclass(frozen=True, slots=True)
class _WrittenOut:
    """Names as a network has them: each value of a list is words, with its slot after them."""

    opener: Opener

    def rule(self, name: str) -> Expression:
        return self.opener.rule(name)

    def said(self, reference: ListReference) -> SlotArc | Sequence[tuple[str, Full]]:
        values = self.opener.values(reference)
        if any(text in UNLISTED for text, _ in values):
            raise TemplateError(f"{{{reference.list_name}}} takes any words, and it stands for too many sentences")
        return [(text, Full(slot, value, repr(value))) for text, ((slot, value),) in values]


def _arcs(graph: WordGraph) -> Iterator[Arc]:
    for node, row in enumerate(graph.arcs):
        for label, target in row.items():
            if isinstance(label, Full):
                yield Arc(node, target, value=(label.slot, label.value))
            elif isinstance(label, str):
                yield Arc(node, target, label)


def _to_ends(graph: WordGraph) -> Iterator[Arc]:
    """Each template ends in one node, which stands behind all others."""
    for node, ends in enumerate(graph.ends):
        for end in sorted(ends, key=lambda one: one.template):
            yield Arc(node, len(graph.arcs) + end.template)


def _numbered(arcs: Sequence[Arc], ends: Sequence[int]) -> Network:
    """With nodes numbered so that arcs lead upwards."""
    order = _topological(arcs, 0)
    numbered = [Arc(order[arc.source], order[arc.target], arc.word, arc.value) for arc in arcs]
    return Network(tuple(sorted(numbered, key=lambda arc: arc.target)), len(order), tuple(order[end] for end in ends))


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
