"""Prompts cut into sentences, so that the first can be heard while the next is still being made."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_CHARS = 120
MIN_CHARS = 25  # a clause shorter than this sounds torn off

_END = re.compile(r"(?:\.\.\.+|[.!?…]+)[\"'”’)\]]*(?=\s)")
_CLAUSE_ENDS = (
    re.compile(r"[,;:–—](?=\s)"),
    re.compile(r"\s(?=(?:and|but|or|so|because|which|who|then|when|if|while)\s)"),
)
_SPACE = re.compile(r"\s")

_BEFORE_A_NAME = frozenset(
    {"dr", "mr", "mrs", "ms", "mx", "prof", "st", "rev", "fr", "sr", "hon", "e.g", "i.e", "vs", "cf", "approx", "ca"}
)
_BEFORE_A_NUMBER = frozenset({"no", "nos", "p", "pp", "vol", "ch", "fig"})
_MID_SENTENCE_TOO = frozenset({"a.m", "p.m", "etc", "jr", "inc", "ltd", "u.s", "u.k"})


def sentences(text: str) -> tuple[str, ...]:
    """Cut ``text`` into pieces to be said one after the other; their words in order are the text's words.

    Cuts at the ends of sentences and at line breaks, not after "Dr." or an initial, nor inside "7.5". A sentence of
    more than 120 characters is cut again at the clause nearest its middle. Pieces without a letter or digit are left
    out; white space within a piece is single blanks.
    """
    pieces: list[str] = []
    for line in text.splitlines():
        for sentence in _sentences_of_line(" ".join(line.split())):
            pieces.extend(_clauses(sentence))
    return tuple(piece for piece in pieces if any(character.isalnum() for character in piece))


def _sentences_of_line(line: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(line):
        if _ends_sentence(line[start : end.start()], end.group(), line[end.end() :].lstrip()):
            yield line[start : end.end()].strip()
            start = end.end()
    rest = line[start:].strip()
    if rest:
        yield rest


def _ends_sentence(before: str, mark: str, after: str) -> bool:
    """Whether ``mark`` between ``before`` (since the last cut) and ``after`` (not empty) ends a sentence."""
    lower_follows = after[:1].islower()
    if mark.startswith(("...", "…")) or mark[-1] in "\"'”’)]":
        return not lower_follows  # "Breathe in... and out." and '"Really?" she said.' are one sentence each
    if mark != ".":
        return True
    word = before.rsplit(maxsplit=1)[-1] if before.strip() else ""
    known = word.lstrip("\"'“‘([").lower()
    if known in _BEFORE_A_NAME:
        return False
    if known in _BEFORE_A_NUMBER:
        return not after[:1].isdigit()
    if known in _MID_SENTENCE_TOO:
        return not lower_follows
    if len(word) == 1 and word.isupper() and word != "I":
        return False  # an initial
    return not (word.isdigit() and before.strip() == word)  # "1. Name one thing" keeps its number


def _clauses(sentence: str) -> Iterator[str]:
    if len(sentence) <= MAX_CHARS:
        yield sentence
        return
    cut = _best_cut(sentence)
    yield from _clauses(sentence[:cut].strip())
    yield from _clauses(sentence[cut:].strip())


def _best_cut(sentence: str) -> int:
    """Where to cut a long sentence: at punctuation, else before a joining word, else at a blank, near the middle."""
    middle = len(sentence) // 2
    for pattern, shortest in ((_CLAUSE_ENDS[0], MIN_CHARS), (_CLAUSE_ENDS[1], MIN_CHARS), (_SPACE, 1)):
        cuts = [match.end() for match in pattern.finditer(sentence)]
        fitting = [cut for cut in cuts if shortest <= cut <= len(sentence) - shortest]
        if fitting:
            return min(fitting, key=lambda cut: abs(cut - middle))
    return MAX_CHARS
