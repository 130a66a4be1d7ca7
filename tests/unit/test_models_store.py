"""Installing, verifying and removing models: what is put in place, and what survives interruptions."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tiny_model import FILES, GOOD, Source, catalog, leftovers

from assistant.errors import ModelError
from assistant.models import Model, ModelStore, Progress
from assistant.models.unpack import tuned


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def store(tmp_path: Path, source: Source) -> ModelStore:
    return ModelStore(tmp_path / "models", catalog(), fetch=source)


def test_an_installed_model_is_tuned_verified_and_listed(store: ModelStore) -> None:
    seen: list[tuple[int, int]] = []
    installed = store.install("tiny", lambda done, total: seen.append((done, total)))
    assert installed.path == store.path("tiny") == store.folder / "tiny"
    assert installed.sha256 == hashlib.sha256(GOOD).hexdigest()
    assert store.installed() == ("tiny",)
    assert store.verify("tiny") == installed
    assert seen[-1] == (len(GOOD), len(GOOD))
    assert (installed.path / "am" / "final.mdl").read_bytes() == FILES["am/final.mdl"]
    assert "--dither=0" in (installed.path / "conf" / "mfcc.conf").read_text().splitlines()
    conf = (installed.path / "conf" / "model.conf").read_text().splitlines()
    assert {"--beam=13.0", "--max-active=7000", "--endpoint.rule2.min-trailing-silence=1.5"} <= set(conf)
    assert "--endpoint.silence-phones=1:2:3" in conf
    assert len(conf) == 4


def test_installed_files_are_plain_and_nothing_else_is_left(store: ModelStore) -> None:
    path = store.install("tiny").path
    assert leftovers(store) == []
    assert not (path.parent / "pack").exists()
    assert all(not stat.S_IMODE(file.stat().st_mode) & 0o111 for file in path.rglob("*") if file.is_file())


def test_installing_again_fetches_nothing(store: ModelStore, source: Source) -> None:
    store.install("tiny")
    store.install("tiny")
    assert source.asked == 1


def test_installing_again_mends_a_corrupt_file(store: ModelStore, source: Source) -> None:
    path = store.install("tiny").path
    (path / "graph" / "Gr.fst").write_bytes(b"sword")
    store.install("tiny")
    assert source.asked == 2
    assert (path / "graph" / "Gr.fst").read_bytes() == b"words"


def test_new_settings_in_the_catalogue_reach_an_installed_model_without_a_new_archive(
    store: ModelStore, source: Source
) -> None:
    store.install("tiny")
    changed = catalog().model_copy(update={"decoder": {"endpoint.rule3.min-trailing-silence": 2.5}})
    newer = ModelStore(store.folder, changed, fetch=source)
    assert newer.outdated("tiny")
    assert newer.path("tiny") == newer.verify("tiny").path, "with its old settings it still works"
    conf = (newer.install("tiny").path / "conf" / "model.conf").read_text().splitlines()
    assert "--endpoint.rule3.min-trailing-silence=2.5" in conf
    assert "--endpoint.rule2.min-trailing-silence=0.5" in conf, "what is no longer set is as it came"
    assert source.asked == 1
    assert not newer.outdated("tiny")
    newer.verify("tiny")
    assert leftovers(newer) == []


def test_new_settings_for_a_corrupt_model_fetch_it_again(store: ModelStore, source: Source) -> None:
    path = store.install("tiny").path
    (path / "graph" / "Gr.fst").write_bytes(b"sword")
    ModelStore(store.folder, catalog().model_copy(update={"features": {"dither": 1}}), fetch=source).install("tiny")
    assert source.asked == 2
    assert "--dither=1" in (path / "conf" / "mfcc.conf").read_text()


def test_a_process_that_was_killed_leaves_nothing_that_counts(store: ModelStore, source: Source) -> None:
    program = (
        "import sys, time, pathlib; sys.path.insert(0, sys.argv[2]); import tiny_model as t\n"
        "def fetch(model, sha256, into, progress):\n"
        "    (into / 'archive.zip').write_bytes(t.GOOD[:50]); print('fetching', flush=True); time.sleep(60)\n"
        "t.ModelStore(pathlib.Path(sys.argv[1]), t.catalog(), fetch=fetch).install('tiny')\n"
    )
    here = Path(__file__).parent
    with subprocess.Popen(
        [sys.executable, "-c", program, str(store.folder), str(here)],
        stdout=subprocess.PIPE,
        cwd=here.parent.parent,
        env={**os.environ, "PYTHONPATH": str(here.parent.parent)},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"fetching\n"
        child.send_signal(signal.SIGKILL)
    assert len(leftovers(store)) == 1
    assert store.installed() == ()
    store.install("tiny")
    assert leftovers(store) == []
    assert source.asked == 1


def test_two_at_once_wait_for_each_other_and_fetch_once(store: ModelStore) -> None:
    fetching, go_on = threading.Event(), threading.Event()
    slow = Source()

    def fetch(model: Model, sha256: str, into: Path, progress: Progress) -> Path:
        fetching.set()
        assert go_on.wait(20)
        return slow(model, sha256, into, progress)

    first = ModelStore(store.folder, store.catalog, fetch=fetch)
    threads = [threading.Thread(target=each.install, args=("tiny",)) for each in (first, store)]
    threads[0].start()
    assert fetching.wait(20)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    store.verify("tiny")
    assert slow.asked == 1
    assert leftovers(store) == []


def test_a_missing_model_comes_with_its_remedy(store: ModelStore) -> None:
    for look in (store.path, store.verify):
        with pytest.raises(ModelError, match=r"not installed.*`evensong models install tiny`"):
            look("tiny")


@pytest.mark.parametrize("content", [b"", b"{", b'{"files": {}}'])
def test_a_broken_manifest_comes_with_its_remedy(store: ModelStore, content: bytes) -> None:
    manifest = store.install("tiny").path / "evensong.json"
    manifest.write_bytes(content)
    with pytest.raises(ModelError, match="corrupt; run `evensong models install tiny`"):
        store.path("tiny")


def test_a_corrupt_file_is_named(store: ModelStore) -> None:
    (store.install("tiny").path / "graph" / "Gr.fst").write_bytes(b"sword")
    with pytest.raises(ModelError, match=r"Gr\.fst is corrupt; run `evensong models install tiny`"):
        store.verify("tiny")


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_lost_or_shortened_file_is_seen_at_every_start(store: ModelStore, damage: object) -> None:
    assert callable(damage)
    damage(store.install("tiny").path / "am" / "final.mdl")
    with pytest.raises(ModelError, match=r"final\.mdl is missing or cut short"):
        store.path("tiny")


def test_removing_takes_it_away_once(store: ModelStore) -> None:
    store.install("tiny")
    store.remove("tiny")
    assert store.installed() == ()
    assert leftovers(store) == []
    with pytest.raises(ModelError, match="not installed"):
        store.remove("tiny")


def test_only_models_of_the_catalogue_are_touched(store: ModelStore) -> None:
    store.folder.mkdir()
    (store.folder / "mine").mkdir()
    for act in (store.remove, store.install, store.verify, store.path):
        with pytest.raises(ModelError, match="no model named"):
            act("mine")
    assert (store.folder / "mine").is_dir()


def test_tuning_replaces_repeats_and_keeps_the_rest() -> None:
    assert tuned("# stock\n--beam=1\n--beam=2\n--other=x\n", {"beam": 3.5, "new": 4}) == (
        "# stock\n--beam=3.5\n--other=x\n--new=4\n"
    )
