"""How well Evensong's own voice was cancelled on the last evening: kept for `evensong doctor`, one number in a file."""

from __future__ import annotations

import contextlib
from pathlib import Path

from assistant.config import Settings


def keep_echo_loss(settings: Settings, loss_db: float | None) -> None:
    """Remember what was measured on an evening; None: nothing was. A full disk loses it, and nothing else."""
    if loss_db is None:
        return
    with contextlib.suppress(OSError):
        _path(settings).parent.mkdir(parents=True, exist_ok=True)
        _path(settings).write_text(f"{loss_db:.1f}\n", encoding="utf-8")


def kept_echo_loss(settings: Settings) -> float | None:
    """What was measured last, in decibels; None when there is nothing."""
    try:
        return float(_path(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _path(settings: Settings) -> Path:
    return settings.cache_path / "echo_loss_db"
