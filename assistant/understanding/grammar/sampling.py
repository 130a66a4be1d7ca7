"""Some sentences of a template that stands for too many to list: for the recogniser's grammar.

The recogniser makes a bigram model of the sentences it is given. Drawn at random they tell it how often what follows
what, and then sentences are added until every pair of words that can stand together does so in one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import TypeVar

from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk

from assistant.understanding.networks.book import LargeTemplate
from assistant.understanding.networks.network import Arc, Network
from assistant.understanding.templates.templates import parsed
from assistant.understanding.words.shells import Run

Key = TypeVar("Key")


def drawn(large: LargeTemplate, count: int, seed: int, written: Callable[[str], Run]) -> Iterator[Run]:
    """``count`` sentences, each choice of the template as likely as those beside it; the same for each ``seed``."""
    dice = Random(seed)  # noqa: S311  (nothing secret about it)
    values: dict[str, list[str]] = {}

    def draw(expression: Expression) -> str:
        if isinstance(expression, TextChunk):
            return str(expression.original_text)
        if isinstance(expression, RuleReference):
            return draw(large.opener.rule(expression.rule_name))
        if isinstance(expression, ListReference):
            name = expression.list_name
            if name not in values:
                values[name] = [text for text, _ in large.opener.values(expression)]
            return dice.choice(values[name])
        if isinstance(expression, Alternative):
            return draw(dice.choice(expression.items))
        if isinstance(expression, Permutation):
            return "".join(draw(item) for item in dice.sample(expression.items, len(expression.items)))
        if isinstance(expression, Group):
            return "".join(map(draw, expression.items))
        return ""

    for _ in range(count):
        yield written(draw(parsed(large.template)))


def every_pair(network: Network, template: int) -> Iterator[Run]:
    """Short sentences of a template in which each pair of words that may stand together does so at least once."""
    return _Pairs(network, network.ends[template]).sentences()


class _Pairs:
    """The arcs of one template, and for each node the shortest way from there to the end."""

    def __init__(self, network: Network, end: int) -> None:
        self._after: dict[int, Run] = {end: ()}
        arcs = []
        for arc in reversed(network.arcs):
            if arc.target in self._after:
                arcs.append(arc)
                _keep_shorter(self._after, arc.source, (*_said(arc), *self._after[arc.target]))
        self._arcs = arcs[::-1]

    def sentences(self) -> Iterator[Run]:
        # For each node and each word that may come just before it, the shortest way there.
        ways: dict[int, dict[str, Run]] = {0: {"": ()}}
        seen: set[tuple[str, str]] = set()
        for arc in self._arcs:
            here = ways.setdefault(arc.target, {})
            for last, before in ways[arc.source].items():
                if not arc.word:
                    _keep_shorter(here, last, before)
                elif (last, arc.word) not in seen:
                    seen.add((last, arc.word))
                    yield (*before, arc.word, *self._after[arc.target])
            if arc.word:
                shortest = min(ways[arc.source].values(), key=len)
                _keep_shorter(here, arc.word, (*shortest, arc.word))


def _said(arc: Arc) -> Run:
    return (arc.word,) if arc.word else ()


def _keep_shorter(ways: dict[Key, Run], key: Key, way: Run) -> None:
    if key not in ways or len(way) < len(ways[key]):
        ways[key] = way
