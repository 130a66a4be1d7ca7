"""Reading the numbers out of a weights file that PyTorch wrote, without PyTorch and without running anything.

Such a file is a row of pickles, and a pickle can name any function to be called. The reader here knows three names,
puts stand-ins of its own in their place, and refuses every other, so that only numbers come out. Two layouts are read:
that of ``torch.save`` before version 1.6 (magic number, protocol, sizes of types, the object, the keys of its storages,
and then each storage as a count and its values), and the later one: a zip with the object, and a member a storage.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
LARGEST_VALUES = 100_000_000


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    values: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Dictionary(dict[Any, Any]):
    """In the place of collections.OrderedDict: a pickle may hang attributes on it, which are dropped."""

    def __setstate__(self, state: object) -> None:
        pass


class _FloatStorage:
    """In the place of torch.FloatStorage; only ever named, never made."""


def _tensor(storage: object, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> _Tensor:
    if not isinstance(storage, _Storage):
        raise pickle.UnpicklingError("a tensor without its values")
    return _Tensor(storage, int(offset), tuple(map(int, shape)), tuple(map(int, strides)))


_KNOWN: Mapping[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): _Dictionary,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch", "FloatStorage"): _FloatStorage,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it names {module}.{name}") from None

    def persistent_load(self, pid: Any) -> _Storage:
        match pid:
            case ("storage", kind, str(key), _, int(values), *_) if kind is _FloatStorage and values >= 0:
                return _Storage(key, values)
        raise pickle.UnpicklingError("a storage of another kind")


def torch_weights(path: Path, entry: str) -> dict[str, NDArray[np.float32]]:
    """The tensors below ``entry`` of the object in the file, by name. Raises ModelError when it is not such a file."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return _zipped_weights(archive, entry)
        with path.open("rb") as file:
            return _weights(file, entry)
    except (
        zipfile.BadZipFile,
        pickle.UnpicklingError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        EOFError,
        IndexError,
    ) as error:
        raise ModelError(
            f"The weights in {path.name} were refused ({error}); it is not the file it should be."
        ) from None


def _weights(file: io.BufferedReader, entry: str) -> dict[str, NDArray[np.float32]]:
    if _Reader(file).load() != MAGIC or _Reader(file).load() != PROTOCOL:
        raise ValueError("not a weights file of PyTorch")
    if not _Reader(file).load().get("little_endian"):
        raise ValueError("big-endian values")
    tensors = _tensors(_Reader(file).load()[entry])
    wanted = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    storages: dict[str, NDArray[np.float32]] = {}
    for key in _Reader(file).load():
        count = int.from_bytes(file.read(8), "little")
        if count > LARGEST_VALUES:
            raise ValueError("too many values")
        if key in wanted:
            storages[key] = _values(file.read(4 * count), wanted[key])
        else:
            file.seek(4 * count, io.SEEK_CUR)
    return {name: _placed(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _zipped_weights(archive: zipfile.ZipFile, entry: str) -> dict[str, NDArray[np.float32]]:
    inside = {name.partition("/")[2]: name for name in archive.namelist()}
    if archive.read(inside["byteorder"]) != b"little":
        raise ValueError("big-endian values")
    with archive.open(inside["data.pkl"]) as file:
        tensors = _tensors(_Reader(file).load()[entry])
    storages: dict[str, NDArray[np.float32]] = {}
    for storage in {tensor.storage for tensor in tensors.values()}:
        member = archive.getinfo(inside[f"data/{storage.key}"])
        if max(storage.values, member.file_size // 4) > LARGEST_VALUES:
            raise ValueError("too many values")
        storages[storage.key] = _values(archive.read(member), storage)
    return {name: _placed(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _tensors(entries: Mapping[Any, Any]) -> dict[str, _Tensor]:
    return {name: value for name, value in entries.items() if isinstance(value, _Tensor)}


def _values(read: bytes, storage: _Storage) -> NDArray[np.float32]:
    if len(read) != 4 * storage.values:
        raise ValueError("it is cut short")
    return np.frombuffer(read, dtype="<f4").astype(np.float32)


def _placed(tensor: _Tensor, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """A tensor's own part of its storage, which others may share, in its shape."""
    last = tensor.offset + sum((n - 1) * stride for n, stride in zip(tensor.shape, tensor.strides, strict=True))
    if (
        tensor.offset < 0
        or min(tensor.strides, default=0) < 0
        or min(tensor.shape, default=1) < 1
        or last >= len(values)
    ):
        raise ValueError("a tensor reaches outside its values")
    strides = tuple(4 * stride for stride in tensor.strides)
    return np.lib.stride_tricks.as_strided(values[tensor.offset :], tensor.shape, strides).copy()
