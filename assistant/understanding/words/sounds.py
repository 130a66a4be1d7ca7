"""How alike two words sound, told from their spelling by the rules of intents/<language>/slots/sounds.yaml.

A recogniser confuses words that sound alike, so a misheard word must cost less than a different one. The rules
are a longest-match transcription into few, coarse sounds; near sounds share a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import Levenshtein

SAME_SOUND = 0.05  # "to" for "two": written differently, heard the same
SAME_STEM = 0.25  # "pausing" for "pause"
VOWELS = frozenset("aeiou")  # of the sounds, whatever the language's letters are
_LONGEST_WORD = 24
_CACHE_LIMIT = 50_000


class Sounds:
    """Word -> sounds, and distances between words; pure, with bounded caches."""

    def __init__(
        self,
        rules: Mapping[str, str],
        words: Mapping[str, str],
        endings: Sequence[str],
        alike: Sequence[str] = (),
        faint: Sequence[str] = (),
    ) -> None:
        self._rules = {**dict.fromkeys("^$'", ""), **rules}
        self._pieces = re.compile(f"{_longest_of(self._rules)}|.", re.DOTALL)
        self._codes = dict(words)
        self._whole = frozenset(words)
        self._endings = tuple(sorted(endings, key=len, reverse=True))
        # Kinds are told apart from sounds by standing in a part of Unicode that no language uses.
        self._kind = {sound: chr(0xE000 + number) for number, kind in enumerate(alike) for sound in kind}
        self._light = VOWELS.union(faint)
        self._weighed: dict[str, str] = {}
        self._distances: dict[tuple[str, str], float] = {}
        self._stems: dict[str, str] = {}

    def code(self, word: str) -> str:
        """The sounds of one word, for example "kept" for "kept" and "rat" for "right"; never empty for a word."""
        known = self._codes.get(word)
        if known is None:
            if len(self._codes) > _CACHE_LIMIT:
                self._codes = {kept: self._codes[kept] for kept in self._whole}
            known = self._transcribe(word[:_LONGEST_WORD]) or word[:_LONGEST_WORD]
            self._codes[word] = known
        return known

    def _transcribe(self, word: str) -> str:
        # At each place the longest spelling that there is a rule for, or one letter, which sounds as it is written.
        return "".join([self._rules.get(piece, piece) for piece in self._pieces.findall(f"^{word}$")])

    def distance(self, first: str, second: str) -> float:
        """0 (the same word) .. 1 (nothing alike). Symmetric."""
        if first == second:
            return 0.0
        key = (first, second) if first < second else (second, first)
        known = self._distances.get(key)
        if known is None:
            if len(self._distances) > _CACHE_LIMIT:
                self._distances.clear()
            known = self._measure(*key)
            self._distances[key] = known
        return known

    def _measure(self, first: str, second: str) -> float:
        if self.same_stem(first, second):
            return SAME_STEM
        apart: float = Levenshtein.normalized_distance(self.weighed(first), self.weighed(second))
        return max(SAME_SOUND, apart)

    def weighed(self, word: str) -> str:
        """Its sounds, consonants twice, once as one of their kind.

        So a consonant taken for one of another kind counts two, for one of its own kind ("d", "t") one; a vowel one,
        too, because vowels change easily, and so one that is ``faint`` and easily lost.
        """
        known = self._weighed.get(word)
        if known is None:
            if len(self._weighed) > _CACHE_LIMIT:
                self._weighed.clear()
            known = self._weighed[word] = "".join(
                s if s in self._light else self._kind.get(s, s) + s for s in self.code(word)
            )
        return known

    def same_stem(self, first: str, second: str) -> bool:
        """Whether they are forms of one word ("pause", "pausing")."""
        return self.stem(first) == self.stem(second)

    def stem(self, word: str) -> str:
        """The word without an ending that does not change which word it is."""
        known = self._stems.get(word)
        if known is None:
            if len(self._stems) > _CACHE_LIMIT:
                self._stems.clear()
            known = self._stems[word] = self._without_ending(word)
        return known

    def _without_ending(self, word: str) -> str:
        for ending in self._endings:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                stem = word[: -len(ending)]
                # "stopping" -> "stop"
                return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem.rstrip("e")
        return word.rstrip("e") if len(word) > 3 else word


def _longest_of(spellings: Iterable[str]) -> str:
    """A regular expression for the longest of ``spellings`` at a place: a tree of their letters, which takes a third of
    the time of one after the other."""
    by_letter: dict[str, set[str]] = {}
    for spelling in spellings:
        by_letter.setdefault(spelling[:1], set()).add(spelling[1:])
    onward = [re.escape(letter) + _longest_of(rests) for letter, rests in sorted(by_letter.items()) if letter]
    if not onward:
        return ""
    return f"(?:{'|'.join(onward)}){'?' if '' in by_letter else ''}"
