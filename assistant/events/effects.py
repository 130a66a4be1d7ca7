"""What dialogue can ask for: each is an `Effect`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.events.happening import Topic
from assistant.events.speech import Expectation

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
class Join:
    """``person`` takes part in the open session from now on."""

    person: str


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

    Its facts: ``kept``, and when it is not, ``reason`` (too_short, too_quiet, too_loud, too_noisy, not_one_voice); when
    it is, ``alike``, the names of those whose voice is hard to tell from this one.
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
    | Join
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
