"""Piper as an engine: a natural voice, a few hundred megabytes and a tenth of a core while it speaks.

piper-tts is GPL-3.0-or-later and only ever imported here, in the worker process, where somebody installed
the extra ``evensong[natural]``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_state
from piper import PiperVoice
from piper.config import PiperConfig, SynthesisConfig

from assistant.errors import SpeakingError
from assistant.events import AudioClip
from assistant.speaking.level import levelled
from assistant.speaking.piper_voices import no_such_voice, voice_path
from assistant.speaking.wording import speakable

# Piper rounds every phoneme up to whole frames of 12 ms, so half the length scale is not half the time. Measured
# with the shipped voice: the length scales that give these rates, 1.0 being about 170 to 200 words a minute.
_RATES = (0.46, 0.55, 0.63, 0.73, 0.82, 0.89, 1.0, 1.07, 1.13, 1.20, 1.29, 1.57, 1.77, 2.04)
_LENGTH_SCALES = (3.2, 2.6, 2.2, 1.86, 1.6, 1.45, 1.3, 1.2, 1.1, 0.9, 0.8, 0.65, 0.5, 0.3)
BETWEEN_SENTENCES_S = 0.2

# What onnxruntime raises for a broken model: classes of its binary module without a base of their own.
_ONNX_ERRORS = (
    onnx_state.Fail,
    onnx_state.InvalidArgument,
    onnx_state.InvalidGraph,
    onnx_state.InvalidProtobuf,
    onnx_state.NoSuchFile,
    onnx_state.NotImplemented,
)


def default_threads() -> int:
    """One thread leaves a small machine's other core to hearing; two nearly halve the wait where there are more."""
    return 1 if len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(2)) <= 2 else 2


class PiperEngine:
    """Renders with a Piper voice. Loading takes some two seconds.

    ``noise_scale`` and ``noise_w_scale`` are Piper's randomness in sound and rhythm; at 0 the same text gives
    the same samples every time. Raises SpeakingError when piper-tts or the voice is missing or broken.
    """

    def __init__(
        self,
        voice: str = "",
        *,
        threads: int | None = None,
        noise_scale: float = 0.0,
        noise_w_scale: float = 0.0,
    ) -> None:
        path = voice_path(voice)
        if path is None:
            raise SpeakingError(no_such_voice(voice))
        self._noise_scale = noise_scale
        self._noise_w_scale = noise_w_scale
        self._voice = _load(path, threads or default_threads())
        self.rate_hz = int(self._voice.config.sample_rate)

    def render(self, text: str, rate: float = 1.0) -> AudioClip:
        """``text`` as speech at the voice's own rate; ``rate`` 0.5..2.0. No words: an empty clip."""
        words = speakable(text)
        if not words:
            return AudioClip(np.zeros(0, np.int16), self.rate_hz, text)
        config = SynthesisConfig(
            length_scale=float(np.interp(rate, _RATES, _LENGTH_SCALES)),
            noise_scale=self._noise_scale,
            noise_w_scale=self._noise_w_scale,
            normalize_audio=False,
        )
        between = np.zeros(round(BETWEEN_SENTENCES_S * self.rate_hz), np.float32)
        parts: list[Any] = []
        for chunk in self._voice.synthesize(words, config):
            parts += [between, chunk.audio_float_array] if parts else [chunk.audio_float_array]
        samples = np.concatenate(parts) if parts else between
        return levelled(samples, self.rate_hz, text)


def _load(path: Path, threads: int) -> Any:
    """The voice with a session of few threads, where `PiperVoice.load` would take every core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A waiting thread would otherwise burn a core in a busy loop.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        config = PiperConfig.from_dict(json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8")))
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, *_ONNX_ERRORS) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SpeakingError(
            f"The Piper voice {path} cannot be used ({reason}); install it afresh with its .onnx.json beside it."
        ) from None
    return PiperVoice(session=session, config=config)
