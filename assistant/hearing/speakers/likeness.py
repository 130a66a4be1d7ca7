"""How like each state of who speaks is what was just heard: by the prints of the people, and by how loud they are.

The states are each known person, each pair of them at once, and somebody unknown, in this order. What is learned on the
way is how far apart these voices lie in this room, and how loud each is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.speakers.voice_encoder import Print
from assistant.hearing.speakers.voice_prints import VoicePrints

STRANGER_COST = 1.5  # log odds by which what is heard must be unlike everybody
LEEWAY = 0.03  # of the cosine: noise, and two at once, make everybody a little unlike themselves
# By how much the cosine with the speaker's print is above that with another's: mean (until more is known) and spread,
# measured on four pairs of people in kitchen noise; two at once lie in the middle.
APART = 0.7  # of what the two prints' own cosine lacks to 1
NEAREST, FARTHEST = 0.08, 0.20
SPREAD, SPREAD_OF_TWO = 0.05, 0.075
LEAST_SPREAD, MOST_SPREAD = 0.045, 0.08
LEARN, LEARN_SPREAD, LEARN_LEVEL = 0.01, 0.02, 0.03
SPREAD_DB, LEAST_OF_LEVEL = 2.3, -4.0
# How much of what they lie apart has shown after so many seconds of speech.
_SECONDS = (0.1, 0.2, 0.3, 0.5, 0.8, 1.3)
_SHOWN = (0.25, 0.43, 0.58, 0.77, 1.0, 1.2)
BESIDE_UNKNOWN = 0.5  # of how far apart the voices lie shows where somebody unknown speaks at the same time
UNLIKELIEST = -6.0
DEVIATION = float(np.sqrt(np.pi / 2))  # a standard deviation, in mean deviations

Floats = NDArray[np.float64]


class Likeness:
    """Log likelihoods of the states; ``pairs`` are the numbers of two people each."""

    def __init__(self, prints: VoicePrints, pairs: Sequence[tuple[int, int]]) -> None:
        self._prints = prints
        self._pairs = pairs
        # Two at once sound like what lies between them, not like either.
        self._both = [VoicePrints({"": prints.values[one] + prints.values[other]}) for one, other in pairs]
        self._apart = _apart(prints.values)
        self._spread = np.full(len(prints.who_is_known), SPREAD)
        self._levels_db: list[float | None] = [None] * len(prints.who_is_known)

    def of_print(self, heard: Print, seconds: float) -> Floats:
        """Of what ``seconds`` of speech sound like, up to what all states share."""
        people = len(self._prints.who_is_known)
        if not people:
            return np.zeros(1)
        cosines = self._prints.cosines(heard)
        apart = self._apart * np.interp(seconds, _SECONDS, _SHOWN)
        lead = [float(each - np.delete(cosines, place).max(initial=-1.0)) for place, each in enumerate(cosines)]
        # Nobody is too much like themselves.
        found = [_normal(min(mine, apart[place]), apart[place], self._spread[place]) for place, mine in enumerate(lead)]
        known = [float(self._prints.log_odds(heard, seconds, LEEWAY).max())] * people
        for (one, other), both in zip(self._pairs, self._both, strict=True):
            middle = (apart[one] - apart[other]) / 2
            found.append(_normal(cosines[one] - cosines[other], middle, SPREAD_OF_TWO))
            known.append(float(both.log_odds(heard, seconds, LEEWAY)[0]))
        told = [each + all_found for each, all_found in zip(known, found, strict=True)]
        return np.array([*told, max(found) - STRANGER_COST])

    def of_two(self, heard: Print, seconds: float) -> Floats:
        """Which two speak at once, the likeliest 0: each pair, then each person and somebody unknown."""
        cosines = self._prints.cosines(heard)
        apart = self._apart * np.interp(seconds, _SECONDS, _SHOWN)
        found = []
        for one, other in self._pairs:
            found.append(_normal(cosines[one] - cosines[other], (apart[one] - apart[other]) / 2, SPREAD_OF_TWO))
        for place, each in enumerate(cosines):
            lead, usual = each - np.delete(cosines, place).max(initial=-1.0), BESIDE_UNKNOWN * apart[place]
            found.append(_normal(min(lead, usual), usual, SPREAD_OF_TWO))
        return np.asarray(found) - max(found)

    def of_level(self, level_db: float) -> Floats:
        """Of how loud it is: two are louder than one. Zeros until the voices' levels are known."""
        known = [each for each in self._levels_db if each is not None]
        if not known:
            return np.zeros(len(self._levels_db) + len(self._pairs) + 1)
        usual_db = float(np.mean(known))
        of_one = [usual_db if each is None else each for each in self._levels_db]
        power = [10 ** (each / 10) for each in of_one]
        of_two = [10 * np.log10(power[one] + power[other]) for one, other in self._pairs]
        expected_db = np.array([*of_one, *of_two, usual_db])
        return np.asarray(np.maximum(LEAST_OF_LEVEL, -0.5 * ((level_db - expected_db) / SPREAD_DB) ** 2))

    def learn(self, heard: Print, level_db: float, speaker: int | None) -> None:
        """How far apart these voices lie in this room, and how loud each is.

        ``heard`` is a whole window; ``speaker`` is the number of the state that is certain, None when none is.
        """
        people = len(self._apart)
        if people < 2:
            return
        cosines = self._prints.cosines(heard)
        nearest = int(cosines.argmax())
        # Of every look, whoever it is taken for: two at once are few, and what is learned only where there is no doubt
        # would never be unlearned.
        now = cosines[nearest] - np.delete(cosines, nearest).max()
        above = now - self._apart[nearest]
        self._apart[nearest] += LEARN * above
        if above > 0:  # below, others may speak, too
            spread = self._spread[nearest] + LEARN_SPREAD * (DEVIATION * above - self._spread[nearest])
            self._spread[nearest] = np.clip(spread, LEAST_SPREAD, MOST_SPREAD)
        if speaker is not None and speaker < people:
            usual_db = self._levels_db[speaker]
            self._levels_db[speaker] = level_db if usual_db is None else usual_db + LEARN_LEVEL * (level_db - usual_db)


def _apart(prints: Floats) -> Floats:
    """For each print, by how much its own voice will lie nearer to it than to the likest other."""
    likest = (prints @ prints.T - 2 * np.eye(len(prints))).max(axis=1, initial=-1.0)
    return np.asarray(np.clip(APART * (1 - likest), NEAREST, FARTHEST))


def _normal(value: float, mean: float, spread: float) -> float:
    """Log density, up to a constant, and never hopeless: what is heard may be a cough."""
    return float(max(UNLIKELIEST, -0.5 * ((value - mean) / spread) ** 2 - np.log(spread / SPREAD)))
