"""One open PortAudio stream: whether it is alive, whether it keeps up, and how it is cut.

Measured on PulseAudio (docs/decisions/sound-card.md): where the server resamples, an output stream with less than
80 ms of buffer falls into a storm of underruns and swallows sound twenty times too fast; so the buffer is larger
than the tenth of a second within which "stop" must be silence, and stopping drops what is in it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

from assistant.audio.portaudio import ROLE, Found, Kind, library, quiet
from assistant.errors import AudioError
from assistant.events import Samples

BLOCK_S = 0.02
INPUT_LATENCY_S = 0.05
OUTPUT_LATENCY_S = 0.08
STALLED_S = 1.0  # an unplugged device raises nothing, it just stops calling back
SETTLE_S = 3.0  # a sound server may take that long to wake a sleeping device, even after first calls
HASTE = 1.05  # how much faster than time passes a loudspeaker may ask for sound
HASTE_SLACK_S = 0.1


class Line:
    """An open stream of int16 blocks of 20 ms.

    ``move`` is called from PortAudio's thread with each block, shape (n, channels): to copy from (input) or to
    fill (output). It must not block.
    """

    def __init__(
        self,
        kind: Kind,
        found: Found,
        rate_hz: int,
        channels: int,
        latency_s: float,
        move: Callable[[Samples], None],
    ) -> None:
        self.name = found.name
        self.rate_hz = rate_hz
        self.troubles = 0  # overflows or underflows that PortAudio told of
        self._move = move
        self._ended = False
        self._settled_s = time.monotonic() + SETTLE_S
        self._called_s = -math.inf
        sounddevice = library()
        stream_of = sounddevice.InputStream if kind == "input" else sounddevice.OutputStream
        self._stream = stream_of(
            samplerate=rate_hz,
            blocksize=round(rate_hz * BLOCK_S),
            device=found.index,
            channels=channels,
            dtype="int16",
            latency=latency_s,
            callback=self._hear if kind == "input" else self._sound,
            finished_callback=self._finished,
        )
        self.latency_s: float = self._stream.latency
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

    def cut(self) -> None:
        """Drop what was handed over and has not sounded yet, and go on. Takes about 2 ms."""
        self._stream.abort()
        self._ended = False  # that was us
        if self._stream.closed:  # by a signal handler, in between
            return
        try:
            self._stream.start()
        except library().PortAudioError:
            self._ended = True  # it died just now; whoever watches will see

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
        self._credit_s += (now_s - self._credited_s) * HASTE
        self._credit_s = min(self._credit_s, self.latency_s + HASTE_SLACK_S)
        self._credited_s = now_s
        if self._credit_s < frames / self.rate_hz:
            block.fill(0)  # a storm of underruns: what is given now is swallowed, so nothing is given
            return
        self._credit_s -= frames / self.rate_hz
        self._move(block)

    def _finished(self) -> None:
        self._ended = True


def open_line(
    kind: Kind, found: Found, rates_hz: Sequence[int], move: Callable[[Samples], None], latency_s: float
) -> Line:
    """Open ``found`` at the first of ``rates_hz`` that it takes, with one channel or else two.

    Raises AudioError when it takes none.
    """
    error_type = library().PortAudioError
    told = ""
    with quiet():
        for rate_hz in rates_hz:
            for channels in range(1, min(2, found.channels) + 1):
                try:
                    return Line(kind, found, rate_hz, channels, latency_s, move)
                except error_type as error:
                    told = str(error)
    raise AudioError(
        f'The {ROLE[kind]} "{found.name}" opens at none of {", ".join(map(str, rates_hz))} Hz ({told}); close the'
        " program that holds it, or choose another from `evensong devices`."
    )
