"""What the second opinion learns, once for each set of lessons: some seconds of work, kept afterwards as arrays."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.semantic.lessons import Lesson
from assistant.understanding.semantic.word_index import WordIndex, index_of

_PUNCTUATION = re.compile(r"[^\w\s']")

Floats = NDArray[np.float32]

# Chosen by leaving each lesson out in turn; see docs/decisions/0021-second-opinion.md.
BY_MEANING = 1.5  # how sharply a sentence is told from others by meaning
BY_WORDS = 1.0  # and by words
RIDGE = 0.03
DIRECTIONS = 256  # of what sentences mean: those in which lessons differ most; all 512 tell no better
_BLOCK = 512  # rows that are solved for at a time
AT_ONCE = 256  # lessons: more do not stay in the processor's cache


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, dimensions), each row of length 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What was learned, as arrays: the ``directions`` of meaning that count (dimensions of the encoder, directions),
    ``vectors`` along them (lessons, directions), ``weights`` (lessons, 1 + intents), and words.
    """

    directions: NDArray[np.float16]
    vectors: NDArray[np.float16]
    weights: Floats
    words: WordIndex


def teach(lessons: Sequence[Lesson], encoder: Encoder) -> Taught:
    """Learn from ``lessons``: some seconds, and 2 bytes times the square of their number in memory."""
    texts = [plain(lesson.text) for lesson in lessons]
    encoded = encoder.encode(texts)
    directions = _directions(encoded)
    vectors = along(encoded, directions)
    words = index_of(texts)

    def likeness(some: slice) -> Floats:
        alike = np.asarray(vectors[some] @ vectors[: some.stop].T, np.float32)
        alike *= BY_MEANING
        words.add_alike(alike, some, BY_WORDS)
        alike -= BY_MEANING + BY_WORDS
        np.exp(alike, out=alike)
        alike[:, some][np.diag_indices(len(alike))] += RIDGE
        return alike

    numbers = {name: number for number, name in enumerate(intents_of(lessons), start=1)}
    targets = np.zeros((len(lessons), len(numbers) + 1), np.float32)
    for row, lesson in enumerate(lessons):
        targets[row, numbers[lesson.intent] if lesson.intent else 0] = 1.0
    return Taught(directions, vectors.astype(np.float16), solved(likeness, targets), words)


def _directions(vectors: Floats) -> NDArray[np.float16]:
    """The first principal ones, not centred, so that lengths and angles stay what they are."""
    products = np.zeros((vectors.shape[1], vectors.shape[1]), np.float64)
    for start in range(0, len(vectors), AT_ONCE):
        part = vectors[start : start + AT_ONCE].astype(np.float64)
        products += part.T @ part
    _, found = np.linalg.eigh(products)  # the least first
    return np.ascontiguousarray(found[:, ::-1][:, :DIRECTIONS]).astype(np.float16)


def along(vectors: Floats, directions: NDArray[np.float16]) -> Floats:
    """``vectors`` along the ``directions``, each of length 1 again."""
    along = vectors @ directions.astype(np.float32)
    return np.asarray(along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9), np.float32)


def solved(matrix: Callable[[slice], Floats], targets: Floats) -> Floats:
    """What times ``matrix``, symmetric and positive, is ``targets``: Cholesky's method by blocks, in their place.

    ``matrix`` gives rows up to the last of them: only its lower half is ever made, and becomes the factor.
    """
    size = len(targets)
    blocks = [slice(begin, min(begin + _BLOCK, size)) for begin in range(0, size, _BLOCK)]
    factor: list[Floats] = []
    inverses: list[Floats] = []
    for block in blocks:
        rows = matrix(block)
        for before, row, inverse in zip(blocks, factor, inverses, strict=False):
            rows[:, before] -= rows[:, : before.start] @ row[:, : before.start].T
            rows[:, before] = rows[:, before] @ inverse.T
        left = rows[:, : block.start]
        inverse = np.asarray(np.linalg.inv(np.linalg.cholesky(rows[:, block] - left @ left.T)), np.float32)
        targets[block] = inverse @ (targets[block] - left @ targets[: block.start])
        factor.append(rows)
        inverses.append(inverse)
    for block, rows, inverse in zip(reversed(blocks), reversed(factor), reversed(inverses), strict=True):
        targets[block] = inverse.T @ targets[block]
        targets[: block.start] -= rows[:, : block.start].T @ targets[block]
    return targets


def kernel_of(by_meaning: Floats, by_words: Floats) -> Floats:
    return np.exp(BY_MEANING * (by_meaning - 1.0) + BY_WORDS * (by_words - 1.0))


def intents_of(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    return tuple(sorted({lesson.intent for lesson in lessons if lesson.intent}))


def plain(text: str) -> str:
    """``text`` as a recogniser would write it: no capitals, no punctuation; the encoder takes them for meaning."""
    return " ".join(_PUNCTUATION.sub(" ", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()).split())
