"""Clips that were made before: some in memory, and on disk those that may be kept there.

Speech can repeat what people said, so a clip goes to disk only where the caller allows it; a file's name is a hash
and the text is not in it.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.events import AudioClip

MEMORY_BYTES = 4_000_000  # a minute and a half of speech: what is said next, and what may be asked for again
DISK_BYTES = 100_000_000

_HEAD = struct.Struct("<8sIII")  # magic, rate_hz, bytes of PCM, CRC-32 of the PCM
_MAGIC = b"EVSPEAK2"  # 1: clips that were levelled otherwise
_SUFFIX = ".clip"
_PRUNE_TO = 0.8  # of the limit, so that a full cache is not swept at every clip


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two clips the same: the words, the rate, and ``voice``: engine, voice and their versions."""

    text: str
    rate: float
    voice: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.voice}\0{self.rate:.2f}\0{self.text}".encode(errors="replace")).hexdigest()


class MemoryCache:
    """The clips used last, up to a number of bytes; the newest stays even when it alone is larger."""

    def __init__(self, limit_bytes: int = MEMORY_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._clips: OrderedDict[Key, AudioClip] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Key) -> bool:
        return key in self._clips

    def get(self, key: Key) -> AudioClip | None:
        clip = self._clips.get(key)
        if clip is not None:
            self._clips.move_to_end(key)
        return clip

    def put(self, key: Key, clip: AudioClip) -> None:
        old = self._clips.pop(key, None)
        self._bytes += clip.samples.nbytes - (old.samples.nbytes if old else 0)
        self._clips[key] = clip
        while self._bytes > self._limit_bytes and len(self._clips) > 1:
            self._bytes -= self._clips.popitem(last=False)[1].samples.nbytes


class DiskCache:
    """Clips in a folder (mode 0700, files 0600), the least used removed first.

    A disk that is full, read-only or not there only means that nothing is kept; a file that is damaged counts as
    not there and is removed.
    """

    def __init__(self, folder: Path, limit_bytes: int = DISK_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._bytes: int | None = None  # unknown until the first clip is kept

    def get(self, key: Key) -> AudioClip | None:
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        clip = _unpacked(content, key.text)
        try:
            if clip is None:
                path.unlink()
            else:
                os.utime(path)
        except OSError:
            return clip  # read-only: it was still readable
        return clip

    def put(self, key: Key, clip: AudioClip) -> None:
        content = _packed(clip)
        temporary = ""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")  # mode 0600
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(temporary).replace(self._path(key))
            self._make_room(len(content))
        except OSError:
            if temporary:
                _remove(Path(temporary))

    def _make_room(self, added_bytes: int) -> None:
        if self._bytes is not None:
            self._bytes += added_bytes
        if self._bytes is not None and self._bytes <= self._limit_bytes:
            return
        files = sorted(
            ((entry.stat().st_mtime_ns, entry.stat().st_size, Path(entry.path)) for entry in os.scandir(self._folder)),
            reverse=True,
        )
        self._bytes = sum(size for _, size, _ in files)
        if self._bytes > self._limit_bytes:
            while len(files) > 1 and self._bytes > self._limit_bytes * _PRUNE_TO:
                _, size, path = files.pop()
                _remove(path)
                self._bytes -= size

    def _path(self, key: Key) -> Path:
        return self._folder / f"{key.digest}{_SUFFIX}"


def _packed(clip: AudioClip) -> bytes:
    pcm = clip.samples.astype("<i2", copy=False).tobytes()
    return _HEAD.pack(_MAGIC, clip.rate_hz, len(pcm), zlib.crc32(pcm)) + pcm


def _unpacked(content: bytes, text: str) -> AudioClip | None:
    """The clip in a file's content, or None when it is not whole."""
    if len(content) < _HEAD.size:
        return None
    magic, rate_hz, size, check = _HEAD.unpack_from(content)
    pcm = content[_HEAD.size :]
    if magic != _MAGIC or len(pcm) != size or size % 2 or not 4_000 <= rate_hz <= 192_000 or zlib.crc32(pcm) != check:
        return None
    return AudioClip(np.frombuffer(pcm, "<i2"), rate_hz, text)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # it cannot be removed now; the next sweep meets it again
