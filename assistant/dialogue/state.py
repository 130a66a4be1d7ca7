"""What the dialogue remembers between two events: small, frozen, and the same after a trip through JSON.

No answers to a ritual's questions are in it; those go to the journal at once. (What is to be compared with what was
told is in it for a while, and is never saved.) So a state can be saved after each step,
and a crash or a power cut resumes where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from assistant.errors import IntentsError
from assistant.events import Choice, SlotKind, Way

READS = "recalling"  # the errand that reads answers aloud

Phase = Literal[
    "asleep",  # waits for the wake phrase
    "command",  # awake: what shall we do?
    "as_before",  # "Ana and Ben, as before?"
    "names",  # "Who is here tonight?"
    "go_on",  # an unfinished ritual: "shall we go on?"
    "ritual",  # at a step of the session
    "paused",  # the session waits for "resume"
    "muted",  # hears nothing at all, for a time or until a hand
    "errand",  # something small between rituals, or in the middle of one
]
Then = Literal[
    "",  # all has been said; the ears open as asked
    "next",  # go to the next step when this has been said
    "continue",  # take up what a command interrupted
]
SlotValue = str | int | float


@dataclass(frozen=True, slots=True)
class Given:
    """That a question has been answered, and how a closed one was: never what was said, except a name.

    ``stop`` and ``item`` are the place in the ritual, ``kept`` whether the journal holds the answer. A card that was
    drawn stands here too, with its number in the deck. ``names_day``: it was a day, which "no, Saturday" puts right.
    """

    stop: int
    item: int = 0
    kept: bool = False
    value: SlotValue | None = None
    names_day: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of a turn, or of a story that was told, at ``stop``: numbers alone.

    ``way`` is how it was told who spoke ("" where there were no ears); ``held_s`` how long the floor was held,
    ``talk_s`` how much of it was speech, ``silence_s`` the longest silence; ``broken`` how often somebody talked into
    it; ``points`` it had, and ``back`` of them came back.
    """

    stop: int
    way: Way | Literal[""] = ""
    held_s: float = 0.0
    talk_s: float = 0.0
    silence_s: float = 0.0
    broken: int = 0
    points: int = 0
    back: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """One ritual under way. ``at`` is the stop of the unrolled ritual, ``item`` which answer of it comes next."""

    ritual: str
    edition: int  # tells whether the file has changed since
    people: tuple[str, ...] = ()  # in the order of turns; empty: one person, not named
    gone: tuple[str, ...] = ()  # who has left since
    circle: int = 1  # how far along the circle "the other" stands
    at: int = -1
    item: int = 0
    given: tuple[Given, ...] = ()
    slots: Mapping[str, SlotValue] = field(default_factory=dict)  # said along with the starting phrase
    so_far: str = ""  # the words of half a time that the answer may complete
    unopened: bool = False  # begun off the record: the journal knows nothing of it
    breath: int = 0  # phases of a breathing exercise, or pieces of a story, that are over
    since_s: float | None = None  # when the silence that is running began
    left_s: float | None = None  # what was left of it then
    tallies: tuple[Tally, ...] = ()
    broken_s: float | None = None  # when the last interruption began
    slips: int = 0  # how many slips were named


@dataclass(frozen=True, slots=True)
class Starting:
    """A ritual that was asked for while it is being found out who takes part."""

    ritual: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    named: tuple[str, ...] = ()  # who was named so far, when they were too few
    own: bool = False  # whoever speaks takes part, too, and is asked for the name


@dataclass(frozen=True, slots=True)
class Errand:
    """Something small that takes a question or two: which, how far it is, and what is known of it so far.

    ``facts`` hold plain JSON values, such as the time of a reminder that is being set; they go with the errand.
    """

    name: str
    stage: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    awaits: SlotKind = "yes_no"
    choices: tuple[Choice, ...] = ()
    so_far: str = ""  # the words of a time that the answer may put right
    asked_before: str = ""  # the ritual's prompt that it interrupted


@dataclass(frozen=True, slots=True)
class State:
    """Everything between two events."""

    seed: int
    people: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()  # of the people: those who are here for one evening only
    known: tuple[str, ...] = ()  # everybody who ever took part
    settled: bool = False  # who takes part need not be asked (configured, or said this evening)
    configured: bool = False
    began: str | None = None  # who had the first turn in the last shared session
    circle: int = 1
    used: Mapping[str, int] = field(default_factory=dict)  # how often each set of variants has been drawn from
    phase: Phase = "asleep"
    session: Session | None = None
    starting: Starting | None = None
    errand: Errand | None = None
    tries: int = 0  # rungs of the present question's ladder that are climbed
    speaking: bool = False
    hushed: Literal["", "take", "drop"] = ""  # what to do with the report of what was cut, which is still to come
    then: Then = ""
    spoken: str = ""  # the last prompt, for "say that again"
    unsaid: str = ""  # what a command cut off
    lost: bool = False  # the device is gone
    words: Mapping[str, str] = field(default_factory=dict)  # what is to be compared, by stop; never saved
    reads: bool = False  # what is being said are answers from the journal
    off_record: bool = False  # nothing is kept until somebody says otherwise
    hard_to_hear: str = ""  # how what is said comes in badly, until the people were told; never saved
    advised: bool = False  # they were told this evening; never saved
    gentle: bool = False  # until the evening is over nothing is begun that takes two; never saved


def initial(people: tuple[str, ...], seed: int) -> State:
    """A first evening. ``people`` are names used without asking; empty: it asks."""
    return State(seed=seed, people=people, settled=bool(people), configured=bool(people))


def with_people(state: State, people: tuple[str, ...]) -> State:
    """``state`` with the names that are configured now; a session under way keeps its people."""
    if people == state.people and state.configured == bool(people):
        return state
    if not people and not state.configured:
        return state
    return replace(state, people=people, settled=bool(people), configured=bool(people), began=None)


def with_known(state: State, names: tuple[str, ...]) -> State:
    """``state`` with the names of everybody who ever took part."""
    return replace(state, known=names)


_STATE = TypeAdapter(State)


def state_to_json(state: State) -> str:
    return _STATE.dump_json(_without_traces(state), exclude_defaults=True).decode()


def _without_traces(state: State) -> State:
    """``state`` as it may be saved: no words, nothing that tells of a pause for somebody's safety, and nothing that was
    read from the journal when it was interrupted."""
    if state.session is None or state.reads or (state.errand is not None and state.errand.name == READS):
        state = replace(state, unsaid="")
    used = {key: count for key, count in state.used.items() if not key.startswith("safety.")}
    return replace(state, used=used, words={}, gentle=False, hard_to_hear="", advised=False)


def state_from_json(text: str) -> State:
    """The state that `state_to_json` wrote. Raises IntentsError when it is not one."""
    try:
        return _STATE.validate_json(text)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise IntentsError(
            f"the saved state cannot be read ({where}: {problem['msg']}); delete it to begin anew."
        ) from None
