"""Which words sound like others, and how many syllables a phrase has: for choosing a wake phrase. English spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

FARTHEST = 0.4  # of the sounds may differ

# Spellings of one sound each, the longer ones first. Vowels fall together where the recogniser confuses them.
_SPELLINGS = (
    (r"^(kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^wh", "w"),
    (r"^ps", "s"),
    (r"gh(?=t|$)", ""),
    (r"ph", "f"),
    (r"tch|ch", "C"),
    (r"sh|ti(?=on)|ci(?=a)", "S"),
    (r"th", "T"),
    (r"ck|q|x|c(?=[^eiy]|$)", "k"),
    (r"c", "s"),
    (r"dge?|ge$|j", "J"),
    (r"z", "s"),
    (r"mb$", "m"),
    (r"(?<=[^aeiouy])e$|(?<=[^aeiouy])es$", ""),
    (r"ee|ea|ie|ey$|y$|i", "i"),
    (r"oo|ou|ow|u|o", "o"),
    (r"[ae]|ai|ay|y", "a"),
    (r"(.)\1+", r"\1"),
)


def sounds(text: str) -> str:
    """``text`` (lower case) as letters that stand for sounds, roughly."""
    for spelt, heard in _SPELLINGS:
        text = re.sub(spelt, heard, text)
    return text


def sound_alikes(word: str, known: Sequence[str], limit: int = 4) -> tuple[str, ...]:
    """Words of ``known`` that ``word`` may be mistaken for, the likest first."""
    others = [other for other in known if other != word]
    heard = [sounds(other) for other in others]
    near = process.extract(
        sounds(word), heard, scorer=Levenshtein.normalized_distance, score_cutoff=FARTHEST, limit=limit
    )
    return tuple(others[place] for _, _, place in near)


def syllables(phrase: str) -> int:
    """How many syllables ``phrase`` has, to about one."""
    return sum(_of_word(word) for word in phrase.lower().split())


def _of_word(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeiouyl])e$", "", word))
    return max(1, len(groups))
