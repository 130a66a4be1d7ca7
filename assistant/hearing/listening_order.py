"""What the ears are told to listen for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.events import EndpointName, Hypothesis, ListenMode


@dataclass(frozen=True, slots=True)
class Order:
    """What the ears are to listen for.

    ``grammar`` holds all phrases that can be heard, or is None for free speech (`WAKE` and `OFF` need none).
    ``no_input_s`` seconds in which nobody begins to speak come back as `Silence`; None: wait for ever.
    ``is_complete`` tells whether a text is a complete, unambiguous answer, so that it may be decided early;
    ``is_command`` whether it is one that might still go on, for whoever talks over a voice.
    ``is_understood`` tells whether a command fits the readings of an utterance; else it is heard without the grammar.
    ``or_words``: what does not fit the grammar is an answer as well, and is heard without it.
    ``carry_s`` is how much of speech that is under way when the order is given counts for it.
    ``closed_grammar`` gives, for the first readings of what was said in noise, all phrases that it may have been, or
    None where it may have been anything.
    """

    mode: ListenMode
    grammar: tuple[str, ...] | None = None
    endpoint: EndpointName = "command"
    no_input_s: float | None = None
    is_complete: Callable[[str], bool] = lambda _text: False
    is_command: Callable[[str], bool] = lambda _text: False
    is_understood: Callable[[Sequence[Hypothesis]], bool] = lambda _hypotheses: True
    or_words: bool = False
    carry_s: float = 10.0
    closed_grammar: Callable[[tuple[Hypothesis, ...]], tuple[str, ...] | None] = lambda _first: None
