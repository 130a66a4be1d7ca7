"""Whose words a clause of a retelling holds: the other's, given back; the listener's own story; or advice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.retelling.telling import Telling, Token

GIVEN_BACK = 1.0
OWN_STORY = 0.5
ADVICE = 0.5
ALL_ABOUT_ONESELF = 0.45
SPEAKS_OF_ONESELF = 2  # first persons from which on a retelling may be all about the listener
TO_THE_OTHER = 0.2  # second persons for each first person that show that it is not


def stances(clauses: Sequence[Sequence[Token]], story: Sequence[Token], telling: Telling) -> NDArray[np.float64]:
    """How much each clause of a retelling of ``story`` counts as giving back; shape (len(clauses),), 0..1."""
    told, second = _words(story), telling.words.second_person
    spoken = [_words(clause) for clause in clauses]
    # A story that nobody told of themselves is not given back as "you".
    of_the_teller = any(word in telling.words.first_person for word in told)
    # Somebody who is told about themselves ("you came home late") rightly says "I" when giving it back.
    of_the_listener = any(word in second for word in told)
    own = sum(_of_oneself(words, telling) for words in spoken)
    to_them = sum(word in second for words in spoken for word in words)
    if of_the_teller and own >= SPEAKS_OF_ONESELF and to_them <= TO_THE_OTHER * own:
        return np.full(len(clauses), ALL_ABOUT_ONESELF)
    found = []
    stance = GIVEN_BACK
    for words in spoken:
        if any(_holds(words, advice) and not _holds(told, advice) for advice in telling.advice):
            stance = ADVICE
        elif any(word in second for word in words):
            stance = GIVEN_BACK
        elif of_the_teller and not of_the_listener and _of_oneself(words, telling):
            stance = OWN_STORY
        found.append(stance)
    return np.array(found)


def _of_oneself(words: Sequence[str], telling: Telling) -> int:
    """How often the listener speaks of themselves; "I heard" and "I think" do not count."""
    first, hearing = telling.words.first_person, telling.words.hearing
    following = [*words[1:], ""]
    return sum(
        word in first and not (word == "i" and follows in hearing)
        for word, follows in zip(words, following, strict=True)
    )


def _words(tokens: Sequence[Token]) -> list[str]:
    return [word for token in tokens for word in token.words]


def _holds(words: Sequence[str], run: Sequence[str]) -> bool:
    return any(tuple(words[place : place + len(run)]) == tuple(run) for place in range(len(words) - len(run) + 1))
