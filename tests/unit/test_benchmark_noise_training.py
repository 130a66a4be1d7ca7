"""The training in noise: numbers changed in place in a model file, and noise as loud as was asked for."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from benchmarks.noise_training.acoustic_model import load_acoustic_model
from benchmarks.noise_training.degrading import Corpus

MATRIX = np.arange(6, dtype="<f4").reshape(2, 3)
# Read as text, these values hold a token: they must not be taken for another tensor.
VECTOR = np.frombuffer(b"<BiasParams> FV \x04\x02\x00\x00\x00abc", "<f4")


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    matrix = b"<LinearParams> FM \x04" + struct.pack("<i", 2) + b"\x04" + struct.pack("<i", 3) + MATRIX.tobytes()
    vector = b"<BiasParams> FV \x04" + struct.pack("<i", len(VECTOR)) + VECTOR.tobytes()
    looks = b"<TimeOffsets> \x04" + struct.pack("<iii", 2, -1, 0)
    path = tmp_path / "final.mdl"
    path.write_bytes(
        b"\0B<Nnet3> \n<NumComponents> \x04\x01\0\0\0<ComponentName> one.affine <TdnnComponent> "
        + looks
        + matrix
        + vector
        + b"</TdnnComponent> </Nnet3> the rest"
    )
    return path


def test_tensors_and_time_offsets_are_read(model_file: Path) -> None:
    model = load_acoustic_model(model_file)
    assert set(model.tensors) == {("one.affine", "LinearParams"), ("one.affine", "BiasParams")}
    np.testing.assert_array_equal(model.tensors["one.affine", "LinearParams"], MATRIX)
    assert model.tensors["one.affine", "BiasParams"].tobytes() == VECTOR.tobytes()
    assert model.time_offsets == {"one.affine": (-1, 0)}


def test_what_is_not_changed_is_written_back_bit_by_bit(model_file: Path, tmp_path: Path) -> None:
    model = load_acoustic_model(model_file)
    model.written(model.tensors, tmp_path / "same.mdl")
    assert (tmp_path / "same.mdl").read_bytes() == model_file.read_bytes()
    model.written({("one.affine", "LinearParams"): MATRIX + 1}, tmp_path / "other.mdl")
    other = load_acoustic_model(tmp_path / "other.mdl")
    np.testing.assert_array_equal(other.tensors["one.affine", "LinearParams"], MATRIX + 1)
    assert other.tensors["one.affine", "BiasParams"].tobytes() == VECTOR.tobytes()


def test_a_tensor_of_another_shape_and_a_file_of_another_kind_are_refused(model_file: Path, tmp_path: Path) -> None:
    model = load_acoustic_model(model_file)
    with pytest.raises(ModelError, match="shape"):
        model.written({("one.affine", "LinearParams"): MATRIX.T}, tmp_path / "other.mdl")
    (tmp_path / "text.mdl").write_text("<Nnet3> as text", encoding="ascii")
    with pytest.raises(ModelError, match="nnet3"):
        load_acoustic_model(tmp_path / "text.mdl")


def test_speech_is_left_alone_or_lies_in_noise_and_comes_out_the_same_for_the_same_seed() -> None:
    rng = np.random.default_rng(1)
    sounds = [np.rint(rng.normal(0, 3_000, seconds * 16_000)).astype(np.int16) for seconds in (8, 8, 1)]
    corpus = Corpus(sounds[:1], sounds[1:2], sounds[2:])
    quiet = corpus.degraded(np.random.default_rng(2), 16_000, clean=1.0)
    # Nothing but the hair of noise that each gets on its own.
    assert np.abs(quiet.clean - quiet.noisy).max() < 10
    noisy = corpus.degraded(np.random.default_rng(2), 16_000, clean=0.0)
    again = corpus.degraded(np.random.default_rng(2), 16_000, clean=0.0)
    assert np.abs(noisy.clean - noisy.noisy).max() > 100
    np.testing.assert_array_equal(noisy.noisy, again.noisy)
