"""The words that a model knows, read out of its language model: to suggest near ones for a word it does not know."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

_SYMBOLS_MAGIC = struct.pack("<i", 2125658996)  # how an OpenFst symbol table begins
_SHORTEST_PART = 2


def vocabulary(model_path: Path) -> tuple[str, ...]:
    """All words of the model in ``model_path``; empty where it does not hold them in a readable form.

    Dynamic Vosk models keep them in graph/words.txt or in the symbol table inside graph/Gr.fst.
    """
    listed = model_path / "graph" / "words.txt"
    try:
        if listed.is_file():
            return _speakable(line.split()[0] for line in listed.read_text("utf-8").splitlines() if line.strip())
        return _speakable(_symbols((model_path / "graph" / "Gr.fst").read_bytes()))
    except (OSError, struct.error, UnicodeDecodeError):
        return ()


def _symbols(data: bytes) -> list[str]:
    """The first symbol table inside an OpenFst file: each symbol has its length, its text and a 64-bit key."""
    place = data.find(_SYMBOLS_MAGIC)
    if place < 0:
        return []
    (name_length,) = struct.unpack_from("<i", data, place + 4)
    place += 8 + name_length + 8
    (count,) = struct.unpack_from("<q", data, place)
    place += 8
    found = []
    for _ in range(count):
        (length,) = struct.unpack_from("<i", data, place)
        found.append(data[place + 4 : place + 4 + length].decode("utf-8"))
        place += 4 + length + 8
    return found


def _speakable(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word[:1].isalpha())


def near_words(word: str, known: Sequence[str], limit: int = 4) -> tuple[str, ...]:
    """What could be said instead of ``word``: its two halves where both are known, then words spelt alike."""
    words = set(known)
    halves = [
        f"{word[:cut]} {word[cut:]}"
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        if word[:cut] in words and word[cut:] in words
    ]
    alike = [found for found, _score, _place in process.extract(word, known, scorer=fuzz.ratio, limit=limit)]
    return tuple(dict.fromkeys([*halves[:1], *alike]))[:limit]
