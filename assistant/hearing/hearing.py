"""The ears: microphone chunks in, events out, always told what to expect.

Everything is counted in samples, so the same sound gives the same events, whatever the machine's speed and the
chunks' length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from assistant.events import (
    SAMPLE_RATE_HZ,
    AudioChunk,
    Event,
    Hypothesis,
    ListenMode,
    PartialHeard,
    Samples,
    Silence,
    SpeechStarted,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.hearing.echo.canceller import EchoCanceller
from assistant.hearing.echo.own_sound import OwnSound
from assistant.hearing.endpoint import BARGE_IN, PROFILES, Endpointer, Profile
from assistant.hearing.listening_order import Order
from assistant.hearing.pauses import PauseHabit
from assistant.hearing.readings import Ears, decoder_for, heard_out, is_ghost
from assistant.hearing.recent_sound import RecentSound
from assistant.hearing.recogniser import Decoder
from assistant.hearing.speakers.floor_watch import Watch
from assistant.hearing.speech_level import SpeechLevel
from assistant.hearing.voice_activity import BLOCK_S, BLOCK_SAMPLES, VoiceActivityDetector
from assistant.hearing.wake.phrase import Spotter, WakePhrase

_PRE_ROLL_S = 0.8  # the network notices a voice in noise late; its first syllable must not be lost
_STARTED_S = 0.1  # of voice before it counts as speech
_STARTED_AFTER_WAKING_S = 0.25  # the end of the wake phrase itself is no speech
# Reading a partial walks back through the whole utterance: in a long answer, done at every block, it costs half as much
# as decoding. Vosk has something new five times a second; only the endpoint, in a pause, waits for it.
_PARTIAL_BLOCKS = 6
_WAKE_PAUSE_S = 0.6  # of silence after which looking for the wake phrase starts afresh
_WAKE_LONGEST_S = 20.0  # of talk without a pause before it starts afresh as well: a decoder's memory grows
_WAKE_OVERLAP_S = 2.5
_SPOKEN_TO = (ListenMode.COMMAND, ListenMode.CHOICE, ListenMode.ANSWER)
_AWAKE = (*_SPOKEN_TO, ListenMode.BARGE_IN)


class Hearing:
    """Hears by the `Order` it was given last; until the first it hears nothing.

    ``patience`` stretches every pause that is allowed. ``voice`` gives the probability of speech in a block of 512
    samples (default: Silero's network). ``echo`` takes what the loudspeaker plays out of the sound before all else;
    then everything is heard some 20 ms later. None: it is heard as it is.
    """

    def __init__(
        self,
        recogniser: Ears,
        wake: WakePhrase,
        *,
        patience: float = 1.0,
        voice: Callable[[Samples], float] | None = None,
        echo: EchoCanceller | None = None,
    ) -> None:
        self._recogniser = recogniser
        self._wake = wake
        self._patience = patience
        self._pauses = PauseHabit()
        self._voice = voice or VoiceActivityDetector()
        self._echo = echo
        self._order = Order(ListenMode.OFF)
        self._decoder: Decoder | None = None
        self._spotter: Spotter | None = None
        self._utterance: Endpointer | None = None  # the speech that is under way
        self._decided_s = 0.0  # up to here all has been heard and decided
        self._partial = ""
        self._looked = ""  # the one word that was found in a look at this pause, before partials tell it
        self._unread_blocks = 0
        self._started = False
        self._needed_s = _STARTED_S
        self._waiting_since_s = 0.0
        self._recent = RecentSound()
        self._rest: Samples = np.zeros(0, np.int16)
        self._heard_samples = 0
        self._first = True
        self._began_s = 0.0  # where the first chunk lay
        self._level = SpeechLevel()
        self._own_sound = OwnSound()
        self.watch: Watch | None = None  # while somebody has the floor, or a voice is being learned
        self.both_sides = False  # whether chunks hold the left and the right channel
        self.may_wake: Callable[[Samples], bool] | None = None  # by the sound of the phrase; None: everybody may

    @property
    def now_s(self) -> float:
        """The audio clock: everything up to here has been heard."""
        return self._heard_samples / SAMPLE_RATE_HZ

    @property
    def echo_loss_db(self) -> float | None:
        """How much of Evensong's own echo is taken away, as measured last; None: not measured."""
        return None if self._echo is None else self._echo.loss.loss_db

    @property
    def echo_fails(self) -> bool:
        """Whether its echo is hardly taken away, so that what is heard while it speaks may be its own voice."""
        return self._echo is not None and self._echo.loss.failing

    @property
    def learns_room(self) -> bool:
        """Whether too little of its own voice was heard yet to cancel it."""
        return self._echo is not None and self._echo.learning

    def sound_of(self, utterance: Utterance) -> Samples:
        """What of ``utterance`` is still remembered, shape (n,): the last seconds."""
        sound, sound_s = self._recent.since(utterance.start_s)
        return sound[: max(0, round((utterance.end_s - sound_s) * SAMPLE_RATE_HZ))]

    # --- orders ----------------------------------------------------------------------------------------

    def open(self, order: Order) -> None:
        """Listen for ``order`` from now on. Speech that is under way counts for it, from its beginning.

        Raises HearingError when the grammar holds a word that the recogniser does not know.
        """
        before, self._order = self._order, order
        self._waiting_since_s = self.now_s
        if order.mode is ListenMode.OFF:
            self._drop()
            return
        same = (before.mode, before.grammar, before.or_words) == (order.mode, order.grammar, order.or_words)
        if order.mode is ListenMode.WAKE:
            self.watch = None
            if not same:
                self._decoder = None
                self._spotter = self._wake.spotter()
                self._restart()
            return
        self._spotter = None
        if not same or self._decoder is None:
            self._decoder = decoder_for(order, self._recogniser, self._is_understood)
            self._restart()
        elif self._utterance is not None:
            self._utterance.change(_profile(order), order.is_complete, order.is_command)

    def _is_understood(self, hypotheses: Sequence[Hypothesis]) -> bool:
        return self._order.is_understood(hypotheses)  # of the latest order, for which the decoder may have been kept

    def _restart(self) -> None:
        """Hear the speech that is under way again, with other ears."""
        if self._utterance is None:
            return
        self._utterance.change(_profile(self._order), self._order.is_complete, self._order.is_command)
        self._begin_at(self._utterance, max(self._utterance.start_s, self.now_s - self._order.carry_s))
        self._feed_from(self._utterance.start_s)

    def _begin_at(self, utterance: Endpointer, start_s: float) -> None:
        utterance.restart(start_s, *self._recent.voice_since(start_s))
        self._partial = self._looked = ""
        self._unread_blocks = 0
        self._started = False

    def _feed_from(self, start_s: float) -> None:
        samples, first_s = self._recent.since(start_s)
        if self._decoder is not None:
            self._decoder.reset(first_s)
            self._decoder.accept(samples)
        elif self._spotter is not None:
            self._spotter.reset(first_s)
            self._spotter.accept(samples)

    def _drop(self) -> None:
        self._utterance = None
        self._decoder = None
        self._spotter = None

    # --- sound -----------------------------------------------------------------------------------------

    def hear(self, chunk: AudioChunk) -> list[Event]:
        """What happened up to the end of ``chunk`` (of any length)."""
        if self._first:
            self._first = False
            self._heard_samples = round(chunk.start_s * SAMPLE_RATE_HZ)
            self._began_s = self.now_s
        self.both_sides = chunk.sides is not None
        if self.watch is not None and chunk.sides is not None:
            self.watch.hear_sides(chunk.sides)
        new = chunk.samples if self._echo is None else self._echo.cancel(chunk.samples, chunk.reference)
        if self._order.mode in _AWAKE:
            self._own_sound.hear(new, chunk.reference, chunk.end_s)
        sound = np.concatenate([self._rest, new])
        whole = len(sound) - len(sound) % BLOCK_SAMPLES
        self._rest = sound[whole:]
        events: list[Event] = []
        for place in range(0, whole, BLOCK_SAMPLES):
            self._heard_samples += BLOCK_SAMPLES
            events += self._hear_block(sound[place : place + BLOCK_SAMPLES])
        return events

    def _hear_block(self, block: Samples) -> list[Event]:
        if self._order.mode is ListenMode.OFF:
            self._recent.add(block, self.now_s, 0.0)
            return []
        probability = self._voice(block)
        events = self._recent.add(block, self.now_s, probability)
        if self._order.mode in _SPOKEN_TO:
            trouble = self._level.add(block, self.now_s, voiced=self._recent.voiced)
            events += [trouble] if trouble is not None else []
        if self.watch is not None:
            events += self.watch.hear(block, probability, self.now_s)
        if self._utterance is None and self._recent.voiced:
            self._begin()
        elif self._utterance is not None:
            if self._decoder is not None:
                self._decoder.accept(block)
            elif self._spotter is not None:
                self._spotter.accept(block)
        if self._utterance is not None:
            events += self._spot(self._utterance) if self._spotter else self._follow(self._utterance)
        if self._utterance is None:
            events += self._wait()
        return events

    def _begin(self) -> None:
        start_s = max(self.now_s - BLOCK_S - _PRE_ROLL_S, self._recent.voice_before_s, self._decided_s)
        profile = _profile(self._order)
        habit = self._pauses.patience(profile) if self._order.mode is ListenMode.ANSWER else 1.0
        complete, command = self._order.is_complete, self._order.is_command
        self._utterance = Endpointer(profile, complete, command, start_s=start_s, patience=self._patience * habit)
        self._partial = self._looked = ""
        self._unread_blocks = 0
        self._started = False
        self._needed_s = _STARTED_S
        self._feed_from(start_s)

    def _spot(self, utterance: Endpointer) -> list[Event]:
        assert self._spotter is not None
        utterance.hear(self.now_s, BLOCK_S, voiced=self._recent.voiced, partial="")
        end_s = self._spotter.check(self.now_s, self.now_s - utterance.last_voice_s)
        if end_s is not None and not self._knows_who_said_it(self._spotter.start_s, end_s):
            self._begin_at(utterance, self.now_s)
            self._feed_from(self.now_s)
        elif end_s is not None:
            # What follows in the same breath is for the order that is given next.
            self._spotter = None
            self._begin_at(utterance, min(end_s, self.now_s))
            self._needed_s = _STARTED_AFTER_WAKING_S
            return [WakeHeard(self.now_s, self._wake.phrase)]
        if self.now_s - utterance.start_s >= _WAKE_LONGEST_S:
            self._begin_at(utterance, self.now_s - _WAKE_OVERLAP_S)
            self._feed_from(utterance.start_s)
        if self.now_s - utterance.last_voice_s >= _WAKE_PAUSE_S:
            self._utterance = None
        return []

    def _knows_who_said_it(self, start_s: float, end_s: float) -> bool:
        if self.may_wake is None:
            return True
        sound, sound_s = self._recent.since(start_s)
        return self.may_wake(sound[: round((end_s - sound_s) * SAMPLE_RATE_HZ)])

    def _follow(self, utterance: Endpointer) -> list[Event]:
        if self._decoder is None:
            utterance.hear(self.now_s, BLOCK_S, voiced=self._recent.voiced, partial="")
            return []
        events: list[Event] = []
        self._looked = "" if self._recent.voiced else self._looked
        partial = self._looked or self._read_partial(self._decoder, utterance)
        over = utterance.hear(self.now_s, BLOCK_S, voiced=self._recent.voiced, partial=partial)
        if not self._started and utterance.voiced_s >= self._needed_s:
            self._started = True
            events.append(SpeechStarted(self.now_s))
        if partial != self._partial:
            self._partial = partial
            events.append(PartialHeard(self.now_s, partial))
        if over:
            self._end()
            readings = heard_out(self._decoder, self._order, self._recogniser, self._recent, utterance.start_s)
            events += self._decide(utterance, readings)
        elif utterance.voiced_s >= self._needed_s and utterance.looks(self.now_s):
            events += self._look(utterance, self._decoder)
        return events

    def _end(self) -> None:
        """What sounds on is another utterance, and none of the words of this one are heard again in it."""
        self._utterance = None
        self._decided_s = self.now_s

    def _look(self, utterance: Endpointer, decoder: Decoder) -> list[Event]:
        """Decide now where one of the readings is a command; else what was said so far is heard again, and then on.

        One word alone may be the first of others, unless it is a command that nothing goes on from. Partials may come
        half a second late, so the endpointer is told of that word at once.
        """
        readings = decoder.finish()
        best = readings[0].text
        if self._order.is_understood(readings) if " " in best else self._order.is_complete(best):
            self._end()
            return self._decide(utterance, readings)
        self._looked = best if " " not in best else ""
        self._feed_from(utterance.start_s)
        return []

    def _read_partial(self, decoder: Decoder, utterance: Endpointer) -> str:
        self._unread_blocks += 1
        awaited = not self._recent.voiced and utterance.awaits_words(self.now_s)
        if not awaited and self._unread_blocks < _PARTIAL_BLOCKS:
            return self._partial
        self._unread_blocks = 0
        return decoder.partial()

    def _decide(self, utterance: Endpointer, hypotheses: tuple[Hypothesis, ...]) -> list[Event]:
        spoken = tuple(hypothesis for hypothesis in hypotheses if hypothesis.text)
        if not spoken or utterance.voiced_s < self._needed_s or is_ghost(spoken[0].text, utterance.voiced_s):
            return []
        self._waiting_since_s = self.now_s
        if self._order.mode is ListenMode.ANSWER:
            self._pauses.learn(utterance.longest_pause_s, utterance.voiced_s)
        start_s, end_s = utterance.first_voice_s, utterance.last_voice_s
        heard = Utterance(spoken, start_s, end_s, self.now_s)
        return [UtteranceHeard(self.now_s, replace(heard, own_until_s=self._own_until_s(heard)))]

    def _own_until_s(self, heard: Utterance) -> float | None:
        """Up to when ``heard`` was its own voice and nothing else; None: it was not."""
        if self._order.mode is not ListenMode.BARGE_IN:
            return self._own_sound.until_s(heard.start_s, heard.end_s)
        # Whoever talks over a voice that comes back as loud rises and falls with it; a command must get through.
        words = heard.hypotheses[0].words
        if self._echo is None or not words:
            return None
        own = self._echo.is_own(words[0].start_s - self._began_s, words[-1].end_s - self._began_s)
        return self.now_s if own else None

    def _wait(self) -> list[Event]:
        limit_s = self._order.no_input_s
        waited_s = self.now_s - self._waiting_since_s
        if limit_s is None or waited_s < limit_s:
            return []
        self._waiting_since_s = self.now_s
        return [Silence(self.now_s, waited_s)]


def _profile(order: Order) -> Profile:
    return BARGE_IN if order.mode is ListenMode.BARGE_IN else PROFILES[order.endpoint]
