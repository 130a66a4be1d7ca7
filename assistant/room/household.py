"""A virtual living room with people in it: a device like any other, with nobody's hardware behind it.

The people follow a script. They hear what Evensong plays, wait for their cue, think for a moment and speak;
their voices, the room's echo of Evensong and its noise reach the microphone. Time passes only as chunks are
taken, so an evening runs as fast as the machine can hear and speak.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunking import mono
from assistant.audio.device import FromDevice
from assistant.audio.playback import Player
from assistant.errors import EvensongError
from assistant.events import CHUNK_SAMPLES, SAMPLE_RATE_HZ, AudioChunk, AudioClip, PlaybackFinished, Samples
from assistant.room.acoustics import Acoustics, convolved, hum, impulse_response, to_int16
from assistant.room.script import Line, Script
from assistant.room.voices import Voices

IMPATIENCE_S = 90.0  # people who hear no cue for that long would give up, and so does the room
AFTERWARDS_S = 6.0  # how long the room stays after the last line and answer


@dataclass(frozen=True, slots=True)
class Said:
    """A line as it was really spoken in the room, in audio seconds at the microphone."""

    line: Line
    start_s: float
    end_s: float

    @property
    def spoken(self) -> str:
        """The words, without the marks of thinking pauses."""
        return " ".join(self.line.phrases)


class Household:
    """The device. ``said`` and ``recording`` tell afterwards what happened."""

    live = False

    def __init__(
        self,
        script: Script,
        voices: Voices,
        acoustics: Acoustics | None = None,
        turn: Callable[[], bool] = lambda: True,
        may_leave: Callable[[], bool] = lambda: True,
    ) -> None:
        """``turn`` tells whether it is the people's turn now; a line that interrupts does not ask.

        When all has been said, they leave as soon as they ``may_leave``.
        """
        self._script = script
        self._lines = list(script.lines)
        self._voices = voices
        self._turn = turn
        self._may_leave = may_leave
        self._acoustics = acoustics or Acoustics()
        self._rng = np.random.default_rng(self._acoustics.seed)
        self._walls = impulse_response(self._acoustics.reverberation_s, self._acoustics.seed)
        self._player = Player(SAMPLE_RATE_HZ)
        self._microphone: list[Samples] = []
        self._loudspeaker: list[Samples] = []
        # The people's sound that has not reached the chunk yet, a column a microphone.
        self._ahead: NDArray[np.float64] = np.zeros((0, 1 if self._acoustics.apart_db is None else 2))
        self._echo: NDArray[np.float64] = np.zeros(0)
        self._now = 0  # samples
        self._next = 0  # the line that comes next
        self._repeated = 0  # the line before this one has been said twice
        self._heard: list[tuple[float, str]] = []  # what Evensong said since the last line, and when
        self._playing: list[AudioClip] = []
        self._quiet_since_s = 0.0
        self._speaking_until_s = 0.0
        self._closed = False
        self.said: list[Said] = []

    # --- the device ------------------------------------------------------------------------------------

    def chunks(self) -> Iterator[FromDevice]:
        while not self._closed and not self._over():
            self._act()
            start_s = self._now / SAMPLE_RATE_HZ
            played = self._player.pull(CHUNK_SAMPLES)
            sides = self._at_microphones(played)
            heard = mono(sides)
            self._microphone.append(heard)
            self._loudspeaker.append(played)
            self._now += CHUNK_SAMPLES
            yield AudioChunk(heard, start_s, played, None if self._acoustics.apart_db is None else sides)
            if self._player.take_ended():
                self._quiet_since_s = self._now_s
                self._playing.clear()
                yield PlaybackFinished(self._now_s)

    def play(self, clip: AudioClip) -> None:
        self._player.add(clip)
        self._playing.append(clip)
        if clip.text:
            self._heard.append((self._now_s, clip.text))

    def stop(self) -> float:
        self._quiet_since_s = self._now_s
        self._playing.clear()
        return self._player.cut()

    def say_again(self) -> None:
        """The line that was spoken last was not understood; whoever said it says it once more."""
        if self.said and self._next and self._repeated != self._next:
            self._next -= 1
            self._repeated = self._next + 1

    def reply(self, says: str) -> None:
        """Whoever spoke last answers this next, before the lines that are written."""
        self._lines.insert(self._next, Line(who=self.said[-1].line.who, says=says))

    def close(self) -> None:
        self._closed = True

    @property
    def recording(self) -> Samples:
        """The evening: int16, shape (n, 2), 16 kHz; the household left, Evensong right."""
        if not self._microphone:
            return np.zeros((0, 2), np.int16)
        return np.stack([np.concatenate(self._microphone), np.concatenate(self._loudspeaker)], axis=1)

    # --- the people ------------------------------------------------------------------------------------

    @property
    def _now_s(self) -> float:
        return self._now / SAMPLE_RATE_HZ

    def _act(self) -> None:
        """Whoever's cue has come begins to speak."""
        if self._next >= len(self._lines) or self._now_s < self._speaking_until_s:
            return
        line = self._lines[self._next]
        begins_s = self._begins_s(line)
        if begins_s is None:
            last_s = max(self._speaking_until_s, self._quiet_since_s)
            if not self._playing and self._now_s - last_s > IMPATIENCE_S:
                raise EvensongError(
                    f'In "{self._script.title}", {line.who} waited {IMPATIENCE_S:.0f} s in vain for "{line.cue}"'
                    f" to say: {line.says} Mend the cue or the line before it."
                )
            return
        if self._now_s >= begins_s:
            self._speak(line)

    def _begins_s(self, line: Line) -> float | None:
        """When ``line`` may begin, or None while its cue has not come."""
        cue_s = next((at_s for at_s, text in self._heard if re.search(line.cue, text, re.IGNORECASE)), None)
        if line.cue and cue_s is None:
            return None
        if line.interrupts:
            return (cue_s or 0.0) + line.after_s
        if self._playing or not self._turn():
            self._quiet_since_s = max(self._quiet_since_s, self._now_s if not self._turn() else 0.0)
            return None
        return max(self._quiet_since_s, self._speaking_until_s) + line.after_s

    def _speak(self, line: Line) -> None:
        spoken = self._voices.speak(self._script.people[line.who], line)
        sound = convolved(spoken.samples, self._walls)
        if len(sound) > len(self._ahead):
            silence = np.zeros((len(sound) - len(self._ahead), self._ahead.shape[1]))
            self._ahead = np.concatenate([self._ahead, silence])
        self._ahead[: len(sound)] += sound[:, np.newaxis] * self._gains(line.who)
        end_s = self._now_s + len(spoken.samples) / SAMPLE_RATE_HZ
        self.said.append(Said(line, self._now_s, end_s))
        self._speaking_until_s = end_s
        self._heard.clear()
        self._next += 1

    def _gains(self, who: str) -> NDArray[np.float64]:
        """How loud ``who`` is at each microphone."""
        apart_db = self._acoustics.apart_db
        if apart_db is None:
            return np.ones(1)
        own = list(self._script.people).index(who)
        return np.array([1.0 if side == own else 10 ** (-apart_db / 20) for side in range(2)])

    def _over(self) -> bool:
        if self._next < len(self._lines) or self._playing or not self._may_leave():
            return False
        return self._now_s > max(self._speaking_until_s, self._quiet_since_s) + AFTERWARDS_S

    # --- the air ---------------------------------------------------------------------------------------

    def _at_microphones(self, played: Samples) -> Samples:
        """Shape (CHUNK_SAMPLES, microphones). Noise and echo reach all alike."""
        people, self._ahead = _taken(self._ahead)
        sound = hum(CHUNK_SAMPLES, self._acoustics.hum_db, self._rng)
        if self._acoustics.noise is not None:
            places = (self._now + np.arange(CHUNK_SAMPLES)) % len(self._acoustics.noise)
            sound += self._acoustics.noise[places]
        if self._acoustics.echo_db is not None:
            sound += self._echo_of(played, self._acoustics.echo_db)
        return to_int16(people + sound[:, np.newaxis])

    def _echo_of(self, played: Samples, echo_db: float) -> NDArray[np.float64]:
        """What the microphone hears of ``played``: later, softer, and with the walls in it."""
        delay = round(self._acoustics.echo_delay_s * SAMPLE_RATE_HZ)
        reach = delay + CHUNK_SAMPLES + len(self._walls) - 1
        if len(self._echo) < reach:
            self._echo = np.concatenate([self._echo, np.zeros(reach - len(self._echo))])
        if played.any():
            self._echo[delay:reach] += convolved(played, self._walls) * 10 ** (echo_db / 20)
        echo, self._echo = _taken(self._echo)
        return echo


def _taken(ahead: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The next chunk of what lies ahead (silence where there is nothing), and the rest."""
    chunk = ahead[:CHUNK_SAMPLES]
    if len(chunk) < CHUNK_SAMPLES:
        chunk = np.concatenate([chunk, np.zeros((CHUNK_SAMPLES - len(chunk), *chunk.shape[1:]))])
    return chunk, ahead[CHUNK_SAMPLES:]
