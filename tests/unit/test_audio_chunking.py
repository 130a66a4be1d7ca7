"""Whatever comes in, in whatever pieces: the same 20 ms chunks at the same times."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.chunking import Chunker, mono, to_int16
from assistant.audio.playback import resampled
from assistant.events import Samples


def noise(count: int, seed: int = 1) -> Samples:
    return (np.random.default_rng(seed).standard_normal(count) * 3000).astype(np.int16)


def heard(chunker: Chunker, sound: Samples, block: int) -> Samples:
    chunks = [chunk for start in range(0, len(sound), block) for chunk in chunker.feed(sound[start : start + block])]
    assert all(len(chunk.samples) == 320 for chunk in chunks)
    assert [chunk.start_s for chunk in chunks] == pytest.approx([number * 0.02 for number in range(len(chunks))])
    return np.concatenate([chunk.samples for chunk in chunks])


@pytest.mark.parametrize("block", [1, 160, 320, 441, 800, 16_000])
def test_at_16_khz_nothing_is_changed_whatever_the_block(block: int) -> None:
    sound = noise(3_210)
    assert heard(Chunker(), sound, block).tolist() == sound[:3_200].tolist()


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 32_000, 44_100, 48_000, 96_000])
def test_other_rates_are_resampled_without_seams(rate_hz: int) -> None:
    sound = noise(rate_hz)
    whole = resampled(sound, rate_hz, 16_000)
    for block in (rate_hz // 50, rate_hz // 97):
        pieces = heard(Chunker(rate_hz), sound, block)
        assert len(pieces) >= 14_000  # what is held back is no more than about a tenth of a second
        assert np.abs(pieces.astype(int) - whole[: len(pieces)]).max() <= 3  # rounding


def test_stereo_is_the_mean_of_both_sides() -> None:
    left, right = noise(640, 2), noise(640, 3)
    both = heard(Chunker(), np.stack([left, right], axis=1), 320)
    assert np.abs(both - (left.astype(float) + right) / 2).max() <= 1
    assert mono(left[:, np.newaxis]).tolist() == left.tolist()
    loud = np.full((4, 2), 32_767, np.int16)
    assert mono(loud).tolist() == [32_767] * 4


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_both_sides_are_kept_where_two_people_have_a_microphone_each(rate_hz: int) -> None:
    left, right = noise(rate_hz, 2), noise(rate_hz, 3)
    chunks = Chunker(rate_hz, both_sides=True).feed(np.stack([left, right], axis=1))
    assert len(chunks) > 40
    for side, sound in enumerate((left, right)):
        kept = np.concatenate([chunk.sides[:, side] for chunk in chunks if chunk.sides is not None])
        alone = np.concatenate([chunk.samples for chunk in Chunker(rate_hz).feed(sound)])
        assert np.abs(kept.astype(int) - alone[: len(kept)]).max() <= 3  # rounding
    mixed = np.concatenate([chunk.samples for chunk in chunks])
    together = np.concatenate([chunk.samples for chunk in Chunker(rate_hz).feed(np.stack([left, right], axis=1))])
    assert np.abs(mixed.astype(int) - together).max() <= 3


def test_the_clock_goes_on_when_another_device_is_listened_to() -> None:
    chunker = Chunker()
    chunker.feed(noise(700))
    chunker.listen_at(48_000)
    chunks = chunker.feed(noise(48_000))
    assert chunks[0].start_s == pytest.approx(0.04)
    assert chunker.now_s == chunks[-1].end_s


def test_floats_out_of_range_or_not_numbers_do_not_wrap() -> None:
    sound = np.array([0.0, 1.0, -1.0, 2.0, -2.0, np.nan, np.inf, -np.inf])
    assert to_int16(sound).tolist() == [0, 32_767, -32_768, 32_767, -32_768, 0, 32_767, -32_768]
