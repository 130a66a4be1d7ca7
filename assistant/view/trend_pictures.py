"""Pictures of how it has been: a line a person by week, labelled at its end, with gaps where nothing was measured.

The colours are those of Okabe and Ito (2008), which people with every kind of colour vision tell apart; each line has
a marker of its own besides. Needs the extra `plots`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any, Literal

from assistant.errors import UsageError, install_command
from assistant.memory.trends import Point, Week, by_week, monday

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
COLOURS_ON_DARK = ("#56B4E9", "#E69F00", "#3FC8A0", "#E8A0C8")
MARKERS = ("o", "s", "^", "D")
PAPER, INK = "#FFFFFF", "#1B1B1B"
NIGHT, LIGHT = "#16181D", "#ECECEC"
HALF_WEEK = timedelta(days=3)
SIZE_INCHES = (8.0, 4.2)
DPI = 150
SCALE_POINTS = 220.0  # how high the scale is, near enough, and how much of it a name takes
NAME_POINTS = 13.0

Axes = Any  # matplotlib's: an extra that need not be there
Format = Literal["svg", "png"]
Series = Mapping[str | None, Sequence[Point]]


def needed() -> str:
    """What is missing where matplotlib is."""
    return f"Pictures need matplotlib; install it with `{install_command('plots')}`."


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: ``unit`` is written beside the scale from ``low`` to ``high`` (None: as high as it goes)."""

    title: str
    unit: str
    low: float
    high: float | None


CHARTS: Mapping[str, Chart] = {
    "mood": Chart("Mood", "1 (low) to 10 (high), median of the week", 1, 10),
    "stress": Chart("Stress", "1 (calm) to 10 (too much), median of the week", 1, 10),
    "closeness": Chart("Closeness", "1 to 5, mean of five answers, median of the week", 1, 5),
    "listening": Chart("Listening: interruptions", "interruptions in a drill, median of the week", 0, None),
    "gratitude": Chart("Gratitude", "good things in an evening, median of the week", 0, None),
}


def draw(measure: str, series: Series, to: Format, *, dark: bool = False) -> bytes:
    """The picture of ``measure`` (a key of CHARTS) as a file's bytes. The same numbers give the same picture.

    Raises UsageError when matplotlib is missing, or when there is nothing to draw.
    """
    if not any(series.values()):
        raise UsageError(f"There are no numbers for {measure} yet, so there is nothing to draw.")
    try:
        import matplotlib as mpl  # noqa: PLC0415 -- it is an extra, and slow to import
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError:
        raise UsageError(needed()) from None
    ground, ink = (NIGHT, LIGHT) if dark else (PAPER, INK)
    chart = CHARTS[measure]
    with mpl.rc_context({"svg.hashsalt": "evensong", "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=SIZE_INCHES, dpi=DPI, facecolor=ground, layout="constrained")
        FigureCanvasAgg(figure)
        axes: Any = figure.add_subplot(facecolor=ground)
        lines = [(person, by_week(points)) for person, points in sorted(series.items(), key=lambda one: one[0] or "")]
        shifts = _apart([weeks[-1].median or 0.0 for _, weeks in lines if weeks], chart)
        for number, (person, weeks) in enumerate(one for one in lines if one[1]):
            colours = COLOURS_ON_DARK if dark else COLOURS
            colour, marker = colours[number % len(colours)], MARKERS[number % len(MARKERS)]
            _line(axes, person, weeks, colour, marker, shifts[number])
        _frame(axes, chart, ink)
        file = io.BytesIO()
        figure.savefig(file, format=to, facecolor=ground, metadata={"Date": None} if to == "svg" else {})
    return file.getvalue()


def _apart(ends: Sequence[float], chart: Chart) -> list[float]:
    """By how many points each name at the end of its line is moved up, so that none lies on another."""
    height = chart.high or max(ends, default=1.0) or 1.0
    wanted = [(end - chart.low) / (height - chart.low) * SCALE_POINTS for end in ends]
    shifts, free_from = [0.0] * len(ends), -NAME_POINTS
    for number in sorted(range(len(ends)), key=lambda one: wanted[one]):
        shifts[number] = max(0.0, free_from - wanted[number])
        free_from = wanted[number] + shifts[number] + NAME_POINTS
    return shifts


def _line(axes: Axes, person: str | None, weeks: Sequence[Week], colour: str, marker: str, shift: float) -> None:
    """The medians, joined where week follows week, and the name at the end."""
    days = [week.start + HALF_WEEK for week in weeks]
    values = [float("nan") if week.median is None else week.median for week in weeks]
    axes.plot(days, values, color=colour, marker=marker, markersize=5, linewidth=2)
    axes.annotate(
        person or "everybody",
        (days[-1], values[-1]),
        xytext=(8, shift),
        textcoords="offset points",
        color=colour,
        fontweight="bold",
        va="center",
    )


def _frame(axes: Axes, chart: Chart, ink: str) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    locator = AutoDateLocator(minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    high: Any = chart.high
    axes.set_ylim(chart.low - (0.3 if high else 0), None if high is None else high + 0.3)
    axes.margins(x=0.08)
    axes.set_title(chart.title, loc="left", color=ink, fontsize=15, fontweight="bold")
    axes.set_ylabel(chart.unit, color=ink, fontsize=9)
    axes.tick_params(colors=ink, labelsize=9)
    axes.grid(axis="y", color=ink, alpha=0.15)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(ink)


def described(measure: str, series: Series) -> str:
    """The picture in words, for those who do not see it: for each person from when to when, and the medians."""
    lines = []
    for person, points in sorted(series.items(), key=lambda one: one[0] or ""):
        if points:
            days = sorted(point.day for point in points)
            middle = median(point.value for point in points)
            told = f"{_counted(len(points), 'number')} in {_counted(len({monday(day) for day in days}), 'week')}"
            span = f"from {days[0].isoformat()} to {days[-1].isoformat()}" if len(days) > 1 else f"on {days[0]}"
            lines.append(f"{person or 'everybody'}: {told} {span}, median {middle:g}")
    return f"{CHARTS[measure].title}, {CHARTS[measure].unit}. " + "; ".join(lines) + "."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
