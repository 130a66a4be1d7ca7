"""kill -9 at any moment: what was acknowledged is in the journal, at most the one call under way beside it."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.memory import Journal

KILLS = 20
CALLS = 200

WRITES = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.memory import Journal
journal = Journal.open(Path(sys.argv[1]), lambda: datetime(2026, 11, 22, tzinfo=UTC))
for call in json.load(sys.stdin):
    name, *arguments = call
    if name == "step":
        with journal.together():
            journal.record("b", "Ben", arguments[0])
            journal.save_state(arguments[1])
    elif name == "delete_latest":
        journal.delete_session(journal.sessions(limit=1)[0].id)
    else:
        getattr(journal, name)(*arguments)
    os.write(1, b".")
"""


@dataclass
class Kept:
    """What the journal must hold after some calls: per session its outcome and its texts."""

    sessions: list[tuple[str, list[str]]] = field(default_factory=list)
    state: str | None = None
    gone: list[str] = field(default_factory=list)

    def apply(self, call: list[object]) -> None:
        name, *arguments = call
        match name:
            case "open_session":
                self.sessions = [("stopped" if how == "open" else how, said) for how, said in self.sessions]
                self.sessions.append(("open", []))
            case "record":
                self.sessions[-1][1].append(str(arguments[2]))
            case "step":
                self.sessions[-1][1].append(str(arguments[0]))
                self.state = str(arguments[1])
            case "scratch":
                if self.sessions[-1][1]:
                    self.gone.append(self.sessions[-1][1].pop())
            case "delete_latest":
                self.gone += self.sessions.pop()[1]
                self.state = None

    def copy(self) -> Kept:
        return Kept([(how, list(said)) for how, said in self.sessions], self.state, list(self.gone))

    def same(self, other: Kept) -> bool:
        return (self.sessions, self.state) == (other.sessions, other.state)


def script(dice: random.Random, turn: int) -> Iterator[list[object]]:
    """An endless evening: mostly answers, now and then something taken back."""
    item = 0
    yield ["open_session", "checkin", ["Ana", "Ben"], turn]
    while True:
        item += 1
        words = f"word{turn}x{item}x " * dice.choice([1, 20, 400])
        yield ["record", "a", "Ana", words]
        yield ["step", f"step{turn}x{item}x " * dice.choice([1, 20]), f"at {turn}.{item} " * dice.choice([1, 200])]
        if dice.random() < 0.3:
            yield ["scratch"]
        if dice.random() < 0.1:
            yield ["delete_latest"]
            yield ["open_session", "mood", [], turn]


def read(path: Path) -> Kept:
    with Journal.open(path, lambda: datetime(2026, 11, 22, tzinfo=UTC)) as journal:
        assert journal.integrity() == []
        sessions = [(each.outcome, [entry.text or "" for entry in each.entries]) for each in journal.sessions()[::-1]]
        return Kept([(str(how), said) for how, said in sessions], journal.load_state())


def killed_while_writing(path: Path, calls: list[list[object]], after: int, and_s: float) -> int:
    """How many calls were acknowledged before the writer was killed, ``and_s`` after the acknowledgement ``after``."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdin.write(json.dumps(calls).encode())
        writer.stdin.close()
        first = writer.stdout.read(after)
        time.sleep(and_s)
        writer.kill()
        acknowledged = first + writer.stdout.read()
        assert writer.stderr.read() == b""
    return len(acknowledged)


def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    dice = random.Random(2026)
    path = tmp_path / "journal.sqlite"
    kept = Kept()
    between = 0
    for turn in range(KILLS):
        evening = script(dice, turn)
        calls = [next(evening) for _ in range(CALLS)]
        done = killed_while_writing(path, calls, dice.randint(1, 25), dice.uniform(0, 0.008))
        assert 0 < done < CALLS
        for call in calls[:done]:
            kept.apply(call)
        one_more = kept.copy()
        one_more.apply(calls[done])
        found = read(path)
        assert found.same(kept) or found.same(one_more), f"kill {turn} after {done} calls"
        if found.same(one_more) and not found.same(kept):
            kept = one_more
            between += 1
        content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert [words for words in kept.gone if words.split()[0].encode() in content] == []
    assert sum(len(said) for _, said in kept.sessions) > KILLS
    assert len(kept.gone) > 10
    assert between < KILLS


@pytest.fixture
def cut_off_at_its_making(tmp_path: Path) -> Path:
    """A journal whose first write was cut off before it had its log: the write, and SQLite's notes to undo it."""
    half = tmp_path / "half.sqlite"
    with closing(sqlite3.connect(half, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("CREATE TABLE earlier (word)")
        db.execute("DROP TABLE earlier")
        db.execute("BEGIN")
        db.execute("CREATE TABLE cut_off (word)")
        db.executemany("INSERT INTO cut_off VALUES (?)", [("word" * 100,)] * 200)
        path = tmp_path / "journal.sqlite"
        shutil.copy(f"{half}-journal", f"{path}-journal")
        db.execute("COMMIT")
    shutil.copy(half, path)
    path.chmod(0o600)
    return path


def test_a_kill_before_there_was_a_log_is_undone_at_the_next_start(cut_off_at_its_making: Path) -> None:
    with Journal.open(cut_off_at_its_making, lambda: datetime(2026, 11, 22, tzinfo=UTC)) as journal:
        assert journal.integrity() == []
    with closing(sqlite3.connect(cut_off_at_its_making)) as db:
        assert "cut_off" not in {name for (name,) in db.execute("SELECT name FROM sqlite_master")}


def test_what_a_kill_left_unfinished_is_not_read(cut_off_at_its_making: Path) -> None:
    with Journal.open(cut_off_at_its_making, lambda: datetime(2026, 11, 22, tzinfo=UTC), "read") as journal:
        assert journal.integrity() == []
