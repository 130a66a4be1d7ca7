"""Spoken clock times: "half past nine", "quarter to seven", "nine fifteen p m", "twenty two hundred", "ten".

Which half of the day is meant is decided elsewhere, when all that was said is known (when.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.understanding.words.shells import Run

MINUTES = 60
LAST_HOUR = 24
LAST_HOUR_OF_HALF = 12

Half = Literal["am", "pm"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it was said.

    ``hour`` 0..24 as said; None for "half past" alone. ``minute`` 0..59. ``sure``: said in the 24 hours, so that no
    half of the day must be guessed. ``bare``: nothing but a number, which may have been no time at all.
    """

    hour: int | None
    minute: int = 0
    half: Half | None = None
    sure: bool = False
    bare: bool = False


class Clocks:
    """``before`` and ``after`` say what stands around an hour means; ``alike`` are words that hours are misheard as."""

    def __init__(
        self,
        before: Mapping[Run, Mapping[str, Any]],
        after: Mapping[Run, Mapping[str, Any]],
        numbers: Mapping[Run, int],
        early_minutes: Mapping[Run, int],
        alike: Mapping[str, int],
    ) -> None:
        self._before = before
        self._after = after
        self._numbers = numbers
        self._early_minutes = early_minutes
        self._alike = alike

    def at(self, words: Sequence[str], place: int) -> tuple[Clock, int] | None:
        """The clock time that begins at ``place``, and where it ends."""
        prefix, start = _longest(self._before, words, place)
        hour, end = self._hour(words, start)
        if prefix and hour is None:
            hour, end = self._misheard(words, start)
        if prefix and (hour is None or hour > LAST_HOUR):
            named = "minute" in prefix or "before" in prefix
            without = self._bare(words, place)
            return without or ((_clock(None, prefix), start) if named and start - place > 1 else None)
        if hour is None:
            return self._misheard_with_suffix(words, place)
        return self._completed(hour, prefix or {}, words, end)

    def _bare(self, words: Sequence[str], place: int) -> tuple[Clock, int] | None:
        """What looked like "ten to" was a number and a little word: "at ten to do gratitude"."""
        hour, end = self._hour(words, place)
        return None if hour is None else self._completed(hour, {}, words, end)

    def _completed(
        self, hour: int, facts: Mapping[str, Any], words: Sequence[str], end: int
    ) -> tuple[Clock, int] | None:
        start = end
        if hour > LAST_HOUR:
            return None if facts else (Clock(hour, bare=True), end)
        if "minute" not in facts and "before" not in facts:
            minute, end = self._minute(words, end)
            facts = facts if minute is None else {**facts, "minute": minute}
        suffix, end = _longest(self._after, words, end)
        while suffix:
            facts = {**facts, **{key: value for key, value in suffix.items() if key != "minute"}}
            suffix, end = _longest(self._after, words, end)
        return _clock(hour, facts, bare=not facts and start == end), end

    def _hour(self, words: Sequence[str], place: int) -> tuple[int | None, int]:
        return _longest(self._numbers, words, place)

    def _minute(self, words: Sequence[str], place: int) -> tuple[int | None, int]:
        minute, end = _longest(self._early_minutes, words, place)
        if minute is None:
            minute, end = _longest(self._numbers, words, place)
            if minute is not None and minute < 10:
                return None, place
        return minute, end if minute is not None else place

    def misheard_at(self, words: Sequence[str], place: int) -> tuple[Clock, int] | None:
        """An hour that was written as another word ("at tin"), for places where hardly anything else can stand."""
        hour = self._alike.get(words[place])
        return None if hour is None else self._completed(hour, {}, words, place + 1)

    def _misheard(self, words: Sequence[str], place: int) -> tuple[int | None, int]:
        """The same at the very end of what was said ("half past ate")."""
        if place + 1 == len(words) and words[place] in self._alike:
            return self._alike[words[place]], place + 1
        return None, place

    def _misheard_with_suffix(self, words: Sequence[str], place: int) -> tuple[Clock, int] | None:
        if words[place] in self._alike:
            suffix, end = _longest(self._after, words, place + 1)
            if suffix:
                return _clock(self._alike[words[place]], suffix), end
        return None


def _clock(hour: int | None, facts: Mapping[str, Any], *, bare: bool = False) -> Clock:
    minute = facts.get("minute", 0)
    before = facts.get("before", 0)
    sure = bool(facts.get("sure")) or (hour is not None and (hour == 0 or hour > LAST_HOUR_OF_HALF))
    if before and hour is not None:
        hour, minute = (hour - 1) % LAST_HOUR if sure else (hour - 2) % LAST_HOUR_OF_HALF + 1, MINUTES - before
    return Clock(hour, minute, facts.get("half"), sure, bare)


def _longest(table: Mapping[Run, Any], words: Sequence[str], place: int) -> tuple[Any, int]:
    """The value of the longest run that begins at ``place``, and its end; (None, place) for none."""
    for end in range(min(len(words), place + 4), place, -1):
        value = table.get(tuple(words[place:end]))
        if value is not None:
            return value, end
    return None, place
