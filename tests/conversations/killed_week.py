"""A week of evenings in a process that is killed again and again; run by test_power_cut.py, in a process of its own.

Everything is loaded once; each life is forked from there, opens the journal, goes on where the one before was, and is
killed without a warning a random moment later. The people answer whatever they are asked, each time with a new word.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant import config
from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.events import ListenMode
from assistant.loading.phrases import load_library
from assistant.memory import Journal
from assistant.understanding import Understanding

PEOPLE = ("Ana", "Ben")
STARTS = ("gratitude time", "check in", "mood check", "ask us a deep question")
MOST_ANSWERED = 5  # lines in a life, before a random moment more
MORE_S = 0.02  # about as long as one line takes
OPENING_S = 0.06  # about as long as the journal and the conversation take to be opened
HUNG_S = 30.0
MARK = "zq"  # how every word begins that they answer
SCRATCHES = 0.15
APART = 0.1
SCRATCH = "scratch that"


def calendar(days: int) -> datetime:
    return datetime(2026, 11, 16, 21, 0, tzinfo=UTC) + timedelta(days=days)


class People:
    """What they say next; before it is said and after it was answered a line is written to ``pipe``."""

    def __init__(self, life: int, dice: random.Random, pipe: int) -> None:
        self._life = life
        self._dice = dice
        self._pipe = pipe
        self._said = 0
        self.evening: TypedEvening | None = None

    def lines(self) -> Iterator[str]:
        before = ""
        while True:
            line = self._next(before)
            self._tell("?" + line)
            yield line
            self._tell("!" + line)
            before = line

    def _next(self, before: str) -> str:
        assert self.evening is not None
        expectation = self.evening._listen.expectation
        if expectation.mode is ListenMode.WAKE:
            return self._dice.choice(STARTS)
        if expectation.slot == "yes_no":
            return "yes"
        if expectation.slot == "rating":
            return "five"
        if before.startswith(MARK) and self._dice.random() < SCRATCHES:
            return SCRATCH
        if "answer_apart" in expectation.intents and self._dice.random() < APART:
            return "answer apart"
        if expectation.mode is ListenMode.ANSWER:
            self._said += 1
            return MARK + _letters(self._life) + "q" + _letters(self._said)
        return "skip"

    def _tell(self, line: str) -> None:
        os.write(self._pipe, f"{line}\n".encode())


def live(shipped: tuple[Library, Understanding], path: Path, life: int, seed: int, pipe: int) -> None:
    """One life: until it is killed."""
    people = People(life, random.Random(f"{seed} {life}"), pipe)
    with Journal.open(path, lambda: calendar(life // 30)) as journal:
        people.evening = TypedEvening(Conversation(*shipped, journal, PEOPLE, seed), "hey evensong", lambda _: None)
        people.evening.run(people.lines())


def one_life(
    shipped: tuple[Library, Understanding], path: Path, life: int, seed: int, dice: random.Random
) -> list[str]:
    """What was said in it, and what was answered: it is killed some lines on, and then somewhere in the next."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        try:
            live(shipped, path, life, seed, into)
        finally:
            os._exit(1)  # only when it failed: it never ends by itself
    os.close(into)
    answered = dice.randint(0, MOST_ANSWERED)
    told = b""
    while told.count(b"!") < answered and select.select([out], [], [], HUNG_S)[0]:
        piece = os.read(out, 65536)
        if not piece:
            break
        told += piece
    time.sleep(dice.uniform(0.0, MORE_S if answered else OPENING_S))
    os.kill(child, signal.SIGKILL)
    while piece := os.read(out, 65536):
        told += piece
    os.close(out)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"life {life} ended by itself"
    return told.decode().split("\n")[:-1]


def words_in(path: Path, life: int) -> list[str]:
    """The words that the journal holds, open or closed, in the order they were said; it must be whole."""
    with Journal.open(path, lambda: calendar(life // 30)) as journal:
        assert journal.integrity() == []
        rows = journal._db.execute(
            "SELECT text FROM (SELECT id, text FROM entries UNION ALL SELECT id, text FROM closed) "
            "WHERE text LIKE ? ORDER BY id",
            (f"{MARK}%",),
        ).fetchall()
    return [str(row[0]) for row in rows]


def after(words: list[str], line: str) -> list[str]:
    """``words``, once ``line`` was answered."""
    if line == SCRATCH:
        return words[:-1]
    return [*words, line] if line.startswith(MARK) else words


def _letters(number: int) -> str:
    """0 is a, 25 z, 26 ba: nothing that could be heard as a number."""
    tens, ones = divmod(number, 26)
    return (_letters(tens) if tens else "") + chr(ord("a") + ones)


def main(path: Path, kills: int, seed: int) -> None:
    shipped = load_library(config.Settings())
    dice = random.Random(seed)
    kept: list[str] = []
    count = {"kills": 0, "words": 0, "scratched": 0, "cut_off": 0, "cut_off_kept": 0, "wrong": 0}
    for life in range(kills):
        told = one_life(shipped, path, life, seed, dice)
        for line in (one[1:] for one in told if one.startswith("!")):
            kept = after(kept, line)
            count["words"] += line.startswith(MARK)
            count["scratched"] += line == SCRATCH
        found = words_in(path, life)
        cut_off = told[-1][1:] if told and told[-1].startswith("?") else ""
        count["kills"] += 1
        count["cut_off"] += cut_off.startswith(MARK)
        count["cut_off_kept"] += bool(cut_off) and found != kept and found == after(kept, cut_off)
        if found not in (kept, after(kept, cut_off)):
            count["wrong"] += 1
            sys.stderr.write(f"life {life}: {found[-5:]} instead of {kept[-5:]} after {cut_off!r}\n")
        kept = found
    sys.stdout.write(json.dumps(count) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
