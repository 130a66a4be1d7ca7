"""The folder of installed models."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import ModelError
from assistant.models.catalog import SHA256_PATTERN, Catalog, Model
from assistant.models.fetch import Progress, fetch, sha256_of, take
from assistant.models.kinds import made, taken
from assistant.models.learned import learn
from assistant.models.unpack import members_of, tuned, unpack

MANIFEST = "evensong.json"
TEMPORARY = ".temporary-"
SPARE_BYTES = 50_000_000

Fetch = Callable[[Model, str, Path, Progress], Path]
"""Fetches a model's archive of the given SHA-256 into an empty folder; `fetch.fetch` is the real one."""


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed model: its folder, and the SHA-256 of the archive that it came from."""

    path: Path
    sha256: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    bytes: int
    sha256: str


class _Manifest(BaseModel):
    """What was installed, written into the model's folder: its archive, its tuning, what it learned, and each file.

    ``stock`` keeps the texts of the tuned files as they came, so that new settings need no new archive. ``learned``
    is the SHA-256 of the difference of weights that was added.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    archive_sha256: str
    tuning: dict[str, dict[str, int | float]]
    stock: dict[str, str]
    learned: str | None = None
    files: dict[str, _File]


class ModelStore:
    """Models in ``folder``, one sub-folder each, as ``catalog`` describes them.

    Processes that install or remove at the same time wait for each other. A process that dies in the middle leaves
    only a hidden temporary folder, which the next one sweeps away.
    """

    def __init__(self, folder: Path, catalog: Catalog, *, fetch: Fetch = fetch) -> None:
        self.folder = folder
        self.catalog = catalog
        self._fetch = fetch

    def installed(self) -> tuple[str, ...]:
        """Names of the catalogue's models that are installed (not looked into: see `verify`)."""
        return tuple(name for name in self.catalog.models if (self.folder / name / MANIFEST).is_file())

    def path(self, name: str) -> Path:
        """The folder of an installed model. Raises ModelError when it cannot be used: not there, or cut short.

        Looks at the sizes of the files only, so that it costs nothing at every start; `verify` reads them.
        """
        manifest, path = self._manifest(name), self.folder / name
        for inside, file in manifest.files.items():
            if not (path / inside).is_file() or (path / inside).stat().st_size != file.bytes:
                raise ModelError(f"{path / inside} is missing or cut short; {_remedy(name)}.")
        return path

    def outdated(self, name: str) -> bool:
        """Whether the model is tuned, or has learned, as an earlier catalogue says: it works, and `install` renews
        it, without fetching it again where it can. Raises ModelError when it is not installed."""
        manifest = self._manifest(name)
        return manifest.tuning != self.catalog.tuning(name) or manifest.learned != self._to_learn(name)

    def _to_learn(self, name: str) -> str | None:
        learned = self.catalog.model(name).learned
        return learned.sha256 if learned else None

    def verify(self, name: str) -> Installed:
        """Read every file of an installed model. Raises ModelError naming the first that is not what it was."""
        path, manifest = self.path(name), self._manifest(name)
        self._read_all(name, manifest)
        pinned = self.catalog.model(name).sha256
        if pinned and manifest.archive_sha256 != pinned:
            raise ModelError(f"{path} is another version than the catalogue's; {_remedy(name)}.")
        return Installed(path, manifest.archive_sha256)

    def install(
        self,
        name: str,
        progress: Progress = lambda done, total: None,
        *,
        archive: Path | None = None,
        sha256: str | None = None,
    ) -> Installed:
        """Fetch, check, unpack, tune and put in place; an intact installation is kept as it is.

        ``archive`` is a file that the user fetched, used in the place of the source; ``sha256`` the hash to trust
        where the catalogue has none. Raises ModelError, and then leaves what was there before as it was.
        """
        model = self.catalog.model(name)
        trusted = _trusted(name, model, archive, sha256)
        # Looked at before the lock too: a model in a folder that we may only read needs no lock.
        if standing := self._intact(name, trusted):
            return standing
        try:
            with self._locked():
                return (
                    self._intact(name, trusted)
                    or self._tuned_anew(name, trusted)
                    or self._put(name, model, progress, archive, trusted)
                )
        except OSError as error:
            raise _disk_error(error, self.folder) from None

    def remove(self, name: str) -> None:
        """Remove an installed model, whole or broken. Raises ModelError when there is none."""
        self.catalog.model(name)
        path = self.folder / name
        if not path.is_dir():
            raise ModelError(f"The model {name} is not installed in {self.folder}, so there is nothing to remove.")
        try:
            # One rename takes it away; a process that dies now leaves only what the next one sweeps up.
            with self._locked(), self._workplace() as aside:
                path.rename(aside / name)
        except OSError as error:
            raise _disk_error(error, self.folder) from None

    def _intact(self, name: str, trusted: str | None) -> Installed | None:
        """The installation that makes another one needless, if there is one."""
        try:
            standing = self.verify(name)
        except ModelError:
            return None
        return standing if standing.sha256 == trusted and not self.outdated(name) else None

    def _put(self, name: str, model: Model, progress: Progress, archive: Path | None, trusted: str | None) -> Installed:
        self._need(model.download_mb * 1e6 + model.unpacked_mb * 1e6)
        with self._workplace() as work:
            (work / "fetched").mkdir()
            got = take(archive, work) if archive else self._fetch(model, trusted or "", work / "fetched", progress)
            found = sha256_of(got)
            if trusted and found != trusted:
                raise ModelError(f"The archive of {name} has the SHA-256 {found}, not {trusted}; it was not installed.")
            files = taken(model.kind, members_of(got, model.folder), model.folder)
            self._need(sum(files.values()))
            new = work / name
            unpack(got, model.folder, files, new)
            names = made(model.kind, new, tuple(files))
            if model.learned:
                learn(new, model.learned)
            self._tune(name, new, names, found, {})
            self._swap(new, self.folder / name, work / "replaced")
        return Installed(self.folder / name, found)

    def _tuned_anew(self, name: str, trusted: str | None) -> Installed | None:
        """Give an intact model of this very archive the catalogue's present settings, without fetching it again."""
        try:
            manifest = self._manifest(name)
            self._read_all(name, manifest)
        except ModelError:
            return None
        learned = self.catalog.model(name).learned
        other = manifest.learned not in (None, self._to_learn(name))  # what was added is not taken off again
        if manifest.archive_sha256 != trusted or other:
            return None
        place = self.folder / name
        self._need(sum(file.bytes for file in manifest.files.values()))
        with self._workplace() as work:
            new = Path(shutil.copytree(place, work / name))
            if learned and manifest.learned is None:
                learn(new, learned)
            self._tune(name, new, tuple(manifest.files), manifest.archive_sha256, manifest.stock)
            self._swap(new, place, work / "replaced")
        return Installed(place, manifest.archive_sha256)

    def _tune(
        self, name: str, new: Path, files: tuple[str, ...], archive_sha256: str, stock: Mapping[str, str]
    ) -> None:
        """Write the catalogue's settings into the copy, and the manifest beside them.

        ``stock`` holds the options files as they came, where the copy no longer has them so.
        """
        tuning = self.catalog.tuning(name)
        untuned = {
            inside: stock.get(inside) or (new / inside).read_text(encoding="utf-8")
            for inside in tuning
            if inside in files
        }
        for inside, text in untuned.items():
            _write(new / inside, tuned(text, tuning[inside]))
        listed = {
            inside: _File(bytes=(new / inside).stat().st_size, sha256=sha256_of(new / inside)) for inside in files
        }
        manifest = _Manifest(
            archive_sha256=archive_sha256, tuning=tuning, stock=untuned, learned=self._to_learn(name), files=listed
        )
        _write(new / MANIFEST, manifest.model_dump_json(indent=1))

    def _swap(self, new: Path, place: Path, aside: Path) -> None:
        """One rename puts the model in place; what stood there before goes with the temporary folder."""
        for folder, _, _ in os.walk(new):
            _sync_folder(Path(folder))
        if place.exists():
            place.rename(aside)
        new.rename(place)
        _sync_folder(self.folder)

    def _manifest(self, name: str) -> _Manifest:
        self.catalog.model(name)
        path = self.folder / name / MANIFEST
        try:
            return _Manifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise ModelError(f"The speech model {name} is not installed in {self.folder}; {_remedy(name)}.") from None
        except (OSError, ValidationError):
            raise ModelError(f"{path} is corrupt; {_remedy(name)}.") from None

    def _read_all(self, name: str, manifest: _Manifest) -> None:
        path = self.folder / name
        for inside, file in manifest.files.items():
            try:
                intact = sha256_of(path / inside) == file.sha256
            except OSError as error:
                raise ModelError(f"{path / inside} cannot be read ({error.strerror}); {_remedy(name)}.") from None
            if not intact:
                raise ModelError(f"{path / inside} is corrupt; {_remedy(name)}.")

    def _need(self, needed_bytes: float) -> None:
        free_mb, needed_mb = shutil.disk_usage(self.folder).free / 1e6, (needed_bytes + SPARE_BYTES) / 1e6
        if free_mb < needed_mb:
            raise ModelError(
                f"{self.folder} has {free_mb:.0f} MB left and the model needs {needed_mb:.0f} MB; make room, or set"
                " paths.models to a folder on another disk."
            )

    @contextmanager
    def _workplace(self) -> Iterator[Path]:
        """A hidden folder beside the models, on the same disk, so that moving out of it is one rename."""
        work = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=self.folder))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """The folder is ours alone; the lock goes with the process, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for stale in self.folder.glob(f"{TEMPORARY}*"):
                shutil.rmtree(stale, ignore_errors=True)
            yield


def _trusted(name: str, model: Model, archive: Path | None, sha256: str | None) -> str | None:
    """The SHA-256 that the archive must have; None when the user's own file is to be taken as it is."""
    given = sha256.strip().lower() if sha256 else None
    if given and not re.match(SHA256_PATTERN, given):
        raise ModelError(f"{sha256!r} is no SHA-256: give the 64 hexadecimal digits that `sha256sum` prints.")
    if model.sha256 and given and given != model.sha256:
        raise ModelError(f"The catalogue pins {name} to the SHA-256 {model.sha256}; leave --sha256 out.")
    if not (model.sha256 or given or archive):
        raise ModelError(
            f"Nobody published a checksum of {name}: give the SHA-256 that you trust with --sha256, or fetch"
            f" {model.where} yourself and give it with --archive."
        )
    return model.sha256 or given


def _remedy(name: str) -> str:
    return f"run `evensong models install {name}`"


def _disk_error(error: OSError, folder: Path) -> ModelError:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return ModelError(f"The disk of {folder} is full; make room, or set paths.models to another disk.")
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return ModelError(f"{folder} cannot be written ({error.strerror}); set paths.models to a folder of yours.")
        case _:
            return ModelError(f"{error.filename or folder} cannot be used ({error.strerror}); mend it and try again.")


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
