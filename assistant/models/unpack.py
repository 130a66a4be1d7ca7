"""Taking one folder out of an archive without trusting it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from assistant.errors import ModelError


def members_of(archive: Path, folder: str) -> dict[str, int]:
    """The files below ``folder`` in the zip or wheel ``archive``: path inside the folder -> bytes.

    Raises ModelError when it is no zip, or when any member is absolute, climbs out with "..", or is anything else than
    a plain file or folder.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
    except zipfile.BadZipFile:
        raise ModelError(f"{archive.name} is not a zip archive, or is broken; fetch it again.") from None
    inside: dict[str, int] = {}
    for entry in entries:
        _refuse_escape(entry)
        if not entry.is_dir() and entry.filename.startswith(folder + "/"):
            inside[entry.filename.removeprefix(folder + "/")] = entry.file_size
    return inside


def _refuse_escape(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    climbs = path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename
    if climbs or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelError(f"The archive was refused: its member {entry.filename!r} would reach outside its folder.")


def unpack(archive: Path, folder: str, names: Mapping[str, int], into: Path) -> None:
    """Write the files ``names`` of `members_of` below ``into``, as plain files, through to the disk.

    Raises ModelError when a member is corrupt; OSError when the disk does not take it.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            for name in names:
                target = into / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(f"{folder}/{name}") as source, target.open("xb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
                    file.flush()
                    os.fsync(file.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"The archive {archive.name} is broken ({error}); fetch it again.") from None


def tuned(text: str, settings: Mapping[str, int | float]) -> str:
    """A Kaldi options file (``--name=value`` a line) with ``settings`` in the place of its own values, or added."""
    waiting = dict(settings)
    lines = []
    for line in text.splitlines():
        found = re.match(r"\s*--([a-z0-9.-]+)\s*=", line)
        if found and found[1] in settings:
            if found[1] in waiting:
                lines.append(f"--{found[1]}={waiting.pop(found[1])}")
        else:
            lines.append(line)
    lines += [f"--{name}={value}" for name, value in waiting.items()]
    return "\n".join(lines) + "\n"
