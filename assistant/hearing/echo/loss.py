"""How much of its own echo the canceller takes away, measured while Evensong speaks.

That is the echo return loss enhancement (ITU-T G.168): the power that was heard over the power that is left. It means
something only where an echo is heard at all. So what is left counts as echo when it goes up and down with what is
played, however much later; a person who talks, or a television, does not do that.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.echo.lateness import lateness

KEPT_FRAMES = 250  # of 20 ms: five seconds
LOOK_FRAMES = 200  # audible ones between two looks
LATEST_FRAMES = 50  # an echo may be late by a second: a loudspeaker without a wire
FOLLOWS = 0.5  # correlation of the levels, in decibels
LEAST_DB = 3.0
FAILED_LOOKS = 3  # in a row, with the echo as late each time; a new room is learnt sooner
SAME_FRAMES = 3
FLOOR_DB = 20.0  # of a frame's energy: less is silence

Floats = NDArray[np.float64]


class EchoLoss:
    """Give it each frame; ``loss_db`` is what was measured last (None: nothing yet)."""

    def __init__(self) -> None:
        self._frames: deque[tuple[float, float, float]] = deque(maxlen=KEPT_FRAMES)
        self._audible = 0
        self._failed = 0
        self._late = 0  # frames by which what is left followed what was played
        self.loss_db: float | None = None

    @property
    def failing(self) -> bool:
        """Whether its echo is hardly taken away, for a dozen seconds of speech and more."""
        return self._failed >= FAILED_LOOKS

    def hear(self, heard: float, left: float, played: float, *, audible: bool) -> None:
        """A frame's energies: at the microphone, without what was cancelled, and of what was played."""
        self._frames.append((heard, left, played))
        if not audible:
            return
        self._audible += 1
        if self._audible % LOOK_FRAMES == 0 and len(self._frames) == KEPT_FRAMES:
            self._look()

    def _look(self) -> None:
        heard, left, played = np.array(self._frames).T
        loss_db = float(10 * np.log10((heard.sum() + 1.0) / (left.sum() + 1.0)))
        if loss_db >= LEAST_DB:
            self.loss_db = loss_db
            self._failed = 0
            return
        late = lateness(_levels(left), _levels(played), LATEST_FRAMES, FOLLOWS)
        if late is not None:
            self.loss_db = loss_db
            self._failed = self._failed + 1 if abs(late - self._late) <= SAME_FRAMES else 1
            self._late = late


def _levels(energies: Floats) -> Floats:
    levels: Floats = np.maximum(10 * np.log10(energies + 1.0), FLOOR_DB)
    return levels
