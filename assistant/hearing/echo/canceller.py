"""Taking Evensong's own voice out of what the microphone hears.

The canceller learns the way from the loudspeaker to the microphone, predicts the echo of what is played and
subtracts it; a spectral suppressor then lowers what is left of it. Both are speexdsp's: the canceller is the
multidelay block frequency domain filter of Valin, "On Adjusting the Learning Rate in Frequency Domain Echo
Cancellation With Double-Talk" (IEEE Trans. ASLP 15(3), 2007), whose step adapts itself so that people who talk
at the same time do not spoil it. The functions are those of speex_echo.h and speex_preprocess.h.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import weakref
from collections import deque
from collections.abc import Sequence

import numpy as np

from assistant.events import CHUNK_SAMPLES, SAMPLE_RATE_HZ, Samples
from assistant.hearing.echo.drift import Drift
from assistant.hearing.echo.loss import EchoLoss
from assistant.hearing.echo.own_share import OwnShare

FRAME_SAMPLES = CHUNK_SAMPLES
TAIL_S = 0.4  # how much later than the reference its echo may still be heard, walls included
REMEDY = "`sudo apt install libspeexdsp1`"

_NAMES = ("libspeexdsp.so.1", "libspeexdsp.1.dylib")
_TAIL_FRAMES = round(TAIL_S * SAMPLE_RATE_HZ / FRAME_SAMPLES)

# Requests of speex_echo.h and speex_preprocess.h.
_ECHO_SET_SAMPLING_RATE = 24
_SET_NOISE_SUPPRESS = 18
_SET_ECHO_SUPPRESS = 20
_SET_ECHO_SUPPRESS_ACTIVE = 22
_SET_ECHO_STATE = 24

# The people's room is left as it is: noise helps recognition no more when it is suppressed.
_NOISE_SUPPRESS_DB = 0
_ECHO_SUPPRESS_DB = -40
_ECHO_SUPPRESS_WHILE_TALKING_DB = -15

# A new room is learnt twice as fast when its first sounds are gone over again, after so many audible frames each time.
_LESSONS_AFTER = (15, 25, 40, 60, 100)
_AUDIBLE = 300
# When the way of the sound has changed (a loudspeaker that was moved, or opened anew), what was learnt adds an echo
# of its own. People who talk at the same time leave the two powers alike, and so does a loudspeaker nobody hears.
_WATCHED_FRAMES = 15
_WORSE = 1.05
_LEARNT = 0.1
_LEARNING_FRAMES = 300  # audible ones: six seconds, and even with two clocks a room has been learnt
_UNSURE_FRAMES = 500  # until then enough of its echo may be left to be heard as words


class EchoCanceller:
    """Cancels in frames of 20 ms, 16 kHz mono int16, and remembers what it learnt about the room.

    While nothing has been played for longer than the tail, sound goes through untouched and costs nothing.
    For one thread. The native states are freed with the object.
    """

    def __init__(self, library: ctypes.CDLL, *, suppress: bool = True) -> None:
        """Without ``suppress`` what the canceller leaves is left."""
        self._library = library
        self._suppress = suppress
        self._echo = library.speex_echo_state_init(FRAME_SAMPLES, _TAIL_FRAMES * FRAME_SAMPLES)
        self._suppressor = library.speex_preprocess_state_init(FRAME_SAMPLES, SAMPLE_RATE_HZ)
        weakref.finalize(self, library.speex_preprocess_state_destroy, self._suppressor)
        weakref.finalize(self, library.speex_echo_state_destroy, self._echo)
        self._set_up()
        self.loss = EchoLoss()
        self._drift = Drift()
        self._sound: Samples = np.zeros(0, np.int16)  # what does not fill a frame yet
        self._played: Samples = np.zeros(0, np.int16)
        self._held: Samples | None = None  # the frame that the suppressor holds back, as the microphone gave it
        self._frames_left = 0  # to be cancelled until all echo has died away
        self._first: list[tuple[Samples, Samples]] = []  # frames until the last lesson: microphone, loudspeaker
        self._audible = 0
        self._learnt = False
        self._heard_frames = 0  # audible ones since it began (anew) to learn
        self._unsuppressed: Samples = np.zeros(FRAME_SAMPLES, np.int16)  # as late as the suppressor's
        self._powers: deque[tuple[float, float]] = deque(maxlen=_WATCHED_FRAMES)  # heard, and left of it
        self._share = OwnShare()

    @property
    def learning(self) -> bool:
        """Whether the room may still be unknown, so that much of the echo may be left."""
        return not self._learnt and self._heard_frames < _LEARNING_FRAMES

    def is_own(self, start_s: float, end_s: float) -> bool:
        """Whether nothing but its own voice was heard between two moments, in seconds since the first sample.

        Only in the first seconds in a room: later what is left of its voice makes no words, but somebody soft does.
        """
        return self._share.is_own(start_s, end_s)

    def cancel(self, sound: Samples, played: Samples | None) -> Samples:
        """``sound`` without the echo of ``played``: int16, shape (n,), any length; None: nothing was played.

        Sound comes out in whole frames and one frame late (the suppressor looks at two), so fewer samples come
        back than were given until now: between 20 and 40 ms are held back.
        """
        reference = np.zeros(len(sound), np.int16) if played is None else played
        self._sound = np.concatenate([self._sound, sound])
        self._played = np.concatenate([self._played, reference])
        whole = len(self._sound) - len(self._sound) % FRAME_SAMPLES
        done = [
            self._frame(self._sound[place : place + FRAME_SAMPLES], self._played[place : place + FRAME_SAMPLES])
            for place in range(0, whole, FRAME_SAMPLES)
        ]
        self._sound, self._played = self._sound[whole:], self._played[whole:]
        return np.concatenate([np.zeros(0, np.int16), *done])

    def _frame(self, sound: Samples, given: Samples) -> Samples:
        played = self._drift.follow(sound, given)
        if self._drift.take_jump():
            self._library.speex_echo_state_reset(self._echo)
            self._begin_anew()
        if self._heard_frames < _UNSURE_FRAMES:
            self._share.hear(sound, given)
        else:
            self._share.skip()
        before, self._held = self._held, sound
        if played.any():
            if not self._frames_left and before is not None:
                self._cancelled(before, np.zeros(FRAME_SAMPLES, np.int16))  # the suppressor's half of a window
            self._frames_left = _TAIL_FRAMES + 1
        if before is None:
            before = np.zeros(0, np.int16)
        if not self._frames_left:
            return before
        self._frames_left -= 1
        cancelled = self._cancelled(sound, played)
        return cancelled[: len(before)]

    def _cancelled(self, sound: Samples, played: Samples) -> Samples:
        """The frame before ``sound``, without echo and suppressed."""
        audible = int(np.abs(played.astype(np.int32)).max()) > _AUDIBLE
        if self._audible < _LESSONS_AFTER[-1]:
            self._learn(sound, played, audible=audible)
        out = self._without_echo(sound, played)
        heard, left = _power(sound), _power(out)
        self.loss.hear(heard, left, _power(played), audible=audible)
        if audible:
            self._heard_frames += 1
            self._watch(heard, left)
        if self._suppress:
            self._library.speex_preprocess_run(self._suppressor, _pointer(out))
        else:
            out, self._unsuppressed = self._unsuppressed, out
        return out

    def _without_echo(self, sound: Samples, played: Samples) -> Samples:
        out = np.empty(FRAME_SAMPLES, np.int16)
        microphone, loudspeaker = np.ascontiguousarray(sound), np.ascontiguousarray(played)
        self._library.speex_echo_cancellation(self._echo, _pointer(microphone), _pointer(loudspeaker), _pointer(out))
        return out

    def _learn(self, sound: Samples, played: Samples, *, audible: bool) -> None:
        """When it is time, hear all that was heard until this frame once more, after a silence as long as the tail."""
        self._audible += audible
        if audible and self._audible in _LESSONS_AFTER:
            silence = np.zeros(FRAME_SAMPLES, np.int16)
            for microphone, loudspeaker in [(silence, silence)] * (_TAIL_FRAMES + 1) + self._first:
                self._without_echo(microphone, loudspeaker)
        self._first.append((sound.copy(), played.copy()))  # not the longer arrays that they are parts of
        if self._audible == _LESSONS_AFTER[-1]:
            self._first.clear()

    def _watch(self, power: float, left: float) -> None:
        """Learn anew when more is left than was heard, although the room had been learnt."""
        self._powers.append((power, left))
        if len(self._powers) < _WATCHED_FRAMES:
            return
        heard, remains = (sum(powers) for powers in zip(*self._powers, strict=True))
        if remains < _LEARNT * heard:
            self._learnt = True
        elif self._learnt and remains > _WORSE * heard and self._audible >= _LESSONS_AFTER[-1]:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._learnt = False
        self._audible = 0
        self._heard_frames = 0
        self._first.clear()
        self._powers.clear()

    def _set_up(self) -> None:
        rate = ctypes.c_int32(SAMPLE_RATE_HZ)
        self._library.speex_echo_ctl(self._echo, _ECHO_SET_SAMPLING_RATE, ctypes.byref(rate))
        self._library.speex_preprocess_ctl(self._suppressor, _SET_ECHO_STATE, self._echo)
        for request, value in (
            (_SET_NOISE_SUPPRESS, _NOISE_SUPPRESS_DB),
            (_SET_ECHO_SUPPRESS, _ECHO_SUPPRESS_DB),
            (_SET_ECHO_SUPPRESS_ACTIVE, _ECHO_SUPPRESS_WHILE_TALKING_DB),
        ):
            self._library.speex_preprocess_ctl(self._suppressor, request, ctypes.byref(ctypes.c_int32(value)))


def echo_canceller(names: Sequence[str] = _NAMES, *, suppress: bool = True) -> EchoCanceller | None:
    """A canceller, or None where the system has no speexdsp (see `REMEDY`)."""
    found = ctypes.util.find_library("speexdsp") if names == _NAMES else None
    for name in (*names, *([found] if found else [])):
        try:
            return EchoCanceller(_declared(ctypes.CDLL(name)), suppress=suppress)
        except OSError:
            continue
    return None


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """``library`` with the types of the functions that are used; pointers are cut to 32 bits without."""
    samples, state, number = ctypes.POINTER(ctypes.c_int16), ctypes.c_void_p, ctypes.c_int
    library.speex_echo_state_init.argtypes = [number, number]
    library.speex_echo_state_init.restype = state
    library.speex_echo_state_destroy.argtypes = [state]
    library.speex_echo_state_reset.argtypes = [state]
    library.speex_echo_cancellation.argtypes = [state, samples, samples, samples]
    library.speex_echo_ctl.argtypes = [state, number, state]
    library.speex_preprocess_state_init.argtypes = [number, number]
    library.speex_preprocess_state_init.restype = state
    library.speex_preprocess_state_destroy.argtypes = [state]
    library.speex_preprocess_run.argtypes = [state, samples]
    library.speex_preprocess_ctl.argtypes = [state, number, state]
    return library


def _power(samples: Samples) -> float:
    return float(np.sum(np.square(samples.astype(np.float64))))


def _pointer(samples: Samples) -> ctypes._Pointer[ctypes.c_int16]:
    return samples.ctypes.data_as(ctypes.POINTER(ctypes.c_int16))
