"""Freed memory goes back to the system (in a process of its own, because what is free here others may have used)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
from assistant.evening.freed_memory import give_back

def resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

kept = [bytes(2_000) for _ in range(20_000)]
last = bytes(2_000)  # what lies above holds the rest in place
del kept
before = resident_mb()
give_back()
print(before - resident_mb())
"""


def test_what_was_freed_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) > 20
