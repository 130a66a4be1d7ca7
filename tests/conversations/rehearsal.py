"""A rehearsal: the real engine on typed text, its effects performed on lists, time made up.

Whatever is said takes as long as its words; timers fire when the clock reaches them; the state goes through
JSON after every single step, as it does when it is saved and read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant import config
from assistant.conversation.giving_back import GivingBack
from assistant.dialogue import Library, State, begin, state_from_json, state_to_json, step, upcoming
from assistant.events import (
    CancelTimer,
    CloseSession,
    Effect,
    Event,
    Expectation,
    Hush,
    Hypothesis,
    Inquire,
    Learned,
    Listen,
    ListenMode,
    Meaning,
    OpenSession,
    Play,
    PlaybackFinished,
    Quit,
    Record,
    Say,
    Scratch,
    Silence,
    StartTimer,
    TimerFired,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)

GIVING_BACK = GivingBack(config.shipped("intents") / "en")
WORD_S = 0.4
MOST_WORDS = 20
MOST_EVENTS = 2000
Understand = Callable[[str, Expectation], Meaning]


@dataclass(frozen=True)
class Spoken:
    """Something that was said: by Evensong (``who`` "evensong"), or by somebody in the room."""

    who: str
    text: str
    at_s: float


@dataclass
class Rehearsal:
    library: Library
    state: State
    understand: Understand
    commands: tuple[str, ...]
    now_s: float = 0.0
    transcript: list[Spoken] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)
    opened: list[OpenSession] = field(default_factory=list)
    outcome: str | None = None
    sounds: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    ended: bool = False
    queue: list[Say | Play] = field(default_factory=list)
    ears: Listen = field(default_factory=lambda: Listen(Expectation(ListenMode.OFF)))
    next_ears: Listen | None = None
    timers: dict[str, float] = field(default_factory=dict)
    memory: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what memory answers, by topic
    prepares: bool = False  # asks after each step what may be said next, as the app does
    events: int = 0
    within: int = 0  # steps whose effects are being performed

    def start(self) -> None:
        """The program begins."""
        self.state, effects = begin(self.state, self.library)
        self._perform(effects)

    def fork(self) -> Rehearsal:
        """The same evening, to be gone on with in another way."""
        lists = ("transcript", "kept", "opened", "sounds", "effects", "queue")
        return replace(self, timers=dict(self.timers), **{name: list(getattr(self, name)) for name in lists})

    def restart(self) -> None:
        """Killed without a warning, and begun again: nothing is left but the saved state."""
        self.queue.clear()
        self.timers.clear()
        self.next_ears = None
        self.now_s = 0.0
        self.state = state_from_json(state_to_json(self.state))
        self.start()

    # --- what people do --------------------------------------------------------------------------------

    def wake(self) -> None:
        self.listen_out()
        assert self.ears.expectation.mode is ListenMode.WAKE, "it is not asleep"
        self.dispatch(WakeHeard(self.now_s, "hey evensong"))

    def say(self, text: str) -> None:
        """Somebody waits until Evensong has said its piece, and speaks."""
        self.listen_out()
        assert self.ears.expectation.mode is not ListenMode.WAKE, f"it sleeps and cannot hear {text!r}"
        self._heard(text, self.ears.expectation)

    def say_over(self, text: str) -> None:
        """Somebody speaks while Evensong does; as in the app, talk that is no command is not passed on."""
        assert self.queue, f"nothing is being said that {text!r} could interrupt"
        self._heard(text, Expectation(ListenMode.BARGE_IN, self.commands))

    def keep_silent(self) -> None:
        """Nobody says anything until Evensong has waited long enough."""
        self.listen_out()
        waited_s = self.ears.no_input_s
        assert waited_s is not None, "it would wait for ever"
        self._pass_time(waited_s)
        self.dispatch(Silence(self.now_s, waited_s))

    def wait(self) -> None:
        """Nobody says anything through a silence, a breath or a turn, until Evensong waits for an answer, or sleeps."""
        self.listen_out()
        quiet = (ListenMode.COMMAND, ListenMode.ANSWER)
        while self.timers and self.ears.expectation.mode in quiet and self.ears.no_input_s is None:
            self._fire(min(self.timers, key=self.timers.__getitem__))
            self.listen_out()

    def pass_seconds(self, seconds: float) -> None:
        """Time goes by in silence."""
        self.listen_out()
        self._pass_time(seconds)

    def listen_out(self) -> None:
        """Let Evensong finish what it says, and all that follows from that without anybody's doing."""
        while self.queue:
            item = self.queue.pop(0)
            if isinstance(item, Say):
                self._pass_time(len(item.text.split()) * WORD_S + item.pause_after_s)
            if not self.queue:
                self.dispatch(PlaybackFinished(self.now_s))
        if self.next_ears is not None:
            self.ears, self.next_ears = self.next_ears, None

    # --- what is done with it --------------------------------------------------------------------------

    def dispatch(self, event: Event) -> None:
        self.events += 1
        assert self.events < MOST_EVENTS, "the evening does not end"
        self.state, effects = step(self.state, event, self.library)
        again = _remembered(self.state)
        assert again == self.state, "the state does not survive being saved"
        self.state = again
        self.within += 1
        self._perform(effects)
        self.within -= 1
        if not self.within:
            if self.prepares:
                upcoming(self.state, self.library)
            self.must_not_be_deaf()

    def must_not_be_deaf(self) -> None:
        ears = self.next_ears or self.ears
        hears = ears.expectation.mode is not ListenMode.OFF
        stuck = self.state.phase == "ritual" and self.state.then and not self.queue and not self.state.lost
        assert self.ended or not stuck, "it waits for the end of words that are not being said"
        assert hears or self.queue or self.timers or self.ended, "it waits for nothing and hears nothing"

    def _heard(self, text: str, expectation: Expectation) -> None:
        self.transcript.append(Spoken("you", text, self.now_s))
        meaning = self.understand(text, expectation)
        if expectation.mode is ListenMode.BARGE_IN and meaning.intent is None and meaning.safety is None:
            return
        utterance = Utterance((Hypothesis(text),), self.now_s, self.now_s, self.now_s)
        self.dispatch(UtteranceHeard(self.now_s, utterance, meaning))

    def _pass_time(self, seconds: float) -> None:
        until_s = self.now_s + seconds
        while due := [name for name, at_s in self.timers.items() if at_s <= until_s]:
            self._fire(min(due, key=self.timers.__getitem__))
        self.now_s = until_s

    def _fire(self, name: str) -> None:
        self.now_s = max(self.now_s, self.timers.pop(name))
        self.dispatch(TimerFired(self.now_s, name))

    def _perform(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            self.effects.append(effect)
            match effect:
                case Say(text):
                    check_sentences(text)
                    self.queue.append(effect)
                    self.transcript.append(Spoken("evensong", text, self.now_s))
                case Play(name):
                    self.queue.append(effect)
                    self.sounds.append(name)
                case Hush():
                    unsaid = " ".join(item.text for item in self.queue if isinstance(item, Say))
                    self.queue.clear()
                    self.dispatch(PlaybackFinished(self.now_s, unsaid))
                case Listen():
                    self.next_ears = effect
                case StartTimer(name, seconds):
                    self.timers[name] = self.now_s + seconds
                case CancelTimer(name):
                    self.timers.pop(name, None)
                case Record():
                    self.kept.append(effect)
                case Scratch():
                    self.kept.pop()
                case OpenSession():
                    assert self.outcome is not None or not self.opened, "a session is open already"
                    self.opened.append(effect)
                    self.outcome = None
                case CloseSession(outcome):
                    assert self.opened, "no session is open"
                    assert self.outcome is None, "the session is closed already"
                    self.outcome = outcome
                case Inquire("reflection", about):
                    self.dispatch(Learned(self.now_s, "reflection", GIVING_BACK.facts(about)))
                case Inquire(topic):
                    self.dispatch(Learned(self.now_s, topic, self.memory.get(topic)))
                case Quit():
                    self.ended = True
        if not self.queue and self.next_ears is not None:
            self.ears, self.next_ears = self.next_ears, None

    # --- what was said ---------------------------------------------------------------------------------

    def said_since(self, place: int) -> list[str]:
        return [one.text for one in self.transcript[place:] if one.who == "evensong"]

    def as_text(self) -> str:
        return "\n".join(f"{one.at_s:7.1f}  {one.who + ':':10} {one.text}" for one in self.transcript)


def _remembered(state: State) -> State:
    """``state`` after a trip through JSON, and what is never saved with it."""
    again = state_from_json(state_to_json(state))
    unsaved = {key: count for key, count in state.used.items() if key.startswith("safety.")}
    unsaid = state.unsaid if state.session is None else again.unsaid  # may be an answer that was being read
    return replace(again, used={**again.used, **unsaved}, gentle=state.gentle, words=state.words, unsaid=unsaid)


def check_sentences(text: str) -> None:
    """Everything that is spoken is short enough to be heard."""
    assert "{" not in text, f"a placeholder is left: {text!r}"
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        assert len(sentence.split()) <= MOST_WORDS, f"too long to be heard: {sentence!r}"
