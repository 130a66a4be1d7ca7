"""Ten years of a busy household: how long it takes to find an answer again, to start, to keep, to copy and to forget.

The household is made up: four people, three rituals a day, 40,000 answers of 4 to 20 words, drawn as often as English
has them (wordfreq). The questions are those of `recall_journal` as understanding hands them on: a time, a person, a
ritual, one or two words that were said, a word that was misheard, when something was last held, and a word that was
never said and is looked for by its meaning (each word that the household knows has a vector of 512 made-up numbers; the
encoder's own milliseconds are not in it). ``growth`` asks the same of journals of other sizes. ``encrypted_ratio`` is
the median with encryption by the median without, the same questions asked of both in turn.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import wordfreq

from assistant.conversation.recollection import Recollection
from assistant.memory import Journal, keys
from assistant.memory.engine import HAS_CIPHER
from benchmarks.setting import Options

ENTRIES = 40_000
SIZES = (2_500, 5_000, 10_000, 20_000, ENTRIES)
PEOPLE = ("Ana", "Ben", "Cleo", "Dan")
STEPS = {
    "gratitude": ("good_thing", "appreciation"),
    "checkin": ("feeling", "high", "low", "stress"),
    "mood": ("mood",),
}
WORDS_KNOWN = 12_000
DIMENSIONS = 512
ALIKE = 0.12  # of made-up vectors, so that some are near
A_DAY = 3  # rituals
QUESTIONS = 400
TIMES = 30  # that single things are measured
NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


class Calendar:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


def run(options: Options) -> dict[str, Any]:
    """The figures of docs/contracts.md, and ``kinds``: the 95th percentile of each kind of question."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        growth: list[dict[str, float]] = []
        took: list[float] = []
        kinds: dict[str, list[float]] = {}
        for size in SIZES:
            calendar = Calendar()
            with Journal.open(folder / f"{size}.sqlite", calendar) as journal:
                household(journal, calendar, size, options.seed)
                give_meanings(journal, options.seed)
                took, kinds = asked(journal, options.seed)
                growth.append({"entries": size, "median_ms": _ms(took, 50), "p95_ms": _ms(took, 95)})
        path = folder / f"{ENTRIES}.sqlite"
        return {
            "recall_median_ms": _ms(took, 50),
            "recall_p95_ms": _ms(took, 95),
            "kinds": {kind: _ms(one, 95) for kind, one in kinds.items()},
            "growth": growth,
            **_whole(path),
            **_encrypted(path, folder, options.seed),
        }


def household(journal: Journal, calendar: Calendar, entries: int, seed: int) -> None:
    """Fill ``journal`` with ``entries`` answers, the last of them today."""
    dice = random.Random(seed)
    words = wordfreq.top_n_list("en", WORDS_KNOWN)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    per_session = 4
    sessions = entries // per_session
    calendar.now = NOW - timedelta(days=sessions / A_DAY)
    with journal.together():
        for number in range(sessions):
            ritual = tuple(STEPS)[number % A_DAY]
            people = tuple(dice.sample(PEOPLE, dice.choice((1, 2, 2, 2, 3, 4))))
            journal.open_session(ritual, people, number)
            for _ in range(per_session):
                key = dice.choice(STEPS[ritual])
                text = " ".join(dice.choices(words, weights, k=dice.randint(4, 20)))
                number_given = float(dice.randint(1, 10)) if key in ("mood", "stress") else None
                journal.record(key, dice.choice(people), None if number_given else text, number_given)
                calendar.now += timedelta(minutes=2)
            journal.close_session("finished")
            calendar.now += timedelta(days=1 / A_DAY) - timedelta(minutes=2 * per_session)
    calendar.now = NOW


def give_meanings(journal: Journal, seed: int) -> None:
    """A vector for every word that can be said."""
    words = wordfreq.top_n_list("en", WORDS_KNOWN)
    vectors = np.random.default_rng(seed).standard_normal((len(words), DIMENSIONS)).astype(np.float32)
    journal.meanings.learn(words, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def by_meaning(journal: Journal, seed: int) -> Callable[[str], tuple[str, ...]]:
    """What is near to a word, by another made-up vector each time."""
    numbers = np.random.default_rng(seed + 2)

    def near(_word: str) -> tuple[str, ...]:
        sought = numbers.standard_normal(DIMENSIONS).astype(np.float32)
        return journal.meanings.near(sought / np.linalg.norm(sought), ALIKE, 8)

    return near


def questions(seed: int) -> list[tuple[str, dict[str, Any]]]:
    dice = random.Random(seed + 1)
    words = wordfreq.top_n_list("en", WORDS_KNOWN)
    told = [word for word in words[100:4000] if word.isalpha() and len(word) > 4]
    made: list[tuple[str, dict[str, Any]]] = []
    for number in range(QUESTIONS // 8):
        person, word, other = dice.choice(PEOPLE), dice.choice(told), dice.choice(told)
        period = {"unit": dice.choice(("week", "month")), "ago": dice.randint(0, 20)}
        place = dice.randrange(1, len(word) - 1)
        made += [
            ("time", {"period": period, "ritual": "gratitude", "keys": ["good_thing"]}),
            ("person", {"person": person, "ritual": "gratitude", "keys": ["appreciation"]}),
            ("word", {"words": [word]}),
            ("words", {"words": [word, other]}),
            ("word_of_person", {"words": [word], "person": person}),
            ("misheard", {"words": [word[:place] + word[place + 1 :]]}),
            ("last", {"ritual": "checkin", "last": True, "theme": "check in"}),
            ("when", {"ritual": "mood", "asks": "when", "last": True}),
            ("meaning", {"words": [f"qqzx{number}"]}),
        ]
    return made


def asked(journal: Journal, seed: int) -> tuple[list[float], dict[str, list[float]]]:
    """Seconds of every question, and of each kind."""
    memory = Recollection(journal, near=by_meaning(journal, seed))
    kinds: dict[str, list[float]] = {}
    took: list[float] = []
    for kind, about in questions(seed):
        seconds = _seconds(lambda about=about: memory.answer("recall", {**about, "here": PEOPLE[:2]}))  # type: ignore[misc]
        took.append(seconds)
        kinds.setdefault(kind, []).append(seconds)
    return took, kinds


def _whole(path: Path) -> dict[str, Any]:
    """What is measured of the journal as a whole."""
    starts = [_seconds(lambda: Journal.open(path, Calendar()).close()) for _ in range(TIMES)]
    size_mb = path.stat().st_size / 1e6
    with closing(Journal.open(path, Calendar())) as journal:
        backup_s = _seconds(lambda: journal.backups.write(path.with_name("copy.sqlite")))
        journal.open_session("gratitude", PEOPLE[:2], 1)
        record = [_seconds(lambda: journal.record("good_thing", "Ana", "the long way home")) for _ in range(TIMES)]
        scratch = [_seconds(journal.scratch) for _ in range(TIMES)]
        delete_s = _seconds(lambda: journal.delete_session(journal.sessions(limit=1)[0].id))
    return {
        "start_s": round(statistics.median(starts), 4),
        "size_mb": round(size_mb, 1),
        "record_ms": _ms(record, 50),
        "scratch_ms": _ms(scratch, 50),
        "delete_s": round(delete_s, 2),
        "backup_s": round(backup_s, 2),
    }


def _encrypted(path: Path, folder: Path, seed: int) -> dict[str, Any]:
    """The same questions of the same journal, encrypted; the two take turns, so that a busy machine slows both."""
    if not HAS_CIPHER:
        return {"encrypted_ratio": None}
    sealed, key, key_file = folder / "sealed.sqlite", keys.make(), folder / "key"
    keys.write(key, key_file)
    with Journal.open(path, Calendar()) as plain:
        plain.backups.write(sealed)
    with Journal.open(sealed, Calendar()) as journal:
        journal.encrypt(key)
    plain_s: list[float] = []
    sealed_s: list[float] = []
    with Journal.open(path, Calendar()) as plain, Journal.open(sealed, Calendar(), key_file=key_file) as other:
        first, second = Recollection(plain), Recollection(other)
        for _, about in questions(seed):
            whole = {**about, "here": PEOPLE[:2]}
            plain_s.append(_seconds(lambda whole=whole: first.answer("recall", whole)))  # type: ignore[misc]
            sealed_s.append(_seconds(lambda whole=whole: second.answer("recall", whole)))  # type: ignore[misc]
    return {
        "encrypted_ratio": round(statistics.median(sealed_s) / statistics.median(plain_s), 2),
        "encrypted_p95_ms": _ms(sealed_s, 95),
    }


def _seconds(does: Callable[[], object]) -> float:
    began = time.perf_counter()
    does()
    return time.perf_counter() - began


def _ms(seconds: Sequence[float], percent: int) -> float:
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2)
