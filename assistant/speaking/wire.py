"""What the speaking process and its parent say to each other over pipes.

A frame is four bytes (big-endian length of the header), a JSON object in UTF-8, and as many bytes of PCM as its
key "bytes" says (none when it is missing).

    worker -> parent   {"ready": true}   once, when its voice is loaded;  {"failed": sentence} instead, and it ends
    parent -> worker   {"text": str, "rate": float}   one at a time
    worker -> parent   {"rate_hz": int, "bytes": int} + int16 mono PCM (little-endian),  or {"failed": sentence}
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

MAX_HEADER_BYTES = 1_000_000
MAX_PCM_BYTES = 500_000_000


class BrokenFrame(Exception):  # noqa: N818 - it never leaves this package
    """What came is not a frame, or the other side is gone."""


def frame(header: Mapping[str, Any], pcm: bytes = b"") -> bytes:
    encoded = json.dumps({**header, "bytes": len(pcm)} if pcm else dict(header)).encode()
    return len(encoded).to_bytes(4, "big") + encoded + pcm


def read_frame(read_exactly: Callable[[int], bytes]) -> tuple[dict[str, Any], bytes]:
    """The next frame, from a function that gives exactly so many bytes or raises; BrokenFrame for nonsense."""
    length = int.from_bytes(read_exactly(4), "big")
    if not 0 < length <= MAX_HEADER_BYTES:
        raise BrokenFrame(f"a header of {length} bytes")
    try:
        header = json.loads(read_exactly(length))
    except ValueError:
        raise BrokenFrame("a header that is not JSON") from None
    size = header.get("bytes", 0) if isinstance(header, dict) else -1
    if not isinstance(size, int) or not 0 <= size <= MAX_PCM_BYTES:
        raise BrokenFrame("a header without sense")
    return header, read_exactly(size) if size else b""


def write_all(descriptor: int, payload: bytes) -> None:
    """Write everything to a blocking pipe; OSError when the other side is gone."""
    view = memoryview(payload)
    while view:
        view = view[os.write(descriptor, view) :]
