"""Files that spare work: read in an instant, and made anew where they are missing, half or not ours."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

Made = TypeVar("Made")


def kept_or_made(
    path: Path,
    most: int,
    make: Callable[[], Made],
    read: Callable[[BinaryIO], Made],
    write: Callable[[BinaryIO, Made], None],
) -> Made:
    """What ``read`` finds in ``path``, or else what ``make`` gives, which is kept there then.

    Of the files KIND-NAME.SUFFIX in its folder, only the ``most`` of its kind written last stay. What cannot be written
    is not kept. ``read`` may raise what reading a file of another kind raises; nothing of that comes out.
    """
    try:
        with path.open("rb") as file:
            return read(file)
    except FileNotFoundError:
        pass
    except (OSError, KeyError, ValueError, TypeError, IndexError, EOFError, zipfile.BadZipFile):
        with suppress(OSError):  # made anew
            path.unlink(missing_ok=True)
    made = make()
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            write(file, made)
        unfinished.replace(path)
        alike = path.parent.glob(f"{path.name.split('-')[0]}-*{path.suffix}")
        for old in sorted(alike, key=lambda one: one.stat().st_mtime)[:-most]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return made
