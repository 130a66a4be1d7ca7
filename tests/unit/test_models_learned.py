"""What a model has learned beside what its makers taught it: how it gets into an installed copy, and when not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from tiny_model import FILES, Source, catalog, leftovers, zipped

from assistant.errors import ModelError
from assistant.models import Catalog, ModelStore, learned
from assistant.models.catalog import Learned

MATRIX = np.linspace(-1, 1, 15, dtype=np.float32).reshape(3, 5)
BEFORE = b"<LinearParams> FM " + MATRIX.astype("<f4").tobytes() + b"</end>"
PLACE = BEFORE.index(MATRIX.astype("<f4").tobytes())
APART = np.random.default_rng(1).normal(0, 0.1, MATRIX.shape).astype(np.float32) * np.array(
    [[1], [10], [0]], np.float32
)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def archive() -> bytes:
    return zipped({**FILES, "am/final.mdl": BEFORE})


@pytest.fixture
def what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Learned:
    """A difference in a folder of its own, and its entry in the catalogue, made as the shipped ones are."""
    folder = tmp_path / "differences"
    folder.mkdir()
    learned.written(folder / "tiny.npz", [(PLACE, APART)])
    after = learned.changed(BEFORE, (folder / "tiny.npz").read_bytes())
    monkeypatch.setattr(learned, "SHIPPED", folder)
    packed = sha256((folder / "tiny.npz").read_bytes())
    return Learned(file="tiny.npz", sha256=packed, changes="am/final.mdl", before=sha256(BEFORE), after=sha256(after))


def with_learned(archive: bytes, what: Learned | None) -> Catalog:
    plain = catalog(sha256(archive))
    return plain.model_copy(update={"models": {"tiny": plain.model("tiny").model_copy(update={"learned": what})}})


def test_what_was_learned_moves_each_weight_by_about_so_much_and_leaves_the_rest(tmp_path: Path) -> None:
    learned.written(tmp_path / "tiny.npz", [(PLACE, APART)])
    after = learned.changed(BEFORE, (tmp_path / "tiny.npz").read_bytes())
    assert after[:PLACE] == BEFORE[:PLACE]
    assert after[PLACE + MATRIX.nbytes :] == b"</end>"
    moved = np.frombuffer(after, "<f4", MATRIX.size, PLACE).reshape(MATRIX.shape) - MATRIX
    step = np.sqrt(np.square(APART).mean(1, keepdims=True))
    assert np.all(np.abs(moved - APART) <= 0.51 * step + 1e-6), "to half a step"
    assert not moved[2].any(), "a row that did not change stays as it was"


def test_a_new_installation_has_learned(tmp_path: Path, archive: bytes, what: Learned) -> None:
    store = ModelStore(tmp_path / "models", with_learned(archive, what), fetch=Source(archive))
    path = store.install("tiny").path
    assert sha256((path / "am" / "final.mdl").read_bytes()) == what.after
    assert not store.outdated("tiny")
    store.verify("tiny")


def test_a_model_installed_before_works_and_learns_without_being_fetched_again(
    tmp_path: Path, archive: bytes, what: Learned
) -> None:
    source = Source(archive)
    ModelStore(tmp_path / "models", with_learned(archive, None), fetch=source).install("tiny")
    store = ModelStore(tmp_path / "models", with_learned(archive, what), fetch=source)
    assert store.verify("tiny").path == store.path("tiny")
    assert store.outdated("tiny")
    path = store.install("tiny").path
    assert sha256((path / "am" / "final.mdl").read_bytes()) == what.after
    assert (source.asked, store.outdated("tiny"), leftovers(store)) == (1, False, [])


def test_what_was_learned_otherwise_is_fetched_again(tmp_path: Path, archive: bytes, what: Learned) -> None:
    source = Source(archive)
    ModelStore(tmp_path / "models", with_learned(archive, what), fetch=source).install("tiny")
    store = ModelStore(tmp_path / "models", with_learned(archive, None), fetch=source)
    assert (store.install("tiny").path / "am" / "final.mdl").read_bytes() == BEFORE
    assert source.asked == 2


def test_a_model_that_has_learned_an_earlier_lesson_is_outdated_and_is_given_the_present_one(
    tmp_path: Path, archive: bytes, what: Learned
) -> None:
    source = Source(archive)
    path = ModelStore(tmp_path / "models", with_learned(archive, what), fetch=source).install("tiny").path
    more = learned.SHIPPED / "more.npz"
    learned.written(more, [(PLACE, 2 * APART)])
    after = sha256(learned.changed(BEFORE, more.read_bytes()))
    present = what.model_copy(update={"file": more.name, "sha256": sha256(more.read_bytes()), "after": after})
    store = ModelStore(tmp_path / "models", with_learned(archive, present), fetch=source)
    assert store.outdated("tiny")
    assert store.verify("tiny").path == path, "until then it goes on working"
    store.install("tiny")
    assert sha256((path / "am" / "final.mdl").read_bytes()) == after
    assert (store.outdated("tiny"), leftovers(store)) == (False, [])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"file": "gone.npz"}, "gone.npz cannot be read"),
        ({"sha256": "0" * 64}, "tiny.npz is not what the catalogue says; reinstall evensong"),
        ({"before": "0" * 64}, "final.mdl is not the file that the learned difference is for"),
        ({"after": "0" * 64}, "final.mdl did not become what it should"),
    ],
)
def test_whatever_is_not_as_it_should_be_leaves_the_model_as_it_was(
    tmp_path: Path, archive: bytes, what: Learned, wrong: dict[str, str], says: str
) -> None:
    source = Source(archive)
    ModelStore(tmp_path / "models", with_learned(archive, None), fetch=source).install("tiny")
    store = ModelStore(tmp_path / "models", with_learned(archive, what.model_copy(update=wrong)), fetch=source)
    with pytest.raises(ModelError, match=says):
        store.install("tiny")
    assert (store.verify("tiny").path / "am" / "final.mdl").read_bytes() == BEFORE
    assert leftovers(store) == []


def test_a_difference_that_holds_other_things_is_refused(tmp_path: Path, archive: bytes, what: Learned) -> None:
    broken = b"no numbers"
    (learned.SHIPPED / "tiny.npz").write_bytes(broken)
    entry = what.model_copy(update={"sha256": sha256(broken)})
    store = ModelStore(tmp_path / "models", with_learned(archive, entry), fetch=Source(archive))
    with pytest.raises(ModelError, match=r"tiny.npz cannot be used .*; reinstall evensong"):
        store.install("tiny")
    assert store.installed() == ()
