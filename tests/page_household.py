"""A simulated household's journal, as the page's tests and its pictures for the README show it: nobody's real words."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from assistant.memory import Journal

LONDON = timezone(timedelta(hours=0))
TONIGHT = datetime(2026, 11, 22, 22, 15, tzinfo=LONDON)
PASSPHRASE = "copper kettle morning"
GOOD = (
    "the sun came out while I was walking to work",
    "my sister called just to say hello",
    "the soup was exactly right",
    "we finished the big puzzle",
    "nobody wanted anything from me for an hour",
    "the first frost on the garden",
    "you had bought the toothpaste",
    "a very good pear",
)
APPRECIATED = ("you waited for me at the station", "you fixed the light in the hall", "you made me laugh at breakfast")
ALONE = "the letter I have not answered"


class Calendar:
    """The time that a test says."""

    def __init__(self, now: datetime = TONIGHT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def keep_household(path: Path, calendar: Calendar, weeks: int = 16) -> None:
    """Some months of Ana and Ben: moods, check-ins, gratitude, one evening that Ana had alone, and two reminders."""
    chance = random.Random(7)
    with Journal.open(path, calendar) as journal, journal.together():
        for week in range(weeks, 0, -1):
            for days, hold in ((6, _mood), (4, _gratitude), (1, _checkin)):
                calendar.now = TONIGHT - timedelta(weeks=week) + timedelta(days=7 - days)
                if chance.random() < 0.85:
                    hold(journal, calendar, chance, 1 - week / weeks)
        calendar.now = TONIGHT - timedelta(days=2)
        _alone(journal)
        calendar.now = TONIGHT - timedelta(days=1)
        _gratitude(journal, calendar, chance, 1)
        calendar.now = TONIGHT
        every_night = {
            "text": "every night at ten",
            "rrule": "FREQ=DAILY;BYHOUR=22;BYMINUTE=0;BYSECOND=0",
            "summary": "daily 22:00",
        }
        journal.reminders.add(every_night, "gratitude")
        journal.reminders.add(
            {"text": "tomorrow at six", "at": "tomorrow 18:00", "summary": "once tomorrow 18:00"}, None, "call Mia"
        )
        journal.passphrases.set("Ana", PASSPHRASE)


def _later(calendar: Calendar) -> None:
    calendar.now += timedelta(seconds=40)


def _mood(journal: Journal, calendar: Calendar, chance: random.Random, rise: float) -> None:
    journal.open_session("mood", ("Ana", "Ben"), 1)
    for person, usual in (("Ana", 5.2), ("Ben", 6.3)):
        _later(calendar)
        journal.record("mood", person, number=min(10, max(1, round(chance.gauss(usual + 1.6 * rise, 0.9)))))
        journal.record("word", person, chance.choice(("calm", "tired", "hopeful", "busy")))
    journal.close_session("finished")


def _gratitude(journal: Journal, calendar: Calendar, chance: random.Random, rise: float) -> None:
    journal.open_session("gratitude", ("Ana", "Ben"), 1)
    for person, other in (("Ana", "Ben"), ("Ben", "Ana")):
        for good in chance.sample(GOOD, chance.choice((1, 2, 2, 3))):
            _later(calendar)
            journal.record("good_thing", person, good)
        journal.record("appreciation", person, chance.choice(APPRECIATED), about=other)
    journal.close_session("finished")


def _checkin(journal: Journal, calendar: Calendar, chance: random.Random, rise: float) -> None:
    journal.open_session("checkin", ("Ben", "Ana"), 1)
    for person, usual in (("Ben", 4.5), ("Ana", 6.5)):
        _later(calendar)
        journal.record("stress", person, number=min(10, max(1, round(chance.gauss(usual - 2 * rise, 1.0)))))
        journal.record("help", person, chance.choice(("an early night", "an hour without the phone", "a walk")))
    journal.close_session("finished")


def _alone(journal: Journal) -> None:
    journal.open_session("checkin", ("Ana",), 1)
    journal.record("feeling", "Ana", ALONE)
    journal.close_session("finished")


def read_from(path: Path, calendar: Calendar) -> Callable[[], Journal]:
    return lambda: Journal.open(path, calendar, "read")
