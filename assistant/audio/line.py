"""One open PortAudio stream: whether it is alive, whether it keeps up, and how it is cut.

Measured on PulseAudio (docs/decisions/0004-sound-card.md): where the server resamples, an output stream with less than
80 ms of buffer falls into a storm of underruns and swallows sound twenty times too fast; so the buffer is about as
long as the tenth of a second within which "stop" must be silence, and stopping drops it with the stream.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from assistant.events import Samples

Kind = Literal["input", "output"]

BLOCK_S = 0.02
INPUT_LATENCY_S = 0.05
OUTPUT_LATENCY_S = 0.08
STALLED_S = 1.0  # an unplugged device raises nothing, it just stops calling back
SETTLE_S = 3.0  # a sound server may take that long to wake a sleeping device, even after first calls
LEAD_BLOCKS = 2  # a sound server may swallow the first 25 ms of a stream: let that be silence
HASTE = 1.05  # how much faster than time passes a loudspeaker may ask for sound
HASTE_SLACK_S = 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """A device to be opened: its place in PortAudio's list, which is frozen at start, and what it is called."""

    index: int
    name: str
    channels: int
    default_rate_hz: int


class Line:
    """An open stream of int16 blocks of 20 ms.

    ``move`` is called from PortAudio's thread with each block, shape (n, channels): to copy from (input) or to
    fill (output). It must not block. ``latency_s`` is the size of the buffer that is asked for; what came of it is
    the attribute of that name.
    """

    def __init__(
        self,
        sounddevice: Any,
        kind: Kind,
        found: Found,
        rate_hz: int,
        channels: int,
        move: Callable[[Samples], None],
        latency_s: float | None = None,
    ) -> None:
        """Opens and starts it. Raises sounddevice.PortAudioError."""
        self.name = found.name
        self.rate_hz = rate_hz
        self.channels = channels
        self.troubles = 0  # overflows or underflows that PortAudio told of
        self._move = move
        self._ended = False
        self._settled_s = time.monotonic() + SETTLE_S
        self._called_s = -math.inf
        self._asked_s = 0.0  # of sound, by a loudspeaker
        self._lead = LEAD_BLOCKS
        stream_of = sounddevice.InputStream if kind == "input" else sounddevice.OutputStream
        self._stream = stream_of(
            samplerate=rate_hz,
            blocksize=round(rate_hz * BLOCK_S),
            device=found.index,
            channels=channels,
            dtype="int16",
            latency=latency_s or (INPUT_LATENCY_S if kind == "input" else OUTPUT_LATENCY_S),
            callback=self._hear if kind == "input" else self._sound,
            finished_callback=self._finished,
        )
        # Measured: a sample given now sounds this much later, one block more than PortAudio says.
        self.latency_s: float = self._stream.latency + BLOCK_S
        self._credit_s = self.latency_s + HASTE_SLACK_S  # seconds of sound that may be asked for now
        self._credited_s = time.monotonic()
        try:
            self._stream.start()
        except sounddevice.PortAudioError:
            self._stream.close()
            raise

    @property
    def alive(self) -> bool:
        """False when the stream has ended by itself, or has not called back for a second."""
        now_s = time.monotonic()
        return not self._ended and (now_s < self._settled_s or now_s < self._called_s + STALLED_S)

    @property
    def sounds(self) -> bool:
        """Whether a loudspeaker takes more than fills its buffer: one that another program holds does not."""
        return self._asked_s > self.latency_s + HASTE_SLACK_S

    def excuse(self) -> None:
        """Nobody was there to be called back, or the machine slept: the next second counts anew."""
        self._settled_s = max(self._settled_s, time.monotonic() + STALLED_S)

    def close(self) -> None:
        """Drop what is not yet played or taken, and let go of the device."""
        self._stream.abort()
        self._stream.close()

    def _hear(self, block: Samples, _frames: int, _time: Any, status: Any) -> None:
        self._called_s = time.monotonic()
        self.troubles += bool(status)
        self._move(block)

    def _sound(self, block: Samples, frames: int, _time: Any, status: Any) -> None:
        now_s = self._called_s = time.monotonic()
        self.troubles += bool(status)
        self._asked_s += frames / self.rate_hz
        self._credit_s += (now_s - self._credited_s) * HASTE
        self._credit_s = min(self._credit_s, self.latency_s + HASTE_SLACK_S)
        self._credited_s = now_s
        if self._credit_s < frames / self.rate_hz:
            block.fill(0)  # a storm of underruns: what is given now is swallowed, so nothing is given
            return
        self._credit_s -= frames / self.rate_hz
        if self._lead:
            self._lead -= 1
            block.fill(0)
        else:
            self._move(block)

    def _finished(self) -> None:
        self._ended = True
