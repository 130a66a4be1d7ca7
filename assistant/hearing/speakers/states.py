"""The states of who speaks, and how they follow each other: mostly people go on, or one more or one fewer speaks.

Each known person, each pair of them at once, each person and somebody unknown at once where two at once can be heard,
and last somebody unknown alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

GO_ON = 0.985  # each tenth of a second, while somebody speaks without a pause
GO_ON_TOGETHER = 0.95  # two at once do not last
CHANGE = 0.2  # one speaker becomes another without a pause and without a word together, against falling in
TWO_AT_ONCE = 0.004  # how likely two speak when the speaker changes, against one
STRANGER = 0.3  # and somebody unknown
FALLING_IN = 0.7  # how likely somebody else speaks after a pause, against whoever has the floor
# How likely somebody unknown speaks beside somebody, where none was heard lately, against one known.
BESIDE_ALONE = 1e-6
KNOWN_IN_COMPANY = 0.3  # and how likely two known are, where one was
UNKNOWN = "?"  # in a state: somebody whose voice is not known

Floats = NDArray[np.float64]
Everybody = frozenset[str]


class SpeakerStates:
    """Numbered as above; ``beside_unknown``: whether there are states of somebody known and somebody unknown."""

    def __init__(self, people: Sequence[str], *, beside_unknown: bool) -> None:
        self.people = len(people)
        self.pairs = list(combinations(range(len(people)), 2))
        self._states = [frozenset({name}) for name in people]
        self._states += [frozenset({people[one], people[other]}) for one, other in self.pairs]
        if beside_unknown:
            self._states += [frozenset({name, UNKNOWN}) for name in people]
        self.two = np.arange(len(people), len(self._states))  # in which two speak
        self._states.append(frozenset({UNKNOWN}))
        self._changes = np.array([[_likely(one, other) for other in self._states] for one in self._states])
        np.fill_diagonal(self._changes, 0.0)
        self._go_on = np.array([GO_ON if len(one) < 2 else GO_ON_TOGETHER for one in self._states])

    def known(self, state: int) -> Everybody:
        """Who speaks in it, of those who are known."""
        return self._states[state] - {UNKNOWN}

    def is_two(self, state: int) -> bool:
        return len(self._states[state]) > 1

    def sureness(self, belief: Floats) -> dict[str, float]:
        """How likely each known person speaks."""
        found: dict[str, float] = {}
        for likely, state in zip(belief, self._states, strict=True):
            for name in state - {UNKNOWN}:
                found[name] = found.get(name, 0.0) + float(likely)
        return found

    def after_a_pause(self, holder: str | None) -> Floats:
        """How likely each state is then; ``holder`` has the floor."""
        one = [1.0 if holder in (None, *state) else FALLING_IN for state in self._states[: self.people]]
        likely = np.array([*one, *[TWO_AT_ONCE] * len(self.two), STRANGER])
        return np.asarray(likely / likely.sum())

    def beside(self, company: float) -> Floats:
        """How likely each two are of whom it is certain that they are two.

        ``company``, 0..1, is how sure it is that somebody unknown is about: then they are mostly the other one.
        """
        known = 1 - company * (1 - KNOWN_IN_COMPANY)
        unknown = BESIDE_ALONE + company * (1 - BESIDE_ALONE)
        return np.array([unknown if UNKNOWN in self._states[state] else known for state in self.two])

    def moves(self, company: float) -> Floats:
        """From each state (row) to each, while somebody speaks without a pause."""
        likely = self._changes.copy()
        likely[:, self.two] *= self.beside(company)
        moves = likely / np.maximum(likely.sum(axis=1, keepdims=True), 1e-9)
        return np.asarray(moves * (1 - self._go_on)[:, None] + np.diag(self._go_on))


def _likely(before: Everybody, after: Everybody) -> float:
    """How likely one change of speakers is against another."""
    if {UNKNOWN} in (before, after) and not before & after:
        return STRANGER
    return 1.0 if before < after or after < before else CHANGE
