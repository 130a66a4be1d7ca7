"""The value types that travel along the way of the sound.

What can happen (`Event`), what can be asked for (`Effect`), and what the stages hand each other
(`AudioChunk -> Utterance -> Meaning -> Effect -> AudioClip`). All are frozen. Times named ``at_s`` are
seconds on the audio clock: the length of all microphone audio since the start, never a wall clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
CHUNK_SAMPLES = 320
CHUNK_S = CHUNK_SAMPLES / SAMPLE_RATE_HZ

Samples = NDArray[np.int16]


# --- sound -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """20 ms from the microphone: ``samples`` is int16, shape (320,), mono, 16 kHz; ``start_s`` on the audio clock.

    ``reference`` (as ``samples``) is what the loudspeaker played meanwhile, as far as the device knows, so that its
    echo can be cancelled: never later than that echo, and at most some 150 ms earlier. None: nothing, or unknown.
    ``sides``, shape (320, 2), are the left and the right channel where people have a microphone each.
    """

    samples: Samples
    start_s: float
    reference: Samples | None = None
    sides: Samples | None = None

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.samples) / SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True, eq=False)
class AudioClip:
    """Sound to be played: int16, shape (n,), mono, at ``rate_hz``; ``text`` is what it says ("" for an earcon)."""

    samples: Samples
    rate_hz: int
    text: str = ""

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate_hz


# --- what was heard ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word with its place on the audio clock."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading of an utterance: lower-case words; ``score`` is the recogniser's (higher is better, no unit)."""

    text: str
    score: float = 0.0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech: hypotheses best first (at least one), from first to last speech on the audio clock.

    ``decided_s`` is when the endpointer decided that it was over (>= ``end_s``). Up to ``own_until_s`` it was
    Evensong's own voice that was heard, and nearly nothing else (None: other sounds were heard all the time).
    """

    hypotheses: tuple[Hypothesis, ...]
    start_s: float = 0.0
    end_s: float = 0.0
    decided_s: float = 0.0
    own_until_s: float | None = None

    @property
    def text(self) -> str:
        return self.hypotheses[0].text if self.hypotheses else ""


# --- what was meant ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an utterance means.

    ``intent`` is an intent id, or None when no intent was accepted (an answer, or a no-match). ``slots``
    holds plain values (str, int, float, list, dict). ``score`` is 0..1, ``margin`` the distance to the best
    reading that means something else. ``template`` is the sentence template that matched. ``proposed`` is
    true when the intent was found by meaning, not by a template; ``unsure`` when it must be asked for before
    anything is done. ``text`` is the hypothesis it rests on.
    """

    text: str
    intent: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    score: float = 0.0
    margin: float = 0.0
    runner_up: str | None = None
    template: str | None = None
    proposed: bool = False
    unsure: bool = False
    safety: str | None = None


class ListenMode(Enum):
    """What the ears are told to expect."""

    WAKE = "wake"  # the wake phrase only
    COMMAND = "command"  # what is possible now
    CHOICE = "choice"  # the few answers of this question, and commands
    ANSWER = "answer"  # free speech, patient; commands only as whole utterances
    BARGE_IN = "barge_in"  # commands while Evensong itself speaks
    OFF = "off"


SlotKind = Literal["free", "rating", "number", "choice", "yes_no", "names", "word", "duration", "when", "topic"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a closed question: its id and the ways to say it, as sentence templates."""

    id: str
    templates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What may be meant now: the intents that are allowed and the answer that the question waits for.

    The same expectation makes the recogniser's grammar and narrows the matching. ``intents`` are intent ids.
    ``slot`` is the kind of answer (None: commands only); ``choices`` its answers when the slot is "choice";
    ``low``..``high`` the range of a rating or number. ``people`` are the names of those who take part, ``known`` of all
    who ever did: a name that sounds like one of them is theirs. ``so_far`` are the words that said when before, where
    the answer may put a part of them right (slot "when"). ``or_words``: other words than the answer are one too.
    """

    mode: ListenMode
    intents: tuple[str, ...] = ()
    slot: SlotKind | None = None
    choices: tuple[Choice, ...] = ()
    low: int = 1
    high: int = 10
    people: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    so_far: str = ""
    or_words: bool = False


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


# --- events: what can happen -------------------------------------------------------------------------


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


# --- effects: what can be asked for ------------------------------------------------------------------

Earcon = Literal["woken", "heard", "bell", "tick", "interruption", "goodbye", "thinking", "reminder"]
EndpointName = Literal["command", "choice", "short", "turn", "answer", "reflection", "offer"]


@dataclass(frozen=True, slots=True)
class Say:
    """Speak ``text`` after all that was asked before it, then stay silent for ``pause_after_s``.

    ``softly``: with half the loudness, where nobody has asked for anything.
    """

    text: str
    pause_after_s: float = 0.0
    softly: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    earcon: Earcon


@dataclass(frozen=True, slots=True)
class Hush:
    """Cut what is being said, at once, and drop what is waiting. Comes back as PlaybackFinished with ``unsaid``."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Open the ears for ``expectation`` as soon as all that was asked to be said has been said.

    ``endpoint`` names the endpointing profile (how patient). ``no_input_s`` seconds without speech come back
    as `Silence`; None: wait for ever.
    """

    expectation: Expectation
    endpoint: EndpointName = "command"
    no_input_s: float | None = None


@dataclass(frozen=True, slots=True)
class StartTimer:
    """`TimerFired` comes back after ``seconds`` of audio; a timer of the same name is replaced."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CancelTimer:
    name: str


@dataclass(frozen=True, slots=True)
class KeepFloor:
    """From now on `Interrupted` tells when one of ``others`` talks while ``holder`` has the floor.

    ``holder`` None is Evensong itself, and then whoever speaks interrupts; "" is somebody without a name. ``key``
    comes back with `FloorKept`.
    """

    key: str
    holder: str | None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FreeFloor:
    """The floor is nobody's any more; `FloorKept` comes back, where there are ears."""


@dataclass(frozen=True, slots=True)
class Adjust:
    """Speak louder or quieter, slower or faster, by steps (positive: louder, faster)."""

    volume: int = 0
    rate: int = 0


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A ritual begins: what follows is recorded under it."""

    ritual: str
    people: tuple[str, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Record:
    """Keep an answer in the open session, now. ``key`` is the step's; ``text`` and ``number`` the answer.

    ``about`` is the person it was said to or about, when that is another than ``person``.
    """

    key: str
    person: str | None = None
    text: str | None = None
    number: float | None = None
    about: str | None = None
    closed: bool = False  # given apart: nobody can read it until everybody wants it opened


@dataclass(frozen=True, slots=True)
class RecordApart:
    """Keep ``text`` closed, as what ``person`` answers later to the question ``key`` of an earlier session (its id)."""

    session: int
    key: str
    person: str
    text: str


@dataclass(frozen=True, slots=True)
class AgreeToOpen:
    """``willing`` want the closed answers to ``key`` opened, ``unwilling`` do not; opened when nobody is missing.

    ``session`` is an id; None: the session that is open.
    """

    key: str
    session: int | None = None
    willing: tuple[str, ...] = ()
    unwilling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scratch:
    """Really remove the last recorded answer of the open session."""


@dataclass(frozen=True, slots=True)
class Rename:
    """A name was got wrong: what the open session keeps under ``old`` belongs to ``new``."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Inquire:
    """Ask memory; the answer comes back at once, as `Learned`. ``about`` narrows the question."""

    topic: Topic
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadeStep:
    """A step of a ritual made by voice: ``text`` to be said or asked, or ``seconds`` of silence."""

    kind: Literal["say", "ask", "silence"]
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class KeepRitual:
    """Keep a ritual of the household's own; how it went comes back as `Learned`. ``each``: its questions go round."""

    name: str
    steps: tuple[MadeStep, ...]
    each: bool = False


@dataclass(frozen=True, slots=True)
class DropRitual:
    """Remove a ritual of the household's own; how it went comes back as `Learned`."""

    ritual: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Really remove the last answer that was ever kept, all that was, or "some": that which ``about`` asks for.

    "closed": the closed answers to ``about["key"]`` of ``about["session"]``. "everything" can be brought back for a
    day, unless ``about["now"]``.
    """

    what: Literal["last_entry", "everything", "some", "closed"]
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BringBack:
    """Put everything that was deleted within the last day back into the journal."""


@dataclass(frozen=True, slots=True)
class HearVoice:
    """What is said from now on is heard for its voice. `Learned` of "voice" tells whether that is possible (ready)."""


@dataclass(frozen=True, slots=True)
class LearnVoice:
    """Keep the voice print of what was heard since `HearVoice` as ``person``'s; `Learned` of "voice" tells how it went.

    Its facts: ``kept``, and when it is not, ``reason`` (too_short, too_quiet, too_loud, too_noisy, not_one_voice).
    """

    person: str


@dataclass(frozen=True, slots=True)
class TellVoice:
    """Whose voice said what was heard last? `Learned` of "whose_voice" tells.

    Its facts: ``told`` (known, stranger, unsure) and ``person``, where it is known; None where voices are not told.
    """


@dataclass(frozen=True, slots=True)
class ForgetVoice:
    """Really remove the voice print of ``person``."""

    person: str


@dataclass(frozen=True, slots=True)
class Remind:
    """Keep a reminder: ``when`` is the slot of that name (docs/contracts.md), of ``ritual`` (an id) or ``what``."""

    when: Mapping[str, str]
    ritual: str | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Unremind:
    """Take back the reminder of ``what`` that was set last: another answer was given, or none after all."""

    what: str


@dataclass(frozen=True, slots=True)
class MoveReminder:
    """Give the reminder ``id`` another time."""

    id: int
    when: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CancelReminders:
    """Really remove the reminders ``ids``."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReminderAnswered:
    """The reminder ``id`` was given, and is over for its time; or it is to come again after ``again_min`` minutes."""

    id: int
    again_min: int | None = None


@dataclass(frozen=True, slots=True)
class CloseSession:
    """The open session is over."""

    outcome: Literal["finished", "stopped"]


@dataclass(frozen=True, slots=True)
class Quit:
    """End the program cleanly."""


Effect = (
    Say
    | Play
    | Hush
    | Listen
    | StartTimer
    | CancelTimer
    | KeepFloor
    | FreeFloor
    | Adjust
    | OpenSession
    | Record
    | RecordApart
    | AgreeToOpen
    | BringBack
    | Scratch
    | Rename
    | Inquire
    | HearVoice
    | LearnVoice
    | TellVoice
    | ForgetVoice
    | Forget
    | KeepRitual
    | DropRitual
    | Remind
    | MoveReminder
    | Unremind
    | CancelReminders
    | ReminderAnswered
    | CloseSession
    | Quit
)
