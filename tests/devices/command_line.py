"""The real command as a child process, as a person runs it, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LIMIT_S = 60.0


@dataclass(frozen=True)
class Done:
    """How it ended, and what it wrote."""

    code: int
    out: str
    err: str

    def refusal(self, code: int) -> str:
        """The one sentence on standard error; fails when there is anything else, or another exit code."""
        assert "Traceback" not in self.err, self.err
        assert len(self.err.splitlines()) == 1, self.err
        assert self.err.startswith("evensong: ")
        assert self.err.rstrip().endswith((".", "?")), self.err
        assert self.code == code, self.err
        return self.err.removeprefix("evensong: ").rstrip()


class Home:
    """Settings, journal, cache and temporary files of one household, in a folder of the test's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scratch = folder / "scratch"
        self.scratch.mkdir(parents=True)
        # No sound server: what wants one says so, unless the test gives its own.
        self.environment = os.environ | {
            "EVENSONG_HOME": str(folder / "home"),
            "TMPDIR": str(self.scratch),
            "HOME": str(self.scratch),
            "XDG_CACHE_HOME": str(self.scratch / "cache"),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{folder}/nobody",
            "PYTHONUTF8": "1",
        }

    def settings(self, text: str) -> None:
        path = self.folder / "home" / "config" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    @staticmethod
    def start_words(*words: str | Path) -> list[str]:
        return [sys.executable, "-m", "assistant", *map(str, words)]

    def start(self, *words: str | Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.start_words(*words),
            env=self.environment | dict(environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str | Path, given: bytes = b"", environment: Mapping[str, str] | None = None) -> Done:
        process = self.start(*words, environment=environment)
        try:
            out, err = process.communicate(given, timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        left = [path.name for path in self.scratch.rglob("*")]
        assert left == [], left  # nothing temporary, and nothing that a library keeps for itself
        return Done(process.returncode, out.decode(), err.decode())

    def processes(self) -> list[int]:
        """Every living process of this household: the command itself, and what it started."""
        mark = f"EVENSONG_HOME={self.folder / 'home'}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:  # gone, or somebody else's
                continue
        return found

    def wait_for_session(self) -> None:
        """Until a ritual has begun: its evening is in the journal."""
        deadline_s = time.monotonic() + LIMIT_S
        while self.run("journal", "list", "--json").out == "":
            assert time.monotonic() < deadline_s

    def files(self) -> set[str]:
        """What lies in the test's folder, beside the household's own."""
        return {path.name for path in self.folder.iterdir()} - {"home", "scratch"}
