"""How noise is mixed into recordings for the speech_to_intent measurement."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.mixing import loudest_frame, mixed


@pytest.mark.parametrize("snr_db", [24.0, 6.0, -3.0])
def test_the_loudest_frames_are_as_far_apart_as_asked(snr_db: float) -> None:
    rng = np.random.default_rng(2)
    speech = rng.standard_normal(20_000) * np.linspace(0.0, 0.4, 20_000)
    noise = rng.standard_normal(50_000) * 0.01
    both = mixed(speech, noise, snr_db, 9_000)
    assert np.abs(both).max() == pytest.approx(0.5)
    scale = (both @ speech) / (speech @ speech)  # what the speech was scaled by, nearly: they are not alike
    left = both - scale * speech
    ratio = loudest_frame(scale * speech) / loudest_frame(left)
    assert 10 * np.log10(ratio) == pytest.approx(snr_db, abs=0.3)


def test_noise_that_is_too_short_is_repeated() -> None:
    speech = np.sin(np.arange(10_000) / 5.0)
    noise = np.cos(np.arange(3_000) / 3.0)
    assert np.allclose(mixed(speech, noise, 10, 0), mixed(speech, np.tile(noise, 4), 10, 0))
