"""Words of running talk: how much each tells, and which ones say the same (intents/<language>/slots/retelling.yaml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from assistant.errors import IntentsError
from assistant.understanding.data_file import parse
from assistant.understanding.language import Language, Words, load_language
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.numbers import Numbers
from assistant.understanding.words.sounds import Sounds

CONTENT = 1.0
COMMON = 0.4  # "think", "day": found in nearly every telling
SAME = 1.0
SOUNDS_ALIKE = 0.9  # what a recogniser confuses
RELATED = 0.8
NEARLY_ALIKE = 0.7
DENIED_WITHIN = 3  # words: "not be able to find"
MAX_TOKENS = 20_000

_TOKEN = re.compile(r"[0-9]+(?:[.,:][0-9]+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_STOP = re.compile(r"[.!?;:\u2026\u2014]|\n| - ")
_ALGORITHMS: Mapping[str, str] = {"en": "english", "de": "german", "es": "spanish", "fr": "french", "it": "italian"}


def _groups(value: object) -> object:
    return [line.split() if isinstance(line, str) else line for line in value] if isinstance(value, list) else value


def _pairs(value: object) -> object:
    return [tuple(line.split()) for line in value] if isinstance(value, list) else value


Pairs = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs)]
Groups = Annotated[tuple[frozenset[str], ...], BeforeValidator(_groups)]


class RetellingWords(BaseModel):
    """slots/retelling.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    language: str
    joiners: Words
    also_tell_when: Words
    subjects: Words
    pronouns: Words
    holds: Words
    asides: tuple[str, ...]
    edges: Words
    denials: Words
    denied: Mapping[str, str]
    undenied: str
    opposites: Pairs = ()
    empty: Words
    common: Words
    forms: Groups
    related: Groups
    first_person: Words
    second_person: Words
    hearing: Words
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """One word as it was written; ``words`` the same lower-case and in full ("didn't": did, not).

    ``pause`` is what stands between it and the word before: "" nothing, "," a comma, "." the end of a sentence.
    """

    text: str
    words: tuple[str, ...]
    pause: str


class Telling:
    """The words of one language as they are told; pure, with bounded caches."""

    def __init__(self, language: Language, words: RetellingWords) -> None:
        self.words = words
        speech = language.speech
        numbers = Numbers(language.code, language.numbers.highest, language.numbers.values, language.numbers.point)
        point, out_of = language.numbers.point, language.rating.out_of[0]
        self._writing = Writing(speech.contractions, speech.long_endings, numbers.spell, point, out_of)
        self._sounds = Sounds(
            {spelling: sound or "" for spelling, sound in language.sounds.sounds.items()},
            language.sounds.words,
            speech.endings,
        )
        self.fillers = speech.fillers
        self._asides = tuple(tuple(aside.split()) for aside in words.asides)
        self.advice = tuple(tuple(advice.split()) for advice in words.advice)
        self._empty = speech.light | speech.fillers | words.empty
        self._stemmer: Any = _stemmer(language.code)
        self._stems: dict[str, str] = {}
        self._heads = {form: min(group) for group in words.forms for form in sorted(group)}
        self._related: dict[str, set[int]] = {}
        for number, group in enumerate(words.related):
            for word in group:
                self._related.setdefault(self.stem(word), set()).add(number)
        self._denied = {self.stem(word): opposite for word, opposite in words.denied.items()}
        self._opposites: dict[str, set[str]] = {}
        for first, second in (*words.denied.items(), *words.opposites):
            one, other = self.stem(first), self.stem(second)
            self._opposites.setdefault(one, set()).add(other)
            self._opposites.setdefault(other, set()).add(one)
        self._likeness: dict[tuple[str, str], float] = {}

    def tokens(self, text: str) -> list[Token]:
        """The words of ``text`` in order, without thinking sounds and asides; at most MAX_TOKENS."""
        found: list[Token] = []
        end, pause = 0, "."
        for match in _TOKEN.finditer(text):
            between = text[end : match.start()]
            end = match.end()
            pause = "." if _STOP.search(between) else pause or ("," if "," in between else "")
            words = self._writing.words(match.group())
            if not words or words[0] in self.fillers:
                continue
            found.append(Token(match.group(), words, pause))
            pause = ""
            if len(found) == MAX_TOKENS:
                break
        return self._with_opposites(self._without_asides(found))

    def _with_opposites(self, tokens: list[Token]) -> list[Token]:
        """ "Could not find" is told as "lost": the words change, the text does not."""
        told = list(tokens)
        for place, token in enumerate(tokens):
            opposite = self._denied.get(self.stem(token.words[-1]))
            if opposite is None:
                continue
            for before in range(place - 1, max(-1, place - 1 - DENIED_WITHIN), -1):
                if tokens[before + 1].pause:
                    break
                words = told[before].words
                if not self.words.denials.isdisjoint(words):
                    left = tuple(word for word in words if word not in self.words.denials)
                    told[before] = replace(told[before], words=left or (self.words.undenied,))
                    told[place] = replace(token, words=(opposite,))
                    break
        return told

    def _without_asides(self, tokens: list[Token]) -> list[Token]:
        kept: list[Token] = []
        place = 0
        spoken = [token.text.lower() for token in tokens]
        while place < len(tokens):
            length = max((len(a) for a in self._asides if tuple(spoken[place : place + len(a)]) == a), default=0)
            if not length:
                kept.append(tokens[place])
            place += length or 1
        return kept

    def weight(self, word: str) -> float:
        """How much a word (lower case) tells: 0 for little words .. CONTENT."""
        if word in self._empty:
            return 0.0
        return COMMON if word in self.words.common else CONTENT

    def stem(self, word: str) -> str:
        """One spelling for all forms of a word: "went" and "going" are one."""
        known = self._stems.get(word)
        if known is None:
            known = str(self._stemmer.stemWord(self._heads.get(word, word)))
            self._stems[word] = known
        return known

    def opposed(self, first: str, second: str) -> bool:
        """Whether two words say the opposite of one another, in whatever form: "lost", "finding"."""
        return self.stem(second) in self._opposites.get(self.stem(first), ())

    def alike(self, first: str, second: str) -> float:
        """How nearly two words say the same: 0 .. SAME."""
        if first == second:
            return SAME
        key = (first, second) if first < second else (second, first)
        known = self._likeness.get(key)
        if known is None:
            known = self._likeness[key] = self._compare(*key)
        return known

    def _compare(self, first: str, second: str) -> float:
        stems = self.stem(first), self.stem(second)
        if stems[0] == stems[1]:
            return SAME
        if not self._related.get(stems[0], set()).isdisjoint(self._related.get(stems[1], ())):
            return RELATED
        codes = self._sounds.code(first), self._sounds.code(second)
        if codes[0] == codes[1] and len(codes[0]) > 1:
            return SOUNDS_ALIKE
        if min(len(codes[0]), len(codes[1])) >= 5 and self._sounds.distance(first, second) <= 0.2:
            return NEARLY_ALIKE
        return 0.0


def load_telling(folder: Path) -> Telling:
    """Read intents/<language>. Raises IntentsError with file and line."""
    path = folder / "slots" / "retelling.yaml"
    return Telling(load_language(folder), parse(path, RetellingWords))


def _stemmer(language: str) -> Any:
    name = _ALGORITHMS.get(language)
    if name is None:
        raise IntentsError(
            f"There is no stemmer for the language {language!r}; "
            "name one in assistant/understanding/retelling/telling.py."
        )
    # It imports the stemmers of all languages, and an evening in which nothing is told again needs none.
    import snowballstemmer  # type: ignore[import-untyped]  # noqa: PLC0415

    return snowballstemmer.stemmer(name)
