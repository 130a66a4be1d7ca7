"""Words cut into the pieces that a sentence encoder knows: SentencePiece's unigram model (Kudo, 2018).

Only what it takes to read the model of the Universal Sentence Encoder and to cut text as it was cut in training.
"""

from __future__ import annotations

import math
import struct
import unicodedata
from pathlib import Path

from assistant.errors import IntentsError

_START_OF_WORD = "\N{LOWER ONE EIGHTH BLOCK}"
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_UNKNOWN_PENALTY = 10.0
_MESSAGE, _TEXT, _SCORE = 0x0A, 0x0A, 0x15  # keys of the protocol buffer: a piece; its text; its score
_ONE_BYTE = 0x80  # lengths below this take one byte, as all of this file do


class Pieces:
    """The pieces of a SentencePiece model file. Raises IntentsError when it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._numbers: dict[str, int] = {}
        self._scores: list[float] = []
        try:
            self._read(path.read_bytes())
        except (OSError, ValueError, struct.error, IndexError) as error:
            raise IntentsError(
                f"{path}: the sentence encoder's pieces cannot be read ({error}); reinstall evensong[semantic]."
            ) from None
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._longest = max(map(len, self._numbers))

    def __len__(self) -> int:
        return len(self._scores)

    def _read(self, data: bytes) -> None:
        place = 0
        while data[place] == _MESSAGE and data[place + 2] == _TEXT:
            length, text_length = data[place + 1], data[place + 3]
            score_at = place + 4 + text_length
            if length >= _ONE_BYTE or data[score_at] != _SCORE:
                raise ValueError(f"unexpected layout at byte {place}")
            self._numbers[data[place + 4 : score_at].decode()] = len(self._scores)
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

    def _likeliest(self, text: str) -> list[int]:
        """Viterbi's search over all ways to cut ``text``."""
        best = [0.0] + [-math.inf] * len(text)
        came: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        find, scores = self._numbers.get, self._scores
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                number = find(text[start:end])
                if number is None:
                    if end > start + 1:
                        continue
                    number, score = _UNKNOWN, best[start] + self._unknown_score
                else:
                    score = best[start] + scores[number]
                if score > best[end]:
                    best[end], came[end] = score, (start, number)
        numbers: list[int] = []
        end = len(text)
        while end:
            end, number = came[end]
            numbers.append(number)
        return numbers[::-1]
