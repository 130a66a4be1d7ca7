"""What `wake.sensitivity` was measured to do: the numbers of measured.toml, and how they are told."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_TOLD = (0.0, 0.5, 1.0)  # in the settings' text; `evensong wake test` tells them all


@dataclass(frozen=True, slots=True)
class At:
    """Calls that were missed and false alarms, counted, at one sensitivity (0..1)."""

    sensitivity: float
    missed_quiet: int
    missed_noisy: int
    false_alarms: int


@dataclass(frozen=True, slots=True)
class Measured:
    """``voices`` made voices called once each, in a quiet room and ``noise_db`` above a kitchen's noise; people talked
    of other things for ``background_h`` hours.
    """

    phrase: str
    voices: int
    noise_db: int
    background_h: float
    at: tuple[At, ...]

    def lines(self) -> tuple[str, ...]:
        """A line for each sensitivity."""
        return tuple(
            f"At {one.sensitivity:g}: {one.missed_quiet} of {self.voices} missed in a quiet room, {one.missed_noisy} "
            f"in kitchen noise at {self.noise_db} dB; false alarms in {self.background_h:g} hours: {one.false_alarms}, "
            f"at most {at_most(one.false_alarms) / self.background_h:.1f} an hour."
            for one in self.at
        )

    def in_short(self) -> str:
        """A sentence or two."""
        told = [one for one in self.at if one.sensitivity in _TOLD]
        where = _listed([f"{one.sensitivity:g}" for one in told])
        noisy, quiet, alarms = (
            _listed([str(count) for count in counts])
            for counts in (
                [one.missed_noisy for one in told],
                [one.missed_quiet for one in told],
                [one.false_alarms for one in told],
            )
        )
        return (
            f"At {where}, of {self.voices} made voices that said {self.phrase} {noisy} were missed in kitchen noise "
            f"at {self.noise_db} dB and {quiet} in a quiet room; {self.background_h:g} hours of people who talked of "
            f"other things woke it {alarms} times."
        )


@cache
def measured() -> Measured:
    text = resources.files("assistant.hearing.wake").joinpath("measured.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    rows = tuple(At(**row) for row in data.pop("at"))
    return Measured(**data, at=rows)


def at_most(count: int) -> float:
    """The largest mean of which ``count`` or fewer are seen in 1 case of 40: the upper end of a 95 % interval."""

    def seen(mean: float) -> float:
        return sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count + 1))

    return _largest(seen, 10.0 + 3.0 * count)


def share_at_most(count: int, tries: int) -> float:
    """The largest share, 0..1, of which ``count`` or fewer of ``tries`` are seen in 1 case of 40."""

    def seen(share: float) -> float:
        return sum(math.comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(count + 1))

    return _largest(seen, 1.0)


def _largest(seen: Callable[[float], float], most: float) -> float:
    """The largest value up to ``most`` at which ``seen``, which falls with it, is 1 in 40."""
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if seen(middle) > 0.025 else (low, middle)
    return high


def _listed(parts: list[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
