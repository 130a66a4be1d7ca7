"""One way of writing: what the recogniser writes, what people type and what templates say become the same words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import islice
from sys import intern

UNKNOWN = "[unk]"  # the recogniser's mark for a word outside its grammar
MAX_CHARACTERS = 1_000  # far more than the longest command or closed answer; free answers are never cut
MAX_WORDS = 64
MAX_PLAIN = 200
_TEXTS_KEPT = 64  # written out: the same utterance is read by many

_TOKEN = re.compile(r"\[unk\]|[0-9]+|[^\W\d_]+(?:'[^\W\d_]+)*'?|'[^\W\d_]+")
_PLAIN = re.compile(r"[a-z ]+")
_DECIMAL = re.compile(r"(?<!\d)(\d{1,9})[.,](\d)(?!\d)")
_THOUSANDS = re.compile(r"(\d)[,.](\d{3})(?!\d)")
_DIGIT = re.compile(r"\d")
_OUT_OF = re.compile(r"(\d)\s*/\s*(\d)")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\u00ad": None})
MAX_DIGITS = 6


def tokens(text: str) -> list[str]:
    """Lower-case words and digit groups of ``text``, without punctuation; at most MAX_WORDS. Never raises."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS].translate(_QUOTES)).lower().translate(_QUOTES)
    return [match.group() for match in islice(_TOKEN.finditer(text), MAX_WORDS)]


class Writing:
    """Writes words out in full: numbers as words, contractions as what they stand for."""

    def __init__(
        self,
        contractions: Mapping[str, str],
        long_endings: Mapping[str, str],
        spell: Callable[[int], tuple[str, ...]],
        point: str,
        out_of: str,
    ) -> None:
        self._full = {short: tuple(full.split()) for short, full in contractions.items()}
        self._endings = {ending: tuple(full.split()) for ending, full in long_endings.items()}
        self._spell = spell
        self._point = f" {point} "
        self._out_of = rf"\1 {out_of} \2"
        self._known: dict[str, tuple[str, ...]] = {}
        self._short: dict[tuple[str, ...], str] = {}
        for short, full in self._full.items():
            if "'" in short:  # "thats" is how people type, not what the recogniser knows
                self._short.setdefault(full, short)

    def words(self, text: str) -> tuple[str, ...]:
        """The words of ``text``, written out; at most about MAX_WORDS. Never raises."""
        if len(text) < MAX_PLAIN and _PLAIN.fullmatch(text):  # as the recogniser and nearly all templates write
            return self._plain(text.split())
        text = text[:MAX_CHARACTERS]
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _TEXTS_KEPT:
                self._known.clear()
            known = self._known[text] = self._written(text)
        return known

    def _written(self, text: str) -> tuple[str, ...]:
        if _DIGIT.search(text):
            text = _THOUSANDS.sub(r"\1\2", text)
            text = _OUT_OF.sub(self._out_of, text)
            text = _DECIMAL.sub(lambda match: match[1] + self._point + match[2], text)
        written: list[str] = []
        for token in tokens(text):
            if token.isdigit():
                written += self._spell(int(token)) if token.isascii() and len(token) <= MAX_DIGITS else (token,)
            else:
                written += self.in_full(token)
        return tuple(written)

    def said(self, text: str, words: tuple[str, ...], start: int, end: int) -> str:
        """How ``words[start:end]`` were said in ``text``: digits and short forms as they stand there.

        ``words`` are those of `words`, of which some may be left out. What cannot be found there is given as it is.
        """
        text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS].translate(_QUOTES)).lower().translate(_QUOTES)
        pieces = [
            (word, match.start(), match.end()) for match in _TOKEN.finditer(text) for word in self.words(match.group())
        ]
        places: list[tuple[int, int]] = []
        for word, first, last in pieces:
            if len(places) < end and word == words[len(places)]:
                places.append((first, last))
        return text[places[start][0] : places[-1][1]] if len(places) == end else " ".join(words[start:end])

    def _plain(self, words: list[str]) -> tuple[str, ...]:
        # Each word once in memory, however many phrases it stands in.
        if self._full.keys().isdisjoint(words):
            return tuple(map(intern, words))
        return tuple(part for word in words for part in self._full.get(word, (intern(word),)))

    def in_full(self, token: str) -> tuple[str, ...]:
        """One lower-case word of letters, and what a short form stands for."""
        known = self._full.get(token)
        if known is not None:
            return known
        token = token.rstrip("'")
        if "'" in token:
            for ending, full in self._endings.items():
                if token.endswith(ending) and len(token) > len(ending):
                    return (token[: -len(ending)], *full)
        return (token,) if token else ()

    @property
    def contractable(self) -> Mapping[tuple[str, ...], str]:
        """The runs of words that `contracted` makes one, and which."""
        return self._short

    def contracted(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The same words with every contraction made: ("i", "am", "done") -> ("i'm", "done")."""
        short: list[str] = []
        place = 0
        while place < len(words):
            pair = self._short.get(words[place : place + 2])
            short.append(pair or words[place])
            place += 2 if pair else 1
        return tuple(short)
