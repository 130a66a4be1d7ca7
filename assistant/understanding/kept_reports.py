"""What a check of intents found, kept on disk: to match thousands of examples takes half a minute, to read it none.

Kept under a name made of all that it comes from, as opened templates are (`kept.py`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from assistant.understanding.report import Report, Row

KEPT = 4


def kept_or_checked(folder: Path, name: str, check_now: Callable[[], Report]) -> Report:
    """The report kept in ``folder`` under ``name``, or else what ``check_now`` gives, which is kept then."""
    path = folder / f"checked-{name}.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Report(tuple(Row(**row) for row in data["rows"]), tuple(data["failures"]))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError, KeyError):
        with suppress(OSError):  # half of it, or not ours: made anew
            path.unlink(missing_ok=True)
    report = check_now()
    _keep(path, json.dumps({"rows": [asdict(row) for row in report.rows], "failures": report.failures}))
    return report


def _keep(path: Path, text: str) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
        for old in sorted(path.parent.glob("checked-*.json"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
