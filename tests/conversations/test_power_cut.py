"""Power cut: killed at 200 random moments of a week of evenings, at most the word that is being spoken is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

KILLS = 200
SEED = 2026
MOST_S = 300.0  # some 20 s where nothing else runs


def test_a_week_with_two_hundred_power_cuts_loses_no_word_that_was_answered(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_week.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "journal.sqlite"), str(KILLS), str(SEED)],
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_S,
    )
    assert done.returncode == 0, done.stderr
    count = json.loads(done.stdout)
    assert count["kills"] == KILLS
    assert count["wrong"] == 0, done.stderr
    assert count["words"] > KILLS / 2, count  # there was much to be lost
    assert count["cut_off"] > 0, count  # and some were cut off in the middle of being kept
