"""A disk that is full, or was from the start: what was kept is safe, and nothing is left half-written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Disk = Callable[[str, Path, int], str]

FULL_DISK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.errors import JournalError
from assistant.memory import Journal
folder, now = Path(sys.argv[1]), lambda: datetime(2026, 11, 22, tzinfo=UTC)
path = folder / "journal.sqlite"
ballast = folder / "ballast"
kept = 0
with Journal.open(path, now) as journal:
    number = journal.open_session("checkin", ("Ana",), 1)
    try:
        while True:
            journal.record("worry", "Ana", "word " * 200)
            kept += 1
    except JournalError as error:
        print(error)
    assert len(journal.session(number).entries) == kept > 0
    assert journal.integrity() == []
    if ballast.exists():  # room is made while Evensong runs: it goes on
        ballast.unlink()
        journal.record("worry", "Ana", "one more")
        kept += 1
with Journal.open(path, now) as journal:
    assert len(journal.session(number).entries) == kept
    assert journal.integrity() == []
    journal.delete_session(number)  # no more than what it removes is needed to remove it
    assert journal.sessions() == ()
print("safe")
"""

NO_ROOM_AT_ALL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.errors import JournalError
from assistant.memory import Journal
folder = Path(sys.argv[1])
(folder / "ballast").unlink(missing_ok=True)
try:
    with open(folder / "filler", "wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
except OSError:
    pass
try:
    Journal.open(folder / "journal.sqlite", lambda: datetime(2026, 11, 22, tzinfo=UTC))
except JournalError as error:
    print(error)
print(sorted(file.name for file in folder.iterdir()))
"""


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_a_quota(script: str, folder: Path, quota_bytes: int) -> str:
    """Run ``script``, none of whose files may grow beyond ``quota_bytes``."""
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({quota_bytes}, {quota_bytes}))\n"
    return run([sys.executable, "-c", limit + script, str(folder)])


def on_a_small_disk(script: str, folder: Path, quota_bytes: int) -> str:
    """Run ``script`` with a real file system of 400 kB at ``folder``, which only that process sees.

    Where nobody may mount one (in some containers) a quota has to stand for it.
    """
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--user", "--map-root-user"]
    mount = [*alone, "sh", "-c", 'mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"', "sh"]
    here = [*mount, "400k", str(folder)]
    if subprocess.run([*here, "true"], capture_output=True, check=False, timeout=60).returncode != 0:
        return with_a_quota(script, folder, quota_bytes)
    ballast = 'head -c 65536 /dev/zero > "$0/ballast" && exec "$@"'
    return run([*here, "sh", "-c", ballast, str(folder), sys.executable, "-c", script, str(folder)])


FULL = "The disk is full|The disk refused to read or write the journal .* check the disk and its quota"


@pytest.mark.parametrize("disk", [on_a_small_disk, with_a_quota])
def test_a_disk_that_fills_up_loses_nothing_that_was_kept(tmp_path: Path, disk: Disk) -> None:
    said = disk(FULL_DISK, tmp_path, 400_000)
    assert re.match(FULL, said)
    assert said.endswith("safe\n")


@pytest.mark.parametrize("disk", [on_a_small_disk, with_a_quota])
def test_a_journal_that_does_not_fit_leaves_no_half_of_itself(tmp_path: Path, disk: Disk) -> None:
    said = disk(NO_ROOM_AT_ALL, tmp_path, 10_000)
    assert re.match(FULL, said)
    assert said.splitlines()[-1] == "['filler', 'journal.sqlite-lock']"
