"""A change is called one only beyond the noise of what is measured; a week without a word is a gap, never a zero."""

from __future__ import annotations

import random
from datetime import date, timedelta

from assistant.memory.trends import LEAST_NOISE, Point, by_week, noise, trend

TODAY = date(2026, 11, 22)  # a Sunday


def daily(values: list[float], last: date = TODAY) -> list[Point]:
    """One value a day, the last of them on ``last``."""
    first = last - timedelta(days=len(values) - 1)
    return [Point(first + timedelta(days=number), value) for number, value in enumerate(values)]


def test_weeks_have_medians_and_gaps_stay_gaps() -> None:
    points = [*daily([3, 9, 4], date(2026, 11, 4)), *daily([6], TODAY)]
    weeks = by_week(points)
    assert [(week.start.isoformat(), week.median, week.count) for week in weeks] == [
        ("2026-11-02", 4, 3),
        ("2026-11-09", None, 0),
        ("2026-11-16", 6, 1),
    ]
    assert by_week([]) == ()


def test_a_clear_rise_is_called_one() -> None:
    found = trend(daily([4.0, 5, 4, 5] * 14 + [8, 8, 9, 8] * 3 + [8, 9]), TODAY)
    assert (found.direction, found.now, found.before, found.days) == ("up", 8, 4.5, 14)


def test_a_clear_fall_is_called_one_in_the_period_that_was_asked_for() -> None:
    points = daily([7.0] * 60 + [4.0] * 22)
    assert trend(points, TODAY, since=date(2026, 11, 1)).direction == "down"


def test_a_move_within_the_noise_is_about_the_same() -> None:
    assert trend(daily([5.0, 7, 6, 8, 5, 7] * 10 + [6, 7, 6, 8, 6, 7] * 2), TODAY).direction == "same"


def test_pure_chance_is_seldom_called_a_change() -> None:
    dice = random.Random(4)
    called = 0
    for _ in range(200):
        values = [min(10.0, max(1.0, round(dice.gauss(6, 1.5)))) for _ in range(70)]
        called += trend(daily(values), TODAY).direction != "same"
    assert called <= 10  # 5 %, as the rule has it


def test_too_little_is_not_compared() -> None:
    assert trend([], TODAY).direction == "unknown"
    assert trend(daily([7.0]), TODAY).direction == "unknown"
    assert trend(daily([7.0, 8, 7]), TODAY).direction == "unknown"  # nothing before
    old = trend(daily([7.0] * 9, date(2026, 10, 1)), TODAY)
    assert (old.direction, old.now, old.before) == ("unknown", None, 7)


def test_a_rise_does_not_hide_itself_in_its_own_scatter() -> None:
    rising = daily([3 + 5 * day / 69 for day in range(70)])
    assert noise(rising) == LEAST_NOISE
    assert trend(rising, TODAY).direction == "up"


def test_nothing_after_today_counts_and_order_does_not_matter() -> None:
    points = daily([6.0] * 40 + [9.0] * 14)
    later = [Point(TODAY + timedelta(days=day), 1.0) for day in range(1, 21)]
    assert trend([*reversed(points), *later], TODAY).now == 9


def test_the_scatter_of_the_time_before_counts_as_noise_too() -> None:
    assert trend(daily([3.0, 8, 4, 9] * 14 + [8.0] * 14), TODAY).direction == "same"


def test_what_mostly_stays_and_sometimes_leaps_is_noisy() -> None:
    """Its median step is nothing; that would call any leap a change."""
    assert noise(daily([5.0, 5, 5, 9, 5, 5, 5, 5, 1, 5] * 4)) > LEAST_NOISE
