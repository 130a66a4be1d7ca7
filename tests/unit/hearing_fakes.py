"""Sound in which words can be read off, and ears that read them: hearing without a model.

A word is a stretch of one sample value, its own; silence is zeros. So a decoder that was given only the end of a
word, or a word twice, gives itself away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.events import AudioChunk, Event, Hypothesis, Samples, Word
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.wake.phrase import WakePhrase

RATE_HZ = 16_000
TEXT = "hey evensong stop gratitude time seven huh my sister called today that's all even song"
WORDS = TEXT.split()
UNKNOWN_TO_IT = frozenset(("eversong",))


def sound(*parts: str | float) -> Samples:
    """Words last 0.3 s each ("stop", or "stop:0.1" for another length); a number is that much silence in seconds."""
    made = []
    for part in parts:
        if isinstance(part, float | int):
            made.append(np.zeros(round(part * RATE_HZ), np.int16))
            continue
        word, _, length = part.partition(":")
        samples = np.full(round(float(length or 0.3) * RATE_HZ), 100 * (WORDS.index(word) + 1), np.int16)
        made.append(samples)
    return np.concatenate(made)


def chunks(samples: Samples, length: int = 320) -> Iterator[AudioChunk]:
    for place in range(0, len(samples), length):
        yield AudioChunk(samples[place : place + length], place / RATE_HZ)


def voice(block: Samples) -> float:
    return 1.0 if np.count_nonzero(block) > len(block) // 2 else 0.0


class FakeDecoder:
    """Reads the words off the sound. A word shorter than 0.05 s is not noticed."""

    def __init__(self, phrases: Sequence[str] | None, posterior: float = 1.0) -> None:
        self._known = None if phrases is None else {word for phrase in phrases for word in phrase.split()}
        self._posterior = posterior
        self._sound: list[Samples] = []
        self._start_s = 0.0

    def reset(self, start_s: float = 0.0) -> None:
        self._sound = []
        self._start_s = start_s

    def accept(self, samples: Samples) -> None:
        self._sound.append(samples)

    def _words(self) -> tuple[Word, ...]:
        samples = np.concatenate([np.zeros(1, np.int16), *self._sound, np.zeros(1, np.int16)])
        edges = np.flatnonzero(np.diff(samples))
        found = []
        for start, end in pairwise(edges):
            value = int(samples[start + 1])
            if value and end - start >= 0.05 * RATE_HZ:
                word = WORDS[value // 100 - 1]
                heard = word if self._known is None or word in self._known else "[unk]"
                found.append(Word(heard, self._start_s + start / RATE_HZ, self._start_s + end / RATE_HZ))
        return tuple(found)

    def partial(self) -> str:
        return " ".join(word.text for word in self._words())

    def finish(self) -> tuple[Hypothesis, ...]:
        words = self._words()
        return (Hypothesis(" ".join(word.text for word in words), 1.0, words),)

    def finish_with_posteriors(self) -> tuple[tuple[Word, float], ...]:
        return tuple((word, self._posterior) for word in self._words())


class FakeRecogniser:
    model_path = Path("nowhere")

    def __init__(self, posterior: float = 1.0) -> None:
        self._posterior = posterior

    def knows(self, word: str) -> bool:
        return word not in UNKNOWN_TO_IT

    def free(self) -> FakeDecoder:
        return FakeDecoder(None)

    def grammar(self, phrases: Sequence[str], n_best: int = 10, likelier: Sequence[str] = ()) -> FakeDecoder:
        return FakeDecoder(phrases, self._posterior)


def ears(voice: Callable[[Samples], float] = voice) -> Hearing:
    recogniser = FakeRecogniser()
    return Hearing(recogniser, WakePhrase("hey evensong", recogniser), voice=voice)


def heard(
    hearing: Hearing, samples: Samples, answer: Callable[[Event], Order | None] = lambda _event: None, length: int = 320
) -> list[Event]:
    """All events of ``samples``; ``answer`` may give a new order after each."""
    events: list[Event] = []
    for chunk in chunks(samples, length):
        for event in hearing.hear(chunk):
            events.append(event)
            order = answer(event)
            if order is not None:
                hearing.open(order)
    return events
