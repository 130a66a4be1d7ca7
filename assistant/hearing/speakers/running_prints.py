"""Prints of the speech just heard, at any moment, while it is being heard.

Encoding a window anew for every tenth of a second would cost ten times its length. Instead three copies of the encoder
listen along, begun 0.53 s apart and each begun anew after the 1.6 s it was trained on, so that there is always one that
has heard about as much as is wanted and nothing older.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.speakers.voice_encoder import LAYERS, PRINT_VALUES, Print, VoiceEncoder
from assistant.hearing.speakers.voice_features import FRAMES_A_SECOND, SPEECH_POWER, Mels

COPIES = 3
APART_FRAMES = 53
LONGEST_FRAMES = COPIES * APART_FRAMES
_LEVEL_FRAMES = 100  # the level is that of about the last second of speech
_FIRST_FRAMES = 20  # as many the level so far counts for when a new stretch begins


class RunningPrints:
    """Hears frames of speech only; `begin` where somebody else may have begun to speak."""

    def __init__(self, encoder: VoiceEncoder) -> None:
        self._encoder = encoder
        self._hidden: NDArray[np.float32] = np.zeros((LAYERS, PRINT_VALUES, COPIES), np.float32)
        self._cell = np.zeros_like(self._hidden)
        self._heard = np.zeros(COPIES, np.intp)  # frames each copy has heard
        self._frames = 0  # since `begin`
        self._power = 0.0  # mean of a frame's bands together
        self._weight = 0.0  # frames that the mean rests on

    def begin(self) -> None:
        """Forget who spoke; the level is remembered a little."""
        self._hidden[:] = 0.0
        self._cell[:] = 0.0
        self._heard[:] = 0
        self._frames = 0
        self._weight = min(self._weight, _FIRST_FRAMES)

    def hear(self, frames: Mels) -> None:
        """More speech, shape (n, BANDS)."""
        for frame in frames:
            self._level(frame)
            if self._frames % APART_FRAMES == 0:
                copy = self._frames // APART_FRAMES % COPIES
                self._hidden[:, :, copy], self._cell[:, :, copy], self._heard[copy] = 0.0, 0.0, 0
            scale = np.float32(SPEECH_POWER / self._power) if self._power > 0 else np.float32(1.0)
            self._encoder.advance(self._hidden, self._cell, frame * scale)
            self._heard += 1
            self._frames += 1

    def latest(self, least_s: float) -> tuple[Print, float] | None:
        """The print of the last ``least_s`` (or up to 0.53 s more, or all since `begin` when that is less), and how
        many seconds it rests on; None before any speech."""
        if not self._frames:
            return None
        within = self._heard[self._heard <= self._frames]
        enough = within[within >= min(least_s * FRAMES_A_SECOND, within.max())]
        copy = int(np.flatnonzero(self._heard == enough.min())[0])
        return self._encoder.read(self._hidden[-1, :, copy]), float(self._heard[copy]) / FRAMES_A_SECOND

    def _level(self, frame: NDArray[np.float32]) -> None:
        self._weight = min(self._weight + 1, _LEVEL_FRAMES)
        self._power += (float(frame.sum()) - self._power) / self._weight
