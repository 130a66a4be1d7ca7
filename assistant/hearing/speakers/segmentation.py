"""The segmentation network: which of up to three voices of a few seconds speak in each 17 ms, and whether two at once.

PyanNet as published as pyannote segmentation-3.0 (MIT licence; Bredin, "pyannote.audio 2.1 speaker diarization
pipeline", and Plaquet and Bredin, "Powerset multi-class cross entropy loss for neural speaker diarization", both 2023):
band-pass filters whose edges were learned (SincNet; Ravanelli and Bengio, 2018), two convolutions, four LSTM layers in
both directions and three linear layers, for seven answers: nobody, one of three voices, two of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.weights import load_network, weight

WEIGHTS = "segmentation.npz"
FRAME_SAMPLES = 270
FRAME_S = FRAME_SAMPLES / SAMPLE_RATE_HZ
FIRST_FRAME_S = 495 / SAMPLE_RATE_HZ  # the middle of the first frame
SHORTEST_SAMPLES = 1261  # of which two frames are made
VOICES = 3
PAIRS = ((0, 1), (0, 2), (1, 2))
NOBODY = 0
ALONE = slice(1, 1 + VOICES)
TOGETHER = slice(1 + VOICES, 1 + VOICES + len(PAIRS))
ANSWERS = 1 + VOICES + len(PAIRS)

Floats = NDArray[np.float32]

_FILTERS, _TAPS, _HOP = 80, 251, 10
_CHANNELS, _REACH, _POOL = 60, 5, 3
_UNITS, _LAYERS = 128, 4
_LOWEST_HZ, _NARROWEST_HZ = 50.0, 50.0
_FULL_SCALE = np.float32(32_768.0)
_LEAK = np.float32(0.01)
_TINY = np.float32(1e-5)


class Segmentation:
    """Pure, once loaded. ``weights`` are named as in PyTorch: sincnet.wav_norm1d.weight, ..., classifier.bias."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._level = [weight(weights, f"sincnet.wav_norm1d.{each}", (1,)) for each in ("weight", "bias")]
        self._filters = _filters(
            weight(weights, "sincnet.conv1d.0.filterbank.low_hz_", (_FILTERS // 2, 1)),
            weight(weights, "sincnet.conv1d.0.filterbank.band_hz_", (_FILTERS // 2, 1)),
        )
        self._norms = []
        for number, channels in enumerate((_FILTERS, _CHANNELS, _CHANNELS)):
            self._norms.append(
                tuple(weight(weights, f"sincnet.norm1d.{number}.{each}", (channels,)) for each in ("weight", "bias"))
            )
        self._convolutions = []
        for number, inputs in ((1, _FILTERS), (2, _CHANNELS)):
            kernel = weight(weights, f"sincnet.conv1d.{number}.weight", (_CHANNELS, inputs, _REACH))
            bias = weight(weights, f"sincnet.conv1d.{number}.bias", (_CHANNELS,))
            self._convolutions.append((np.ascontiguousarray(kernel.transpose(2, 1, 0).reshape(-1, _CHANNELS)), bias))
        self._layers = [_both_ways(weights, layer) for layer in range(_LAYERS)]
        self._linear = []
        for name, outputs, inputs in (
            ("linear.0", _UNITS, 2 * _UNITS),
            ("linear.1", _UNITS, _UNITS),
            ("classifier", ANSWERS, _UNITS),
        ):
            matrix = weight(weights, f"{name}.weight", (outputs, inputs))
            self._linear.append((np.ascontiguousarray(matrix.T), weight(weights, f"{name}.bias", (outputs,))))

    def told(self, sound: Samples) -> Floats:
        """Probabilities of the answers, shape (frames, ANSWERS); ``sound`` int16, 16 kHz, SHORTEST_SAMPLES or more.

        The middle of frame n lies FIRST_FRAME_S + n * FRAME_S after the beginning. Trained on windows of ten seconds.
        """
        found = self._recurrent(self._bands(sound))
        for number, (matrix, bias) in enumerate(self._linear):
            found = found @ matrix + bias
            if number < len(self._linear) - 1:
                found = _leaky(found)
        found = np.exp(found - found.max(axis=1, keepdims=True))
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def _bands(self, sound: Samples) -> Floats:
        """The filters and convolutions, shape (frames, _CHANNELS)."""
        weight, bias = self._level
        wave = _normal((sound / _FULL_SCALE).astype(np.float32)[:, None], weight, bias)[:, 0]
        found: Floats = np.abs(np.lib.stride_tricks.sliding_window_view(wave, _TAPS)[::_HOP] @ self._filters)
        found = _leaky(_normal(_pooled(found), *self._norms[0]))
        for (kernel, bias), norm in zip(self._convolutions, self._norms[1:], strict=True):
            # A row of the channels of five frames, one after the other, is a window over the flattened frames.
            channels = found.shape[1]
            windows = np.lib.stride_tricks.sliding_window_view(found.reshape(-1), _REACH * channels)[::channels]
            found = _leaky(_normal(_pooled(windows @ kernel + bias), *norm))
        return found

    def _recurrent(self, sound: Floats) -> Floats:
        steps = len(sound)
        for into, bias, onward in self._layers:
            gates_in = (sound @ into + bias).reshape(steps, 2, 1, 4 * _UNITS)
            gates_in = np.stack([gates_in[:, 0], gates_in[::-1, 1]], axis=1)
            out = np.empty((steps, 2, 1, _UNITS), np.float32)
            hidden, cell = np.zeros((2, 1, _UNITS), np.float32), np.zeros((2, 1, _UNITS), np.float32)
            for step in range(steps):
                gates = gates_in[step]
                gates += np.matmul(hidden, onward)
                np.tanh(gates, out=gates)
                opened = gates[..., : 3 * _UNITS]
                opened *= 0.5
                opened += 0.5
                cell *= opened[..., _UNITS : 2 * _UNITS]
                cell += opened[..., :_UNITS] * gates[..., 3 * _UNITS :]
                hidden = out[step]
                np.tanh(cell, out=hidden)
                hidden *= opened[..., 2 * _UNITS :]
            sound = np.concatenate([out[:, 0, 0], out[::-1, 1, 0]], axis=1)
        return sound


def _both_ways(weights: Mapping[str, Any], layer: int) -> tuple[Floats, Floats, Floats]:
    """One LSTM layer: what comes in, for both directions beside each other, its bias, and what goes from step to step.

    In the order input, forget, output, cell, and the first three halved: sigmoid(x) is (1 + tanh(x / 2)) / 2, so that
    one tanh serves all four.
    """
    order = np.r_[0 : 2 * _UNITS, 3 * _UNITS : 4 * _UNITS, 2 * _UNITS : 3 * _UNITS]
    scale = np.repeat(np.array([0.5, 0.5, 0.5, 1.0], np.float32), _UNITS)
    inputs = _CHANNELS if layer == 0 else 2 * _UNITS
    into, bias, onward = [], [], []
    for way in (f"l{layer}", f"l{layer}_reverse"):
        into.append((weight(weights, f"lstm.weight_ih_{way}", (4 * _UNITS, inputs))[order] * scale[:, None]).T)
        onward.append((weight(weights, f"lstm.weight_hh_{way}", (4 * _UNITS, _UNITS))[order] * scale[:, None]).T)
        both = [weight(weights, f"lstm.bias_{each}_{way}", (4 * _UNITS,)) for each in ("ih", "hh")]
        bias.append((both[0] + both[1])[order] * scale)
    return np.concatenate(into, axis=1), np.concatenate(bias), np.ascontiguousarray(np.stack(onward))


def _filters(low: Floats, band: Floats) -> Floats:
    """Windowed band-pass filters, even then odd, shape (_TAPS, _FILTERS), from the learned edges, shape (n, 1)."""
    from_hz = _LOWEST_HZ + np.abs(low.astype(np.float64))
    to_hz = np.clip(from_hz + _NARROWEST_HZ + np.abs(band), _LOWEST_HZ, SAMPLE_RATE_HZ / 2)
    wide_hz = to_hz - from_hz
    half = _TAPS // 2
    t = 2 * np.pi * np.arange(-half, 0) / SAMPLE_RATE_HZ
    window = np.hamming(_TAPS)[:half]
    even = (np.sin(to_hz * t) - np.sin(from_hz * t)) / (t / 2) * window
    odd = (np.cos(from_hz * t) - np.cos(to_hz * t)) / (t / 2) * window
    even = np.concatenate([even, 2 * wide_hz, even[:, ::-1]], axis=1)
    odd = np.concatenate([odd, 0 * wide_hz, -odd[:, ::-1]], axis=1)
    found = np.concatenate([even / (2 * wide_hz), odd / (2 * wide_hz)])
    return np.ascontiguousarray(found.T, dtype=np.float32)


def _pooled(sound: Floats) -> Floats:
    """The largest of every three frames."""
    frames = len(sound) // _POOL
    found: Floats = sound[: frames * _POOL].reshape(frames, _POOL, -1).max(axis=1)
    return found


def _normal(sound: Floats, weight: Floats, bias: Floats) -> Floats:
    """Every channel over the whole window: mean 0 and deviation 1, then scaled and moved as learned."""
    found = sound - sound.mean(axis=0)
    found *= weight / np.sqrt(np.mean(found**2, axis=0) + _TINY)
    found += bias
    return np.asarray(found, dtype=np.float32)


def _leaky(sound: Floats) -> Floats:
    return np.asarray(np.maximum(sound, _LEAK * sound))


def load_segmentation(folder: Path) -> Segmentation:
    """The installed model ``overlaps`` (6 MB). Raises ModelError when it cannot be used."""
    return load_network(folder / WEIGHTS, "overlaps", Segmentation)
