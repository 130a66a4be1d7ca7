"""What can happen: each is an `Event`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.events.speech import Meaning, Utterance

# What dialogue may ask memory about; docs/contracts.md says what comes back.
Topic = Literal[
    "last_entry",
    "everything",
    "ritual_name",
    "own_ritual",
    "own_rituals_changed",
    "reminders",
    "recall",
    "entries",
    "trend",
    "passphrase",
    "some",
    "closed",
    "opened",
    "leaving",
    "reflection",
    "listening",
    "voice",
    "voices",
    "whose_voice",
]
# How it was told who spoke while somebody had the floor, the surest first. "own" and "pauses" are of a story that
# Evensong tells: heard all the time, or only where it paused.
Way = Literal["microphones", "voices", "words", "own", "pauses"]


@dataclass(frozen=True, slots=True)
class WakeHeard:
    at_s: float
    phrase: str


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    at_s: float


@dataclass(frozen=True, slots=True)
class PartialHeard:
    """What has been heard of an utterance so far; "" takes back what was told of it."""

    at_s: float
    text: str


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    """An utterance is over. `hearing` leaves ``meaning`` empty; the app fills it in before dialogue sees it."""

    at_s: float
    utterance: Utterance
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody has begun to speak for ``waited_s`` since the ears were opened (no-input)."""

    at_s: float
    waited_s: float


@dataclass(frozen=True, slots=True)
class VoiceActivity:
    """Somebody began (or stopped) making speech; ``level_db`` is dBFS, -inf..0."""

    at_s: float
    speaking: bool
    level_db: float


@dataclass(frozen=True, slots=True)
class PlaybackFinished:
    """All that was to be said has been heard (``unsaid`` is ""), or it was cut.

    ``unsaid`` then starts with the sentence that was cut, so that going on begins there.
    """

    at_s: float
    unsaid: str = ""


@dataclass(frozen=True, slots=True)
class TimerFired:
    at_s: float
    name: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What memory answered to `Inquire`: plain values by name; None when it holds nothing of the kind."""

    at_s: float
    topic: Topic
    facts: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Interrupted:
    """While the floor was kept, somebody (``who``; "" where nobody can be named) talked into it from ``began_s`` on."""

    at_s: float
    who: str
    began_s: float


@dataclass(frozen=True, slots=True)
class FloorKept:
    """What `FreeFloor` brings: ``way`` is how it was told who spoke, ``talk_s`` how long each name did.

    ``silence_s`` is the longest silence. With the way "words" all speech counts as the floor-holder's.
    """

    at_s: float
    key: str
    way: Way
    talk_s: Mapping[str, float]
    silence_s: float


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """It is time for the reminder ``id``: of ``ritual`` (an id), or of ``what``, set for ``clock`` (HH:MM).

    ``put_off``: how often it has been put off for this time; ``late_min``: how many minutes ago it should have been
    given first; ``last``: put off once more it would come in quiet hours. `ReminderAnswered` tells what became of it.
    """

    at_s: float
    id: int
    clock: str
    ritual: str | None = None
    what: str | None = None
    put_off: int = 0
    late_min: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class DeviceLost:
    at_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceBack:
    at_s: float


@dataclass(frozen=True, slots=True)
class HardToHear:
    """What was said to Evensong for a while came in badly: clipped, faint, or hardly above the noise."""

    at_s: float
    trouble: Literal["too_loud", "too_quiet", "too_noisy"]


@dataclass(frozen=True, slots=True)
class Failed:
    """A stage could not do its work; the evening goes on without it where it can."""

    at_s: float
    stage: str
    message: str


@dataclass(frozen=True, slots=True)
class StopRequested:
    """Ctrl-C, SIGTERM, or the end of a recording: put everything down cleanly."""

    at_s: float


@dataclass(frozen=True, slots=True)
class UnmuteRequested:
    """A hand asks for open ears: they were closed by "mute"."""

    at_s: float


Event = (
    WakeHeard
    | SpeechStarted
    | PartialHeard
    | UtteranceHeard
    | Silence
    | VoiceActivity
    | PlaybackFinished
    | TimerFired
    | Learned
    | Interrupted
    | FloorKept
    | ReminderDue
    | DeviceLost
    | DeviceBack
    | HardToHear
    | Failed
    | StopRequested
    | UnmuteRequested
)
