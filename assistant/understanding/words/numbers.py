"""Spoken numbers: the plain ones from Unicode's spell-out rules of the language (unicode-rbnf, which hassil uses
for ranges), the everyday ones ("a couple of") from slots/numbers.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hassil.numbers import get_rbnf_engine
from unicode_rbnf import FormatPurpose

from assistant.errors import IntentsError

SPELT_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number found in words[start:end]."""

    value: float
    start: int
    end: int


class Numbers:
    """Finds numbers in words and says numbers in words."""

    def __init__(self, language: str, highest: int, extra: Mapping[str, float], point: str) -> None:
        try:
            engine = get_rbnf_engine(language)
        except ValueError:
            raise IntentsError(
                f"slots/numbers.yaml: there are no spell-out rules for the language {language!r}; "
                "use a code that Unicode CLDR knows, such as en, de or es."
            ) from None
        self._engine = engine
        self._spelt: dict[int, tuple[str, ...]] = {}
        self._values: dict[tuple[str, ...], float] = {}
        for number in range(highest + 1):
            for text in engine.format_number(number).text_by_ruleset.values():
                self._values.setdefault(_words(text), number)
        self._values.update({_words(text): value for text, value in extra.items()})
        self._longest = max(len(words) for words in self._values)
        self._point = point

    def spell(self, number: int) -> tuple[str, ...]:
        """A number as words: 21 -> ("twenty", "one"). Any whole number of up to 12 digits."""
        spelt = self._spelt.get(number)
        if spelt is None:
            if len(self._spelt) > SPELT_KEPT:
                self._spelt.clear()
            spelt = self._spelt[number] = _words(self._engine.format_number(number).text)
        return spelt

    def ordinal(self, number: int) -> tuple[str, ...]:
        """A place in an order as words: 21 -> ("twenty", "first")."""
        return _words(self._engine.format_number(number, FormatPurpose.ORDINAL).text)

    def ways_to_say(self, number: float) -> tuple[tuple[str, ...], ...]:
        """All ways to say a number: the plain one first, then other genders and cases, and years ("nineteen ten")."""
        spoken = self._engine.format_number(number)
        return tuple(dict.fromkeys(_words(text) for text in (spoken.text, *spoken.text_by_ruleset.values())))

    def find(self, words: Sequence[str]) -> tuple[SpokenNumber, ...]:
        """All numbers in ``words``, left to right, the longest reading at each place; "three point five" is one."""
        found: list[SpokenNumber] = []
        place = 0
        while place < len(words):
            number = self._at(words, place)
            if number is None:
                place += 1
                continue
            if number.end + 1 < len(words) and words[number.end] == self._point:
                fraction = self._at(words, number.end + 1)
                if fraction is not None and fraction.value < 10:
                    number = SpokenNumber(number.value + fraction.value / 10, number.start, fraction.end)
            found.append(number)
            place = number.end
        return tuple(found)

    def _at(self, words: Sequence[str], place: int) -> SpokenNumber | None:
        for length in range(min(self._longest, len(words) - place), 0, -1):
            value = self._values.get(tuple(words[place : place + length]))
            if value is not None:
                return SpokenNumber(value, place, place + length)
        return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.lower().replace("-", " ").replace("\u00ad", "").split())
