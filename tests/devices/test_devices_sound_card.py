"""The sound card against a real sound server: nothing is lost, cut means cut, what breaks comes back."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

import numpy as np
import pytest
from virtual_sound import Pulse

from assistant.audio.device import FromDevice
from assistant.audio.playback import resampled
from assistant.audio.portaudio import devices
from assistant.audio.sound_card import SoundCard, level_check
from assistant.errors import AudioError
from assistant.events import SAMPLE_RATE_HZ, AudioChunk, AudioClip, DeviceBack, DeviceLost, PlaybackFinished, Samples


def babble(seconds: float, seed: int) -> Samples:
    """Noise below 4 kHz: as wide as speech, and different at every moment, so that its place can be found."""
    coarse = np.random.default_rng(seed).standard_normal(round(seconds * 8000)) * 4000
    return resampled(coarse.astype(np.int16), 8000, SAMPLE_RATE_HZ)


def match(heard: Samples, spoken: Samples) -> float:
    """The best correlation of ``spoken`` with a stretch of ``heard`` of the same length, -1..1.

    At six times the rate, because a server that resamples may begin between two samples.
    """
    a, b = (resampled(sound, SAMPLE_RATE_HZ, 6 * SAMPLE_RATE_HZ).astype(float) for sound in (heard, spoken))
    size = 1 << (len(a) + len(b)).bit_length()
    products = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    start = int(products[: len(a) - len(b) + 1].argmax())
    return float(np.corrcoef(a[start : start + len(b)], b)[0, 1])


@contextlib.contextmanager
def listening(card: SoundCard) -> Iterator[Iterator[FromDevice]]:
    """The card's items, from when the microphone is really running."""
    try:
        items = card.chunks()
        next(items)
        yield items
    finally:
        card.close()


def heard_in(items: Iterator[FromDevice], seconds: float) -> Samples:
    return np.concatenate([chunk.samples for chunk in chunks_in(items, seconds)])


def chunks_in(items: Iterator[FromDevice], seconds: float) -> list[AudioChunk]:
    chunks: list[AudioChunk] = []
    while len(chunks) < seconds * 50:
        item = next(items)
        if isinstance(item, AudioChunk):
            chunks.append(item)
    return chunks


def until(items: Iterator[FromDevice], kind: type[FromDevice], limit_s: float = 10.0) -> FromDevice:
    """The next item of ``kind``, within ``limit_s`` on the wall: a lost device stops the audio clock."""
    deadline_s = time.monotonic() + limit_s
    for item in items:
        if isinstance(item, kind):
            return item
        assert time.monotonic() < deadline_s, f"no {kind.__name__} within {limit_s} s"
    pytest.fail("the device ended")


def test_the_microphone_hears_what_is_spoken(pulse: Pulse) -> None:
    spoken = babble(2.0, seed=1)
    card = SoundCard()
    with listening(card) as items:
        player = pulse.speak(spoken)
        heard = heard_in(items, 3.0)
        player.wait(5)
    assert match(heard, spoken) > 0.999
    assert card.dropped_blocks == 0


@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_a_stereo_microphone_of_another_rate_is_heard_alike_and_side_by_side(pulse: Pulse, rate_hz: int) -> None:
    left, right = babble(1.5, seed=2) // 2, babble(1.5, seed=12) // 2
    pulse.add_sink(f"stereo{rate_hz}", rate_hz, channels=2)
    pulse.control("set-default-source", f"stereo{rate_hz}.monitor")
    try:
        card = SoundCard(rates_hz=(rate_hz,), both_sides=rate_hz == 48_000)
        with listening(card) as items:
            assert all(f"({rate_hz} Hz)" in name for name in card.opened)
            player = pulse.speak(np.stack([left, right], axis=1), sink=f"stereo{rate_hz}")
            heard = chunks_in(items, 2.5)
            player.wait(5)
    finally:
        pulse.control("set-default-source", "room.monitor")
    assert match(np.concatenate([chunk.samples for chunk in heard]), (left + right) // 2) > 0.99
    sides = [chunk.sides for chunk in heard if chunk.sides is not None]
    assert len(sides) == (len(heard) if rate_hz == 48_000 else 0)
    for spoken, at in ((left, 0), (right, 1)) if sides else ():
        assert match(np.concatenate(sides)[:, at], spoken) > 0.99


def test_clips_are_played_whole_and_the_end_is_told_when_it_has_been_heard(pulse: Pulse) -> None:
    first, second = babble(0.6, seed=3), babble(0.6, seed=4)
    with pulse.recording() as recorder:
        card = SoundCard()
        with listening(card) as items:
            card.play(AudioClip(first, SAMPLE_RATE_HZ))
            card.play(AudioClip(resampled(second, SAMPLE_RATE_HZ, 22_050), 22_050))
            until(items, PlaybackFinished)
            told_s = time.monotonic()
            heard_in(items, 0.3)
    assert match(recorder.samples, np.concatenate([first, second])) > 0.99
    assert abs(told_s - recorder.last_sound_s()) < 0.12


def test_stop_is_silence_within_a_tenth_of_a_second(pulse: Pulse) -> None:
    said = babble(5.0, seed=5)
    with pulse.recording() as recorder:
        card = SoundCard()
        with listening(card) as items:
            card.play(AudioClip(said, SAMPLE_RATE_HZ))
            heard_in(items, 1.0)
            stopped_s = time.monotonic()
            heard_s = card.stop()
            after = [next(items) for _ in range(25)]
    assert recorder.last_sound_s() - stopped_s < 0.1
    sounding_s = np.flatnonzero(np.abs(recorder.samples.astype(int)) > 100)
    recorded_s = (sounding_s[-1] - sounding_s[0]) / SAMPLE_RATE_HZ
    assert heard_s == pytest.approx(recorded_s, abs=0.04)
    assert not any(isinstance(item, PlaybackFinished) for item in after)


def test_after_a_stop_the_next_clip_is_played_whole(pulse: Pulse) -> None:
    said = babble(0.5, seed=11)
    with pulse.recording() as recorder:
        card = SoundCard()
        with listening(card) as items:
            for _ in range(3):
                card.play(AudioClip(babble(1.0, seed=12) // 4, SAMPLE_RATE_HZ))
                heard_in(items, 0.3)
                assert 0.1 < card.stop() < 0.4
            card.play(AudioClip(said, SAMPLE_RATE_HZ))
            until(items, PlaybackFinished)
            heard_in(items, 0.2)
    assert match(recorder.samples, said) > 0.99


def test_a_buffer_too_small_for_the_sound_server_is_widened_and_nothing_rushes_by(pulse: Pulse) -> None:
    said = babble(1.0, seed=13)
    with pulse.recording() as recorder:
        # The server resamples 44.1 kHz to the loudspeaker's 16 kHz and cannot do it with that little ahead.
        card = SoundCard(rates_hz=(44_100,), latency_s=0.04)
        with listening(card) as items:
            began_s = time.monotonic()
            card.play(AudioClip(said, SAMPLE_RATE_HZ))
            until(items, PlaybackFinished)
            assert time.monotonic() - began_s > 0.9
            heard_in(items, 1.1)
            card.play(AudioClip(said, SAMPLE_RATE_HZ))
            until(items, PlaybackFinished)
            heard_in(items, 0.2)
    assert match(recorder.samples, said) > 0.99


def test_a_sound_server_that_dies_is_told_and_comes_back(pulse: Pulse) -> None:
    spoken, said = babble(1.0, seed=6), babble(0.5, seed=7)
    card = SoundCard()
    with listening(card) as items:
        card.play(AudioClip(babble(5.0, seed=14), SAMPLE_RATE_HZ))
        heard_in(items, 0.2)
        pulse.kill()
        killed_s = time.monotonic()
        assert 0.0 <= card.stop() < 0.5
        lost = until(items, DeviceLost)
        assert time.monotonic() - killed_s < 2.0
        card.play(AudioClip(said, SAMPLE_RATE_HZ))
        starting = threading.Timer(0.7, pulse.start)
        starting.start()
        back = next(items)
        starting.join()
        assert isinstance(back, DeviceBack)
        assert isinstance(lost, DeviceLost)
        assert back.at_s == lost.at_s  # the audio clock stood still
        until(items, PlaybackFinished)
        player = pulse.speak(spoken)
        heard = heard_in(items, 2.0)
        player.wait(5)
    assert match(heard, spoken) > 0.99


def test_an_unknown_device_says_where_to_look(pulse: Pulse) -> None:
    with pytest.raises(AudioError, match='No microphone has "Golden Ear" in its name; `evensong devices`'):
        SoundCard("Golden Ear")
    with pytest.raises(AudioError, match='No loudspeaker has "Golden Throat" in its name; `evensong devices`'):
        SoundCard("", "Golden Throat")


def test_a_rate_that_no_device_takes_says_so(pulse: Pulse) -> None:
    with pytest.raises(AudioError, match=r'The microphone "default" opens at none of 1 Hz .*`evensong devices`'):
        SoundCard(rates_hz=(1,))


def test_a_device_is_chosen_by_part_of_its_name(pulse: Pulse) -> None:
    with listening(SoundCard("PULS", "puls")) as items:
        assert isinstance(next(items), AudioChunk)


def test_the_list_shows_names_channels_and_rates(pulse: Pulse) -> None:
    listed = {device.name: device for device in devices()}
    assert listed["pulse"].input_channels > 0
    assert {16_000, 48_000} <= set(listed["pulse"].input_rates_hz)
    assert {16_000, 48_000} <= set(listed["pulse"].output_rates_hz)
    assert any(device.default_input for device in listed.values())
    assert any(device.default_output for device in listed.values())


def test_a_silent_loopback_is_told_from_a_microphone(pulse: Pulse) -> None:
    assert level_check(0.5).silent
    player = pulse.speak(babble(4.0, seed=8) // 8)
    report = level_check(1.0)
    player.terminate()
    player.wait(5)
    assert not report.silent
    assert -60 < report.rms_db < report.peak_db < 0


def test_without_a_loudspeaker_clips_take_their_time_on_the_audio_clock(pulse: Pulse) -> None:
    card = SoundCard("", None)
    with listening(card) as items:
        began = next(items)
        card.play(AudioClip(babble(0.5, seed=9), SAMPLE_RATE_HZ))
        ended = until(items, PlaybackFinished)
    assert isinstance(began, AudioChunk)
    assert isinstance(ended, PlaybackFinished)
    assert ended.at_s - began.end_s == pytest.approx(0.5, abs=0.021)


def test_what_is_not_taken_in_time_is_dropped_and_counted(pulse: Pulse) -> None:
    card = SoundCard(inbox_s=0.2)
    with listening(card) as items:
        time.sleep(1.0)
        kept = heard_in(items, 0.5)
    assert len(kept) == 8_000
    assert 25 <= card.dropped_blocks <= 45


def test_closing_from_another_thread_ends_the_chunks(pulse: Pulse) -> None:
    card = SoundCard()
    with listening(card) as items:
        threading.Timer(0.2, card.close).start()
        deadline_s = time.monotonic() + 0.2 + 0.5
        for _ in items:
            pass
        assert time.monotonic() < deadline_s
    card.close()


def test_closing_from_a_signal_handler_ends_the_chunks(pulse: Pulse) -> None:
    card = SoundCard()

    def end(_number: int, _frame: FrameType | None) -> None:
        card.close()

    before = signal.signal(signal.SIGALRM, end)
    try:
        with listening(card) as items:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            deadline_s = time.monotonic() + 0.2 + 0.5
            for _ in items:
                card.play(AudioClip(babble(0.1, seed=10), SAMPLE_RATE_HZ))
            assert time.monotonic() < deadline_s
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
