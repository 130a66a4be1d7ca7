"""How long the people of this evening pause in the middle of an answer. Pure.

Who pauses long is waited for longer, and who never does is answered a little sooner. What was learnt is gone with the
evening; one microphone does not tell whose pause it was, so it is the household's habit.
"""

from __future__ import annotations

from collections import deque

from assistant.hearing.endpoint import Profile

ANSWERS = 6  # as many are remembered
ENOUGH = 3  # before anybody is answered sooner
LEEWAY = 1.35  # the next pause may be so much longer than the longest yet
SHORTEST, LONGEST = 0.85, 1.6  # of the usual wait
LEAST_VOICE_S = 1.5  # in shorter answers nobody has the time to pause


class PauseHabit:
    """Learns from each answer; `patience` tells by how much the next one's waits are to be stretched."""

    def __init__(self) -> None:
        self._pauses_s: deque[float] = deque(maxlen=ANSWERS)

    def learn(self, longest_pause_s: float, voiced_s: float) -> None:
        """An answer is over, with ``voiced_s`` of voice; its longest pause was ``longest_pause_s``."""
        if voiced_s >= LEAST_VOICE_S:
            self._pauses_s.append(longest_pause_s)

    def patience(self, profile: Profile) -> float:
        """0.85 to 1.6, as multiple of the profile's own waits."""
        wanted = LEEWAY * max(self._pauses_s, default=0.0) / profile.silence_s
        least = SHORTEST if len(self._pauses_s) >= ENOUGH else 1.0
        return min(LONGEST, max(least, wanted))
