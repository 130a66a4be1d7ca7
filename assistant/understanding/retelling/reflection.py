"""What of a story came back in the retelling: which points were touched, and which were not.

A point is touched by its words (forms, related words and sound-alikes count, rare words count more) and, where an
encoder is given, by its meaning. What the listener tells of themselves or advises counts half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.retelling.points import Point, clauses, points
from assistant.understanding.retelling.stance import stances
from assistant.understanding.retelling.telling import RELATED, Telling, Token

Floats = NDArray[np.float64]

# Chosen on benchmarks/retellings/tuned.yaml, and measured on fresh.yaml beside it.
NARROWEST = 8  # words that tell something: how far apart in the retelling the words of a point may lie
MEANS_NOTHING, MEANS_THE_SAME = 0.35, 0.75  # cosines of clauses that have nothing, and all, to do with one another
NEAR_WORD = 0.8  # how much of a word is given back at most by another that only means the like: "scared" for "worried"
OWN_WORDS, EVERY_WORD = 0.65, 0.85  # of the story: so many may be in the listener's own story; so many are a retelling
SAME_WORDS = 0.8  # of a point's words
TURNED_ROUND = 0.5  # "she came" for "she did not come"
OPPOSITE = 0.35  # "you found your keys" for "i lost my keys"
HALF_TOUCHED = 0.42  # a likeness that leaves it open whether the point was touched
STEEPNESS = 9.0
MISSED = 0.35
HEAVIEST = 3.0  # a point counts by the words it holds, but none for more than three


class Encoder(Protocol):
    """Something that knows what sentences mean."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), d), the nearer the more alike the texts mean."""
        ...


@dataclass(frozen=True, slots=True)
class Touched:
    """A point and how surely it came back, 0..1."""

    point: Point
    credit: float

    @property
    def missed(self) -> bool:
        return self.credit < MISSED


@dataclass(frozen=True, slots=True)
class Reflection:
    """All points of a story in order; ``reflected``, 0..1, is how much of them came back (0 when there are none)."""

    touched: tuple[Touched, ...]
    reflected: float

    @property
    def missed(self) -> tuple[str, ...]:
        """The points that did not come back, in the speaker's own words."""
        return tuple(each.point.text for each in self.touched if each.missed)


def reflect(
    story: str, retelling: str, telling: Telling, encoder: Encoder | None = None, told: Sequence[Point] = ()
) -> Reflection:
    """Compare ``retelling`` with ``story``, both as recognised or as written. Never raises.

    ``told`` are the story's points where they are known; without them they are found.
    """
    told = tuple(told) or points(story, telling)
    if not told:
        return Reflection((), 0.0)
    heard = _Retelling(story, retelling, telling)
    if encoder is not None:
        heard.learn_words(told, encoder)
    weights = np.array([min(HEAVIEST, sum(map(telling.weight, point.words))) for point in told])
    heard.weigh_stances(told, weights)
    likeness = np.array([heard.by_words(point) for point in told])
    if encoder is not None and heard.clauses:
        meaning = heard.by_meaning(told, encoder)
        likeness = (likeness + meaning + np.maximum(likeness, meaning)) / 3
    likeness = likeness * np.where([heard.turns_round(point) for point in told], OPPOSITE, 1.0)
    credit = _sigmoid(likeness)
    touched = tuple(Touched(point, round(float(each), 4)) for point, each in zip(told, credit, strict=True))
    return Reflection(touched, round(float(credit @ weights / weights.sum()), 4))


def _sigmoid(likeness: Floats) -> Floats:
    """A likeness as a credit: 0 at 0, 1 at 1, steep where it tells most."""
    low, high = (1 / (1 + np.exp(-STEEPNESS * (end - HALF_TOUCHED))) for end in (0.0, 1.0))
    raw = 1 / (1 + np.exp(-STEEPNESS * (likeness - HALF_TOUCHED)))
    return np.asarray(np.clip((raw - low) / (high - low), 0.0, 1.0))


class _Retelling:
    """A retelling, ready to be compared with one point after the other."""

    def __init__(self, story: str, retelling: str, telling: Telling) -> None:
        self._telling = telling
        self.clauses = list(clauses(telling.tokens(retelling), telling))
        self._story = story
        self._stances = np.ones(len(self.clauses))
        placed = [
            (word, number)
            for number, clause in enumerate(self.clauses)
            for token in clause
            for word in token.words
            if telling.weight(word)
        ]
        self._placed = placed
        self._words = [word for word, _ in placed]
        self._clause_of = np.array([number for _, number in placed], dtype=np.intp)
        self._known: dict[Point, Floats] = {}
        self._vectors: dict[str, Floats] = {}
        denials = telling.words.denials
        self._denies = np.array([any(w in denials for t in clause for w in t.words) for clause in self.clauses])

    def learn_words(self, told: Sequence[Point], encoder: Encoder) -> None:
        """Know what the words of both mean."""
        words = sorted({*self._words, *(word for point in told for word in point.words)})
        if self._words:
            vectors = np.asarray(encoder.encode(words), dtype=np.float64)
            self._vectors = dict(zip(words, vectors, strict=True))

    def weigh_stances(self, told: Sequence[Point], weights: Floats) -> None:
        """Let what the listener says of themselves, or advises, count less; but whoever gives nearly every word back
        retells, even when they say "I"."""
        covered = float(np.array([self.by_words(point) for point in told]) @ weights / weights.sum())
        lenience = np.clip((covered - OWN_WORDS) / (EVERY_WORD - OWN_WORDS), 0.0, 1.0)
        strict = stances(self.clauses, self._telling.tokens(self._story), self._telling)
        self._stances = strict + (1.0 - strict) * lenience

    def by_words(self, point: Point) -> float:
        """How much of the point's words lie together somewhere in the retelling, 0..1."""
        if not self._words:
            return 0.0
        weights = np.array([self._telling.weight(word) for word in point.words])
        alike = self._alike(point) * self._stances[self._clause_of]
        width = min(max(NARROWEST, 2 * len(point.words)), len(self._words))
        found = weights @ np.lib.stride_tricks.sliding_window_view(alike, width, axis=1).max(axis=2)
        best = int(found.argmax())
        covered = float(found[best] / weights.sum())
        near = alike[:, best : best + width]
        matched = {int(self._clause_of[best + int(row.argmax())]) for row in near if row.max() > 0}
        denies = any(self._denies[clause] for clause in matched)
        # Only of the same words: "could not find" may well give back "lost".
        turned = covered >= SAME_WORDS and point.denies != denies
        return covered * TURNED_ROUND if turned else covered

    def turns_round(self, point: Point) -> bool:
        """Whether a word of the point came back as its opposite, and nowhere as itself: "lost" as "found", but not as
        "did not find"."""
        for word in point.words:
            if any(self._telling.alike(word, other) >= RELATED for other in self._words):
                continue
            against = [self._denies[at] for other, at in self._placed if self._telling.opposed(word, other)]
            if against and all(denies == point.denies for denies in against):
                return True
        return False

    def _alike(self, point: Point) -> Floats:
        """How alike each word of the point is to each of the retelling, shape (point words, retelling words)."""
        known = self._known.get(point)
        if known is None:
            known = np.array([[self._telling.alike(word, other) for other in self._words] for word in point.words])
            if self._vectors:
                mine = np.stack([self._vectors[word] for word in point.words])
                cosines = mine @ np.stack([self._vectors[word] for word in self._words]).T
                known = np.maximum(known, NEAR_WORD * _nearness(cosines))
            self._known[point] = known
        return known

    def by_meaning(self, told: Sequence[Point], encoder: Encoder) -> Floats:
        """How near each point's meaning is to that of a clause, or of two in a row, of the retelling, 0..1."""
        texts = [_text(clause) for clause in self.clauses]
        pairs = [f"{first} {second}" for first, second in pairwise(texts)]
        stance = np.concatenate([self._stances, (self._stances[:-1] + self._stances[1:]) / 2])
        vectors = np.asarray(encoder.encode([p.text.lower() for p in told] + texts + pairs), dtype=np.float64)
        cosines = vectors[: len(told)] @ vectors[len(told) :].T
        return np.asarray((_nearness(cosines) * stance).max(axis=1))


def _nearness(cosines: Floats) -> Floats:
    return np.asarray(np.clip((cosines - MEANS_NOTHING) / (MEANS_THE_SAME - MEANS_NOTHING), 0.0, 1.0))


def _text(clause: Sequence[Token]) -> str:
    return " ".join(token.text for token in clause).lower()
