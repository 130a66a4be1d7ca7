"""The words of a whole answer, for what looks for something anywhere in it, in bounded time however long it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from assistant.understanding.words.normal import Writing
from assistant.understanding.words.shells import Runs

# More than anybody says in one answer: ten minutes are about 1,600 words. Of more, typed, both ends are looked at.
MOST_WORDS = 1_700
MOST_CHARACTERS = 20_000
LONG_CHARACTERS = 6_000  # more than anybody says in one breath, some 1,100 words: what tells nothing is left out
LONGEST_WORD = 30
SAID_AGAIN_WORDS = range(2, 9)  # a run of so many words that is said twice is taken once
_WORDS_KEPT = 10_000  # written out

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class ToldWords:
    """Words that carry something. ``written`` tells what stands for a word, ``passed_over`` what says nothing."""

    def __init__(self, writing: Writing, written: Mapping[str, Sequence[str]], passed_over: Iterable[str]) -> None:
        self._writing = writing
        self._written = written
        self._passed_over = Runs(tuple(run.split()) for run in passed_over)
        self._known: dict[str, tuple[str, ...]] = {}

    def words(self, text: str) -> list[str]:
        """The words of ``text``, written out, each once where somebody stammers."""
        words = [word for raw in _WORD.findall(_plain(text)) for word in self._in_full(raw)]
        kept: list[str] = []
        place = 0
        while place < len(words):
            if again := _said_again(words, place, kept):
                place += again
                continue
            passed = self._passed_over.at(words, place)
            if not passed and not (kept and kept[-1] == words[place]):
                kept.append(words[place])
            place += passed or 1
        return kept

    def _in_full(self, raw: str) -> tuple[str, ...]:
        known = self._known.get(raw)
        if known is None:
            if len(self._known) >= _WORDS_KEPT:
                self._known.clear()
            written = self._writing.in_full(raw) if raw.isalpha() else self._writing.words(raw)
            known = self._known[raw] = tuple(part for word in written for part in self._written.get(word, (word,)))
        return known


def shortened(text: str) -> str:
    """``text`` without what would take long and tells nothing: the same word again and again, words without an end,
    figures, and the middle of what nobody can have said in one answer."""
    if len(text) <= LONG_CHARACTERS:
        return text
    text = _ends(_plain(_ends(text, MOST_CHARACTERS)), MOST_CHARACTERS)
    words = [word[:LONGEST_WORD] for word, _ in groupby(_WORD.findall(text)) if not word.isdigit()]
    if len(words) > MOST_WORDS:
        words = [*words[: MOST_WORDS // 2], *words[-MOST_WORDS // 2 :]]
    return " ".join(words)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")


def _ends(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most // 2]} {text[-most // 2 :]}"


def _said_again(words: Sequence[str], place: int, kept: Sequence[str]) -> int:
    """How many of the words from ``place`` on are just those that were ``kept`` last; 0 for none."""
    if words[place] not in kept[-SAID_AGAIN_WORDS[-1] :]:  # nearly always
        return 0
    for count in SAID_AGAIN_WORDS:
        if count <= len(kept) and kept[-count] == words[place] and words[place : place + count] == kept[-count:]:
            return count
    return 0
