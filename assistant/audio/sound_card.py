"""A real microphone and loudspeaker as a device.

PortAudio's threads only copy: blocks from the microphone into a bounded inbox, samples for the loudspeaker out
of the player. All else, the watch over lost devices too, happens where the chunks are taken.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

import numpy as np

from assistant.audio import portaudio
from assistant.audio.chunking import Chunker
from assistant.audio.device import FromDevice, LevelReport
from assistant.audio.level import level_report
from assistant.audio.line import BLOCK_S, OUTPUT_LATENCY_S, SETTLE_S, Line
from assistant.audio.playback import Player
from assistant.audio.portaudio import RATES_HZ
from assistant.audio.reference import Reference
from assistant.errors import AudioError
from assistant.events import (
    CHUNK_SAMPLES,
    SAMPLE_RATE_HZ,
    AudioChunk,
    AudioClip,
    DeviceBack,
    DeviceLost,
    PlaybackFinished,
    Samples,
)

INBOX_S = 10.0  # more than any pause of the loop, little enough to be forgotten
LOOK_S = 0.1
STORM_UNDERRUNS = 5  # a second: one now and then is a busy machine, this is a buffer too small
LARGEST_LATENCY_S = 0.4  # beyond it a buffer is not doubled again
REOPEN_S = 0.5
SLEPT_S = 0.6  # between two looks at the lines: this process has stood still itself
CLOSE_LIMIT_S = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """A block from the microphone, and how many seconds the loudspeaker had been given when it came."""

    samples: Samples
    given_s: float


class SoundCard:
    """A live `Device`. Devices are chosen by (part of) their name; "" is the system's default.

    With ``loudspeaker`` None there is only a microphone: clips take their time and nobody hears them.
    ``rates_hz`` are tried in this order (default: 16 kHz and then the usual ones, for the loudspeaker after its
    own). ``latency_s`` is the loudspeaker's buffer to begin with; it is doubled where the system cannot keep up.
    ``inbox_s`` of sound wait to be taken; more is dropped and counted in ``dropped_blocks``. With ``both_sides``
    chunks hold the left and the right channel besides, where the microphone has two.
    """

    live = True

    def __init__(
        self,
        microphone: str = "",
        loudspeaker: str | None = "",
        *,
        rates_hz: Sequence[int] | None = None,
        latency_s: float = OUTPUT_LATENCY_S,
        inbox_s: float = INBOX_S,
        both_sides: bool = False,
    ) -> None:
        """Opens both at once. Raises AudioError when one is missing, unknown or opens at no usable rate."""
        self._microphone = microphone
        self._loudspeaker = loudspeaker
        self._rates_hz = rates_hz
        self._both_sides = both_sides
        # SimpleQueue because its put may be called from a signal handler that interrupts its get.
        self._inbox: SimpleQueue[_Heard | None] = SimpleQueue()
        self._line_count = 1 if loudspeaker is None else 2
        self._inbox_blocks = round(inbox_s / BLOCK_S)
        self._chunker = Chunker()
        self._player = Player()
        self._reference = Reference()
        self._heard_s = 0.0  # on the audio clock: the end of the last block, of which less may have become chunks
        self._heard_hz = SAMPLE_RATE_HZ
        self._lines: list[Line] = []
        # Re-entrant because `close` may interrupt, as a signal handler, the very thread that holds it.
        self._hardware = threading.RLock()
        self._closing = False
        self._trying = False  # to open lost devices again: nothing is played until they are back
        self._latency_s = latency_s
        self._looked_s = 0.0
        self._underruns = 0
        self._watched_s = time.monotonic()
        self.dropped_blocks = 0
        try:
            self._open()
        except AudioError:
            self.close()
            raise

    def chunks(self) -> Iterator[FromDevice]:
        """The microphone, 20 ms at a time, until `close`; lost devices are looked for again every half second."""
        try:
            while not self._closing:
                block = self._next_block()
                for chunk in self._chunks_of(block) if block is not None else ():
                    if self._closing:
                        return
                    if self._loudspeaker is None:
                        self._player.pull(CHUNK_SAMPLES)
                    yield chunk
                if self._player.take_ended():
                    yield PlaybackFinished(self._chunker.now_s)
                self._calm_storm()
                if not self._closing and (reason := self._trouble(heard=block is not None)):
                    yield DeviceLost(self._chunker.now_s, reason)
                    if self._reopened():
                        yield DeviceBack(self._chunker.now_s)
        finally:
            self.close()

    def play(self, clip: AudioClip) -> None:
        """Append ``clip``; it is resampled to the loudspeaker's rate. While the device is lost it waits."""
        self._player.add(clip)

    def stop(self) -> float:
        """Silence within a tenth of a second; the seconds of the current clip that left the loudspeaker."""
        with self._hardware:
            sounding = self._player.busy
            heard_s = self._player.cut(fade=False)  # what would fade is dropped with the buffer
            if sounding:
                self._renew_loudspeaker()
        return heard_s

    def close(self) -> None:
        """Let go of the hardware; `chunks` ends. From any thread, or a signal handler."""
        self._closing = True
        self._inbox.put(None)
        self._shut()

    @property
    def opened(self) -> tuple[str, ...]:
        """What is open: the microphone and, if there is one, the loudspeaker, with their rates."""
        return tuple(f"{line.name} ({line.rate_hz} Hz)" for line in self._lines)

    # --- opening and closing ---------------------------------------------------------------------------

    def _open(self) -> None:
        with self._hardware:
            found = portaudio.find("input", self._microphone)
            rates_hz = self._rates_hz or RATES_HZ
            line = portaudio.open_line("input", found, rates_hz, self._take, both_sides=self._both_sides)
            self._lines.append(line)
            self._chunker.listen_at(line.rate_hz, both_sides=self._both_sides and line.channels == 2)
            self._heard_s, self._heard_hz = self._chunker.now_s, line.rate_hz
            if self._loudspeaker is not None:
                self._open_loudspeaker(self._loudspeaker)
            if self._closing:
                self._shut()

    def _open_loudspeaker(self, name: str) -> None:
        found = portaudio.find("output", name)
        rates_hz = self._rates_hz or (found.default_rate_hz, *RATES_HZ)
        line = portaudio.open_line("output", found, rates_hz, self._give, self._latency_s)
        self._player.moved_to(line.rate_hz, line.latency_s)
        self._reference.opened(line.latency_s)
        self._lines.append(line)
        self._underruns = 0
        if self._closing:
            self._shut()

    def _renew_loudspeaker(self) -> None:
        """Close it, with what it has not sounded yet, and open it anew; if that fails, `_trouble` will tell.

        Restarting the same stream would be quicker, but never returns when the sound server has just died
        (PortAudio 19.6 on ALSA); opening fails then.
        """
        for loudspeaker in self._lines[1:]:
            self._lines.remove(loudspeaker)
            loudspeaker.close()
            with contextlib.suppress(AudioError):
                self._open_loudspeaker(self._loudspeaker or "")

    def _shut(self) -> None:
        if not self._hardware.acquire(timeout=CLOSE_LIMIT_S):
            return  # another thread is opening; it sees `_closing` and shuts what it opened
        try:
            while self._lines:
                self._lines.pop().close()
        finally:
            self._hardware.release()

    # --- PortAudio's threads ---------------------------------------------------------------------------

    def _take(self, block: Samples) -> None:
        if self._inbox.qsize() >= self._inbox_blocks:
            self.dropped_blocks += 1
        else:
            self._inbox.put(_Heard(block.copy(), self._reference.given_s))

    def _give(self, block: Samples) -> None:
        samples = np.zeros(len(block), np.int16) if self._trying else self._player.pull(len(block))
        self._reference.give(samples, self._player.rate_hz)
        block[:] = samples[:, np.newaxis]

    # --- chunks ----------------------------------------------------------------------------------------

    def _chunks_of(self, block: _Heard) -> Iterator[AudioChunk]:
        """The chunks that ``block`` completes, each with what was played meanwhile."""
        self._heard_s += len(block.samples) / self._heard_hz
        self._reference.look(self._heard_s, block.given_s)
        for chunk in self._chunker.feed(block.samples):
            yield replace(chunk, reference=self._reference.beside(chunk.start_s, CHUNK_SAMPLES))

    # --- the watch -------------------------------------------------------------------------------------

    def _next_block(self) -> _Heard | None:
        try:
            return self._inbox.get(timeout=LOOK_S)
        except Empty:
            return None

    def _trouble(self, *, heard: bool) -> str:
        """Why the device counts as lost, or "". A microphone that was heard just now is not."""
        lines = tuple(self._lines)
        before_s, self._watched_s = self._watched_s, time.monotonic()
        if self._watched_s > before_s + SLEPT_S:
            for line in lines:
                line.excuse()
        for line in lines[1 if heard else 0 :]:
            if not line.alive:
                return f"{line.name} has stopped"
        return "the loudspeaker did not open again" if len(lines) < self._line_count else ""

    def _calm_storm(self) -> None:
        """Once a second: give a loudspeaker that runs dry all the time twice the buffer."""
        if self._chunker.now_s < self._looked_s + 1.0:
            return
        self._looked_s = self._chunker.now_s
        for loudspeaker in self._lines[1:]:
            before, self._underruns = self._underruns, loudspeaker.troubles
            if self._underruns >= before + STORM_UNDERRUNS and self._latency_s < LARGEST_LATENCY_S:
                self._latency_s *= 2
                with self._hardware:
                    self._renew_loudspeaker()

    def _reopened(self) -> bool:
        """Try until both are back (true) or the card is closed (false)."""
        self._trying = True
        while not self._closing:
            if not self._opens():
                self._pause()
            elif self._runs():
                self._trying = False
                return not self._closing
        return False

    def _opens(self) -> bool:
        with self._hardware:
            self._shut()
            self._forget_inbox()
            try:
                self._open()
            except AudioError:
                self._shut()
                portaudio.look_again()
                return False
            return True

    def _runs(self) -> bool:
        """Whether blocks come and go: what is suspended, or held by another program, opens as if all were well."""
        given_up_s = time.monotonic() + SETTLE_S
        heard = False
        while not self._closing and time.monotonic() < given_up_s:
            heard = self._next_block() is not None or heard
            if heard and all(loudspeaker.sounds for loudspeaker in self._lines[1:]):
                return True
        return False

    def _pause(self) -> None:
        """Wait before the next try, or until closed."""
        if not self._closing:
            try:
                self._inbox.get(timeout=REOPEN_S)
            except Empty:
                return

    def _forget_inbox(self) -> None:
        while not self._inbox.empty():
            self._inbox.get()


def level_check(seconds: float = 2.0, microphone: str = "") -> LevelReport:
    """Listen for ``seconds`` and say whether this is a microphone with air before it.

    Raises AudioError when it cannot be opened, or stops.
    """
    card = SoundCard(microphone, None)
    heard: list[Samples] = []
    try:
        for item in card.chunks():
            if isinstance(item, DeviceLost):
                raise AudioError(f"{item.reason} giving sound during the check; plug it in again and repeat.")
            if isinstance(item, AudioChunk):
                heard.append(item.samples)
            if len(heard) * BLOCK_S >= seconds:
                break
    finally:
        card.close()
    # The first tenth of a second holds the clicks of opening.
    return level_report(np.concatenate(heard[5:] or [np.zeros(0, np.int16)]))
