"""Watching the floor block by block: who talks into it, by whatever tells the voices apart best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.events import Event, FloorKept, Interrupted, Samples, Way
from assistant.hearing.speakers.floor import Floor
from assistant.hearing.speakers.segmentation import Segmentation
from assistant.hearing.speakers.turns import Moment, Turns
from assistant.hearing.speakers.two_microphones import TwoMicrophones
from assistant.hearing.speakers.voice_encoder import VoiceEncoder
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.voice_activity import BLOCK_S

SOMEBODY = "somebody"  # talks into a story; nobody asks who
EVENSONG = ""
SPEECH, STILL_SPEECH = 0.5, 0.35  # probabilities at which speech begins, and goes on
PAUSE_BLOCKS = 8  # a quarter of a second: between two words nobody has stopped speaking
ECHO_TAIL_S = 0.5  # so long the room gives Evensong's own voice back


class Watch(Protocol):
    """Hears every block along with the ears. ``sounding``: Evensong is saying words."""

    sounding: bool

    def hear(self, block: Samples, probability: float, now_s: float) -> Sequence[Event]: ...

    def hear_sides(self, samples: Samples) -> None: ...


class Source(Protocol):
    """Tells who speaks, on a clock of its own that begins with the first block.

    ``echo_tail_s``: how long after Evensong's words what is heard may still be they.
    """

    @property
    def echo_tail_s(self) -> float: ...

    def hear(self, block: Samples, probability: float, *, sounding: bool) -> list[Moment]: ...


class _Heard:
    """The probability told along with a block, in the place of a detector; apart, so that nothing that is large
    refers to itself, and all goes when the floor is free.
    """

    probability = 0.0

    def __call__(self, block: Samples) -> float:
        return self.probability


class ByVoices:
    """Known voices, one microphone; ``holder`` has the floor."""

    echo_tail_s = ECHO_TAIL_S

    def __init__(
        self, encoder: VoiceEncoder, prints: VoicePrints, holder: str, segmentation: Segmentation | None = None
    ) -> None:
        self._heard = _Heard()
        self._turns = Turns(encoder, prints, self._heard, holder, segmentation)

    def hear(self, block: Samples, probability: float, *, sounding: bool) -> list[Moment]:
        self._heard.probability = 0.0 if sounding else probability  # what Evensong says is nobody's talk
        return self._turns.hear(block)


class ByMicrophones:
    """A microphone each. What both channels hear comes in by `hear_sides`, before the block that it belongs to."""

    echo_tail_s = ECHO_TAIL_S

    def __init__(self, microphones: TwoMicrophones) -> None:
        self._microphones = microphones
        self._heard: list[Moment] = []

    def hear_sides(self, samples: Samples) -> None:
        self._heard += self._microphones.hear(samples)

    def hear(self, block: Samples, probability: float, *, sounding: bool) -> list[Moment]:
        heard, self._heard = self._heard, []
        return [] if sounding else heard


class BySpeech:
    """All speech is ``name``'s. ``over_own_voice``: it can be told from Evensong's own, whose echo is cancelled."""

    def __init__(self, name: str, *, over_own_voice: bool) -> None:
        self._name = name
        self._over = over_own_voice
        self.echo_tail_s = 0.0 if over_own_voice else ECHO_TAIL_S  # its echo is cancelled as well
        self._blocks = 0
        self._quiet = PAUSE_BLOCKS
        self._who: frozenset[str] | None = None
        self._since_s = 0.0

    def hear(self, block: Samples, probability: float, *, sounding: bool) -> list[Moment]:
        self._blocks += 1
        at_s = self._blocks * BLOCK_S
        heard = probability >= (STILL_SPEECH if self._quiet == 0 else SPEECH) and (self._over or not sounding)
        self._quiet = 0 if heard else self._quiet + 1
        who = {self._name} if self._quiet < PAUSE_BLOCKS else set()
        if sounding:
            who.add(EVENSONG)
        now = frozenset(who) or None
        if (self._name in who) != (self._who is not None and self._name in self._who) or (now is None) != (
            self._who is None
        ):
            self._since_s = at_s - BLOCK_S
        self._who = now
        return [Moment(at_s, now, self._since_s, {self._name: float(self._name in who)}, BLOCK_S)]


class FloorWatch:
    """While ``floor`` is kept. Set ``sounding`` while Evensong says words; the room's echo is waited for here."""

    def __init__(self, key: str, floor: Floor, source: Source, way: Way) -> None:
        self._key = key
        self._floor = floor
        self._source = source
        self._way: Way = way
        self._from_s: float | None = None
        self._sounded_s = float("-inf")
        self.sounding = False

    def hear(self, block: Samples, probability: float, now_s: float) -> list[Interrupted]:
        """The interruptions that are certain at ``now_s``, the end of ``block`` (512 samples)."""
        if self._from_s is None:
            self._from_s = now_s - BLOCK_S
        if self.sounding:
            self._sounded_s = now_s
        found = []
        sounding = now_s - self._sounded_s <= self._source.echo_tail_s
        for moment in self._source.hear(block, probability, sounding=sounding):
            interruption = self._floor.hear(moment)
            if interruption is not None:
                who = "" if interruption.who == SOMEBODY else interruption.who
                found.append(Interrupted(now_s, who, self._from_s + interruption.began_s))
        return found

    def hear_sides(self, samples: Samples) -> None:
        """Both channels, shape (any, 2), where there is a microphone each."""
        if isinstance(self._source, ByMicrophones):
            self._source.hear_sides(samples)

    def kept(self, at_s: float) -> FloorKept:
        """What is known by now."""
        talk_s = {name: round(seconds, 2) for name, seconds in self._floor.talk_s.items()}
        return FloorKept(at_s, self._key, self._way, talk_s, round(self._floor.longest_silence_s, 2))
