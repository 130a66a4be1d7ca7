"""The numbers in a Kaldi nnet3 model file (am/final.mdl), read and written in place.

Such a file is a row of ``<Token>`` words and binary values. Every tensor that matters here stands behind one of five
tokens as ``FM`` (a matrix of single precision: ``\\x04`` rows ``\\x04`` columns values) or ``FV`` (a vector: ``\\x04``
length values), so that it can be changed without touching a byte around it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

Values = NDArray[np.float32]

_TENSOR = re.compile(rb"<(LinearParams|BiasParams|Params|StatsMean|StatsVar)> (FM|FV) ")
_COMPONENT = re.compile(rb"<ComponentName> (\S+) ")
_TIME_OFFSETS = re.compile(rb"<TimeOffsets> \x04")


@dataclass(frozen=True, slots=True)
class AcousticModel:
    """``tensors`` by (component, token); ``time_offsets`` in frames of those components that look around them."""

    path: Path
    tensors: Mapping[tuple[str, str], Values]
    time_offsets: Mapping[str, tuple[int, ...]]
    places: Mapping[tuple[str, str], int]

    def written(self, changed: Mapping[tuple[str, str], Values], to: Path) -> None:
        """Write the file with ``changed`` in the place of its own values; all else stays as it was, bit by bit."""
        content = bytearray(self.path.read_bytes())
        for name, values in changed.items():
            if values.shape != self.tensors[name].shape:
                raise ModelError(f"{name} has the shape {values.shape}, not {self.tensors[name].shape}; mend that.")
            encoded = np.ascontiguousarray(values, dtype="<f4").tobytes()
            content[self.places[name] : self.places[name] + len(encoded)] = encoded
        to.write_bytes(content)


def load_acoustic_model(path: Path) -> AcousticModel:
    """Raises ModelError when the file is no binary nnet3 model."""
    content = path.read_bytes()
    first, last = content.find(b"<NumComponents>"), content.find(b"</Nnet3>")
    if min(first, last) < 0:
        raise ModelError(f"{path} is no binary nnet3 model; give the am/final.mdl of a Vosk model.")
    starts = [(found.start(), found[1].decode()) for found in _COMPONENT.finditer(content, first, last)]
    ends = [start for start, _ in starts[1:]] + [last]
    tensors: dict[tuple[str, str], Values] = {}
    places: dict[tuple[str, str], int] = {}
    offsets: dict[str, tuple[int, ...]] = {}
    for (start, component), end in zip(starts, ends, strict=True):
        read_to = start
        for found in _TENSOR.finditer(content, start, end):
            if found.start() < read_to:  # bytes of a tensor's own values that look like a token
                continue
            shape, place = _shape(content, found.end(), matrix=found[2] == b"FM")
            name = component, found[1].decode()
            tensors[name] = np.frombuffer(content, "<f4", int(np.prod(shape)), place).reshape(shape)
            places[name] = place
            read_to = place + tensors[name].nbytes
        if times := _TIME_OFFSETS.search(content, start, end):
            (count,) = struct.unpack_from("<i", content, times.end())
            offsets[component] = struct.unpack_from(f"<{count}i", content, times.end() + 4)
    return AcousticModel(path, tensors, offsets, places)


def _shape(content: bytes, place: int, *, matrix: bool) -> tuple[tuple[int, ...], int]:
    shape: tuple[int, ...]
    if matrix:
        shape = struct.unpack_from("<xixi", content, place)
        return shape, place + 10
    shape = struct.unpack_from("<xi", content, place)
    return shape, place + 5
