"""What was heard and what it means; and what the ears are told to expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal


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
