"""Which reminders are meant ("the sunday one"), how one is told, and what a move comes to. Pure.

A reminder is a mapping, as memory gives it (docs/contracts.md, topic ``reminders``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.dialogue.moment import Moment
from assistant.understanding.times.summaries import DAYS, WORKDAYS, clock, is_once, summary, weekly

Reminder = Mapping[str, Any]
MINUTES_A_DAY = 24 * 60
UNITS = {"daily": ("daily", "days"), "weekly": ("weekly", "weekdays", "weeks"), "monthly": ("monthly", "months")}


def meant(moment: Moment, reminders: Sequence[Reminder], slots: Mapping[str, Any]) -> list[Reminder]:
    """Those that fit all that was said of them; all of them when nothing was. They are counted as they are told."""
    fitting = [one for one in reminders if _fits(moment, one, slots)]
    counted = slots.get("counted")
    if counted is None:
        return fitting
    return fitting[-1:] if counted < 0 else fitting[counted - 1 : counted]


def is_narrowed(slots: Mapping[str, Any]) -> bool:
    """Whether anything was said that tells one from another."""
    return any(slots.get(name) for name in ("ritual", "said", "what", "counted"))


def _fits(moment: Moment, reminder: Reminder, slots: Mapping[str, Any]) -> bool:
    if slots.get("ritual") and reminder["ritual"] != slots["ritual"]:
        return False
    if slots.get("what") and not slots.get("said"):
        of = set(str(reminder["what"] or "").split())
        if reminder["ritual"] in moment.library.rituals:
            of |= set(moment.library.rituals[reminder["ritual"]].title.split())
        if not of & set(slots["what"].split()):
            return False
    return _fits_time(moment, reminder, slots.get("said") or {})


def _fits_time(moment: Moment, reminder: Reminder, said: Mapping[str, Any]) -> bool:
    how, time = reminder["summary"], clock(reminder["summary"])
    if not set(said.get("days", ())) <= set(_days(how)):
        return False
    if "every" in said and "days" not in said and not set(how.split()) & set(UNITS[said["every"]]):
        return False
    if "times" in said and (time is None or f"{time[0]:02}:{time[1]:02}" not in said["times"]):
        return False
    if "part" in said and (time is None or not _in_part(moment, time[0], said["part"])):
        return False
    ahead = {"today": 0, "tomorrow": 1}.get(said.get("day", ""))
    return ahead is None or reminder["days_ahead"] == ahead


def _in_part(moment: Moment, hour: int, part: str) -> bool:
    """People call nine both evening and night."""
    evening = ("evening", "night")
    here = moment.library.times.part_of_day(hour)
    return here == part or (here in evening and part in evening)


def _days(how: str) -> tuple[str, ...]:
    if how.startswith("weekdays"):
        return WORKDAYS
    return tuple(day for word in how.split() for day in word.lstrip("-0123456789").split(",") if day in DAYS)


def what(moment: Moment, ritual: str | None, words: str | None) -> str:
    """What it is of, as it is said to people: the ritual's title, or their own words turned round."""
    if ritual is not None:
        known = moment.library.rituals.get(ritual)
        return known.title if known is not None else ritual.replace("_", " ")
    yours = moment.prompts.reminders.yours
    return " ".join(yours.get(word, word) for word in (words or "").split())


def told(moment: Moment, said: str, ritual: str | None, words: str | None) -> dict[str, str]:
    """The values of a line that tells a reminder and begins with {when}."""
    when = moment.library.times.spoken(said, moment.prompts.joiner)
    return {"when": when[:1].upper() + when[1:], "what": what(moment, ritual, words)}


def moved(old: str, slots: Mapping[str, Any]) -> str | None:
    """The summary that ``old`` becomes by "move it to nine" or "move it to sunday"; None when no time was said.

    What was not said stays as it is. Of two halves of the day the one nearer to the old time is meant.
    """
    said, when = slots.get("said") or {}, slots.get("when")
    time = clock(old)
    days = said.get("days", [])
    if when is None:
        if not days or time is None:
            return None
        again = not is_once(old) or said.get("every") == "weekly" or len(days) > 1
        return summary(weekly(days) if again else f"once {days[0]}", *time)
    new = str(when["summary"])
    if time is None or days or said.get("every") or said.get("day") or clock(new) is None:
        return new
    hour, minute = min((_hour_and_minute(one) for one in said["times"]), key=lambda one: _apart(one, time))
    return summary(old.rpartition(" ")[0], hour, minute)


def _hour_and_minute(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    return int(hour), int(minute)


def _apart(first: tuple[int, int], second: tuple[int, int]) -> int:
    """Minutes between two clock times, the shorter way round."""
    minutes = abs((first[0] - second[0]) * 60 + first[1] - second[1])
    return min(minutes, MINUTES_A_DAY - minutes)
