"""From what a microphone or a file gives (any rate, any channels, any block size) to 20 ms chunks.

The audio clock is made here: a chunk's start is the number of samples before it, so the same sound gives the
same chunks at the same times whatever blocks it came in.
"""

from __future__ import annotations

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from assistant.events import CHUNK_SAMPLES, SAMPLE_RATE_HZ, AudioChunk, Samples


class Chunker:
    """Makes 16 kHz mono chunks of int16 blocks at ``rate_hz``, shape (n,) or (n, channels).

    Resampling runs as a stream, so there is no seam between blocks; it holds back up to about 40 ms. With
    ``both_sides`` blocks have two channels, and each chunk holds them too.
    """

    def __init__(self, rate_hz: int = SAMPLE_RATE_HZ, *, both_sides: bool = False) -> None:
        self._rest: list[Samples] = []
        self._rest_samples = 0
        self._given = 0  # samples in all chunks so far
        self.listen_at(rate_hz, both_sides=both_sides)

    @property
    def now_s(self) -> float:
        """The audio clock: the end of the last chunk given, in seconds."""
        return self._given / SAMPLE_RATE_HZ

    def listen_at(self, rate_hz: int, *, both_sides: bool = False) -> None:
        """From now on blocks come at ``rate_hz``, from another place: an unfinished chunk is forgotten."""
        self._rest.clear()
        self._rest_samples = 0
        self._both_sides = both_sides
        channels = 2 if both_sides else 1
        same_rate = rate_hz == SAMPLE_RATE_HZ
        self._stream = None if same_rate else soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, channels, dtype="int16")

    def feed(self, block: Samples) -> list[AudioChunk]:
        """The chunks that are complete with ``block``."""
        samples = block if self._both_sides else mono(block)
        if self._stream is not None:
            samples = self._stream.resample_chunk(samples)
        self._rest.append(samples)
        self._rest_samples += len(samples)
        if self._rest_samples < CHUNK_SAMPLES:
            return []
        return self._cut(np.concatenate(self._rest))

    def _cut(self, samples: Samples) -> list[AudioChunk]:
        whole = len(samples) - len(samples) % CHUNK_SAMPLES
        chunks = []
        for start in range(0, whole, CHUNK_SAMPLES):
            piece = samples[start : start + CHUNK_SAMPLES]
            chunks.append(AudioChunk(mono(piece), self.now_s, sides=piece if self._both_sides else None))
            self._given += CHUNK_SAMPLES
        self._rest = [samples[whole:]]
        self._rest_samples = len(samples) - whole
        return chunks


def mono(block: Samples) -> Samples:
    """The mean of the channels: (n, channels) -> (n,), int16."""
    if block.ndim == 1:
        return block
    if block.shape[1] == 1:
        return np.ascontiguousarray(block[:, 0])
    mean: Samples = block.mean(axis=1).astype(np.int16)
    return mean


def to_int16(sound: NDArray[np.floating]) -> Samples:
    """-1..1 to int16; what is beyond is clipped, and what is not a number is silence."""
    within = np.clip(np.nan_to_num(sound, nan=0.0), -1.0, 1.0)
    scaled: Samples = np.rint(np.minimum(within * 32768.0, 32767.0)).astype(np.int16)
    return scaled
