"""All templates of many blocks as one graph of words: the smallest one without two equal words leaving a node.

The ways to read whole words from templates (pieces.py) are joined by the subset construction (Rabin and Scott,
1959), and nodes after which the same may follow become one (Revuz, 1992). Beginnings and endings that templates share
are kept once, so the graph stays small where the sentences are billions. A slot is one arc, whatever is said for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from assistant.errors import IntentsError
from assistant.understanding.home_sentences.block_names import BlockNames
from assistant.understanding.home_sentences.sentences import Sentences
from assistant.understanding.templates.pieces import End, Label, Pieces, SlotArc, WholeWords, Words
from assistant.understanding.templates.templates import TemplateError, template_error

MAX_NODES = 100_000


@dataclass(frozen=True, slots=True)
class WordGraph:
    """Node 0 is the start. ``arcs[n]`` are the ways on from node n, ``ends[n]`` the sentences that are whole there."""

    arcs: tuple[Mapping[Label, int], ...]
    ends: tuple[frozenset[End], ...]


def intents_after(graph: WordGraph, intents: Sequence[str]) -> list[int]:
    """For each node the intents that may still be meant there, one bit each; ``intents`` are the blocks' own."""
    bits = {intent: 1 << number for number, intent in enumerate(dict.fromkeys(intents))}
    after = [0] * len(graph.arcs)
    for node in _last_first(graph.arcs):
        here = (bits[intents[end.block]] for end in graph.ends[node])
        after[node] = reduce(or_, (*here, *(after[target] for target in graph.arcs[node].values())), 0)
    return after


def telling_arcs(graph: WordGraph, after: Sequence[int]) -> frozenset[tuple[int, str]]:
    """The words (node, word) without which it is not known what is meant, however little they are: those in whose place
    another word leads to other intents ("on", "off" after "turn"), and those that must come last ("turn it on").

    ``after`` is what `intents_after` gives.
    """
    found: set[tuple[int, str]] = set()
    for node, row in enumerate(graph.arcs):
        ways = {label: after[target] for label, target in row.items() if isinstance(label, str)}
        if len(set(ways.values())) > 1:
            found |= {(node, word) for word in ways}
        elif not graph.ends[node]:
            found |= {(node, word) for word in ways if graph.ends[row[word]]}
    return frozenset(found)


def compile_graph(sentences: Sentences, written: Callable[[str], Words]) -> WordGraph:
    """One graph of all templates; ``written`` writes words out in full.

    Raises IntentsError naming the block's source for a template that cannot be used.
    """
    pieces, names = Pieces(), BlockNames(sentences)
    starts: list[int] = []
    for number, block in enumerate(sentences.blocks):
        for place, template in enumerate(block.templates):
            try:
                starts.append(pieces.template(End(number, place), template, names.of(number)))
            except TemplateError as error:
                raise template_error(block.source, template, error) from None
    # Sorted, so that the order of files decides nothing.
    graph = joined(WholeWords(pieces, written), starts, order=_order)
    if graph.ends[0]:
        end = min(graph.ends[0], key=lambda one: (one.block, one.template))
        block = sentences.blocks[end.block]
        raise template_error(
            block.source,
            block.templates[end.template],
            TemplateError("it would match silence, because everything in it is optional"),
        )
    return graph


def joined(words: WholeWords, starts: Sequence[int], order: Callable[[Label], Any] | None = None) -> WordGraph:
    """One graph of the templates that begin at ``starts``; labels in their own order, or in ``order``.

    Raises IntentsError when it is too large.
    """
    numbers: dict[frozenset[int], int] = {frozenset(starts): 0}
    sets = list(numbers)
    arcs: list[dict[Label, int]] = []
    ends: list[frozenset[End]] = []
    while len(arcs) < len(sets):
        targets: dict[Label, set[int]] = {}
        whole: set[End] = set()
        for node in sets[len(arcs)]:
            steps, over = words.next(node)
            whole.update(over)
            for label, target in steps:
                targets.setdefault(label, set()).add(target)
        row: dict[Label, int] = {}
        for label in sorted(targets, key=order) if order else targets:
            following = frozenset(targets[label])
            if following not in numbers:
                numbers[following] = len(sets)
                sets.append(following)
            row[label] = numbers[following]
        if len(sets) > MAX_NODES:
            raise IntentsError(f"The sentences take a graph of more than {MAX_NODES} nodes; load fewer of them.")
        arcs.append(row)
        ends.append(frozenset(whole))
    return _smallest(arcs, ends)


def _smallest(arcs: Sequence[Mapping[Label, int]], ends: Sequence[frozenset[End]]) -> WordGraph:
    """Nodes after which the same may follow become one."""
    same: dict[tuple[frozenset[End], frozenset[tuple[Label, int]]], int] = {}
    became: dict[int, int] = {}
    for node in _last_first(arcs):
        following = frozenset((label, became[target]) for label, target in arcs[node].items())
        became[node] = same.setdefault((ends[node], following), len(same))
    # Numbered from the start on, so that the order of files is the only thing the numbers depend on.
    order = {became[node]: 0 for node in reversed(list(_last_first(arcs)))}
    numbers = {node: number for number, node in enumerate(order)}
    kept: dict[int, tuple[Mapping[Label, int], frozenset[End]]] = {}
    for node, row in enumerate(arcs):
        number = numbers[became[node]]
        if number not in kept:
            kept[number] = ({label: numbers[became[target]] for label, target in row.items()}, ends[node])
    return WordGraph(
        tuple(kept[number][0] for number in range(len(kept))), tuple(kept[number][1] for number in range(len(kept)))
    )


def _last_first(arcs: Sequence[Mapping[Label, int]]) -> Iterator[int]:
    """Every node after all that may follow it; there are no cycles."""
    done: set[int] = set()
    waiting = [(0, iter(arcs[0].values()))]
    while waiting:
        node, following = waiting[-1]
        target = next((target for target in following if target not in done), None)
        if target is None:
            waiting.pop()
            if node not in done:
                done.add(node)
                yield node
        else:
            waiting.append((target, iter(arcs[target].values())))


def _order(label: Label) -> tuple[int, str, str, int]:
    if isinstance(label, str):
        return 0, label, "", 0
    return (1, label.list, label.slot, label.block) if isinstance(label, SlotArc) else (2, label.slot, label.written, 0)
