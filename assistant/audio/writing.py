"""Files written whole or not at all, whatever their name stands for. Needs nothing but the standard library."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write ``data`` to ``path``: all of it, or nothing and what was there stays.

    The file is for its owner only (0600), because it holds what was said at home. A link goes on pointing where it
    points, and a device or a pipe (/dev/stdout, /dev/null) is written into, never replaced. Raises OSError; see
    `why_not_written`.
    """
    if _is_device(path):
        with path.open("wb") as device:
            device.write(data)
        return
    path = Path(os.path.realpath(path))
    unfinished: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".evensong-", delete=False) as file:
            unfinished = Path(file.name)
            file.write(data)
        unfinished.replace(path)
    except BaseException:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        raise


def check_place(path: Path) -> None:
    """Whether `write_whole` could write ``path``, found out before long work. Changes nothing. Raises OSError."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not _is_device(path):
        with tempfile.TemporaryFile(dir=Path(os.path.realpath(path)).parent):
            pass
    elif not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def why_not_written(path: Path, error: OSError) -> str:
    """One sentence for a person: why ``path`` could not be written, and what to do."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"{path} was not written, the disk is full; free some space or name another place."
        case errno.ENOENT | errno.ENOTDIR | errno.EEXIST:
            return f"{path} was not written, there is no folder {path.parent}; make it first."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{path} was not written, {path.parent} cannot be written to; name another place."
        case errno.EISDIR:
            return f"{path} was not written, it is a folder; name a file."
        case _:
            return f"{path} was not written ({error.strerror}); name another place."


def _is_device(path: Path) -> bool:
    """A device, a pipe or a socket: there already, and neither a file nor a folder."""
    return path.exists() and not path.is_file() and not path.is_dir()
