"""The last seconds of sound, and when there was a voice in it."""

from __future__ import annotations

from collections import deque

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Event, Samples, VoiceActivity
from assistant.hearing.voice_activity import BLOCK_S, BLOCK_SAMPLES

REMEMBERED_S = 12.0
_VOICE_BEGINS = 0.5  # probability of speech in a block
_VOICE_ENDS = 0.35
_NOTICED_BLOCKS = 2  # with a voice before `VoiceActivity` says so: one alone is a click
_PAUSE_S = 0.3  # without a voice before `VoiceActivity` says that it has stopped


class RecentSound:
    """Remembers blocks of sound and which of them had a voice; ``voiced`` tells it of the last one."""

    def __init__(self) -> None:
        count = round(REMEMBERED_S / BLOCK_S)
        self._blocks: deque[Samples] = deque(maxlen=count)
        self._voices: deque[float] = deque(maxlen=count)  # ends of the blocks that had a voice
        self._end_s = 0.0
        self._speaking = False
        self._voiced_blocks = 0
        self._last_voice_s = float("-inf")
        self.voiced = False
        self.voice_before_s = float("-inf")  # end of the voice before the present (or last) one

    def add(self, block: Samples, now_s: float, probability: float) -> list[Event]:
        self._blocks.append(block)
        self._end_s = now_s
        before = self.voiced
        self.voiced = probability >= (_VOICE_ENDS if before else _VOICE_BEGINS)
        if self.voiced:
            if not before:
                self.voice_before_s = self._last_voice_s
                self._voiced_blocks = 0
            self._voiced_blocks += 1
            self._voices.append(now_s)
            self._last_voice_s = now_s
            if not self._speaking and self._voiced_blocks >= _NOTICED_BLOCKS:
                self._speaking = True
                return [VoiceActivity(now_s, True, level_db(block))]
        elif self._speaking and now_s - self._last_voice_s >= _PAUSE_S:
            self._speaking = False
            return [VoiceActivity(now_s, False, level_db(block))]
        return []

    def voice_since(self, start_s: float) -> tuple[float, float]:
        """Where the first voice after ``start_s`` began (now, when there was none), and seconds of voice since."""
        ends = [end_s for end_s in self._voices if end_s > start_s]
        return (max(ends[0] - BLOCK_S, start_s) if ends else self._end_s), len(ends) * BLOCK_S

    def since(self, start_s: float) -> tuple[Samples, float]:
        """The sound from ``start_s`` on, as far as it is remembered, and where it really begins."""
        count = min(len(self._blocks) * BLOCK_SAMPLES, round((self._end_s - start_s) * SAMPLE_RATE_HZ))
        count = max(count, 0)
        blocks = -(-count // BLOCK_SAMPLES)
        sound = np.concatenate([np.zeros(0, np.int16), *list(self._blocks)[len(self._blocks) - blocks :]])
        return sound[len(sound) - count :], self._end_s - count / SAMPLE_RATE_HZ


def level_db(block: Samples) -> float:
    """RMS level of int16 samples in dBFS, -inf..0."""
    power = float(np.mean(np.square(block.astype(np.float64)))) / 32_768.0**2
    return 10.0 * float(np.log10(power)) if power > 0 else float("-inf")
