"""The voice encoder's sums: features as librosa gives them, layers as PyTorch computes them."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.hearing.speakers.voice_encoder import VoiceEncoder, load_voice_encoder
from assistant.hearing.speakers.voice_features import BANDS, SPEECH_POWER, levelled, mels

# Made with Resemblyzer 0.1.4, librosa and PyTorch 2.13 from `hum`.
REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "voice_encoder.json").read_text(encoding="utf-8"))


def hum() -> np.ndarray:
    """A second of something like a voice: overtones of a wavering 110 Hz, three syllables long."""
    t = np.arange(16_000) / 16_000
    phase = 110 * t + 3 * np.sin(2 * np.pi * 2 * t)
    voice = sum(np.sin(2 * np.pi * k * phase) / k for k in range(1, 25))
    return voice * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t)) * 0.1


def weights(seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    found: dict[str, np.ndarray] = {}
    for layer in range(3):
        inputs = BANDS if layer == 0 else 256
        found[f"lstm.weight_ih_l{layer}"] = rng.normal(0, 0.1, (1024, inputs)).astype(np.float32)
        found[f"lstm.weight_hh_l{layer}"] = rng.normal(0, 0.05, (1024, 256)).astype(np.float32)
        found[f"lstm.bias_ih_l{layer}"] = rng.normal(0, 0.1, 1024).astype(np.float32)
        found[f"lstm.bias_hh_l{layer}"] = rng.normal(0, 0.1, 1024).astype(np.float32)
    found["linear.weight"] = rng.normal(0, 0.1, (256, 256)).astype(np.float32)
    found["linear.bias"] = rng.normal(0, 0.1, 256).astype(np.float32)
    return found


def by_the_book(w: dict[str, np.ndarray], window: np.ndarray) -> np.ndarray:
    """One LSTM after the other, gate by gate, as in PyTorch's manual (input, forget, cell, output)."""

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    sound = list(window.astype(np.float64))
    for layer in range(3):
        h, c, out = np.zeros(256), np.zeros(256), []
        for x in sound:
            gates = w[f"lstm.weight_ih_l{layer}"] @ x + w[f"lstm.bias_ih_l{layer}"]
            gates = gates + w[f"lstm.weight_hh_l{layer}"] @ h + w[f"lstm.bias_hh_l{layer}"]
            i, f, g, o = np.split(gates, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            out.append(h)
        sound = out
    raw = np.maximum(w["linear.weight"] @ sound[-1] + w["linear.bias"], 0)
    return raw / np.linalg.norm(raw)


def test_frames_are_those_of_librosa() -> None:
    frames = mels(hum())
    assert frames.shape == (101, BANDS)
    np.testing.assert_allclose(frames[[0, 10, 50, 100]], REFERENCE["frames"], rtol=1e-4, atol=1e-6)


def test_int16_is_the_same_sound() -> None:
    np.testing.assert_allclose(mels(np.round(hum() * 32_767).astype(np.int16)), mels(hum()), rtol=0.05, atol=1e-3)


def test_layers_compute_what_the_book_says() -> None:
    made = weights()
    windows = np.random.default_rng(2).random((2, 20, BANDS)).astype(np.float32)
    prints = VoiceEncoder(made).prints(windows)
    for found, window in zip(prints, windows, strict=True):
        np.testing.assert_allclose(found, by_the_book(made, window), atol=1e-5)


def test_a_print_is_of_unit_length_whatever_the_windows_length() -> None:
    encoder = VoiceEncoder(weights())
    for frames in (1, 50, 160):
        found = encoder.print_of(np.ones((frames, BANDS), np.float32))
        assert np.linalg.norm(found) == pytest.approx(1.0, abs=1e-5)
        assert found.min() >= 0


def test_windows_are_brought_to_one_level_and_silence_is_left() -> None:
    frames = mels(hum())
    assert levelled(frames).sum(axis=1).mean() == pytest.approx(SPEECH_POWER, rel=1e-4)
    np.testing.assert_allclose(levelled(frames * 100), levelled(frames), rtol=1e-4)
    assert not levelled(np.zeros((5, BANDS), np.float32)).any()


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    wrong = weights() | {"linear.bias": np.zeros(128, np.float32)}
    with pytest.raises(ModelError, match=r"linear\.bias has the shape"):
        VoiceEncoder(wrong)


def test_a_missing_or_broken_model_says_how_to_install_it(tmp_path: Path) -> None:
    for content in (None, b"nothing of the kind"):
        if content:
            (tmp_path / "encoder.npz").write_bytes(content)
        with pytest.raises(ModelError, match="evensong models install voices"):
            load_voice_encoder(tmp_path)
