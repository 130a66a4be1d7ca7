"""The segmentation's sums: as PyTorch computes the published network, written out one by one."""

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.hearing.speakers.segmentation import ANSWERS, SHORTEST_SAMPLES, Segmentation, load_segmentation


def weights(seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)

    def some(*shape: int, spread: float = 0.1) -> np.ndarray:
        return rng.normal(0, spread, shape).astype(np.float32)

    found = {"sincnet.wav_norm1d.weight": np.array([0.01], np.float32), "sincnet.wav_norm1d.bias": some(1)}
    found["sincnet.conv1d.0.filterbank.low_hz_"] = np.linspace(-30, 5000, 40, dtype=np.float32)[:, None]
    found["sincnet.conv1d.0.filterbank.band_hz_"] = np.linspace(-90, 4000, 40, dtype=np.float32)[:, None]
    for layer, channels in enumerate((80, 60, 60)):
        found[f"sincnet.norm1d.{layer}.weight"] = 1 + some(channels)
        found[f"sincnet.norm1d.{layer}.bias"] = some(channels)
        if layer:
            found[f"sincnet.conv1d.{layer}.weight"] = some(60, 80 if layer == 1 else 60, 5)
            found[f"sincnet.conv1d.{layer}.bias"] = some(60)
    for layer in range(4):
        for way in ("", "_reverse"):
            found[f"lstm.weight_ih_l{layer}{way}"] = some(512, 60 if layer == 0 else 256)
            found[f"lstm.weight_hh_l{layer}{way}"] = some(512, 128)
            found[f"lstm.bias_ih_l{layer}{way}"], found[f"lstm.bias_hh_l{layer}{way}"] = some(512), some(512)
    for name, outputs, inputs in (("linear.0", 128, 256), ("linear.1", 128, 128), ("classifier", ANSWERS, 128)):
        found[f"{name}.weight"], found[f"{name}.bias"] = some(outputs, inputs, spread=0.3), some(outputs)
    return found


def sinc_filters(w: dict[str, np.ndarray]) -> np.ndarray:
    """Each the difference of two sinc functions under a Hamming window: even ones, and odd ones of cosines."""
    n = np.arange(-125, 126) / 16_000
    window = np.hamming(251)
    even, odd = [], []
    for low, band in zip(
        w["sincnet.conv1d.0.filterbank.low_hz_"][:, 0], w["sincnet.conv1d.0.filterbank.band_hz_"][:, 0], strict=True
    ):
        a = 50 + abs(float(low))
        b = min(8000.0, a + 50 + abs(float(band)))
        even.append((b * np.sinc(2 * b * n) - a * np.sinc(2 * a * n)) * 2 / (2 * (b - a)) * window)
        safe = np.where(n == 0, 1, n)
        with_sign = (np.cos(2 * np.pi * a * n) - np.cos(2 * np.pi * b * n)) / (np.pi * safe)
        odd.append(np.where(n == 0, 0, with_sign) / (2 * (b - a)) * window)
    return np.array(even + odd)


def by_the_book(w: dict[str, np.ndarray], sound: np.ndarray) -> np.ndarray:
    def normal(x: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray:
        spread = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
        return (x - x.mean(axis=1, keepdims=True)) / spread * scale[:, None] + shift[:, None]

    def leaky(x: np.ndarray) -> np.ndarray:
        return np.where(x > 0, x, 0.01 * x)

    def convolved(x: np.ndarray, kernels: np.ndarray, hop: int) -> np.ndarray:
        reach = kernels.shape[2]
        starts = range(0, x.shape[1] - reach + 1, hop)
        return np.array([[(kernel * x[:, s : s + reach]).sum() for s in starts] for kernel in kernels])

    def pooled(x: np.ndarray) -> np.ndarray:
        return np.array([x[:, s : s + 3].max(axis=1) for s in range(0, x.shape[1] - 2, 3)]).T

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def lstm(x: np.ndarray, end: str) -> np.ndarray:
        h, c, out = np.zeros(128), np.zeros(128), []
        for frame in x:
            gates = w[f"lstm.weight_ih_{end}"] @ frame + w[f"lstm.bias_ih_{end}"]
            i, f, g, o = np.split(gates + w[f"lstm.weight_hh_{end}"] @ h + w[f"lstm.bias_hh_{end}"], 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            out.append(h)
        return np.array(out)

    x = normal(sound[None] / 32_768, w["sincnet.wav_norm1d.weight"], w["sincnet.wav_norm1d.bias"])
    for layer in range(3):
        if layer == 0:
            x = abs(convolved(x, sinc_filters(w)[:, None], 10))
        else:
            x = convolved(x, w[f"sincnet.conv1d.{layer}.weight"], 1) + w[f"sincnet.conv1d.{layer}.bias"][:, None]
        x = leaky(normal(pooled(x), w[f"sincnet.norm1d.{layer}.weight"], w[f"sincnet.norm1d.{layer}.bias"]))
    x = x.T
    for layer in range(4):
        x = np.hstack([lstm(x, f"l{layer}"), lstm(x[::-1], f"l{layer}_reverse")[::-1]])
    for name in ("linear.0", "linear.1"):
        x = leaky(x @ w[f"{name}.weight"].T + w[f"{name}.bias"])
    x = np.exp(x @ w["classifier.weight"].T + w["classifier.bias"])
    return x / x.sum(axis=1, keepdims=True)


def noise(samples: int) -> np.ndarray:
    return np.random.default_rng(5).normal(300, 2000, samples).astype(np.int16)


def test_its_answers_are_those_of_the_published_layers() -> None:
    sound = noise(3_000)
    told = Segmentation(weights()).told(sound)
    expected = by_the_book(weights(), sound.astype(np.float64))
    assert np.ptp(expected, axis=0).max() > 0.01  # the weights are not such that everything comes to the same
    np.testing.assert_allclose(told, expected, atol=2e-4)


def test_a_frame_is_told_for_each_270_samples_and_each_sums_to_one() -> None:
    network = Segmentation(weights())
    assert len(network.told(noise(SHORTEST_SAMPLES))) == 2
    told = network.told(noise(16_000))
    assert told.shape == (56, ANSWERS)
    np.testing.assert_allclose(told.sum(axis=1), 1, atol=1e-5)


def test_how_loud_the_sound_is_does_not_matter() -> None:
    network, sound = Segmentation(weights()), noise(4_000)
    np.testing.assert_allclose(network.told(sound // 4 * 4), network.told(sound // 4), atol=2e-3)


def test_weights_of_another_network_are_refused() -> None:
    wrong = {**weights(), "linear.0.weight": np.zeros((128, 128), np.float32)}
    with pytest.raises(ModelError, match=r"linear\.0\.weight has the shape"):
        Segmentation(wrong)


@pytest.mark.parametrize("content", [None, b"", b"no archive at all"])
def test_a_missing_or_broken_file_says_how_to_install_it(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "segmentation.npz").write_bytes(content)
    with pytest.raises(ModelError, match="evensong models install overlaps"):
        load_segmentation(tmp_path)
