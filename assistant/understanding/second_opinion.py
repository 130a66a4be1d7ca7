"""A second opinion on meaning: what was probably wanted, in words that no template has.

A sentence encoder tells what lies close in meaning, words and pairs of words tell what it cannot tell apart ("louder",
"quieter"; "hug me", "she hugged me"), and kernel ridge regression (Saunders et al. 1998) on examples of all intents and
of talk that is none of them makes one judgement of both.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.lessons import Lesson
from assistant.understanding.normal import tokens

Floats = NDArray[np.float32]

# Chosen by leaving each lesson out in turn; see docs/understanding.md.
BY_MEANING = 1.5  # how sharply a sentence is told from others by meaning
BY_WORDS = 1.0  # and by words
RIDGE = 0.1
PAIR_WEIGHT = 0.7  # of two words in a row, beside 1 for each word
LEAST_OFTEN = 2  # a word that stands in fewer lessons teaches nothing

# Logistic fits on the lessons left out in turn: weights of likeness and of none, and a constant.
RIGHT = (6.6, -3.8, -1.25)
MEANT = (3.2, -7.9, 2.3)
ACT = 0.8  # do it
ASK = 0.8  # or at least ask
LEAST_SCORE = 0.1

LONGEST_WORDS = 30  # what is longer is a story


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was probably meant. ``score`` 0..1; ``unsure``: ask before doing it."""

    intent: str
    score: float
    unsure: bool
    slots: Mapping[str, Any] = field(default_factory=dict)


class SecondOpinion(Protocol):
    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        """The one of the ``allowed`` intents that ``text`` probably means; None when none is likely. Never raises."""


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, dimensions), each row of length 1."""


class WordIndex:
    """Which lessons share words with a sentence: cosine of words and pairs of words, rare ones counting more."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(_features(text)) for text in texts]
        lessons_with = Counter(feature for count in counts for feature in count)
        self._rarity = {
            feature: math.log((len(texts) + 1) / (number + 1)) + 1
            for feature, number in lessons_with.items()
            if number >= LEAST_OFTEN
        }
        self._length = len(texts)
        entries: dict[str, list[tuple[int, float]]] = {}
        for row, count in enumerate(counts):
            for feature, weight in self._weighed(count).items():
                entries.setdefault(feature, []).append((row, weight))
        self._rows = {feature: np.array([row for row, _ in found]) for feature, found in entries.items()}
        self._weights = {
            feature: np.array([weight for _, weight in found], np.float32) for feature, found in entries.items()
        }

    def _weighed(self, count: Counter[str]) -> dict[str, float]:
        weights = {
            feature: (1 + math.log(number)) * self._rarity[feature] * (PAIR_WEIGHT if " " in feature else 1.0)
            for feature, number in count.items()
            if feature in self._rarity
        }
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / norm for feature, weight in weights.items()}

    def alike(self, text: str) -> Floats:
        """Shape (lessons,), 0..1."""
        found = np.zeros(self._length, np.float32)
        for feature, weight in self._weighed(Counter(_features(text))).items():
            found[self._rows[feature]] += weight * self._weights[feature]
        return found

    def alike_among_themselves(self) -> Floats:
        """Shape (lessons, lessons), 0..1."""
        found = np.zeros((self._length, self._length), np.float32)
        for feature, rows in self._rows.items():
            weights = self._weights[feature]
            found[np.ix_(rows, rows)] += np.outer(weights, weights)
        return found


def _features(text: str) -> Iterator[str]:
    words = tokens(text)
    yield from words
    for pair in zip(["<", *words], [*words, ">"], strict=True):
        yield " ".join(pair)


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What was learned, as arrays: ``vectors`` (lessons, dimensions), ``weights`` (lessons, 1 + intents)."""

    vectors: Floats
    weights: Floats


def teach(lessons: Sequence[Lesson], encoder: Encoder) -> Taught:
    """Learn from ``lessons``: some seconds, and 8 bytes times the square of their number in memory."""
    texts = [lesson.text for lesson in lessons]
    vectors = encoder.encode(texts)
    kernel = _kernel(vectors @ vectors.T, WordIndex(texts).alike_among_themselves())
    kernel[np.diag_indices_from(kernel)] += RIDGE
    numbers = {name: number for number, name in enumerate(_intents(lessons), start=1)}
    targets = np.zeros((len(lessons), len(numbers) + 1), np.float32)
    for row, lesson in enumerate(lessons):
        targets[row, numbers[lesson.intent] if lesson.intent else 0] = 1.0
    return Taught(vectors, np.linalg.solve(kernel, targets).astype(np.float32))


def _kernel(by_meaning: Floats, by_words: Floats) -> Floats:
    return np.exp(BY_MEANING * (by_meaning - 1.0) + BY_WORDS * (by_words - 1.0))


def _intents(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    return tuple(sorted({lesson.intent for lesson in lessons if lesson.intent}))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much a sentence looks like its likeliest intent, and how much like none; about 0..1 each."""

    intent: str
    likeness: float
    none: float
    nearest: Lesson

    @property
    def score(self) -> float:
        """How probable it is that just this intent was meant, 0..1."""
        return _sigmoid(RIGHT[0] * self.likeness + RIGHT[1] * self.none + RIGHT[2])

    @property
    def meant(self) -> float:
        """How probable it is that anything of ours was meant at all, 0..1."""
        return _sigmoid(MEANT[0] * self.likeness + MEANT[1] * self.none + MEANT[2])


class LearnedOpinion:
    """The second opinion that was taught by ``lessons``. Pure: the same words always get the same answer."""

    def __init__(self, lessons: Sequence[Lesson], taught: Taught, encoder: Encoder) -> None:
        self._lessons = lessons
        self._taught = taught
        self._encoder = encoder
        self._intents = _intents(lessons)
        self._index = WordIndex([lesson.text for lesson in lessons])

    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        if not 0 < len(tokens(text)) <= LONGEST_WORDS:
            return None
        judged = self.judge(text)
        # What is not allowed now, but likelier than all that is, was probably meant: then nothing is proposed.
        if judged.intent not in allowed or judged.meant < ASK or judged.score < LEAST_SCORE:
            return None
        unsure = judged.score < ACT
        return Proposal(judged.intent, round(judged.score, 4), unsure, dict(judged.nearest.slots))

    def judge(self, text: str) -> Judgement:
        """What ``text`` looks like, before anything is rejected."""
        near = _kernel(self._taught.vectors @ self._encoder.encode([text])[0], self._index.alike(text))
        none, *likenesses = (near @ self._taught.weights).tolist()
        best = max(range(len(likenesses)), key=likenesses.__getitem__)
        intent = self._intents[best]
        nearest = max(
            (row for row, lesson in enumerate(self._lessons) if lesson.intent == intent), key=near.__getitem__
        )
        return Judgement(intent, likenesses[best], none, self._lessons[nearest])


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
