"""What the journal lends to the parts that keep something of their own in its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shared:
    """``together`` is `Journal.together`; ``note_removal`` is to be called in a transaction that deletes words.

    ``now`` gives the calendar time, aware, in local time.
    """

    path: Path
    db: sqlite3.Connection
    together: Callable[[], AbstractContextManager[None]]
    note_removal: Callable[[], None]
    now: Callable[[], datetime]
