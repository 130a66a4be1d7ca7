"""The one loop: sound comes in, events go to dialogue, and the effects that it asks for are performed.

    microphone -> hearing -> understanding -> dialogue -> speaking -> loudspeaker

`Evening` takes a chunk from the device, lets hearing turn it into events, understanding give utterances a
meaning, dialogue answer with effects, and performs these. The parts are built in app.py.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import config
from assistant.audio.device import Device
from assistant.audio.earcons import earcon
from assistant.errors import IntentsError, JournalError, SpeakingError
from assistant.evening import freed_memory
from assistant.evening.discretion import shown, told
from assistant.evening.floor_keeping import FloorKeeping
from assistant.evening.observing import Notice, Observer, Speaking
from assistant.evening.open_ears import OpenEars
from assistant.evening.over_voice import OverVoice
from assistant.evening.voice_learning import VoiceLearning
from assistant.events import (
    Adjust,
    AudioChunk,
    CancelTimer,
    Effect,
    Event,
    Expectation,
    Failed,
    FreeFloor,
    HearVoice,
    Hush,
    Hypothesis,
    KeepFloor,
    Learned,
    LearnVoice,
    Listen,
    ListenMode,
    Meaning,
    PartialHeard,
    Play,
    PlaybackFinished,
    Quit,
    Say,
    StartTimer,
    StopRequested,
    TellVoice,
    TimerFired,
    UnmuteRequested,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.hearing.echo.own_words import OwnWords
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.recogniser import Recogniser
from assistant.speaking import Speaker
from assistant.speaking.speech_queue import SpeechQueue

if TYPE_CHECKING:  # its phrases take longest to import; `listen` reads them while it already waits to be woken
    from assistant.conversation.conversation import Conversation

CALENDAR_LOOK_S = 10.0  # so often the conversation is asked whether a reminder is due
BY_HAND = "(by hand)"  # in the place of the wake phrase


class Evening:
    """The one loop, from the first chunk to the last.

    ``device`` gives microphone chunks and takes clips; ``observers`` are told of every event and effect.
    ``conversation`` may still be loading: then it is a function that gives None until it is there. What is heard
    meanwhile (the wake phrase, at most) waits for it.
    """

    def __init__(
        self,
        device: Device,
        hearing: Hearing,
        recogniser: Recogniser,
        conversation: Conversation | Callable[[], Conversation | None],
        speaker: Speaker,
        settings: config.Settings,
        floors: FloorKeeping,
        voices: VoiceLearning,
        observers: Sequence[Observer] = (),
    ) -> None:
        self._floors = floors
        self._voices = voices
        self._device = device
        self._hearing = hearing
        self._loaded = conversation if callable(conversation) else lambda: conversation
        self._ready: Conversation | None = None
        self._early: list[Event] = []
        self._observers = observers
        self._earcons = settings.audio.earcons
        self._at_night = (settings.speech.night_volume, settings.speech.night_rate)
        self._own_words = OwnWords()
        self._over_voice = OverVoice(hearing, self._own_words)
        self._ears = OpenEars(hearing, recogniser, self._over_voice)
        self._speech = SpeechQueue(
            speaker,
            device,
            volume=settings.speech.volume,
            rate=settings.speech.rate,
            started=self._speaks,
            ended=self._own_words.ended,
            may_be_kept=self._says_nothing_of_anybody,
            thinking=earcon("thinking") if settings.audio.earcons else None,
        )
        self._timers: dict[str, float] = {}
        self._now_s = 0.0
        self._remind_at_s = 0.0
        self._ended_by: int | None = None
        self._unmute = False
        self._ended = False

    def run(self) -> None:
        """Until the device ends, `stop` is called or dialogue asks to quit."""
        self._hearing.open(Order(ListenMode.WAKE))
        self._start()
        for item in self._device.chunks():
            if self._ended_by is not None:
                break
            if isinstance(item, AudioChunk):
                self._take(item)
            elif isinstance(item, PlaybackFinished):
                self._speech.clip_finished(self._now_s)
            elif self._ready is None:
                self._early.append(item)
            else:
                self._dispatch(item)
            if self._ended:
                break
        if self._ready is not None:
            self._dispatch(StopRequested(self._now_s))

    def stop(self, signal_number: int = signal.SIGINT) -> None:
        """End the evening at the next chunk; safe to call from a signal handler."""
        self._ended_by = signal_number
        self._device.close()

    def unmute(self) -> None:
        """A hand asks for open ears; it is done at the next chunk."""
        self._unmute = True

    def begin_ritual(self, ritual: str, title: str) -> bool:
        """A hand asks for ``ritual`` (id): as if it had been asked for aloud. False: somebody is being talked to.

        Only between two chunks, in the evening's own thread: from an observer's `chunk`.
        """
        if self._ready is None or not self._ready.is_free:
            return False
        self._dispatch(WakeHeard(self._now_s, BY_HAND))
        heard = Utterance((Hypothesis(title),), self._now_s, self._now_s, self._now_s)
        asked = UtteranceHeard(self._now_s, heard, Meaning(title, f"start_{ritual}", score=1.0))
        self._notice(asked)
        self._perform(self._step(asked))
        return True

    @property
    def conversation(self) -> Conversation | None:
        """None while it is still loading."""
        return self._ready

    def known_voices(self) -> Mapping[str, tuple[float, ...]]:
        """The voice prints that are kept; none while the conversation is still loading."""
        return self._ready.voices() if self._ready is not None else {}

    @property
    def expecting(self) -> Expectation:
        """What the ears are open for now."""
        return self._ears.expecting

    @property
    def echo_loss_db(self) -> float | None:
        """How much of its own echo was taken away lately; None: not measured."""
        return self._hearing.echo_loss_db

    def raise_if_interrupted(self) -> None:
        """For evenings that were to come to their own end: leave as a program does that a signal has ended."""
        if self._ended_by is not None:
            raise SystemExit(128 + self._ended_by)

    @property
    def _conversation(self) -> Conversation:
        assert self._ready is not None, "nothing is dispatched before the conversation is there"
        return self._ready

    def _says_nothing_of_anybody(self, text: str) -> bool:
        return self._conversation.is_fixed(text)

    def _start(self) -> None:
        """Begin the conversation if it is there by now, with what was heard before."""
        self._ready = self._loaded()
        if self._ready is not None:
            freed_memory.give_back()
            self._perform(self._ready.begin())
            early, self._early = self._early, []
            for event in early:
                self._dispatch(event)

    # --- what comes in ---------------------------------------------------------------------------------

    def _take(self, chunk: AudioChunk) -> None:
        self._now_s = chunk.end_s
        for observer in self._observers:
            observer.chunk(chunk)
        if self._hearing.watch is not None:
            self._hearing.watch.sounding = self._speech.words_sound
        events = self._hearing.hear(chunk)
        if self._ready is None:
            self._early += events
            self._start()
            return
        for event in events:
            self._dispatch(event)
        if self._unmute:
            self._unmute = False
            self._dispatch(UnmuteRequested(self._now_s))
        self._remind()
        due = [name for name, at_s in self._timers.items() if at_s <= self._now_s]
        for name in due:
            # An earlier timer's effects may have cancelled this one.
            if self._timers.pop(name, None) is not None:
                self._dispatch(TimerFired(self._now_s, name))
        self._pump()

    def _remind(self) -> None:
        """The calendar is looked at when so much audio has gone by."""
        if self._now_s >= self._remind_at_s:
            self._remind_at_s = self._now_s + CALENDAR_LOOK_S
            self._speech.calm(*(self._at_night if self._conversation.is_quiet_hour() else (1.0, 1.0)))
            reminder = self._conversation.due_reminder(self._now_s)
            if reminder is not None:
                self._dispatch(reminder)
            try:
                self._conversation.keep_up()
            except JournalError as error:
                self._notice(Failed(self._now_s, "memory", str(error)))
            freed_memory.give_back()

    def _pump(self) -> None:
        try:
            all_heard = self._speech.pump(self._now_s)
        except SpeakingError as error:
            self._dispatch(Failed(self._now_s, "speaking", str(error)))
            return
        if all_heard:
            self._dispatch(PlaybackFinished(self._now_s))
            if not self._speech.busy:
                self._ears.open_as_asked(self._conversation)

    def _dispatch(self, event: Event) -> None:
        if isinstance(event, UtteranceHeard):
            utterance = self._own_words.without(event.utterance)
            if utterance is None:
                return
            self._voices.last_heard = utterance
            event = self._understood(replace(event, utterance=utterance))
            meaning = event.meaning
            if meaning is not None and meaning.safety is not None:
                self._notice(PartialHeard(event.at_s, ""))  # those who watch forget it, and are told nothing
                self._perform(self._step(event))
                return
            if self._ears.expecting.mode is ListenMode.BARGE_IN and not self._over_voice.is_wished(event):
                return  # talk over the voice, or an echo
        self._notice(told(event, apart=self._conversation.is_apart()))
        self._perform(self._step(event))

    def _step(self, event: Event) -> tuple[Effect, ...]:
        try:
            return self._conversation.step(event)
        except JournalError as error:  # nobody looks at a screen in bed, so they are told aloud
            self._notice(Failed(self._now_s, "memory", str(error)))
            return self._conversation.cannot_keep(self._now_s)

    def _understood(self, event: UtteranceHeard) -> UtteranceHeard:
        try:
            return self._conversation.understood(event, self._ears.expecting)
        except IntentsError as error:  # a second opinion that could not be made ready says so once; it goes without
            self._notice(Failed(self._now_s, "understanding", str(error)))
            return self._conversation.understood(event, self._ears.expecting)

    # --- what goes out ---------------------------------------------------------------------------------

    def _perform(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            self._notice(shown(effect))
            self._perform_one(effect)
        if self._speech.busy and not self._speech.wordless:
            self._open_ears_over_voice()
        else:
            self._ears.open_as_asked(self._conversation)
        if effects:
            for text in self._conversation.upcoming():
                self._speech.prepare(text)

    def _perform_one(self, effect: Effect) -> None:
        match effect:
            case Say(text, pause_after_s, softly):
                self._speech.say(text, pause_after_s, softly=softly)
            case Play("interruption"):
                self._speech.interject(earcon("interruption"), self._now_s)
            case Play(name):
                if self._earcons:
                    self._speech.earcon(earcon(name))
            case KeepFloor():
                self._floors.keep(effect, self._conversation.voices())
            case FreeFloor():
                kept = self._floors.free(self._now_s)
                if kept is not None:
                    self._dispatch(kept)
            case HearVoice():
                self._dispatch(Learned(self._now_s, "voice", {"ready": self._voices.begin()}))
            case LearnVoice(person):
                self._learn_voice(person)
            case TellVoice():
                self._dispatch(Learned(self._now_s, "whose_voice", self._voices.whose(self._conversation.voices())))
            case Hush():
                unsaid = self._speech.cut(self._now_s)
                # Always reported, also when nothing was left to cut: dialogue waits for it.
                self._perform(self._step(PlaybackFinished(self._now_s, unsaid)))
            case Listen():
                self._ears.ask(effect)
            case StartTimer(name, seconds):
                self._timers[name] = self._now_s + seconds
            case CancelTimer(name):
                self._timers.pop(name, None)
            case Adjust(volume, rate):
                self._speech.adjust(volume, rate)
            case Quit():
                self._ended = True

    def _learn_voice(self, person: str) -> None:
        try:
            facts = self._voices.learn(person, self._conversation.voices(), self._conversation.keep_voice)
        except JournalError as error:
            self._notice(Failed(self._now_s, "memory", str(error)))
            self._perform(self._conversation.cannot_keep(self._now_s))
            return
        self._dispatch(Learned(self._now_s, "voice", facts))

    def _speaks(self, at_s: float, text: str) -> None:
        self._own_words.started(at_s, text)
        self._notice(Speaking(at_s, text))
        if text and self._ears.expecting.mode is ListenMode.BARGE_IN:
            self._open_ears_over_voice()  # its echo may be known by now

    def _open_ears_over_voice(self) -> None:
        if trouble := self._over_voice.take_failure():
            self._notice(Failed(self._now_s, "hearing", trouble))
        self._ears.open_over_voice(self._conversation)

    def _notice(self, what: Notice) -> None:
        for observer in self._observers:
            observer.notice(self._now_s, what)
