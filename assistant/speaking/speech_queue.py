"""What is waiting to be said: prompts cut into sentences, rendered ahead, played one after the other.

The queue belongs to the one loop in evening.py. It asks the speaker for clips, hands them to the device, and
knows at every moment what has not been heard yet, so that "go on" can begin at the sentence that was cut.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from assistant.audio.device import Device
from assistant.audio.playback import gain
from assistant.errors import SpeakingError
from assistant.events import AudioClip
from assistant.speaking import Speaker, sentences

BETWEEN_SENTENCES_S = 0.25
RENDER_LIMIT_S = 120.0  # the speaker gives up long before, and says so
VOLUME_STEP = 0.15
RATE_STEP = 0.12
AFTER_TONE_S = 0.6  # before a sentence that a tone has cut begins again
THINKING_S = 0.6  # of waiting for a voice before a sound says that an answer comes
SOFT = 0.5  # of the loudness, 6 dB less: where nobody has asked for anything


@dataclass(frozen=True, slots=True)
class _Item:
    text: str
    clip: AudioClip | None  # an earcon; sentences get theirs from the speaker
    pause_after_s: float
    loudness: float = 1.0


class SpeechQueue:
    """Says things in order; `pump` must be called once a chunk."""

    def __init__(
        self,
        speaker: Speaker,
        device: Device,
        *,
        volume: float,
        rate: float,
        started: Callable[[float, str], None],
        ended: Callable[[float], None] = lambda at_s: None,
        may_be_kept: Callable[[str], bool] = lambda text: False,
        thinking: AudioClip | None = None,
    ) -> None:
        """``started`` and ``ended`` are told when a sentence begins to sound and when it is over (or was cut).

        ``may_be_kept`` tells of a text whether its sound may stay on the disk for other evenings. ``thinking`` sounds
        once when a live device has waited `THINKING_S` for an answer's voice.
        """
        self._speaker = speaker
        self._device = device
        self._started = started
        self._ended = ended
        self._may_be_kept = may_be_kept
        self._thinking = thinking
        self._waits_since_s: float | None = None
        self._calm = (1.0, 1.0)
        self._waiting: deque[_Item] = deque()
        self._playing: _Item | None = None
        self._quiet_until_s = 0.0
        self._pause_left = False
        self._said_words = False  # since all was last heard
        self.volume = volume
        self.rate = rate

    @property
    def busy(self) -> bool:
        """Whether something is being said, paused after, or waiting."""
        return self._playing is not None or bool(self._waiting) or self._pause_left

    @property
    def wordless(self) -> bool:
        """Whether all that sounds or waits are earcons: nobody need wait for their end to speak."""
        playing = self._playing.text if self._playing else ""
        words_left = playing or any(item.text for item in self._waiting) or (self._pause_left and self._said_words)
        return self.busy and not words_left

    def say(self, text: str, pause_after_s: float, *, softly: bool = False) -> None:
        parts = self._begun(text)
        loudness = SOFT if softly else 1.0
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            self._waiting.append(_Item(part, None, pause_after_s if last else BETWEEN_SENTENCES_S, loudness))

    def earcon(self, clip: AudioClip) -> None:
        self._waiting.append(_Item("", clip, 0.0))

    def interject(self, clip: AudioClip, now_s: float) -> None:
        """Let ``clip`` sound at once, also in a pause. A sentence that it cuts is said again from its beginning."""
        rest_s = max(0.0, self._quiet_until_s - now_s)
        if self._playing is not None:
            self._device.stop()
            self._ended(now_s)
            self._waiting.appendleft(self._playing)
            if self._playing.clip is None:
                self._speaker.begin(self._playing.text, self.rate, self._may_be_kept(self._playing.text))
            self._playing = None
            rest_s = AFTER_TONE_S
        self._waiting.appendleft(_Item("", clip, rest_s))
        self._quiet_until_s = 0.0

    @property
    def words_sound(self) -> bool:
        """Whether words are sounding just now."""
        return self._playing is not None and bool(self._playing.text)

    def prepare(self, text: str) -> None:
        """Render ahead what is likely to be said next."""
        self._begun(text)

    def _begun(self, text: str) -> tuple[str, ...]:
        parts = sentences(text)
        keep = self._may_be_kept(text)
        for part in parts:
            self._speaker.begin(part, self._rate, keep)
        return parts

    def adjust(self, volume_steps: int, rate_steps: int) -> None:
        self.volume = min(1.0, max(0.1, self.volume + volume_steps * VOLUME_STEP))
        self.rate = min(2.0, max(0.5, self.rate + rate_steps * RATE_STEP))

    def calm(self, volume: float, rate: float) -> None:
        """Speak with these shares of the loudness and the pace that are set, from the next sentence on; 1.0: as set."""
        self._calm = (volume, rate)

    @property
    def _rate(self) -> float:
        return max(0.5, self.rate * self._calm[1])

    def pump(self, now_s: float) -> bool:
        """Start the next item when its moment has come; true once when everything has been heard.

        Raises SpeakingError when a sentence cannot be made; that sentence is dropped.
        """
        if self._playing is not None or now_s < self._quiet_until_s:
            return False
        if not self._waiting:
            ended, self._pause_left, self._said_words = self._pause_left, False, False
            return ended
        item = self._waiting[0]
        clip = item.clip
        if clip is None:
            # A live device must not be kept waiting; a virtual one stops time until the sentence is there.
            limit_s = 0.0 if self._device.live else RENDER_LIMIT_S
            try:
                clip = self._speaker.take(item.text, self._rate, timeout_s=limit_s)
            except SpeakingError:
                self._waiting.popleft()
                self._pause_left = True
                raise
            if clip is None:
                self._wait(now_s)
                return False
        if item.text:
            self._waits_since_s = None
        self._waiting.popleft()
        self._playing = item
        self._said_words = self._said_words or bool(item.text)
        self._started(now_s, item.text)
        self._device.play(gain(clip, self.volume * item.loudness * self._calm[0]))
        return False

    def _wait(self, now_s: float) -> None:
        """The voice is not ready: once, when that has lasted, say so with a sound."""
        if self._waits_since_s is None:
            self._waits_since_s = now_s
        elif self._thinking is not None and self._waits_since_s <= now_s - THINKING_S:
            self._waits_since_s = float("inf")
            self._waiting.appendleft(_Item("", self._thinking, 0.0))

    def clip_finished(self, now_s: float) -> None:
        if self._playing is None:
            return
        self._ended(now_s)
        self._quiet_until_s = now_s + self._playing.pause_after_s
        self._playing = None
        self._pause_left = True

    def cut(self, now_s: float) -> str:
        """Silence at once; returns what was not heard, from the start of the cut sentence on."""
        unsaid = [self._playing.text] if self._playing else []
        unsaid += [item.text for item in self._waiting]
        if self._playing is not None:
            self._device.stop()
            self._ended(now_s)
        self._playing = None
        self._waiting.clear()
        self._quiet_until_s = 0.0
        self._pause_left = False
        return " ".join(text for text in unsaid if text)
