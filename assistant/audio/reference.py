"""What a sound card's loudspeaker plays, laid beside what its microphone hears.

Microphone and loudspeaker are two streams, started at different moments, with buffers of their own and often with
clocks of their own. How many seconds of each have passed by the same moment tells how far one is ahead; the middle
of many such looks at it, because blocks come in bunches.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from statistics import median

import numpy as np
import soxr  # type: ignore[import-untyped]

from assistant.events import SAMPLE_RATE_HZ, Samples

KEPT_S = 12.0  # of what was played; more than the microphone's sound ever waits to be taken
LOOKS = 25  # half a second of microphone blocks
WAITING_BLOCKS = 50
FIRST_LOOKS = 5  # a sound server takes up to 80 ms at once, so a single look may be as much too high
DRIFT_S = 0.06  # by which the two have moved against each other when something has happened to one of them
# Two clocks move them slowly. Less than this is left to the echo canceller; more, for so many looks in a row (ten
# seconds), and the reference is laid anew, before a slow loudspeaker has not given yet what is asked for.
SLOW_DRIFT_S = 0.016
SLOW_LOOKS = 500
# The reference is laid so much earlier than the loudspeaker is thought to sound (its latency is known within 25 ms);
# the microphone's own latency comes on top. Measured on PulseAudio: 20 to 55 ms before its echo in all. More would
# find the reference not yet given when it is asked for.
LEAD_S = 0.02
DITHER = 2  # steps: a resampler makes so much noise of silence


@dataclass(frozen=True, slots=True)
class _Opened:
    latency_s: float


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    samples: Samples
    rate_hz: int
    before_s: float  # seconds of sound that had been given before


class Reference:
    """`opened` and `give` are called where sound is played, the rest where chunks are taken; nothing here waits."""

    def __init__(self) -> None:
        self.given_s = 0.0  # seconds of sound that the loudspeaker was given so far, through all openings
        self._inbox: SimpleQueue[_Given | _Opened] = SimpleQueue()
        self._track: Samples = np.zeros(0, np.int16)  # 16 kHz, from `_track_start` (samples) on the audio clock
        self._track_start = 0
        self._looks: deque[float] = deque(maxlen=LOOKS)
        self._ahead_s: float | None = None  # how much more sound was given than heard, as it is reckoned with
        # Given, but not laid because nobody knows yet where: start of the run, place in it, samples at 16 kHz.
        self._waiting: deque[tuple[float, int, Samples]] = deque(maxlen=WAITING_BLOCKS)
        self._off_looks = 0  # in a row, at which the two had moved
        self._latency_s = 0.0
        self._opened_s = 0.0  # `given_s` when this loudspeaker was opened
        self._resampler: soxr.ResampleStream | None = None
        self._run_s = 0.0  # `given_s` where the unbroken run of blocks began, and how far it goes
        self._run_end_s = -1.0
        self._run_samples = 0  # of that run, at 16 kHz

    # --- where it is played ----------------------------------------------------------------------------

    def opened(self, latency_s: float) -> None:
        """A loudspeaker was opened, perhaps anew, dropping what it had not sounded yet.

        ``latency_s`` is how long a sample takes until it sounds.
        """
        self._inbox.put(_Opened(latency_s))

    def give(self, samples: Samples, rate_hz: int) -> None:
        """``samples``, int16, shape (n,), not to be changed any more, were given to the loudspeaker."""
        if self._inbox.qsize() * len(samples) < KEPT_S * rate_hz:
            self._inbox.put(_Given(samples, rate_hz, self.given_s))
        self.given_s += len(samples) / rate_hz

    # --- where chunks are taken ------------------------------------------------------------------------

    def look(self, heard_s: float, given_s: float) -> None:
        """At the moment when the microphone's sound reached ``heard_s`` on the audio clock, ``given_s`` were given."""
        self._lay_out()
        if given_s <= self._opened_s:
            return  # this loudspeaker has not begun
        self._looks.append(given_s - heard_s)
        middle_s = median(self._looks)
        if self._ahead_s is None:
            if len(self._looks) == FIRST_LOOKS:
                self._ahead_s = middle_s
                self._lay_waiting()
            return
        moved_s = abs(middle_s - self._ahead_s)
        self._off_looks = self._off_looks + 1 if moved_s > SLOW_DRIFT_S else 0
        if moved_s > DRIFT_S or self._off_looks >= SLOW_LOOKS:
            self._ahead_s, self._off_looks = middle_s, 0

    def beside(self, start_s: float, count: int) -> Samples | None:
        """What was played for the ``count`` samples from ``start_s`` on the audio clock; None when that is silence.

        Never later than its echo in these samples. To be asked for in the order of time.
        """
        skipped = round(start_s * SAMPLE_RATE_HZ) - self._track_start
        self._track = self._track[max(0, skipped) :]
        self._track_start += skipped
        if skipped < 0:  # nothing is kept from so early
            self._track = np.concatenate([np.zeros(-skipped, np.int16), self._track])
        found = self._track[:count]
        if int(np.abs(found).max(initial=0)) <= DITHER:
            return None
        return np.concatenate([found, np.zeros(count - len(found), np.int16)])

    # --- the track -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Put what was given in the meantime in its place on the audio clock."""
        while True:
            try:
                item = self._inbox.get_nowait()
            except Empty:
                return
            if isinstance(item, _Opened):
                self._begin(item)
            else:
                self._lay(item)

    def _begin(self, loudspeaker: _Opened) -> None:
        dropped = min(len(self._track), round(self._latency_s * SAMPLE_RATE_HZ))
        self._track[len(self._track) - dropped :] = 0
        self._latency_s = loudspeaker.latency_s
        self._opened_s = max(self._opened_s, self._run_end_s)
        self._looks.clear()
        self._waiting.clear()
        self._ahead_s = None
        self._run_end_s = -1.0

    def _lay(self, given: _Given) -> None:
        if given.before_s != self._run_end_s:
            self._run_s, self._run_samples = given.before_s, 0
            same = given.rate_hz == SAMPLE_RATE_HZ
            self._resampler = None if same else soxr.ResampleStream(given.rate_hz, SAMPLE_RATE_HZ, 1, dtype="int16")
        self._run_end_s = given.before_s + len(given.samples) / given.rate_hz
        samples = given.samples if self._resampler is None else self._resampler.resample_chunk(given.samples)
        self._waiting.append((self._run_s, self._run_samples, samples))
        self._run_samples += len(samples)
        self._lay_waiting()

    def _lay_waiting(self) -> None:
        if self._ahead_s is None:
            return
        while self._waiting:
            run_s, place, samples = self._waiting.popleft()
            sounds_s = run_s - self._ahead_s + max(0.0, self._latency_s - LEAD_S)
            self._write(samples, round(sounds_s * SAMPLE_RATE_HZ) + place)

    def _write(self, samples: Samples, start: int) -> None:
        place = start - self._track_start
        samples = samples[max(0, -place) :]
        place = max(0, place)
        gap = np.zeros(max(0, place - len(self._track)), np.int16)
        self._track = np.concatenate([self._track[:place], gap, samples])
