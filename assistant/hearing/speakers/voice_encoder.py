"""The voice encoder: a stretch of speech becomes 256 numbers that tell who speaks, not what is said.

The GE2E encoder (Wan, Wang, Papir, Lopez Moreno, "Generalized End-to-End Loss for Speaker Verification", 2018) with
the weights of Resemblyzer (Apache-2.0): three LSTM layers of 256, a linear layer with ReLU, and unit length.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.speakers.voice_features import BANDS, Mels
from assistant.hearing.weights import load_network, weight

PRINT_VALUES = 256
LAYERS = 3
WEIGHTS = "encoder.npz"
LONGEST_FRAMES = 160  # 1.6 s, as in the training
PARTS_APART_FRAMES = 40

Print = NDArray[np.float32]
"""A unit vector of PRINT_VALUES values, none below 0. Two prints of one person have a cosine near 1."""

_UNITS = 256


class VoiceEncoder:
    """Pure, once loaded. ``weights`` are named as in PyTorch: lstm.weight_ih_l0, ..., linear.bias."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._layers = []
        for layer in range(LAYERS):
            inputs = BANDS if layer == 0 else _UNITS
            into = weight(weights, f"lstm.weight_ih_l{layer}", (4 * _UNITS, inputs))
            onward = weight(weights, f"lstm.weight_hh_l{layer}", (4 * _UNITS, _UNITS))
            bias = weight(weights, f"lstm.bias_ih_l{layer}", (4 * _UNITS,))
            bias = bias + weight(weights, f"lstm.bias_hh_l{layer}", (4 * _UNITS,))
            # In the order input, forget, output, cell, and the first three halved: sigmoid(x) is
            # (1 + tanh(x / 2)) / 2, so that one tanh serves all four.
            order = np.r_[0 : 2 * _UNITS, 3 * _UNITS : 4 * _UNITS, 2 * _UNITS : 3 * _UNITS]
            scale = np.repeat(np.array([0.5, 0.5, 0.5, 1.0], np.float32), _UNITS)
            self._layers.append(
                (
                    np.ascontiguousarray(into[order] * scale[:, None]),
                    np.ascontiguousarray(onward[order] * scale[:, None]),
                    (bias[order] * scale)[:, None],
                )
            )
        self._out = np.ascontiguousarray(weight(weights, "linear.weight", (PRINT_VALUES, _UNITS)).T)
        self._out_bias = weight(weights, "linear.bias", (PRINT_VALUES,))

    def prints(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Windows of equally many frames, shape (n, frames >= 1, BANDS), as prints, shape (n, PRINT_VALUES).

        Of windows longer than those of the training, overlapping parts are encoded and their prints averaged.
        """
        frames = windows.shape[1]
        last = max(0, frames - LONGEST_FRAMES)
        starts = sorted({*range(0, last + 1, PARTS_APART_FRAMES), last})
        raw = np.sum([self._encoded(windows[:, start : start + LONGEST_FRAMES]) for start in starts], axis=0)
        return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9), dtype=np.float32)

    def _encoded(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        # Windows stand side by side as columns: with few of them, numpy multiplies several times faster that way.
        sound = np.ascontiguousarray(windows.transpose(2, 1, 0))
        for into, onward, bias in self._layers:
            sound = _layer(sound, into, onward, bias)
        raw = np.maximum(sound[:, -1].T @ self._out + self._out_bias, 0.0)
        lengths = np.linalg.norm(raw, axis=1, keepdims=True)
        return np.asarray(raw / np.maximum(lengths, 1e-9), dtype=np.float32)

    def advance(self, hidden: NDArray[np.float32], cell: NDArray[np.float32], frame: NDArray[np.float32]) -> None:
        """One more frame, shape (BANDS,), for several copies of the encoder at once, each with its own past.

        ``hidden`` and ``cell``, shape (LAYERS, 256, copies), are what the copies remember, zeros at first; they are
        changed in place.
        """
        sound = frame[:, None]
        for layer, (into, onward, bias) in enumerate(self._layers):
            _step(into @ sound + bias, onward, hidden[layer], cell[layer])
            sound = hidden[layer]

    def read(self, hidden: NDArray[np.float32]) -> Print:
        """The print of what one copy has heard, by its last layer's memory, shape (256,)."""
        raw = np.maximum(hidden @ self._out + self._out_bias, 0.0)
        found: Print = raw / max(float(np.linalg.norm(raw)), 1e-9)
        return found

    def print_of(self, window: Mels) -> Print:
        """One window of frames, shape (frames >= 1, BANDS), as a print."""
        found: Print = self.prints(window[None])[0]
        return found


def _layer(
    sound: NDArray[np.float32], into: NDArray[np.float32], onward: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """One LSTM layer over ``sound``, shape (inputs, frames, n); gives shape (_UNITS, frames, n)."""
    inputs, steps, count = sound.shape
    gates_in = (into @ sound.reshape(inputs, -1) + bias).reshape(-1, steps, count)
    gates_in = np.ascontiguousarray(gates_in.transpose(1, 0, 2))
    out = np.empty((_UNITS, steps, count), np.float32)
    cell = np.zeros((_UNITS, count), np.float32)
    hidden = np.zeros((_UNITS, count), np.float32)
    for step in range(steps):
        _step(gates_in[step], onward, hidden, cell)
        out[:, step] = hidden
    return out


def _step(
    gates_in: NDArray[np.float32], onward: NDArray[np.float32], hidden: NDArray[np.float32], cell: NDArray[np.float32]
) -> None:
    """One frame through one layer; ``hidden`` and ``cell``, shape (_UNITS, n), are changed in place."""
    gates = np.tanh(gates_in + onward @ hidden)
    opened = 0.5 * gates[: 3 * _UNITS] + 0.5
    cell *= opened[_UNITS : 2 * _UNITS]
    cell += opened[:_UNITS] * gates[3 * _UNITS :]
    np.multiply(opened[2 * _UNITS :], np.tanh(cell), out=hidden)


def load_voice_encoder(folder: Path) -> VoiceEncoder:
    """The installed model ``voices`` (a tenth of a second, 6 MB). Raises ModelError when it cannot be used."""
    return load_network(folder / WEIGHTS, "voices", VoiceEncoder)
