"""How long the oddest input may take, by the whole way that everything heard takes: disclosures are looked for, too."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from assistant import config
from assistant.events import Expectation, Hypothesis, ListenMode
from assistant.loading.phrases import load_library
from assistant.loading.second_opinion import load_opinion
from assistant.understanding import Understanding

TIMES = 3  # each is asked, the quickest counts: the machine has other things to do
WORDS = 10_000
SPOKEN_WORDS = 1_600  # in ten minutes
HYPOTHESES = 3


def measure_odd(seed: int, *, second_opinion: bool = True) -> dict[str, Any]:
    """Processor milliseconds of the slowest input in the slowest mode, once heard before (`slowest_ms`) and the first
    time that its words are heard at all (`slowest_first_ms`)."""
    library = load_library(config.Settings(), second_opinion=load_opinion if second_opinion else None)
    understanding = library[1]
    inputs = odd_inputs(seed, [text for intent in understanding.intents for text in intent.examples])
    first: list[tuple[float, str, str]] = []
    again: list[tuple[float, str, str]] = []
    for name, text in inputs.items():
        heard = [Hypothesis(text[number:], -number) for number in range(HYPOTHESES)]
        for mode, expectation in _expectations(understanding).items():
            first.append((_spent_ms(understanding, heard, expectation), name, mode))
            again.append((min(_spent_ms(understanding, heard, expectation) for _ in range(TIMES)), name, mode))
    return {
        "slowest_ms": round(max(again)[0], 1),
        "slowest": list(max(again)[1:]),
        "slowest_first_ms": round(max(first)[0], 1),
        "slowest_first": list(max(first)[1:]),
        "by_input_ms": {name: round(max(ms for ms, other, _ in again if other == name), 1) for name in inputs},
        "second_opinion": understanding.has_second_opinion,
    }


def odd_inputs(seed: int, talk: Sequence[str]) -> Mapping[str, str]:
    """By name; ``talk`` are ordinary lines, of which ten minutes of talk are made."""
    lot = random.Random(seed)
    words = sorted({word for line in talk for word in line.split()})
    made = dict.fromkeys(
        "".join(lot.choices("abcdefghijklmnopqrstuvwxyz", k=lot.randint(2, 9))) for _ in range(2 * WORDS)
    )
    spoken = " ".join(lot.choices(talk, k=SPOKEN_WORDS)).split()
    return {
        "empty": "",
        "ten minutes of talk": " ".join(spoken[:SPOKEN_WORDS]),
        "10,000 distinct words": " ".join(list(made)[:WORDS]),
        "10,000 words of commands": " ".join(lot.choices(words, k=WORDS)),
        "10,000 times one word": "stop " * WORDS,
        "10,000 numbers": " ".join(map(str, range(WORDS))),
        "one word of 100,000 letters": "a" * 100_000,
        "control characters": "\x00\x1b[31m\u202e" * 3_000,
        "other scripts": "停止 остановись توقف 😀 ﷽ " * 2_000,
        "any characters": "".join(chr(lot.randint(32, 0x2FFF)) for _ in range(100_000)),
        "marks on one letter": "a" + "\u0301" * 100_000,
    }


def _expectations(understanding: Understanding) -> Mapping[str, Expectation]:
    intents = understanding.expectation_for("all").intents
    return {
        "idle": understanding.expectation_for("idle"),
        "ritual": understanding.expectation_for("ritual"),
        "answer": understanding.expectation_for("answer"),
        "names": Expectation(ListenMode.ANSWER, intents, "names"),
        "rating": Expectation(ListenMode.CHOICE, intents, "rating"),
        "yes_no": Expectation(ListenMode.CHOICE, intents, "yes_no"),
        "when": Expectation(ListenMode.COMMAND, intents, "when"),
    }


def _spent_ms(understanding: Understanding, heard: Sequence[Hypothesis], expectation: Expectation) -> float:
    before = time.process_time()
    understanding.understand(heard, expectation)
    return (time.process_time() - before) * 1e3
