"""A second opinion on meaning: what was probably wanted, in words that no template has.

A sentence encoder tells what lies close in meaning, words and pairs of words tell what it cannot tell apart ("louder",
"quieter"; "hug me", "she hugged me"), and kernel ridge regression (Saunders et al. 1998) on examples of all intents and
of talk that is none of them makes one judgement of both.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.semantic.lessons import Lesson
from assistant.understanding.semantic.matrix import Matrix
from assistant.understanding.semantic.teaching import (
    AT_ONCE,
    Encoder,
    Floats,
    Taught,
    along,
    intents_of,
    kernel_of,
    plain,
)
from assistant.understanding.words.normal import tokens

# Logistic fits on sentences that are no lessons (tests/data): weights of likeness, of none and of the logarithm of the
# number of words (a few words are like anything), and a constant.
RIGHT = (7.6, -4.0, 0.9, -3.7)
MEANT = (6.3, -6.8, 1.1, -2.1)
ACT = 0.85  # so probably right: do it
ASK = 0.75  # so probably meant at all: ask

LONGEST_WORDS = 30  # what is longer is a story
LONGEST_CHARACTERS = 300  # and no words are that long
PIECE_WORDS = 24  # of a long answer, in which little is told among much else
# are judged: those whose words tell most, so that the longest answer takes no longer. Of 360 long answers, 180 of which
# held a disclosure, the third best piece never told what the first two did not.
MOST_PIECES = 2


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
    @property
    def encoder(self) -> Encoder | None:
        """What it knows sentences by; None while it is not ready."""

    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        """The one of the ``allowed`` intents that ``text`` probably means; None when none is likely. Never raises."""

    def judged(self, text: str) -> Judgement | None:
        """What ``text`` looks like, before anything is rejected; None: no opinion. Never raises."""

    def disclosed(self, text: str) -> Suspicion | None:
        """How much ``text`` looks like something that is not for an exercise; None: no opinion. Never raises."""

    def encode(self, texts: Sequence[str]) -> Floats | None:
        """What ``texts`` mean, as rows of length 1; None while it cannot be told. Never raises."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """``likeness`` is about 0..1, ``category`` one of safety.yaml."""

    likeness: float
    category: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much a sentence of some ``words`` looks like its likeliest intent, like the one after it, and like none.

    About 0..1 each.
    """

    intent: str
    likeness: float
    runner_up: str | None
    next_likeness: float
    none: float
    words: int
    slots: tuple[tuple[str, Any], ...]

    @property
    def right(self) -> float:
        """How probable it is that just this intent was meant, 0..1."""
        return _probability(RIGHT, self.likeness, self.none, self.words)

    @property
    def meant(self) -> float:
        """How probable it is that anything of ours was meant at all, 0..1."""
        return _probability(MEANT, self.likeness, self.none, self.words)


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
        self._weights, self._words = Matrix.of(taught.weights), taught.words
        self._vectors, self._scales = _in_a_byte(taught.vectors)
        self._directions = taught.directions
        self.encoder = encoder
        self._slots = {row: lesson.slots for row, lesson in enumerate(lessons) if lesson.slots}
        self._intents = intents_of(lessons)
        self._telling = _telling_words(lessons)
        self._rows = _rows(lessons)

    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        judged = self.judged(text)
        # What is likeliest but not allowed now was probably meant: then nothing else is proposed in its place.
        if judged is None or judged.intent not in allowed or judged.meant < ASK:
            return None
        return Proposal(
            judged.intent,
            score=round(judged.meant, 4),
            unsure=judged.right < ACT,
            margin=round(max(0.0, judged.likeness - judged.next_likeness), 4),
            runner_up=judged.runner_up,
            slots=dict(judged.slots),
        )

    def judged(self, text: str) -> Judgement | None:
        if len(text) > LONGEST_CHARACTERS or not 0 < len(tokens(text)) <= LONGEST_WORDS:
            return None
        return self.judge(plain(text))

    def disclosed(self, text: str) -> Suspicion | None:
        on_disclosures = self._on_disclosures
        if on_disclosures is None:
            return None
        pieces = in_pieces(plain(text))
        if len(pieces) > MOST_PIECES:
            pieces.sort(key=lambda piece: on_disclosures.meant_by_words(set(piece.split())), reverse=True)
        said = dict.fromkeys(piece[:LONGEST_CHARACTERS] for piece in pieces)
        judged = on_disclosures.judge_all(list(islice(filter(tokens, said), MOST_PIECES)))
        return max((Suspicion(1.0 - one.none, one.intent) for one in judged), key=_likeness, default=None)

    def encode(self, texts: Sequence[str]) -> Floats | None:
        return self.encoder.encode([plain(text) for text in texts])

    def meant_by_words(self, words: Collection[str]) -> float:
        """How much ``words`` alone look like something that is meant: quick, to choose what to judge."""
        return sum(self._telling.get(word, 0.0) for word in words)

    def judge(self, text: str) -> Judgement:
        """What ``text``, which is ``plain``, looks like."""
        return self.judge_all([text])[0]

    def judge_all(self, texts: Sequence[str]) -> list[Judgement]:
        """What each of ``texts``, which are ``plain``, looks like: quicker together than one by one."""
        return [self._judge(text, alike) for text, alike in zip(texts, self._alike(texts), strict=True)]

    def _judge(self, text: str, by_meaning: Floats) -> Judgement:
        near = kernel_of(by_meaning, self._words.alike(text))
        none, *likenesses = self._weights.times(near).tolist()
        best, *others = sorted(range(len(likenesses)), key=lambda place: -likenesses[place])
        after = others[0] if others else best
        intent = self._intents[best]
        rows = self._rows[intent]
        nearest = rows[int(near[rows].argmax())]
        slots = self._slots.get(int(nearest), ())
        runner_up = self._intents[after] if others else None
        return Judgement(intent, likenesses[best], runner_up, likenesses[after], none, len(tokens(text)), slots)

    def _alike(self, texts: Sequence[str]) -> Floats:
        """By meaning, shape (texts, lessons): some at a time, for products need four times the room that is kept."""
        sought = along(self.encoder.encode(texts), self._directions)
        parts = (self._vectors[start : start + AT_ONCE] for start in range(0, len(self._vectors), AT_ONCE))
        return np.concatenate([sought @ part.astype(np.float32).T for part in parts], axis=1) * self._scales


def _in_a_byte(vectors: NDArray[np.float16]) -> tuple[NDArray[np.int8], Floats]:
    """Each row as whole numbers up to 127, and by what to multiply it: no probability changes by 0.01 through this."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-6).astype(np.float32) / 127
    whole = np.empty(vectors.shape, np.int8)
    for start in range(0, len(vectors), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        whole[part] = np.rint(vectors[part].astype(np.float32) / scales[part, None])
    return whole, scales


def in_pieces(text: str) -> list[str]:
    """``text`` whole, or, when it is long, in pieces that overlap by half."""
    words = text.split()
    if len(words) <= PIECE_WORDS + PIECE_WORDS // 2:
        return [text]
    starts = range(0, len(words) - PIECE_WORDS // 2, PIECE_WORDS // 2)
    return [" ".join(words[start : start + PIECE_WORDS]) for start in starts]


def _rows(lessons: Sequence[Lesson]) -> dict[str, NDArray[np.intp]]:
    """Where the lessons of each intent stand: where slots tell which of several is meant, those that tell it."""
    rows: dict[str, list[int]] = {}
    for row, lesson in enumerate(lessons):
        if lesson.intent:
            rows.setdefault(lesson.intent, []).append(row)
    telling = {name: [row for row in found if lessons[row].slots] or found for name, found in rows.items()}
    return {name: np.array(found) for name, found in telling.items()}


def _telling_words(lessons: Sequence[Lesson]) -> dict[str, float]:
    """How much more often, as a logarithm, each word stands in lessons with an intent than in those with none."""
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for lesson in lessons:
        counts[lesson.intent is not None].update(set(tokens(lesson.text)))
    meant, others = (sum(1 for one in lessons if (one.intent is not None) is which) + 2 for which in (True, False))
    return {
        word: math.log((counts[True][word] + 1) / meant) - math.log((counts[False][word] + 1) / others)
        for word in counts[True]
    }


def _likeness(suspicion: Suspicion) -> float:
    return suspicion.likeness


def _probability(weights: tuple[float, float, float, float], likeness: float, none: float, words: int) -> float:
    value = weights[0] * likeness + weights[1] * none + weights[2] * math.log(max(1, words)) + weights[3]
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
