"""Whether what was heard was Evensong's own voice: told by how it rises and falls, whatever words were made of it.

Echo cancelling may fail: a microphone that was moved to listen to the loudspeaker itself, an echo that comes too late.
The recogniser then makes other words of its voice than it says, and comparing words is not enough.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.events import Samples
from assistant.hearing.echo.lateness import lateness

BEFORE_S = 4.0  # of sound before an utterance that is compared as well: mostly the question
LATEST_S = 1.0  # so late an echo may be: a server's buffers, a loudspeaker without a wire
KEPT_S = 14.0
FOLLOWS = 0.6  # correlation of the levels, in decibels
FLOOR_DB = 20.0  # of a chunk's mean square; less is silence
PLAYED_DB = 40.0
HEARD_DB = 30.0  # some -60 dBFS: softer speech is not recognised
LEAST_S = 0.5  # of its own voice: less tells nothing
LOUDER_DB = 6.0  # than its own voice always is here: that is somebody else
FADES_DB_S = 120.0  # a room gives a sound back for a while: half a second to fall by 60 dB
NEARLY_ALL = 0.85

Floats = NDArray[np.float64]


class OwnSound:
    """Give it every chunk. It remembers the levels of what was heard and of what was played, some 14 s of them."""

    def __init__(self) -> None:
        self._chunks: deque[tuple[float, float, float]] = deque()

    def hear(self, left: Samples, played: Samples | None, now_s: float) -> None:
        """``left``: what the microphone heard up to ``now_s`` once echo was cancelled; ``played`` at the same time."""
        self._chunks.append((now_s, _level_db(left), _level_db(played)))
        while self._chunks[0][0] < now_s - KEPT_S:
            self._chunks.popleft()

    def until_s(self, start_s: float, end_s: float) -> float | None:
        """Up to when its own voice, and nearly nothing else, was heard between ``start_s`` and ``end_s``.

        None: other sounds were heard all the time.
        """
        first_s = start_s - BEFORE_S - LATEST_S
        rows = [row for row in self._chunks if first_s < row[0] <= end_s]
        if len(rows) < 2:
            return None
        times, left, played = np.array(rows).T
        chunk_s = float(np.median(np.diff(times)))
        if np.count_nonzero(played > PLAYED_DB) * chunk_s < LEAST_S:
            return None
        late = lateness(left, played, round(LATEST_S / chunk_s), FOLLOWS)
        if late is None:
            return None
        times, left, played = times[late:], left[late:], played[: len(played) - late]
        sounding = played > PLAYED_DB
        if not sounding.any():
            return None
        own_end_s = float(times[sounding][-1])
        louder_db = left - _fading(played, FADES_DB_S * chunk_s)
        louder_db -= float(np.median(louder_db[sounding]))
        loud = (times > start_s) & (times <= own_end_s) & (left > HEARD_DB)
        if not loud.any() or np.mean(louder_db[loud] <= LOUDER_DB) < NEARLY_ALL:
            return None
        return min(own_end_s, end_s)


def _level_db(samples: Samples | None) -> float:
    if samples is None or not len(samples):
        return FLOOR_DB
    power = float(np.mean(np.square(samples.astype(np.float64))))
    return max(FLOOR_DB, 10 * float(np.log10(power + 1.0)))


def _fading(levels: Floats, by_db: float) -> Floats:
    """What a room makes of ``levels``: they fall by no more than ``by_db`` a chunk."""
    steps = by_db * np.arange(len(levels))
    faded: Floats = np.maximum.accumulate(levels + steps) - steps
    return faded
