"""What a check of intents found, kept on disk: to match thousands of examples takes half a minute, to read it none.

Kept under a name made of all that it comes from, as opened templates are (`kept.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from assistant.understanding.checking.report import Report, Row
from assistant.understanding.templates.kept_file import kept_or_made

KEPT = 4


def kept_or_checked(folder: Path, name: str, check_now: Callable[[], Report]) -> Report:
    """The report kept in ``folder`` under ``name``, or else what ``check_now`` gives, which is kept then."""
    return kept_or_made(folder / f"checked-{name}.json", KEPT, check_now, _read, _write)


def _read(file: BinaryIO) -> Report:
    data = json.load(file)
    return Report(tuple(Row(**row) for row in data["rows"]), tuple(data["failures"]))


def _write(file: BinaryIO, report: Report) -> None:
    kept = {"rows": [asdict(row) for row in report.rows], "failures": report.failures}
    file.write(json.dumps(kept).encode())
