"""How loud a microphone is, and whether it is one."""

from __future__ import annotations

import math

import numpy as np

from assistant.audio.device import LevelReport
from assistant.events import Samples

FULL_SCALE = 32768.0
QUIET_RMS_DB = -70.0
CLIPPED_SHARE = 0.001


def level_db(samples: Samples) -> float:
    """Root mean square of ``samples`` in dBFS, -inf for silence."""
    return _db(math.sqrt(float(np.mean(np.square(samples.astype(np.float64)))))) if len(samples) else -math.inf


def level_report(samples: Samples) -> LevelReport:
    """What ``samples`` (int16, shape (n,), from a quiet room or from speech) say about the microphone."""
    if not len(samples):
        return LevelReport(-math.inf, -math.inf, True, "No sound came at all; choose another with `evensong devices`.")
    centred = samples.astype(np.float64) - float(np.mean(samples))
    rms_db = _db(math.sqrt(float(np.mean(np.square(centred)))))
    peak_db = _db(float(np.abs(samples.astype(np.int32)).max()))
    # Resampling may move a constant by one step; air before a microphone moves it by many.
    silent = int(np.ptp(samples.astype(np.int32))) <= 1
    clipped = float(np.mean(np.abs(samples.astype(np.int32)) >= FULL_SCALE - 1))
    return LevelReport(rms_db, peak_db, silent, _verdict(silent, rms_db, clipped))


def _verdict(silent: bool, rms_db: float, clipped: float) -> str:
    if silent:
        return (
            "Nothing but digital silence: it is muted, or a loopback with nothing playing;"
            " unmute it or choose another with `evensong devices`."
        )
    if clipped > CLIPPED_SHARE:
        return "It is far too loud and distorts; turn its input level down."
    if rms_db < QUIET_RMS_DB:
        return "It is very quiet; turn its input level up, or speak during this check."
    return "It hears the room."


def _db(amplitude: float) -> float:
    return 20 * math.log10(amplitude / FULL_SCALE) if amplitude > 0 else -math.inf
