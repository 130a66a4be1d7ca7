"""Sound: what the microphone gives and the loudspeaker takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
CHUNK_SAMPLES = 320
CHUNK_S = CHUNK_SAMPLES / SAMPLE_RATE_HZ

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """20 ms from the microphone: ``samples`` is int16, shape (320,), mono, 16 kHz; ``start_s`` on the audio clock.

    ``reference`` (as ``samples``) is what the loudspeaker played meanwhile, as far as the device knows, so that its
    echo can be cancelled: never later than that echo, and at most some 150 ms earlier. None: nothing, or unknown.
    ``sides``, shape (320, 2), are the left and the right channel where people have a microphone each.
    """

    samples: Samples
    start_s: float
    reference: Samples | None = None
    sides: Samples | None = None

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.samples) / SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True, eq=False)
class AudioClip:
    """Sound to be played: int16, shape (n,), mono, at ``rate_hz``; ``text`` is what it says ("" for an earcon)."""

    samples: Samples
    rate_hz: int
    text: str = ""

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate_hz
