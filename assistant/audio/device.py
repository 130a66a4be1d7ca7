"""What a device is: it gives microphone chunks and takes clips to be played.

A sound card, a recording and the simulated household are all devices, so everything right of this package
works alike on real hardware and in a test that runs faster than real time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.events import AudioChunk, AudioClip, DeviceBack, DeviceLost, PlaybackFinished

FromDevice = AudioChunk | PlaybackFinished | DeviceLost | DeviceBack


class Device(Protocol):
    """A microphone and a loudspeaker on one audio clock.

    ``live`` is true where time passes by itself (real hardware), false where it passes as chunks are taken.
    """

    live: bool

    def chunks(self) -> Iterator[FromDevice]:
        """20 ms of microphone at a time (16 kHz mono), and what happened to the device in between.

        `PlaybackFinished` comes when all that was to be played has been heard. Between `DeviceLost` and
        `DeviceBack` there are no chunks, so the audio clock stands still. Ends when the device is closed, or at
        the end of a recording. To be iterated once, by one thread.
        """
        ...

    def play(self, clip: AudioClip) -> None:
        """Append ``clip`` (any rate) to what is playing; sound starts at the next chunk."""
        ...

    def stop(self) -> float:
        """Cut what is playing at once, drop what waits; return the seconds of the current clip that were heard.

        No `PlaybackFinished` comes for what was cut.
        """
        ...

    def close(self) -> None:
        """Let go of the hardware, within half a second; `chunks` ends. Closing twice does no harm."""
        ...


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device as `evensong devices` lists it.

    ``input_rates_hz`` and ``output_rates_hz`` are the rates at which it was found to open.
    """

    name: str
    host_api: str
    input_channels: int
    output_channels: int
    default_rate_hz: int
    input_rates_hz: tuple[int, ...]
    output_rates_hz: tuple[int, ...]
    default_input: bool = False
    default_output: bool = False


@dataclass(frozen=True, slots=True)
class LevelReport:
    """How loud a microphone is, in dBFS (-inf..0), and what that means.

    ``silent`` is true when every sample was the same: no microphone with air before it does that, so it is a
    loopback of nothing, a muted input, or a dead device. ``verdict`` is one sentence for a person.
    """

    rms_db: float
    peak_db: float
    silent: bool
    verdict: str
