"""Memory that is no longer used, given back to the system.

glibc keeps what was freed for later; reading the phrases and compiling a grammar free some ten megabytes each, which a
companion that waits all day on a small computer need not hold.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Some milliseconds; nothing where the C library is not glibc."""
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library; Windows knows no library without a name
        return None
