"""Templates that stand for too many sentences to list, searchable as a `PhraseBook` is for the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np

from assistant.understanding.networks.network import Network, weave
from assistant.understanding.networks.search import Found, NetworkSearch
from assistant.understanding.phrases.table import Phrase, Sense
from assistant.understanding.templates.templates import Opener, Slots, TemplateError, template_error
from assistant.understanding.words.alignment import Alignment, Distance
from assistant.understanding.words.shells import Run
from assistant.understanding.words.weights import Weights

SENSES = 4
PER_SENSE = 3
LEAST_LIKENESS = 0.5  # far below what is ever accepted or stands in the way of what is: not worth finding the way of


@dataclass(frozen=True, slots=True)
class LargeTemplate:
    """A template for a word network; ``where`` is its ``file:line``, ``slots`` come along whatever was said."""

    template: str
    sense: Sense
    strict: bool
    opener: Opener
    where: str
    slots: Slots = ()


@dataclass(frozen=True, slots=True)
class Near:
    """What utterance number ``heard`` may mean, and how it is aligned with it."""

    heard: int
    phrase: Phrase
    alignment: Alignment


def woven(templates: Sequence[LargeTemplate], written: Callable[[str], Run]) -> Network:
    """One network of all ``templates``. Raises IntentsError with file and line for one that cannot be used."""
    try:
        return weave([(one.template, one.opener) for one in templates], written)
    except TemplateError:
        for one in templates:
            try:
                weave([(one.template, one.opener)], written)
            except TemplateError as error:
                raise template_error(one.where, one.template, error) from None
        raise


class LargeTemplates:
    """All templates of a language that cannot be listed, and the network that they were woven into."""

    def __init__(self, templates: Sequence[LargeTemplate], network: Network) -> None:
        self.templates = tuple(templates)
        self.network = network

    def words(self) -> dict[Sense, set[str]]:
        """The words of each sense's sentences."""
        words: dict[Sense, set[str]] = {}
        for number, one in enumerate(self.templates):
            words.setdefault(one.sense, set()).update(self.network.words(number))
        return words


class NetworkBook:
    """Finds the sentences of large templates that are nearest to what was heard."""

    def __init__(self, large: LargeTemplates, weights: Weights, distance: Distance) -> None:
        self._templates = large.templates
        self._weights = weights
        self._search = NetworkSearch(large.network, weights.weight, distance)

    def near(self, heard: Sequence[Run], lost: Sequence[float], allowed: Set[Sense], strict: bool) -> list[Near]:
        """The nearest sentence of the likeliest templates and utterances, at most PER_SENSE of SENSES senses.

        ``lost`` is what a reading of each utterance loses before it is compared with anything.
        """
        usable = [
            number for number, one in enumerate(self._templates) if one.sense in allowed and (one.strict or not strict)
        ]
        if not usable or not heard:
            return []
        found = self._search.search(heard)
        weights = np.array([max(sum(map(self._weights.weight, run)), 1e-9) for run in heard])
        # Never less than what it will come to: the sentence may be heavier than what was heard.
        likeness = 1.0 - found.costs[usable] / weights - np.array(lost)
        order = np.argsort(-likeness, axis=None, kind="stable")
        kept: dict[Sense, list[Near]] = {}
        for place in order.tolist():
            if likeness.flat[place] < LEAST_LIKENESS:
                break
            template, utterance = usable[place // len(heard)], place % len(heard)
            sense = self._templates[template].sense
            if sense not in kept and len(kept) >= SENSES:
                continue
            of_sense = kept.setdefault(sense, [])
            if len(of_sense) < PER_SENSE:
                of_sense.append(self._near(found, template, utterance, heard[utterance]))
            if len(kept) >= SENSES and all(len(near) >= PER_SENSE for near in kept.values()):
                break
        return [near for of_sense in kept.values() for near in of_sense]

    def _near(self, found: Found, number: int, utterance: int, run: Run) -> Near:
        one = self._templates[number]
        path = found.path(number, utterance)
        total = max(sum(map(self._weights.weight, run)), sum(map(self._weights.weight, path.words)), 1e-9)
        phrase = Phrase(path.words, one.sense, one.template, one.strict, (*path.slots, *one.slots))
        return Near(utterance, phrase, Alignment(max(0.0, 1.0 - path.cost / total), path.pairs))
