"""A headset that changes its profile, to a telephone's and back: other rates and channels under the same name."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from test_devices_sound_card import heard_in, listening, match, until
from test_listen_troubles import BACK_S, BUSY_S, NOTICED_S, plug_in, unplug
from virtual_sound import Pulse

from assistant.audio.line import SETTLE_S
from assistant.audio.playback import resampled
from assistant.audio.sound_card import SoundCard
from assistant.events import SAMPLE_RATE_HZ, AudioClip, DeviceBack, DeviceLost, PlaybackFinished, Samples

MUSIC, TELEPHONE = (48_000, 2), (8_000, 1)


def murmur(seconds: float, seed: int) -> Samples:
    """Noise below 3 kHz, so that all of it passes a telephone's band."""
    coarse = np.random.default_rng(seed).standard_normal(round(seconds * 6000)) * 4000
    return resampled(coarse.astype(np.int16), 6000, SAMPLE_RATE_HZ)


@pytest.fixture
def changed(pulse: Pulse) -> Iterator[Pulse]:
    """The server, put back afterwards as it was for the others."""
    try:
        yield pulse
    finally:
        pulse.kill()
        pulse.start()


def test_a_headset_that_changes_its_profile_is_heard_and_speaks_whole_sentences_each_time(changed: Pulse) -> None:
    pulse = changed
    card = SoundCard()
    with listening(card) as items:
        for seed, profile in enumerate((MUSIC, TELEPHONE, MUSIC)):
            asked, said, spoken = (murmur(seconds, 10 * seed + 30 + place) for place, seconds in enumerate((5, 0.5, 1)))
            card.play(AudioClip(asked, SAMPLE_RATE_HZ))
            heard_in(items, 0.2)  # in the middle of its sentence
            unplug(pulse)
            changed_s = time.monotonic()
            until(items, DeviceLost)
            assert time.monotonic() - changed_s < NOTICED_S + BUSY_S
            card.stop()
            card.play(AudioClip(said, SAMPLE_RATE_HZ))
            plug_in(pulse, *profile)
            there_s = time.monotonic()
            with pulse.recording() as recorder:
                until(items, DeviceBack)
                assert time.monotonic() - there_s < BACK_S + BUSY_S + SETTLE_S
                until(items, PlaybackFinished)
                player = pulse.speak(spoken)
                heard = heard_in(items, 2.0)
                player.wait(5)
            assert match(recorder.samples, said) > 0.98
            assert match(heard, spoken) > 0.98
