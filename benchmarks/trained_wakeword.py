"""pymicro-wakeword, the trained peer of the wake benchmark: its wheel holds models of four phrases."""

from __future__ import annotations

import importlib
from typing import Any

from assistant.events import SAMPLE_RATE_HZ, Samples

MODELS = {"okay nabu": "okay_nabu", "hey jarvis": "hey_jarvis", "hey mycroft": "hey_mycroft", "alexa": "alexa"}
DEAF_S = 2.0  # after it woke: one call wakes it once


class TrainedWakeword:
    """Spots one of `MODELS` at its maker's own threshold. ``package`` is ``pymicro_wakeword``."""

    def __init__(self, package: Any, phrase: str) -> None:
        self._package = package
        self._model = package.Model(MODELS[phrase])

    def woken(self, sound: Samples) -> list[float]:
        """When it woke, in seconds of ``sound`` (int16, 16 kHz)."""
        spotter = self._package.MicroWakeWord.from_builtin(self._model)
        features = self._package.MicroWakeWordFeatures()
        found: list[float] = []
        step = SAMPLE_RATE_HZ // 100
        for place in range(0, len(sound) - step + 1, step):
            for frame in features.process_streaming(sound[place : place + step].tobytes()):
                at_s = place / SAMPLE_RATE_HZ
                if spotter.process_streaming(frame) and not (found and at_s - found[-1] < DEAF_S):
                    found.append(at_s)
        spotter.close()
        return found


def open_trained(phrase: str) -> TrainedWakeword | None:
    """For ``phrase``; None where pymicro-wakeword is not installed or has no model of it."""
    if phrase not in MODELS:
        return None
    try:
        return TrainedWakeword(importlib.import_module("pymicro_wakeword"), phrase)
    except ImportError:
        return None
