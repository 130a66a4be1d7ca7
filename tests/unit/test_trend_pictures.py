"""Pictures can be read by everybody: labelled, in colours that all tell apart, with gaps as gaps."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations

import pytest

from assistant.errors import UsageError
from assistant.memory.trends import Point
from assistant.view.trend_pictures import COLOURS, COLOURS_ON_DARK, NIGHT, PAPER, described, draw

FIRST = date(2026, 6, 1)


def weekly(values: list[float | None]) -> list[Point]:
    return [Point(FIRST + timedelta(weeks=number), one) for number, one in enumerate(values) if one is not None]


TWO = {"Ana": weekly([5, 6, 7, None, None, 6, 7]), "Ben": weekly([4, 4, 5, 5, 6, 6, 6])}


@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_has_words_and_the_same_numbers_give_the_same_picture(dark: bool) -> None:
    picture = draw("mood", TWO, "svg", dark=dark)
    text = picture.decode()
    for words in ("Mood", "1 (low) to 10 (high)", "Ana", "Ben"):
        assert words in text  # as text, so that it can be searched, read aloud and made larger
    assert (NIGHT if dark else PAPER).lower() in text.lower()
    assert draw("mood", TWO, "svg", dark=dark) == picture
    assert "http://www.w3.org" in text  # the namespaces, and no other address
    assert not re.search(r'(href|src)="http', text)


def test_a_gap_is_no_line(tmp_path: object) -> None:
    """Ana's line is broken where two weeks have no number: it begins anew behind the gap."""
    whole = draw("mood", {"Ana": weekly([5, 6, 7, 7, 7, 6, 7])}, "svg").decode()
    broken = draw("mood", {"Ana": weekly([5, 6, 7, None, None, 6, 7])}, "svg").decode()
    assert line_starts(broken) == line_starts(whole) + 1


def line_starts(text: str) -> int:
    (path,) = re.findall(r'<path d="([^"]*)"[^>]*style="[^"]*stroke: #0072b2; stroke-width: 2', text)
    return str(path).count("M ")


def test_names_do_not_lie_on_each_other_where_lines_end_together() -> None:
    together = {"Ana": weekly([5, 7]), "Ben": weekly([8, 7]), "Mia": weekly([3, 2])}
    heights = [float(one) for one in re.findall(r' y="([\d.]+)"[^>]*>(?:Ana|Ben|Mia)<', _svg(together))]
    assert len(heights) == 3
    assert min(abs(one - other) for one, other in combinations(heights, 2)) > 10


def _svg(series: dict[str, list[Point]]) -> str:
    return draw("mood", series, "svg").decode()


def test_a_png_is_one() -> None:
    assert draw("stress", TWO, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("measure", ["mood", "stress", "closeness", "listening", "gratitude"])
def test_in_words_it_says_the_same(measure: str) -> None:
    said = described(measure, TWO)
    assert "Ana: 5 numbers in 5 weeks from 2026-06-01 to 2026-07-13, median 6" in said


def test_a_single_number_is_told_as_one() -> None:
    said = described("mood", {"Ana": weekly([7])})
    assert "Ana: 1 number in 1 week on 2026-06-01, median 7" in said


def test_nothing_is_not_drawn() -> None:
    with pytest.raises(UsageError, match="no numbers for mood yet"):
        draw("mood", {"Ana": []}, "svg")


@pytest.mark.parametrize(("colours", "ground"), [(COLOURS, PAPER), (COLOURS_ON_DARK, NIGHT)])
def test_every_line_stands_out_from_the_ground(colours: tuple[str, ...], ground: str) -> None:
    """WCAG 2: graphics have a contrast of 3 to 1 at least. No two are the same grey to somebody who sees no colour."""
    assert all(contrast(colour, ground) >= 3 for colour in colours)
    assert all(one != other for one, other in combinations(colours, 2))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
