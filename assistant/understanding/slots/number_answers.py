"""Answers that are numbers: ratings, counts, durations, as people say them.

Rules that were chosen (docs/understanding.md): a rating is a whole number, so "six or seven" and "six and a half" are 6
(the midpoint, rounded down); "eight out of twenty" is brought to the range asked for; what follows a correction
("six, no, seven") counts; a number of something ("four hours") is no rating.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.understanding.language import Language
from assistant.understanding.words.numbers import Numbers, SpokenNumber
from assistant.understanding.words.shells import Run, Runs
from assistant.understanding.words.weights import Weights

ALL_EXPLAINED = 1.0
REMARKS = 0.85  # "work was hard, so a four": a number with a remark around it


@dataclass(frozen=True, slots=True)
class Answer:
    """A value and how well it explains all that was said, 0..1."""

    value: float
    score: float


class NumberAnswers:
    def __init__(self, language: Language, numbers: Numbers, weights: Weights, durations: dict[Run, float]) -> None:
        self._language = language
        self._numbers = numbers
        self._weights = weights
        spoken = language.numbers
        self._half = Runs(tuple(text.split()) for text in spoken.half)
        self._joiners = Runs(tuple(text.split()) for text in spoken.joiners)
        self._out_of = Runs(tuple(text.split()) for text in language.rating.out_of)
        self._corrections = Runs(tuple(text.split()) for text in language.rating.corrections)
        self._halves_before = Runs(tuple(text.split()) for text in language.duration.half)
        said = (*language.rating.said, *language.number.said, *language.duration.said)
        self._usual = (
            language.rating.may_follow | language.number.may_follow | {w for text in said for w in text.split()}
        )
        self._durations = durations
        self._duration_runs = Runs(durations)

    def rating(self, words: Run, low: int, high: int) -> Answer | None:
        """A whole number ``low``..``high``; None when none was said or it lies outside."""
        if len(words) > self._language.rating.longest_words:
            return None
        words = self._without_range(self._corrected(words), low, high)
        found = self._numbers_of(words, self._language.rating.may_follow)
        if not found:
            alone = self._sounds_like(words)
            return Answer(alone, REMARKS) if alone is not None and low <= alone <= high else None
        first = found[0]
        scale = self._scale(words, found)
        if scale is not None:
            value = first.value * high / scale if scale != high and scale > 0 else first.value
        else:
            value = self._one_value(words, found)
        whole = math.floor(value)
        return Answer(whole, self._explained(words, found)) if low <= whole <= high else None

    def number(self, words: Run, low: int, high: int) -> Answer | None:
        """A count ``low``..``high``, as in "there are three of us"."""
        words = self._corrected(words)
        found = self._numbers_of(words, self._language.number.may_follow)
        if not found:
            alone = self._sounds_like(words)
            return Answer(alone, REMARKS) if alone is not None and low <= alone <= high else None
        value = found[-1].value
        return Answer(value, self._explained(words, found)) if low <= value <= high and value % 1 == 0 else None

    def duration(self, words: Run) -> Answer | None:
        """Seconds, > 0: "five minutes", "a minute and a half", "ten" (minutes when no unit is said)."""
        words = self._corrected(words)
        for place in range(len(words)):
            length = self._duration_runs.at(words, place)
            if length:
                return Answer(self._durations[words[place : place + length]], ALL_EXPLAINED)
        total_s, used, pending, smaller_s = 0.0, 0, 0.0, 0.0
        place = 0
        while place < len(words):
            amount, length = self._amount(words, place)
            if not length:
                place += 1
                continue
            place += length
            used += length
            unit_s = self._language.duration.units.get(words[place]) if place < len(words) else None
            if unit_s is None:
                if smaller_s:  # "one minute thirty"
                    total_s += amount * smaller_s
                    smaller_s = 0.0
                else:
                    pending = pending or amount  # "ten or fifteen minutes": the shorter is meant
                continue
            place += 1
            used += 1
            half = self._half.at(words, place)
            place, used = place + half, used + half
            total_s += (pending or amount + (0.5 if half else 0.0)) * unit_s
            pending, smaller_s = 0.0, unit_s / 60 if unit_s >= 60 else 0.0
        if pending and not total_s and self._may_stand_alone(words):
            total_s = pending * self._language.duration.plain_unit_s
        if total_s <= 0:
            return None
        return Answer(total_s, ALL_EXPLAINED if used >= len(words) / 2 else REMARKS)

    def _amount(self, words: Run, place: int) -> tuple[float, int]:
        units = self._language.duration.units
        half = self._halves_before.at(words, place)
        if half and place + half < len(words) and words[place + half] in units:
            return 0.5, half
        if words[place] in self._language.duration.one and place + 1 < len(words) and words[place + 1] in units:
            return 1.0, 1
        found = self._numbers.find(words[place : place + 6])
        if found and found[0].start == 0:
            length = found[0].end
            more = self._half.at(words, place + length)
            return found[0].value + (0.5 if more else 0.0), length + more
        return 0.0, 0

    def _may_stand_alone(self, words: Run) -> bool:
        return bool(self._numbers_of(words, self._language.rating.may_follow))

    def _numbers_of(self, words: Run, may_follow: frozenset[str]) -> list[SpokenNumber]:
        """Numbers said as such: not "that one", not "four hours", not "not a ten"."""
        spoken = self._language.numbers
        found: list[SpokenNumber] = []
        for number in self._numbers.find(words):
            before = words[number.start - 1] if number.start else ""
            after = words[number.end] if number.end < len(words) else ""
            if number.value == 1 and (before in spoken.not_one_after or after in spoken.not_one_before):
                continue
            earlier = words[number.start - 2] if number.start > 1 else ""
            if before in spoken.not_after or (before in self._language.duration.one and earlier in spoken.not_after):
                continue
            half = self._half.at(words, number.end)
            end = number.end + half
            after = words[end] if end < len(words) else ""
            if not after or after in may_follow or self._numbers.find((after,)):
                found.append(SpokenNumber(number.value + (0.5 if half else 0.0), number.start, end))
        return found

    def _one_value(self, words: Run, found: list[SpokenNumber]) -> float:
        """The midpoint of two neighbours said together ("six or seven"), else the last number said."""
        if len(found) >= 2:
            first, second = found[-2:]
            between = words[first.end : second.start]
            together = not between or self._joiners.at(words, first.end) == len(between)
            if together and abs(first.value - second.value) <= 2:
                return (first.value + second.value) / 2
        return found[-1].value

    def _scale(self, words: Run, found: list[SpokenNumber]) -> float | None:
        """The second number of "seven out of ten"."""
        if len(found) < 2:
            return None
        first, second = found[0], found[1]
        length = self._out_of.at(words, first.end)
        return second.value if length and first.end + length == second.start else None

    def _corrected(self, words: Run) -> Run:
        """What comes after the last correction that stands between two numbers."""
        numbers = self._numbers.find(words)
        for place in range(len(words) - 1, 0, -1):
            length = self._corrections.at(words, place)
            if (
                length
                and any(number.end <= place for number in numbers)
                and any(number.start >= place + length for number in numbers)
            ):
                return words[place + length :]
        return words

    def _without_range(self, words: Run, low: int, high: int) -> Run:
        """Without "(on a scale) of one to ten", when another number is said too."""
        found = self._numbers.find(words)
        for first, second in pairwise(found):
            if len(found) > 2 and first.value in (0, low) and second.value == high and second.start - first.end == 1:
                return words[: first.start] + words[second.end :]
        return words

    def _sounds_like(self, words: Run) -> int | None:
        content = [word for word in words if word in self._language.numbers.sounds_like]
        others = [word for word in words if word not in content and self._weights.is_content(word)]
        if len(words) > 3 or len(content) != 1 or others:
            return None
        return self._language.numbers.sounds_like[content[0]]

    def _explained(self, words: Run, found: Sequence[SpokenNumber]) -> float:
        used = {place for number in found for place in range(number.start, number.end)}
        remarks = [
            word
            for place, word in enumerate(words)
            if place not in used and word not in self._usual and self._weights.is_content(word)
        ]
        return ALL_EXPLAINED if not remarks else REMARKS
