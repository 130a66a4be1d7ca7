"""The interval of the false alarms an hour."""

from __future__ import annotations

import pytest

from benchmarks.wake import poisson_upper


@pytest.mark.parametrize(("count", "most"), [(0, 3.689), (1, 5.572), (3, 8.767), (10, 18.391)])
def test_the_upper_end_is_that_of_the_tables(count: int, most: float) -> None:
    assert poisson_upper(count) == pytest.approx(most, abs=0.001)
