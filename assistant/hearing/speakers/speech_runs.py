"""Cuts what a microphone hears into runs of speech, frame by frame: where a new speaker may begin, and where not."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.events import Samples
from assistant.hearing.speakers.voice_features import FRAMES_A_SECOND, HOP_SAMPLES, MelStream
from assistant.hearing.voice_activity import BLOCK_SAMPLES

SPEECH, NO_SPEECH = 0.5, 0.35  # probabilities at which speech begins and ends
TALK = 0.7  # from which on it counts as talk: a word rings on in the room, and the detector hears it for as long
PAUSE_FRAMES = 25  # so much silence ends a run: after it, somebody else may be speaking
EARLIER_FRAMES = 8  # of sound before the detector noticed, which belong to the first word

Detector = Callable[[Samples], float]


@dataclass(frozen=True, slots=True)
class Frame:
    """10 ms around ``at_s``. ``sound`` is None outside speech; ``begins`` on the first frame of a run.

    ``talk``: somebody speaks now, and it is not the room that rings on.
    """

    at_s: float
    sound: NDArray[np.float32] | None
    begins: bool = False
    talk: bool = False


class SpeechRuns:
    """``detector`` tells the probability of speech of a block (`VoiceActivityDetector`)."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._features = MelStream()
        self._blocks: Samples = np.zeros(0, np.int16)
        self._speech: list[tuple[bool, bool]] = []  # of each whole block so far: is there speech, does it count as talk
        self._speaking = False
        self._waiting: deque[NDArray[np.float32]] = deque()
        self._earlier: deque[NDArray[np.float32]] = deque(maxlen=EARLIER_FRAMES)
        self._frames = 0
        self._in_run = False
        self._quiet_frames = 0

    def hear(self, samples: Samples) -> Iterator[Frame]:
        """The frames that are told now, some 40 ms behind the sound: int16, 16 kHz mono, any length."""
        self._waiting.extend(self._features.hear(samples))
        self._blocks = np.concatenate([self._blocks, samples])
        while len(self._blocks) >= BLOCK_SAMPLES:
            probability = self._detector(self._blocks[:BLOCK_SAMPLES])
            self._speaking = probability >= (NO_SPEECH if self._speaking else SPEECH)
            self._speech.append((self._speaking, probability >= TALK))
            self._blocks = self._blocks[BLOCK_SAMPLES:]
        while self._waiting and self._frames * HOP_SAMPLES // BLOCK_SAMPLES < len(self._speech):
            speaking, talk = self._speech[self._frames * HOP_SAMPLES // BLOCK_SAMPLES]
            yield from self._told(self._waiting.popleft(), speaking, talk=talk)
            self._frames += 1

    def _told(self, sound: NDArray[np.float32], speaking: bool, *, talk: bool) -> Iterator[Frame]:
        at_s = self._frames / FRAMES_A_SECOND
        if speaking and not self._in_run:
            self._in_run = True
            early = [*self._earlier, sound]
            for number, each in enumerate(early):
                is_now = number == len(early) - 1  # those before it were not told from silence
                yield Frame(at_s - (len(early) - 1 - number) / FRAMES_A_SECOND, each, number == 0, talk and is_now)
            self._earlier.clear()
        elif speaking:
            yield Frame(at_s, sound, talk=talk)
        else:
            self._earlier.append(sound)
            yield Frame(at_s, None)
        self._quiet_frames = 0 if speaking else self._quiet_frames + 1
        if self._quiet_frames >= PAUSE_FRAMES:
            self._in_run = False
        elif not speaking and self._in_run:
            self._earlier.clear()
