"""What the sensitivity was measured to do is told the same wherever it is told."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from assistant.config import Wake
from assistant.hearing.wake.measured import At, Measured, at_most, measured, share_at_most

DECISION = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "0012-wake-phrase.md"


@pytest.mark.parametrize(("count", "most"), [(0, 3.689), (1, 5.572), (3, 8.767), (10, 18.391)])
def test_the_upper_end_is_that_of_the_tables(count: int, most: float) -> None:
    assert at_most(count) == pytest.approx(most, abs=0.001)


@pytest.mark.parametrize(("count", "tries", "most"), [(0, 8, 0.3694), (1, 8, 0.5265), (8, 8, 1.0), (2, 75, 0.0930)])
def test_the_upper_end_of_a_share_is_that_of_the_tables(count: int, tries: int, most: float) -> None:
    """Clopper and Pearson's."""
    assert share_at_most(count, tries) == pytest.approx(most, abs=0.0005)


def test_more_sensitivity_never_misses_more_nor_is_mistaken_less() -> None:
    rows = measured().at
    assert [row.sensitivity for row in rows] == [0.0, 0.25, 0.5, 0.75, 1.0]
    for one, next_one in pairwise(rows):
        assert next_one.missed_noisy <= one.missed_noisy <= measured().voices
        assert next_one.missed_quiet <= one.missed_quiet <= measured().voices
        assert next_one.false_alarms >= one.false_alarms


def test_the_settings_tell_it() -> None:
    assert measured().in_short() in str(Wake.model_fields["sensitivity"].description)


def test_the_decision_tells_it() -> None:
    known, text = measured(), DECISION.read_text(encoding="utf-8")
    for row in known.at:
        line = f"| {row.sensitivity:g} | {row.missed_quiet} | {row.missed_noisy} | {row.false_alarms} |"
        assert line in text, f"measured.toml says {line!r}; write that into the table."
    assert f"{known.background_h:g} hours" in text


def test_a_phrase_is_told_with_its_bounds() -> None:
    rows = tuple(At(sensitivity, 4 - n, 8 - n, n) for n, sensitivity in enumerate((0.0, 0.5, 1.0)))
    known = Measured("good morning", 40, 10, 10.0, rows)
    assert known.lines()[1] == (
        "At 0.5: 3 of 40 missed in a quiet room, 7 in kitchen noise at 10 dB; false alarms in 10 hours: 1, at most 0.6 "
        "an hour."
    )
    assert "8, 7 and 6 were missed" in known.in_short()
