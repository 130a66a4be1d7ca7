"""Play finished sound on the loudspeaker: what `say` and `demo --play` share."""

from __future__ import annotations

import time

from assistant import config
from assistant.audio import portaudio
from assistant.audio.playback import Player
from assistant.events import AudioClip, Samples


def play_samples(settings: config.Settings, samples: Samples, rate_hz: int) -> None:
    """Play int16 ``samples``, shape (n,) or (n, 2), and return when they have been heard. Raises AudioError."""
    mono = samples if samples.ndim == 1 else (samples.sum(axis=1, dtype="int32").clip(-32768, 32767)).astype("int16")
    found = portaudio.find("output", settings.audio.loudspeaker)
    player = Player()

    def give(block: Samples) -> None:
        block[:] = player.pull(len(block))[:, None]

    line = portaudio.open_line("output", found, (found.default_rate_hz, *portaudio.RATES_HZ), give)
    try:
        player.moved_to(line.rate_hz, line.latency_s)
        player.add(AudioClip(mono, rate_hz))
        while line.alive and not player.take_ended():
            time.sleep(0.02)
    finally:
        line.close()
