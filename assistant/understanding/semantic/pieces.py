"""Words cut into the pieces that a sentence encoder knows: SentencePiece's unigram model (Kudo, 2018).

Only what it takes to read the model of the Universal Sentence Encoder and to cut text as it was cut in training.
"""

from __future__ import annotations

import math
import mmap
import re
import struct
import unicodedata
import zlib
from array import array
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.errors import IntentsError

_START_OF_WORD = "\N{LOWER ONE EIGHTH BLOCK}"
_STARTS = re.compile(_START_OF_WORD)
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_UNKNOWN_PENALTY = 10.0
_MESSAGE, _TEXT, _SCORE = 0x0A, 0x0A, 0x15  # keys of the protocol buffer: a piece; its text; its score
_ONE_BYTE = 0x80  # lengths below this take one byte, as all of this file do


class Pieces:
    """The pieces of a SentencePiece model file. Raises IntentsError when it cannot be read.

    They stay as they stand in the file, and are found by their checksums: a dictionary of them takes ten times as much.
    """

    def __init__(self, path: Path) -> None:
        self._scores = array("f")
        self._starts = array("I")
        self._lengths = array("B")
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._read(self._data)
        except (OSError, ValueError, struct.error, IndexError) as error:
            raise IntentsError(
                f"{path}: the sentence encoder's pieces cannot be read ({error}); reinstall evensong[semantic]."
            ) from None
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._longest = max(len(self._piece(number).decode()) for number in range(len(self)))
        sums = np.array([zlib.crc32(self._piece(number)) for number in range(len(self))], np.uint32)
        self._by_sum = np.argsort(sums, kind="stable").astype(np.uint32)
        self._sums = sums[self._by_sum]
        # Read once from end to end; from now on a few pages of it are needed, and the rest takes no memory.
        if hasattr(mmap, "MADV_DONTNEED"):
            self._data.madvise(mmap.MADV_DONTNEED)

    def __len__(self) -> int:
        return len(self._scores)

    def _read(self, data: mmap.mmap) -> None:
        place = 0
        while data[place] == _MESSAGE and data[place + 2] == _TEXT:
            length, text_length = data[place + 1], data[place + 3]
            score_at = place + 4 + text_length
            if length >= _ONE_BYTE or data[score_at] != _SCORE:
                raise ValueError(f"unexpected layout at byte {place}")
            self._starts.append(place + 4)
            self._lengths.append(text_length)
            self._scores.append(struct.unpack_from("<f", data, score_at + 1)[0])
            place += 2 + length
        if not self._scores:
            raise ValueError("it holds no pieces")

    def cut(self, text: str) -> list[int]:
        """The numbers of the pieces of ``text``, likeliest segmentation, between the marks of begin and end."""
        plain = " ".join(unicodedata.normalize("NFKC", text).split())
        if not plain:
            return [_BEGIN, _UNKNOWN, _END]
        return [_BEGIN, *self._likeliest(_START_OF_WORD + plain.replace(" ", _START_OF_WORD)), _END]

    def _piece(self, number: int) -> bytes:
        return self._data[self._starts[number] : self._starts[number] + self._lengths[number]]

    def _likeliest(self, text: str) -> list[int]:
        """Viterbi's search over all ways to cut ``text``."""
        best = [0.0] + [-math.inf] * len(text)
        came: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        known = self._known(text)
        for start in range(len(text)):
            pieces = known.get(start, {})
            if start + 1 not in pieces and best[start] + self._unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self._unknown_score, (start, _UNKNOWN)
            for end, number in pieces.items():
                if best[start] + self._scores[number] > best[end]:
                    best[end], came[end] = best[start] + self._scores[number], (start, number)
        numbers: list[int] = []
        end = len(text)
        while end:
            end, number = came[end]
            numbers.append(number)
        return numbers[::-1]

    def _known(self, text: str) -> dict[int, dict[int, int]]:
        """Which pieces stand in ``text``: where each begins, where it ends, and its number."""
        places = [0]
        for character in text:
            places.append(places[-1] + len(character.encode()))
        data = text.encode()
        spans: list[tuple[int, int]] = []
        for begin, beyond in pairwise([*(match.start() for match in _STARTS.finditer(text)), len(text)]):
            for start in range(begin, beyond):  # no piece goes on in the next word
                spans += [(start, end) for end in range(start + 1, min(start + self._longest, beyond) + 1)]
        sums = np.array([zlib.crc32(data[places[start] : places[end]]) for start, end in spans], np.uint32)
        found = np.searchsorted(self._sums, sums)
        there = self._sums[np.minimum(found, len(self._sums) - 1)] == sums
        known: dict[int, dict[int, int]] = {}
        for place in np.flatnonzero(there).tolist():
            start, end = spans[place]
            piece = data[places[start] : places[end]]
            # Pieces of one checksum stand beside each other; the last of the same text counts.
            for near in range(int(found[place]), len(self._sums)):
                if self._sums[near] != sums[place]:
                    break
                number = int(self._by_sum[near])
                if self._piece(number) == piece:
                    known.setdefault(start, {})[end] = number
        return known
