"""Trends, honestly: medians by week, and a change called one only when it is larger than the measure's own noise. Pure.

The rule is that of a reliable change (Jacobson & Truax 1991): with a retest reliability of .85, two measurements
differ for certain from about 1.1 standard deviations on (1.96 * sqrt(2 * (1 - .85)) = 1.07). How much values scatter
is told from how far each stands from the one before (von Neumann 1941), so that a true rise does not hide itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from statistics import mean, median
from typing import Literal

RELIABLE_SDS = 1.1
LEAST_NOISE = 0.5  # of the measure's own unit: nobody feels half a point
# Steps between values that are normally distributed, and their standard deviation.
MEDIAN_STEP_TO_SD = 1.4826 / math.sqrt(2)
MEAN_STEP_TO_SD = math.sqrt(math.pi) / 2
WEEK = timedelta(days=7)
RECENT = timedelta(days=14)
EARLIER = timedelta(days=56)
LEAST_VALUES = 2  # on each side, before two sides are compared

Direction = Literal["up", "down", "same", "unknown"]


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement: ``value`` in the unit of the measure, on the local calendar ``day``."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Week:
    """``start`` is its Monday; ``median`` is None in a week without a measurement: a gap, and no zero."""

    start: date
    median: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Trend:
    """How a measure stands now against before.

    ``now`` and ``before`` are medians (None: too little to tell); ``noise`` is what a change must exceed to be one, in
    the measure's unit; ``direction`` is "unknown" while either side is missing. ``days`` is on how many days of the
    recent time something was measured.
    """

    now: float | None
    before: float | None
    noise: float
    direction: Direction
    days: int


def by_week(points: Sequence[Point]) -> tuple[Week, ...]:
    """The median of each week from the first to the last that has a point, with the weeks between that have none."""
    ordered = sorted(points, key=lambda point: point.day)
    found = {start: [one.value for one in of] for start, of in groupby(ordered, key=lambda point: monday(point.day))}
    if not found:
        return ()
    weeks: list[Week] = []
    start = min(found)
    while start <= max(found):
        values = found.get(start, [])
        weeks.append(Week(start, median(values) if values else None, len(values)))
        start += WEEK
    return tuple(weeks)


def trend(points: Sequence[Point], today: date, since: date | None = None) -> Trend:
    """How the measure stands since ``since`` (none: in the last fourteen days) against the time before.

    The time before is eight weeks, or as long as the recent one where that is longer. Points after ``today`` do not
    count.
    """
    since = today - RECENT + timedelta(days=1) if since is None else since
    length = max(EARLIER, today - since + timedelta(days=1))
    recent = [point for point in points if since <= point.day <= today]
    earlier = [point for point in points if since - length <= point.day < since]
    now = median(point.value for point in recent) if recent else None
    before = median(point.value for point in earlier) if earlier else None
    least = noise([*earlier, *recent])
    return Trend(now, before, least, _direction(recent, earlier, least), len({point.day for point in recent}))


def noise(points: Sequence[Point]) -> float:
    """The change that the scatter of ``points`` alone may well make, in the measure's unit; LEAST_NOISE at least."""
    values = [point.value for point in sorted(points, key=lambda point: point.day)]
    steps = [abs(after - before) for before, after in pairwise(values)]
    if not steps:
        return LEAST_NOISE
    # The median step does not see a scatter that is mostly nothing and sometimes much; the mean step does.
    spread = max(median(steps) * MEDIAN_STEP_TO_SD, mean(steps) * MEAN_STEP_TO_SD)
    return max(LEAST_NOISE, RELIABLE_SDS * spread)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _direction(recent: Sequence[Point], earlier: Sequence[Point], least: float) -> Direction:
    if len(recent) < LEAST_VALUES or len(earlier) < LEAST_VALUES:
        return "unknown"
    change = median(point.value for point in recent) - median(point.value for point in earlier)
    if abs(change) <= least:
        return "same"
    return "up" if change > 0 else "down"
