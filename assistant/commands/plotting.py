"""`evensong journal plot`."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from assistant import config
from assistant.audio.writing import why_not_written, write_whole
from assistant.commands.keep import check_places, print_line, read_journal
from assistant.errors import EvensongError, UsageError
from assistant.memory import Journal
from assistant.memory.measures import GRATITUDE, LISTENING, good_things, interruptions, points
from assistant.view.trend_pictures import Format, Series, described, draw


def plot(settings: config.Settings, measure: str, wanted: Path | None, *, dark: bool) -> None:
    """Draw ``measure`` into the file ``wanted``, else one named after it in the present folder; say it in words."""
    out = wanted or Path(f"{measure}.svg")
    to = out.suffix.lower().removeprefix(".")
    if to not in ("svg", "png"):
        raise UsageError(f"{out} is no name for a picture; let it end in .svg or .png.")
    check_places(out)
    with read_journal(settings) as journal:
        series = series_of(journal, measure)
    picture = draw(measure, series, cast(Format, to), dark=dark)
    try:
        write_whole(out, picture)
    except OSError as error:
        raise EvensongError(why_not_written(out, error)) from None
    print_line(described(measure, series))
    if wanted is None:
        print_line(f"The picture is in {out}.")


def series_of(journal: Journal, measure: str) -> Series:
    """All numbers of ``measure`` by person. Whoever may open the file may see them: nothing is left out."""
    if measure == LISTENING:
        return interruptions(journal.sessions())
    if measure == GRATITUDE:
        return good_things(journal.sessions(ritual=GRATITUDE))
    return points(journal.recall, measure, confided="")
