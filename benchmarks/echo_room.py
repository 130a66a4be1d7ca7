"""A room whose microphone hears its own loudspeaker, and people who talk over it: the device of `barge_in`.

Unlike the simulated household's, its loudspeaker has a clock and faults of its own, and what it plays is told to the
echo canceller as a sound card's is: by `Reference`, from how much each of the two has taken and given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from assistant.audio.device import FromDevice
from assistant.audio.playback import Player
from assistant.audio.reference import LEAD_S, Reference
from assistant.events import CHUNK_SAMPLES, SAMPLE_RATE_HZ, AudioChunk, AudioClip, PlaybackFinished, Samples
from assistant.room.acoustics import FULL_SCALE, convolved, hum, to_int16
from benchmarks.shoebox import SINC_TAPS, Floats, Shoebox, between, response

ECHO_DB = -28.0  # RMS at the microphone of what the loudspeaker plays; people are louder or softer than that
VOICE_DB = -23.0  # RMS of the sounds that are cried
HUM_DB = -66.0
LATENCY_S = 0.05  # of the loudspeaker's buffer
KEPT = SAMPLE_RATE_HZ  # samples of the loudspeaker's past
AFTERWARDS_S = 3.0


@dataclass(frozen=True, slots=True)
class Path:
    """The way from loudspeaker to microphone: ``delay_s`` after the reference, with a clock ``drift_ppm`` too fast.

    ``clip_db``: no sample leaves the loudspeaker above this level of full scale (None: a perfect one).
    """

    room: Shoebox
    delay_s: float
    drift_ppm: float = 0.0
    clip_db: float | None = None


@dataclass(frozen=True, slots=True)
class Cry:
    """``sound`` (int16, 16 kHz, `VOICE_DB`) comes ``after_s`` seconds after the one before.

    It is ``level_db`` above the echo. ``intent`` is what it asks for; None: nothing, it is no command.
    """

    sound: Samples
    text: str
    intent: str | None
    level_db: float
    after_s: float


@dataclass(frozen=True, slots=True)
class Cried:
    cry: Cry
    start_s: float
    end_s: float


class EchoRoom:
    """The device: ends when everything has been cried, but not before ``lasts_s``. ``cried`` tells afterwards what was.

    ``own_db`` is the level of the speech that is played, dBFS RMS, by which echoes of known level are made. ``around``
    is what else sounds at the microphone, chunk by chunk, without end.
    """

    live = False

    def __init__(
        self,
        path: Path,
        cries: Sequence[Cry],
        own_db: float,
        seed: int,
        lasts_s: float = 0.0,
        around: Iterator[Samples] | None = None,
    ) -> None:
        self._path = path
        self._around = around or repeat(np.zeros(CHUNK_SAMPLES, np.int16))
        self._waiting = deque(cries)
        self._rng = np.random.default_rng(seed)
        self._walls = response(path.room, path.room.loudspeaker)
        self._to_person = response(path.room, path.room.person)
        self._player = Player(SAMPLE_RATE_HZ, LATENCY_S)
        self._reference = Reference()
        self._reference.opened(LATENCY_S)
        self._given = 0  # samples
        self._sounding: Floats = np.zeros(KEPT)  # what leaves the loudspeaker, up to the last sample given
        self._echo: Floats = np.zeros(CHUNK_SAMPLES)
        self._people: Floats = np.zeros(CHUNK_SAMPLES)
        self._now = 0
        self._due_s = self._waiting[0].after_s if self._waiting else lasts_s
        self._echo_gain = _ratio(ECHO_DB - own_db)
        self._closed = False
        self.cried: list[Cried] = []

    def chunks(self) -> Iterator[FromDevice]:
        while not self._closed and (self._waiting or self._now_s < self._due_s):
            self._cry()
            self._give()
            start_s = self._now_s
            heard = to_int16(self._at_microphone())
            self._now += CHUNK_SAMPLES
            self._reference.look(self._now_s, self._reference.given_s)
            yield AudioChunk(heard, start_s, self._reference.beside(start_s, CHUNK_SAMPLES))
            if self._player.take_ended():
                yield PlaybackFinished(self._now_s)

    def play(self, clip: AudioClip) -> None:
        self._player.add(clip)

    def stop(self) -> float:
        return self._player.cut()

    def close(self) -> None:
        self._closed = True

    @property
    def _now_s(self) -> float:
        return self._now / SAMPLE_RATE_HZ

    # --- people ----------------------------------------------------------------------------------------

    def _cry(self) -> None:
        """Whoever's moment has come cries, while Evensong speaks."""
        if not self._waiting or self._now_s < self._due_s or not self._player.busy:
            return
        cry = self._waiting.popleft()
        near = convolved(cry.sound, self._to_person) * _ratio(ECHO_DB + cry.level_db - VOICE_DB)
        self._people = _added(self._people, near)
        end_s = self._now_s + len(cry.sound) / SAMPLE_RATE_HZ
        self.cried.append(Cried(cry, self._now_s, end_s))
        self._due_s = end_s + (self._waiting[0].after_s if self._waiting else AFTERWARDS_S)

    # --- sound -----------------------------------------------------------------------------------------

    def _give(self) -> None:
        """As much as the loudspeaker's own clock asks for by the end of this chunk."""
        clock = 1.0 + self._path.drift_ppm * 1e-6
        due = round((self._now + CHUNK_SAMPLES) * clock + LATENCY_S * SAMPLE_RATE_HZ) - self._given
        samples = self._player.pull(due)
        self._reference.give(samples, SAMPLE_RATE_HZ)
        self._given += due
        out = samples.astype(np.float64)
        if self._path.clip_db is not None:
            limit = FULL_SCALE * _ratio(self._path.clip_db)
            out = np.clip(out, -limit, limit)
        self._sounding = np.concatenate([self._sounding, out])[-KEPT:]

    def _at_microphone(self) -> Floats:
        clock = 1.0 + self._path.drift_ppm * 1e-6
        late = (LATENCY_S + self._path.delay_s - LEAD_S) * SAMPLE_RATE_HZ
        places: Floats = (
            (self._now + np.arange(CHUNK_SAMPLES, dtype=np.float64)) * clock + LATENCY_S * SAMPLE_RATE_HZ - late
        )
        first = int(places[0]) - SINC_TAPS
        kept_from = self._given - len(self._sounding)
        piece = self._sounding[max(0, first - kept_from) :]
        sounding = between(piece, places - max(first, kept_from))
        if sounding.any():
            self._echo = _added(self._echo, _through(sounding, self._walls) * self._echo_gain)
        sound = self._echo[:CHUNK_SAMPLES] + self._people[:CHUNK_SAMPLES] + hum(CHUNK_SAMPLES, HUM_DB, self._rng)
        self._echo, self._people = _rest(self._echo), _rest(self._people)
        return sound + next(self._around)


def _through(sound: Floats, walls: Floats) -> Floats:
    size = 1 << (len(sound) + len(walls) - 2).bit_length()
    through: Floats = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(walls, size), size)
    return through[: len(sound) + len(walls) - 1]


def _added(ahead: Floats, sound: Floats) -> Floats:
    """``sound`` added to what lies ahead."""
    longer = np.zeros(max(len(ahead), len(sound)))
    longer[: len(ahead)] = ahead
    longer[: len(sound)] += sound
    return longer


def _rest(ahead: Floats) -> Floats:
    rest = ahead[CHUNK_SAMPLES:]
    return rest if len(rest) >= CHUNK_SAMPLES else np.concatenate([rest, np.zeros(CHUNK_SAMPLES - len(rest))])


def _ratio(db: float) -> float:
    return float(10 ** (db / 20))
