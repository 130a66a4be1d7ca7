"""Hearing with a grammar and without it at once, where a yes or no is awaited and anything else may be said instead.

A grammar hears a short answer best and bends a sentence until nothing is left of it; without one it is the other way
round. Hearing the sound once more afterwards would take too long, and only its last seconds are remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.events import Hypothesis, Samples
from assistant.hearing.recogniser import Decoder

FEW_WORDS = 2  # heard freely: so short an answer is as the grammar has it, when it makes sense


class EitherWay:
    """A decoder of two: ``by_grammar`` where `is_understood` says that its readings are an answer, else ``freely``."""

    def __init__(
        self, by_grammar: Decoder, freely: Decoder, is_understood: Callable[[Sequence[Hypothesis]], bool]
    ) -> None:
        self._by_grammar = by_grammar
        self._freely = freely
        self._is_understood = is_understood

    def reset(self, start_s: float = 0.0) -> None:
        self._by_grammar.reset(start_s)
        self._freely.reset(start_s)

    def accept(self, samples: Samples) -> None:
        self._by_grammar.accept(samples)
        self._freely.accept(samples)

    def partial(self) -> str:
        """Freely heard: a grammar may find a yes in the middle of a sentence."""
        return self._freely.partial()

    def finish(self) -> tuple[Hypothesis, ...]:
        by_grammar, freely = self._by_grammar.finish(), self._freely.finish()
        words = freely[0].text.split() if freely else []
        short = len(words) <= FEW_WORDS or self._is_understood(freely)
        if short and self._is_understood(by_grammar):
            return by_grammar
        return freely if words else by_grammar
