"""The same conversation, typed: for a quiet room, for trying a ritual, and for the conversation tests.

Typed lines are utterances, what Evensong says is printed. There is no sound, so silences and breaths pass at
once: whenever the ritual waits only for time, time is given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.conversation.conversation import Conversation
from assistant.errors import JournalError
from assistant.events import (
    CancelTimer,
    Effect,
    Event,
    Expectation,
    HearVoice,
    Hush,
    Hypothesis,
    Learned,
    Listen,
    ListenMode,
    Play,
    PlaybackFinished,
    Quit,
    Say,
    StartTimer,
    StopRequested,
    TellVoice,
    TimerFired,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)

# While one of these is running and no answer is asked for, the ritual only waits: nobody has to type.
WAITING_MODES = (ListenMode.COMMAND, ListenMode.OFF)


class TypedEvening:
    """Runs ``conversation`` on lines of text; ``write`` prints what is said."""

    def __init__(self, conversation: Conversation, wake_phrase: str, write: Callable[[str], None]) -> None:
        self._conversation = conversation
        self._wake_phrase = wake_phrase
        self._write = write
        self._listen = Listen(Expectation(ListenMode.OFF))
        self._timers: dict[str, float] = {}
        self._now_s = 0.0
        self._ended = False

    def run(self, lines: Iterable[str]) -> None:
        """Until the lines end (then everything is put down, to be gone on with) or dialogue quits."""
        self.begin()
        for line in lines:
            if self._ended:
                return
            self.hear(line)
        self.end()

    def begin(self) -> None:
        """Once, before the first line."""
        self._perform(self._conversation.begin())
        self._let_time_pass()
        self._remind()

    def hear(self, line: str) -> None:
        """Take one line; what is said to it has been written when this returns. An empty one lets reminders come."""
        text = line.strip()
        if text:
            self._hear(text)
            self._let_time_pass()
        self._remind()

    def end(self) -> None:
        """Put everything down; what is unfinished can be gone on with."""
        self._dispatch(StopRequested(self._now_s))

    def _hear(self, text: str) -> None:
        if self._listen.expectation.mode is ListenMode.WAKE:
            # Typing is attention enough; the wake phrase may be typed, too, and is then not part of the command.
            self._dispatch(WakeHeard(self._now_s, self._wake_phrase))
            text = _without(text, self._wake_phrase)
            if not text:
                return
        utterance = Utterance((Hypothesis(text),), self._now_s, self._now_s, self._now_s)
        self._dispatch(self._conversation.understood(UtteranceHeard(self._now_s, utterance), self._listen.expectation))

    def _remind(self) -> None:
        """Reminders come between two lines (an empty one will do): a program that waits for a line sees no clock."""
        reminder = self._conversation.due_reminder(self._now_s)
        if reminder is not None:
            self._dispatch(reminder)

    def _let_time_pass(self) -> None:
        while self._timers and self._listen.expectation.mode in WAITING_MODES and not self._ended:
            if self._listen.no_input_s is not None:
                return
            name = min(self._timers, key=self._timers.__getitem__)
            self._now_s = max(self._now_s, self._timers.pop(name))
            self._dispatch(TimerFired(self._now_s, name))

    def _dispatch(self, event: Event) -> None:
        try:
            effects = self._conversation.step(event)
        except JournalError as error:
            self._write(f"({error})")
            effects = self._conversation.cannot_keep(self._now_s)
        self._perform(effects)

    def _perform(self, effects: Sequence[Effect]) -> None:
        spoke = False
        for effect in effects:
            match effect:
                case Say(text):
                    self._write(text)
                    spoke = True
                case Play("bell"):
                    self._write("(a bell)")
                    spoke = True
                case Play():
                    spoke = True
                case Hush():
                    self._dispatch(PlaybackFinished(self._now_s))
                case Listen():
                    self._listen = effect
                case StartTimer(name, seconds):
                    self._timers[name] = self._now_s + seconds
                case CancelTimer(name):
                    self._timers.pop(name, None)
                case HearVoice():
                    self._dispatch(Learned(self._now_s, "voice", None))  # there are no ears
                case TellVoice():
                    self._dispatch(Learned(self._now_s, "whose_voice", None))
                case Quit():
                    self._ended = True
        if spoke:
            self._dispatch(PlaybackFinished(self._now_s))


def _without(text: str, wake_phrase: str) -> str:
    if text.lower().startswith(wake_phrase):
        return text[len(wake_phrase) :].lstrip(" ,.!")
    return text
