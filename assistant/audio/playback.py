"""The play queue that every device shares: what sounds next, how much of it was heard, when it is over.

One place for this logic, whether a sound card's callback pulls or a simulated room does. No clock in here:
time passes by pulling samples.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace

import numpy as np
import soxr  # type: ignore[import-untyped]

from assistant.events import SAMPLE_RATE_HZ, AudioClip, Samples

FADE_S = 0.005
LOCK_LIMIT_S = 0.01


class PlayQueue:
    """Clips waiting to be played at ``rate_hz``, pulled block by block.

    ``latency_s`` is how long a pulled sample takes until it is heard: finishing is reported, and what was heard
    is counted, that much later. For one thread; `Player` is for several.
    """

    def __init__(self, rate_hz: int = SAMPLE_RATE_HZ, latency_s: float = 0.0) -> None:
        self.rate_hz = rate_hz
        self.latency_s = latency_s
        self._waiting: deque[Samples] = deque()
        self._position = 0  # samples of waiting[0] that were pulled
        self._draining: int | None = None  # length of the last clip, while it is pulled but not all heard
        self._silence = 0  # samples of silence pulled since that clip ended
        self._fade = np.zeros(0, np.int16)

    @property
    def busy(self) -> bool:
        """Something is sounding or waiting, and its end has not been reported."""
        return bool(self._waiting) or self._draining is not None

    def add(self, clip: AudioClip) -> None:
        """Append ``clip``, whatever its rate. An empty clip is over as soon as it is reached."""
        self._waiting.append(at_rate(clip, self.rate_hz).samples)

    def cut(self, *, fade: bool = True) -> float:
        """Drop everything; seconds of the current clip that were heard.

        The next pull fades out within 5 ms, unless ``fade`` is false because what was pulled is dropped as well.
        0.0 when nothing was playing, or when the current clip had not reached the ear yet.
        """
        latency = round(self.latency_s * self.rate_hz)
        if self._waiting:
            current = self._waiting[0]
            heard = self._position - latency
            if fade and self._position:  # a clip that has not begun needs no fading
                self._fade = _faded(current[self._position :], self.rate_hz)
        elif self._draining is not None:
            heard = min(self._draining, self._draining + self._silence - latency)
        else:
            heard = 0
        self._waiting.clear()
        self._position = 0
        self._draining = None
        if not fade:
            self._fade = np.zeros(0, np.int16)
        return max(0, heard) / self.rate_hz

    def pull(self, count: int) -> tuple[Samples, bool]:
        """The next ``count`` samples to play (silence where there is nothing), and whether all has now been heard.

        True comes once for each time the queue runs dry, never for what was cut.
        """
        out = np.zeros(count, np.int16)
        filled = min(len(self._fade), count)
        out[:filled] = self._fade[:filled]
        self._fade = self._fade[filled:]
        while self._waiting and (filled < count or self._position == len(self._waiting[0])):
            filled += self._copy_current(out[filled:])
        return out, self._all_heard(count - filled)

    def at_rate(self, rate_hz: int, latency_s: float) -> PlayQueue:
        """What is still to be played, as a queue of another rate and latency."""
        moved = PlayQueue(rate_hz, latency_s)
        if self._draining is not None and not self._waiting:
            moved._draining = round(self._draining * rate_hz / self.rate_hz)
        start = self._position
        for samples in self._waiting:
            moved.add(AudioClip(samples[start:], self.rate_hz))
            start = 0
        return moved

    def _copy_current(self, out: Samples) -> int:
        current = self._waiting[0]
        taken = current[self._position : self._position + len(out)]
        out[: len(taken)] = taken
        self._position += len(taken)
        if self._position == len(current):
            self._waiting.popleft()
            self._position = 0
            self._draining = len(current)
            self._silence = 0
        return len(taken)

    def _all_heard(self, silence: int) -> bool:
        if self._waiting or self._draining is None:
            return False
        self._silence += silence
        if self._silence < round(self.latency_s * self.rate_hz):
            return False
        self._draining = None
        return True


class Player:
    """A play queue between the thread that plays and stops and the one that pulls, and the news of its end.

    The end is kept until it is asked for, and forgotten when something is added or cut in between: nobody is
    told that all was heard while the next clip sounds, or about what was cut.
    """

    def __init__(self, rate_hz: int = SAMPLE_RATE_HZ, latency_s: float = 0.0) -> None:
        self._queue = PlayQueue(rate_hz, latency_s)
        self._lock = threading.Lock()
        self._ended = False
        self._last_s = 0.0  # length of the clip that was added last

    @property
    def rate_hz(self) -> int:
        return self._queue.rate_hz

    def add(self, clip: AudioClip) -> None:
        """Append ``clip``, whatever its rate."""
        ready = at_rate(clip, self.rate_hz)  # outside the lock: this takes its time
        with self._lock:
            self._queue.add(ready)
            self._last_s = ready.duration_s
            self._ended = False

    @property
    def busy(self) -> bool:
        """Something is sounding or waiting."""
        return self._queue.busy

    def cut(self, *, fade: bool = True) -> float:
        """As `PlayQueue.cut`; the whole clip when it was over and nobody had been told yet."""
        with self._lock:
            heard_s = self._last_s if self._ended else self._queue.cut(fade=fade)
            self._ended = False
            return heard_s

    def pull(self, count: int) -> Samples:
        """The next ``count`` samples. Never waits longer than 10 ms: then the block is silent and nothing is lost."""
        # A sound card's callback must not block, above all not for a thread that waits for the callback to end.
        if not self._lock.acquire(timeout=LOCK_LIMIT_S):
            return np.zeros(count, np.int16)
        try:
            samples, ended = self._queue.pull(count)
            self._ended = self._ended or ended
            return samples
        finally:
            self._lock.release()

    def take_ended(self) -> bool:
        """Whether all that was added has been heard; true once."""
        with self._lock:
            ended, self._ended = self._ended, False
            return ended

    def moved_to(self, rate_hz: int, latency_s: float) -> None:
        """Go on at a device that came back, perhaps with another rate: what waits is resampled and kept."""
        with self._lock:
            self._queue = self._queue.at_rate(rate_hz, latency_s)


def _faded(samples: Samples, rate_hz: int) -> Samples:
    """The first 5 ms of ``samples``, faded to nothing, so that a cut does not click."""
    tail = samples[: round(FADE_S * rate_hz)]
    ramp = np.linspace(1.0, 0.0, len(tail), endpoint=False) if len(tail) else np.zeros(0)
    return (tail * ramp).astype(np.int16)


def at_rate(clip: AudioClip, rate_hz: int) -> AudioClip:
    """``clip`` resampled to ``rate_hz`` (the same clip when it has that rate already)."""
    if clip.rate_hz == rate_hz:
        return clip
    if not len(clip.samples):
        return replace(clip, rate_hz=rate_hz)
    return replace(clip, samples=resampled(clip.samples, clip.rate_hz, rate_hz), rate_hz=rate_hz)


def resampled(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """int16 samples, shape (n,), at another rate; peaks that would overflow are clipped, not wrapped."""
    out: Samples = soxr.resample(np.ascontiguousarray(samples), from_hz, to_hz)
    return out


def gain(clip: AudioClip, volume: float) -> AudioClip:
    """``clip`` at ``volume`` 0..1 (outside is clamped).

    The amplitude goes with the square of the volume, so that equal steps sound about equal: 0.5 is -12 dB,
    which people call half as loud.
    """
    factor = min(1.0, max(0.0, volume)) ** 2
    if factor == 1.0:
        return clip
    return replace(clip, samples=(clip.samples * factor).astype(np.int16))
