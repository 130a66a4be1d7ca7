"""How late an echo is: levels that rise and fall with what was played, a while later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def lateness(heard_db: Floats, played_db: Floats, latest: int, alike: float) -> int | None:
    """How many steps the levels ``heard_db`` follow ``played_db`` (both of shape (n,)), at most ``latest``.

    None: they do not follow it; ``alike`` is the least correlation that counts.
    """
    count = len(heard_db) - latest
    if count < 2:
        return None
    end = heard_db[latest:] - heard_db[latest:].mean()
    windows = np.lib.stride_tricks.sliding_window_view(played_db, count)
    windows = windows - windows.mean(axis=1, keepdims=True)
    sizes = np.sqrt(np.sum(windows**2, axis=1) * np.sum(end**2)) + 1e-9
    correlations = windows @ end / sizes
    best = int(correlations.argmax())
    return latest - best if correlations[best] >= alike else None
