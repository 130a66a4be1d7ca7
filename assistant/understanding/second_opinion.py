"""A second opinion on meaning: what was probably wanted, in words that no template has.

A sentence encoder tells what lies close in meaning, words and pairs of words tell what it cannot tell apart ("louder",
"quieter"; "hug me", "she hugged me"), and kernel ridge regression (Saunders et al. 1998) on examples of all intents and
of talk that is none of them makes one judgement of both.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.lessons import Lesson
from assistant.understanding.normal import tokens
from assistant.understanding.word_index import WordIndex, index_of

Floats = NDArray[np.float32]

# Chosen by leaving each lesson out in turn; see docs/understanding.md.
BY_MEANING = 1.5  # how sharply a sentence is told from others by meaning
BY_WORDS = 1.0  # and by words
RIDGE = 0.03
_BLOCK = 512  # rows that are solved for at a time

# Logistic fits on sentences that are no lessons (tests/data): weights of likeness and of none, and a constant.
RIGHT = (7.6, -5.3, -1.4)
MEANT = (5.4, -8.2, 0.9)
ACT = 0.8  # so probably right: do it
ASK = 0.8  # so probably meant at all: ask

_AT_ONCE = 512  # lessons
LONGEST_WORDS = 30  # what is longer is a story


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was probably meant. ``score`` 0..1, ``margin`` to the ``runner_up``; ``unsure``: ask before doing it."""

    intent: str
    score: float
    unsure: bool
    margin: float = 0.0
    runner_up: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)


class SecondOpinion(Protocol):
    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        """The one of the ``allowed`` intents that ``text`` probably means; None when none is likely. Never raises."""

    def disclosed(self, text: str) -> Suspicion | None:
        """How much ``text`` looks like something that is not for an exercise; None: no opinion. Never raises."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """``likeness`` is about 0..1, ``category`` one of safety.yaml."""

    likeness: float
    category: str


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, dimensions), each row of length 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What was learned, as arrays: ``vectors`` (lessons, dimensions), ``weights`` (lessons, 1 + intents), and words."""

    vectors: NDArray[np.float16]
    weights: Floats
    words: WordIndex


def teach(lessons: Sequence[Lesson], encoder: Encoder) -> Taught:
    """Learn from ``lessons``: some seconds, and 4 bytes times the square of their number in memory."""
    texts = [lesson.text for lesson in lessons]
    vectors = encoder.encode(texts)
    kernel = np.asarray(vectors @ vectors.T, np.float32)
    kernel *= BY_MEANING
    words = index_of(texts)
    words.add_alike_among_themselves(kernel, BY_WORDS)
    kernel -= BY_MEANING + BY_WORDS
    np.exp(kernel, out=kernel)
    kernel[np.diag_indices_from(kernel)] += RIDGE
    numbers = {name: number for number, name in enumerate(_intents(lessons), start=1)}
    targets = np.zeros((len(lessons), len(numbers) + 1), np.float32)
    for row, lesson in enumerate(lessons):
        targets[row, numbers[lesson.intent] if lesson.intent else 0] = 1.0
    return Taught(vectors.astype(np.float16), _solved(kernel, targets), words)


def _solved(matrix: Floats, targets: Floats) -> Floats:
    """What times ``matrix``, symmetric and positive, is ``targets``: Cholesky's method by blocks.

    In the place of both, and of the lower half alone, so that it takes half the time and a third of the memory of
    numpy's own way.
    """
    size = len(matrix)
    blocks = [slice(begin, min(begin + _BLOCK, size)) for begin in range(0, size, _BLOCK)]
    inverses: list[Floats] = []
    for number, block in enumerate(blocks):
        inverse = np.asarray(np.linalg.inv(np.linalg.cholesky(matrix[block, block])), np.float32)
        inverses.append(inverse)
        targets[block] = inverse @ targets[block]
        below = slice(block.stop, size)
        matrix[below, block] = matrix[below, block] @ inverse.T
        targets[below] -= matrix[below, block] @ targets[block]
        for rows in blocks[number + 1 :]:
            columns = slice(block.stop, rows.stop)
            matrix[rows, columns] -= matrix[rows, block] @ matrix[columns, block].T
    for block, inverse in zip(reversed(blocks), reversed(inverses), strict=True):
        targets[block] -= matrix[block.stop :, block].T @ targets[block.stop :]
        targets[block] = inverse.T @ targets[block]
    return targets


def _kernel(by_meaning: Floats, by_words: Floats) -> Floats:
    return np.exp(BY_MEANING * (by_meaning - 1.0) + BY_WORDS * (by_words - 1.0))


def _intents(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    return tuple(sorted({lesson.intent for lesson in lessons if lesson.intent}))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much a sentence looks like its likeliest intent, like the one after it, and like none; about 0..1 each."""

    intent: str
    likeness: float
    runner_up: str | None
    next_likeness: float
    none: float
    nearest: Lesson

    @property
    def right(self) -> float:
        """How probable it is that just this intent was meant, 0..1."""
        return _probability(RIGHT, self.likeness, self.none)

    @property
    def meant(self) -> float:
        """How probable it is that anything of ours was meant at all, 0..1."""
        return _probability(MEANT, self.likeness, self.none)


class LearnedOpinion:
    """The second opinion that was taught by ``lessons``. Pure: the same words always get the same answer."""

    def __init__(
        self,
        lessons: Sequence[Lesson],
        taught: Taught,
        encoder: Encoder,
        on_disclosures: LearnedOpinion | None = None,
    ) -> None:
        """``on_disclosures`` was taught what is not for an exercise, with categories for intents."""
        self._on_disclosures = on_disclosures
        self._lessons = lessons
        self._taught = taught
        self._encoder = encoder
        self._intents = _intents(lessons)

    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        if not 0 < len(tokens(text)) <= LONGEST_WORDS:
            return None
        judged = self.judge(text)
        # What is likeliest but not allowed now was probably meant: then nothing else is proposed in its place.
        if judged.intent not in allowed or judged.meant < ASK:
            return None
        return Proposal(
            judged.intent,
            score=round(judged.meant, 4),
            unsure=judged.right < ACT,
            margin=round(max(0.0, judged.likeness - judged.next_likeness), 4),
            runner_up=judged.runner_up,
            slots=dict(judged.nearest.slots),
        )

    def disclosed(self, text: str) -> Suspicion | None:
        if self._on_disclosures is None or not tokens(text):
            return None
        judged = self._on_disclosures.judge(text)
        return Suspicion(1.0 - judged.none, judged.intent)

    def judge(self, text: str) -> Judgement:
        """What ``text`` looks like, before anything is rejected."""
        near = _kernel(self._alike(text), self._taught.words.alike(text))
        none, *likenesses = (near @ self._taught.weights).tolist()
        best, *others = sorted(range(len(likenesses)), key=lambda place: -likenesses[place])
        after = others[0] if others else best
        intent = self._intents[best]
        rows = [row for row, lesson in enumerate(self._lessons) if lesson.intent == intent]
        # Of an intent whose slots tell which of several is meant, a lesson that tells it.
        telling = [row for row in rows if self._lessons[row].slots] or rows
        nearest = max(telling, key=near.__getitem__)
        runner_up = self._intents[after] if others else None
        return Judgement(intent, likenesses[best], runner_up, likenesses[after], none, self._lessons[nearest])

    def _alike(self, text: str) -> Floats:
        """By meaning, shape (lessons,): some at a time, because products need twice the room that is kept."""
        vectors, sought = self._taught.vectors, self._encoder.encode([text])[0]
        parts = (vectors[start : start + _AT_ONCE] for start in range(0, len(vectors), _AT_ONCE))
        return np.concatenate([part.astype(np.float32) @ sought for part in parts])


def _probability(weights: tuple[float, float, float], likeness: float, none: float) -> float:
    value = weights[0] * likeness + weights[1] * none + weights[2]
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
