"""Archives, hashes and disks that an installation is refused on: in one sentence, with nothing left behind."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from tiny_model import FILES, GOOD, Source, catalog, leftovers, zipped

from assistant.errors import ModelError
from assistant.models import Model, ModelStore, Progress

OTHER_SHA256 = "0" * 64


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def store(tmp_path: Path, source: Source) -> ModelStore:
    return ModelStore(tmp_path / "models", catalog(), fetch=source)


def test_another_archive_than_the_catalogues_is_refused(store: ModelStore, source: Source) -> None:
    source.content = zipped({**FILES, "graph/Gr.fst": b"wards"})
    with pytest.raises(ModelError, match="has the SHA-256"):
        store.install("tiny")
    assert store.installed() == ()
    assert leftovers(store) == []


def test_a_failed_installation_leaves_the_old_one(store: ModelStore, source: Source) -> None:
    store.install("tiny")
    newer = ModelStore(store.folder, catalog(OTHER_SHA256), fetch=source)
    with pytest.raises(ModelError, match="has the SHA-256"):
        newer.install("tiny")
    store.verify("tiny")
    assert leftovers(store) == []


@pytest.mark.parametrize(
    "member",
    ["../evil", "pack/model/../../evil", "/etc/evil", "pack\\..\\evil", "C:evil"],
)
def test_a_member_that_climbs_out_is_refused(store: ModelStore, source: Source, tmp_path: Path, member: str) -> None:
    hostile = io.BytesIO(GOOD)
    with zipfile.ZipFile(hostile, "a") as archive:
        archive.writestr(zipfile.ZipInfo(member), b"evil")
    source.content = hostile.getvalue()
    trusting = ModelStore(store.folder, catalog(hashlib.sha256(source.content).hexdigest()), fetch=source)
    with pytest.raises(ModelError, match="outside its folder"):
        trusting.install("tiny")
    assert trusting.installed() == ()
    assert not list(tmp_path.rglob("evil"))


def test_a_symbolic_link_is_refused(store: ModelStore, source: Source) -> None:
    hostile = io.BytesIO(GOOD)
    link = zipfile.ZipInfo("pack/model/graph/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(hostile, "a") as archive:
        archive.writestr(link, b"/etc/passwd")
    source.content = hostile.getvalue()
    trusting = ModelStore(store.folder, catalog(hashlib.sha256(source.content).hexdigest()), fetch=source)
    with pytest.raises(ModelError, match="outside its folder"):
        trusting.install("tiny")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not a zip", "not a zip archive"),
        (GOOD[:-10], "not a zip archive"),
        (GOOD.replace(b"\x78", b"\x79"), "broken|not a zip archive"),
        (zipped(FILES, folder="elsewhere"), "no Vosk model"),
        (zipped({"conf/model.conf": b""}), "no Vosk model"),
    ],
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "mine.zip"
    file.write_bytes(content)
    store = ModelStore(tmp_path / "models", catalog(None))
    with pytest.raises(ModelError, match=says):
        store.install("tiny", archive=file)
    assert leftovers(store) == []


# --- models without a published hash -----------------------------------------------------------------


def test_without_a_published_hash_the_user_must_say_what_to_trust(store: ModelStore, source: Source) -> None:
    unpinned = ModelStore(store.folder, catalog(None), fetch=source)
    with pytest.raises(ModelError, match=r"--sha256.*https://models.example/tiny.zip.*--archive"):
        unpinned.install("tiny")
    with pytest.raises(ModelError, match="has the SHA-256"):
        unpinned.install("tiny", sha256=OTHER_SHA256)
    assert unpinned.install("tiny", sha256=hashlib.sha256(GOOD).hexdigest().upper()).path.is_dir()


def test_the_users_own_file_is_taken_and_its_hash_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.zip"
    file.write_bytes(GOOD)
    store = ModelStore(tmp_path / "models", catalog(None))
    assert store.install("tiny", archive=file).sha256 == hashlib.sha256(GOOD).hexdigest()
    assert file.read_bytes() == GOOD
    store.verify("tiny")


def test_the_users_own_file_must_still_have_the_published_hash(tmp_path: Path) -> None:
    file = tmp_path / "mine.zip"
    file.write_bytes(GOOD)
    with pytest.raises(ModelError, match="has the SHA-256"):
        ModelStore(tmp_path / "models", catalog(OTHER_SHA256)).install("tiny", archive=file)


@pytest.mark.parametrize("wrong", ["abc", "g" * 64])
def test_a_hash_that_is_none_is_refused(store: ModelStore, wrong: str) -> None:
    with pytest.raises(ModelError, match="64 hexadecimal digits"):
        store.install("tiny", sha256=wrong)


def test_a_hash_against_the_catalogues_is_refused(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="leave --sha256 out"):
        store.install("tiny", sha256=OTHER_SHA256)


def test_a_missing_archive_is_named(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no archive .*gone\.zip"):
        store.install("tiny", archive=tmp_path / "gone.zip")


def test_too_little_room_is_told_before_anything_is_fetched(tmp_path: Path, source: Source) -> None:
    store = ModelStore(tmp_path, catalog(unpacked_mb=1e12), fetch=source)
    with pytest.raises(ModelError, match="MB left and the model needs"):
        store.install("tiny")
    assert source.asked == 0


@pytest.mark.parametrize(
    ("code", "says"), [(errno.ENOSPC, "is full; make room"), (errno.EROFS, "cannot be written"), (errno.EIO, "mend it")]
)
def test_a_disk_that_does_not_take_it_is_told_in_one_sentence(tmp_path: Path, code: int, says: str) -> None:
    def fetch(model: Model, sha256: str, into: Path, progress: Progress) -> Path:
        (into / "half").write_bytes(b"half")
        raise OSError(code, os.strerror(code))

    store = ModelStore(tmp_path, catalog(), fetch=fetch)
    with pytest.raises(ModelError, match=says) as raised:
        store.install("tiny")
    assert str(tmp_path) in str(raised.value)
    assert leftovers(store) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, source: Source) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match=r"file.*cannot be used"):
        ModelStore(tmp_path / "file" / "models", catalog(), fetch=source).install("tiny")
