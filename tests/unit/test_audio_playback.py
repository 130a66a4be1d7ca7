"""The play queue: what sounds next, how much of it was heard, when it is over."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.playback import Player, PlayQueue, at_rate, gain
from assistant.events import AudioClip, Samples


def ramp(count: int, start: int = 1) -> AudioClip:
    """Every sample another value, so that a lost or doubled one shows."""
    return AudioClip(np.arange(start, start + count, dtype=np.int16), 16_000)


def steady(count: int, value: int = 1000) -> AudioClip:
    return AudioClip(np.full(count, value, np.int16), 16_000)


def pulled(queue: PlayQueue, blocks: int, size: int = 320) -> tuple[Samples, list[bool]]:
    both = [queue.pull(size) for _ in range(blocks)]
    return np.concatenate([samples for samples, _ in both]), [finished for _, finished in both]


@pytest.mark.parametrize("size", [1, 7, 160, 320, 999])
def test_clips_follow_each_other_without_a_gap_whatever_the_block(size: int) -> None:
    queue = PlayQueue()
    queue.add(ramp(500))
    queue.add(ramp(300, start=501))
    sound, finished = pulled(queue, -(-900 // size), size)
    assert sound[:800].tolist() == list(range(1, 801))
    assert not sound[800:].any()
    assert sum(finished) == 1
    assert finished.index(True) == (800 - 1) // size


def test_the_end_is_told_once_and_not_before_the_ear_has_heard_it() -> None:
    queue = PlayQueue(latency_s=0.05)
    queue.add(steady(320))
    _, finished = pulled(queue, 10)
    assert finished == [False, False, False, True] + [False] * 6  # 20 ms of sound, 50 ms under way
    assert not queue.busy


def test_an_idle_queue_gives_silence_and_no_end() -> None:
    sound, finished = pulled(PlayQueue(), 3)
    assert not sound.any()
    assert not any(finished)


def test_an_empty_clip_is_over_at_once() -> None:
    queue = PlayQueue()
    queue.add(AudioClip(np.zeros(0, np.int16), 16_000))
    assert queue.pull(320)[1]


def test_a_clip_added_before_the_end_was_heard_postpones_the_end() -> None:
    queue = PlayQueue(latency_s=0.06)
    queue.add(steady(320))
    queue.pull(320)
    queue.pull(320)
    queue.add(steady(320))
    _, finished = pulled(queue, 5)
    assert finished == [False, False, False, True, False]


def test_cutting_fades_out_within_five_milliseconds() -> None:
    queue = PlayQueue()
    queue.add(steady(16_000))
    queue.add(steady(16_000))
    queue.pull(8_000)
    assert queue.cut() == 0.5
    sound, finished = queue.pull(320)
    assert sound[0] == 1000
    assert np.abs(np.diff(sound[:81].astype(int))).max() <= 13  # no step a loudspeaker would click at
    assert not sound[80:].any()
    assert not finished
    assert not queue.busy


def test_cutting_without_a_fade_is_silence() -> None:
    queue = PlayQueue()
    queue.add(steady(16_000))
    queue.pull(8_000)
    queue.cut(fade=False)
    assert not queue.pull(320)[0].any()


def test_what_is_under_way_to_the_ear_does_not_count_as_heard() -> None:
    queue = PlayQueue(latency_s=0.1)
    queue.add(steady(16_000))
    queue.pull(800)
    assert queue.cut(fade=False) == 0.0
    queue.add(steady(16_000))
    queue.pull(8_000)
    assert queue.cut() == pytest.approx(0.4)


def test_a_clip_whose_end_is_under_way_was_heard_up_to_there() -> None:
    queue = PlayQueue(latency_s=0.1)
    queue.add(steady(1_600))
    queue.pull(1_600)
    queue.pull(800)
    assert queue.cut() == pytest.approx(0.05)
    assert not any(pulled(queue, 10)[1])


def test_cutting_an_idle_queue_is_nothing() -> None:
    queue = PlayQueue()
    assert queue.cut() == 0.0
    assert not queue.pull(320)[0].any()


def test_a_new_clip_after_a_cut_begins_at_its_beginning() -> None:
    queue = PlayQueue()
    queue.add(ramp(1_000))
    queue.pull(500)
    queue.cut(fade=False)
    queue.add(ramp(100, start=5_000))
    assert queue.pull(100)[0].tolist() == list(range(5_000, 5_100))


def test_clips_of_any_rate_keep_their_length_and_pitch() -> None:
    times_s = np.arange(22_050) / 22_050
    clip = AudioClip((np.sin(2 * np.pi * 440 * times_s) * 8000).astype(np.int16), 22_050, "hello")
    for rate_hz in (8_000, 16_000, 44_100, 48_000):
        other = at_rate(clip, rate_hz)
        assert other.text == "hello"
        assert other.duration_s == pytest.approx(1.0, abs=0.001)
        assert np.abs(np.fft.rfft(other.samples.astype(float)[:rate_hz])).argmax() == pytest.approx(440, abs=1)
    assert at_rate(clip, 22_050) is clip
    assert len(at_rate(AudioClip(np.zeros(0, np.int16), 22_050), 16_000).samples) == 0


def test_gain_is_full_at_one_silent_at_zero_and_keeps_its_bounds() -> None:
    clip = steady(10, 20_000)
    assert gain(clip, 1.0) is clip
    assert gain(clip, 7.0) is clip
    assert gain(clip, 0.5).samples[0] == 5_000
    assert not gain(clip, 0.0).samples.any()
    assert not gain(clip, -1.0).samples.any()


# --- the player: two threads --------------------------------------------------------------------------


def test_the_end_waits_until_it_is_asked_for() -> None:
    player = Player()
    player.add(steady(100))
    for _ in range(5):
        player.pull(320)
    assert player.take_ended()
    assert not player.take_ended()


def test_an_end_nobody_was_told_of_is_forgotten_when_the_next_clip_comes() -> None:
    player = Player()
    player.add(steady(100))
    player.pull(320)
    player.add(steady(320))
    assert not player.take_ended()
    player.pull(320)
    assert player.take_ended()


def test_a_cut_after_the_end_that_nobody_was_told_of_counts_the_whole_clip_and_tells_no_end() -> None:
    player = Player()
    player.add(steady(1_600))
    player.pull(3_200)
    assert player.cut() == pytest.approx(0.1)
    assert not player.take_ended()
    assert player.cut() == 0.0


def test_moving_to_a_device_of_another_rate_loses_nothing_that_waits() -> None:
    player = Player(16_000)
    player.add(steady(16_000))
    player.add(steady(16_000))
    player.pull(8_000)
    player.moved_to(48_000, latency_s=0.1)
    heard = 0
    while not player.take_ended():
        assert heard < 100_000
        heard += 480
        player.pull(480)
    assert heard / 48_000 == pytest.approx(1.5 + 0.1, abs=0.02)


def test_moving_in_the_last_moments_of_a_clip_still_tells_its_end() -> None:
    player = Player(16_000, latency_s=0.1)
    player.add(steady(320))
    player.pull(320)
    player.moved_to(48_000, latency_s=0.1)
    ended = [player.pull(960) is not None and player.take_ended() for _ in range(8)]
    assert ended.count(True) == 1
