"""Who holds the floor, tenth by tenth of a second, heard by one microphone.

A hidden Markov model over the prints of what was just said (its states: assistant/hearing/speakers/states.py). People
mostly go on, and mostly change where somebody paused; what is heard then moves the belief: whose print it is nearer to,
by how much, and whether it is near to any. Where the segmentation is installed, it tells how many speak at once, and
when they began.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.events import Samples
from assistant.hearing.speakers.company import Company
from assistant.hearing.speakers.likeness import Likeness
from assistant.hearing.speakers.local_voices import LocalVoices
from assistant.hearing.speakers.running_prints import RunningPrints
from assistant.hearing.speakers.segmentation import Segmentation
from assistant.hearing.speakers.speech_runs import Detector, Frame, SpeechRuns
from assistant.hearing.speakers.states import Everybody, SpeakerStates
from assistant.hearing.speakers.voice_encoder import Print, VoiceEncoder
from assistant.hearing.speakers.voice_features import FRAMES_A_SECOND, Mels, levelled
from assistant.hearing.speakers.voice_prints import VoicePrints

HOP_FRAMES = 10
HOP_S = HOP_FRAMES / FRAMES_A_SECOND
WINDOW_S = 0.8  # of speech lie behind each look, where there is so much
GO_ON_AFTER_PAUSE = 0.5
STRENGTH = 2.5  # of the odds of windows that overlap, against those of windows apart
STRONGEST = 0.5  # and of one look
WHOLE_S, WHOLE_STRENGTH = 1.3, 1.5  # all that was said since a pause is one look, up to so long, and of full strength
LAST_FRAMES, LAST_STRENGTH = 50, 1.2
# A detector hears a voice for a while after it has ended, and noise with it; the level tells that it fades.
LOUD_DB = -12.0  # of the loudest tenth of the last second
FADING = 0.5
CERTAIN = 0.95
ALONE = 0.7  # how sure it must be that somebody unknown speaks alone
MOST_OF_TWO = 3.0  # log odds by which somebody unknown may be likelier to be the other one than one known
RECENT_FRAMES = 220
SIDE_FRAMES = 60
FRESH_S = 1.2  # a speaker noticed so soon after a pause began with the run
LEEWAY_S = 0.3  # to within which it is known when somebody began
LOCAL_HOPS = 2  # the segmentation is asked at every second look: it costs more than all else

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moment:
    """A little while, ``length_s``, up to ``at_s``.

    ``who`` speaks: None is silence, nobody named is somebody unknown, two are two at once. ``since_s`` is when they
    began, to within 0.3 s; ``sure`` how sure each known person's speaking is, 0..1.
    """

    at_s: float
    who: Everybody | None
    since_s: float
    sure: Mapping[str, float]
    length_s: float = HOP_S


class Turns:
    """Feed it every chunk; it costs computing time while somebody speaks."""

    def __init__(
        self,
        encoder: VoiceEncoder,
        prints: VoicePrints,
        detector: Detector,
        holder: str | None = None,
        segmentation: Segmentation | None = None,
    ) -> None:
        """``holder`` has the floor: mostly it is they who speak; None: nobody has.

        With ``segmentation`` that tells how many speak at once, better than the prints and the level can.
        """
        self._encoder = encoder
        self._states = SpeakerStates(prints.who_is_known, beside_unknown=segmentation is not None)
        self._likeness = Likeness(prints, self._states.pairs)
        self._fresh = self._states.after_a_pause(holder)
        self._company = Company()
        self._moves = self._states.moves(0.0)
        self._belief = self._at_begin = self._fresh.copy()
        self._runs = SpeechRuns(detector)
        self._running = RunningPrints(encoder)
        self._recent: deque[Frame] = deque(maxlen=RECENT_FRAMES)
        self._run_s = self._since_s = 0.0
        self._speaking_frames = self._silent_frames = self._talk_frames = 0
        self._who: int | None = None
        self._local = LocalVoices(segmentation, self._states.people) if segmentation else None

    def hear(self, samples: Samples) -> list[Moment]:
        """The moments that are over now; ``samples`` int16, 16 kHz mono, any length."""
        found = []
        if self._local is not None:
            self._local.hear(samples)
        for frame in self._runs.hear(samples):
            moment = self._silent(frame) if frame.sound is None else self._spoken(frame)
            if moment is not None:
                found.append(moment)
        return found

    def _silent(self, frame: Frame) -> Moment | None:
        self._silent_frames += 1
        if self._silent_frames == 1 and self._who is not None:
            # What was said since the last look is talk, too.
            return Moment(frame.at_s, self._states.known(self._who), self._since_s, {}, self._uncounted_s())
        if self._silent_frames % HOP_FRAMES:
            return None
        return Moment(frame.at_s, None, frame.at_s - self._silent_frames / FRAMES_A_SECOND, {})

    def _spoken(self, frame: Frame) -> Moment | None:
        if frame.begins:
            self._begin_run(frame)
        self._silent_frames = 0
        self._recent.append(frame)
        assert frame.sound is not None
        self._running.hear(frame.sound[None])
        self._speaking_frames += 1
        self._talk_frames += frame.talk
        if self._speaking_frames % HOP_FRAMES:
            return None
        self._look()
        likeliest = int(self._belief.argmax())
        if likeliest != self._who:
            self._since_s = self._began_s(self._who, likeliest, frame.at_s)
            self._who = likeliest
        known = self._states.known(likeliest)
        fading = FADING if self._fades(together=len(known) > 1) else 1.0
        sure = {name: fading * sureness for name, sureness in self._states.sureness(self._belief).items()}
        return Moment(frame.at_s, known, self._since_s, sure, self._uncounted_s())

    def _looks_locally(self) -> bool:
        return self._speaking_frames % (LOCAL_HOPS * HOP_FRAMES) == 0

    def _fades(self, *, together: bool) -> bool:
        """Whether what is heard may be the end of a word, or the room's echo of it."""
        if self._local is None:
            return not together and not self._loud()  # of two, the level tells nothing about either
        # Between two looks nothing is known of two at once, and a listening sound is soon over.
        return (together and not self._looks_locally()) or not self._local.to_the_end(together=together)

    def _uncounted_s(self) -> float:
        """Seconds of talk since this was asked last."""
        frames, self._talk_frames = self._talk_frames, 0
        return frames / FRAMES_A_SECOND

    def _begin_run(self, frame: Frame) -> None:
        self._running.begin()
        self._recent.clear()
        self._speaking_frames = 0
        self._talk_frames = 0
        self._run_s = frame.at_s
        self._who = None
        self._belief = GO_ON_AFTER_PAUSE * self._belief + (1 - GO_ON_AFTER_PAUSE) * self._fresh
        self._at_begin = self._belief

    def _look(self) -> None:
        """Let the last moment move the belief."""
        latest = self._running.latest(WINDOW_S)
        if latest is None:
            return
        heard, seconds = latest
        whole_run = seconds * FRAMES_A_SECOND >= self._speaking_frames
        if whole_run and seconds < WHOLE_S:
            # Each look holds the looks before it: it takes their place.
            before, weight = self._at_begin, WHOLE_STRENGTH * min(1.0, seconds / WINDOW_S)
        else:
            # Looks overlap: those of a whole window together count about as much as one.
            before, weight = self._belief, min(STRONGEST, STRENGTH * HOP_S / seconds)
        level_db = self._level_db(seconds)
        moved = np.log(before @ self._moves)
        told = self._likeness.of_print(heard, seconds)
        if self._local is None:
            moved += weight * (told + self._likeness.of_level(level_db))
            if self._states.is_two(int(self._belief.argmax())):
                # A listening sound is over long before the window that holds it: that two speak no more, the last half
                # second tells. That they do takes a longer look.
                last = self._likeness.of_print(self._last_print(), LAST_FRAMES / FRAMES_A_SECOND)
                two = self._states.two
                moved[two] += LAST_STRENGTH * np.minimum(0.0, last[two] - np.delete(last, two).max())
        else:
            if self._looks_locally():
                moved += self._local.look(self._company.sure)
            if whole_run and seconds < WHOLE_S:
                self._at_begin = _normalised(moved)
            moved += weight * self._of_whom(told, heard, seconds)
        self._belief = _normalised(moved)
        if self._local is not None:
            self._local.believe(self._recent[-1].at_s, np.delete(self._belief, self._states.two))
            alone = bool(self._belief[-1] >= ALONE) and not self._fades(together=False)
            self._company.hear(self._recent[-1].at_s, alone=alone)
            self._moves = self._states.moves(self._company.sure)
        if seconds >= WINDOW_S:
            speaker = int(self._belief.argmax())
            self._likeness.learn(heard, level_db, speaker if self._belief[speaker] > CERTAIN else None)

    def _of_whom(self, told: Floats, heard: Print, seconds: float) -> Floats:
        """The likeness ``told`` for the states where the segmentation tells how many speak: the prints do not."""
        people = self._states.people
        of_two = self._likeness.of_two(heard, seconds)
        likeliest = (of_two + np.log(self._states.beside(self._company.sure))).max()
        of_two = max(told[:people].max(), told[-1]) + np.minimum(of_two - likeliest, MOST_OF_TWO)
        return np.array([*told[:people], *of_two, told[-1]])

    def _level_db(self, seconds: float) -> float:
        """How loud the last ``seconds`` of speech were."""
        frames = list(self._recent)[-round(seconds * FRAMES_A_SECOND) :]
        power = np.mean([float(frame.sound.sum()) for frame in frames if frame.sound is not None])
        return float(10 * np.log10(power + 1e-12))

    def _loud(self) -> bool:
        """Whether the last tenth of a second was about as loud as the loudest of the last second."""
        power = [float(frame.sound.sum()) for frame in self._recent if frame.sound is not None][-FRAMES_A_SECOND:]
        tenths = [sum(power[max(0, at - HOP_FRAMES) : at]) for at in range(len(power), 0, -HOP_FRAMES)]
        return tenths[0] >= 10 ** (LOUD_DB / 10) * max(tenths)

    def _last_print(self) -> Print:
        last = [frame.sound for frame in self._recent if frame.sound is not None][-LAST_FRAMES:]
        return self._encoder.print_of(levelled(np.stack(last)))

    def _began_s(self, before: int | None, after: int, now_s: float) -> float:
        """When the new speaker began: with the run, where it is fresh; else where the voices before and after part."""
        began_s = self._local.began_s(together=self._states.is_two(after)) if self._local is not None else None
        if began_s is not None:
            told_since_s = max(self._since_s, self._run_s)
            if before is not None and began_s < self._since_s + LEEWAY_S and now_s - told_since_s > FRESH_S:
                return now_s  # one unbroken voice, long taken for another's: it must go on to be believed
            return max(began_s, self._run_s)
        if before is None or now_s - self._run_s <= FRESH_S:
            return self._run_s
        frames = [frame for frame in self._recent if frame.sound is not None]
        sound: Mels = np.stack([frame.sound for frame in frames if frame.sound is not None])
        starts = np.arange(0, len(sound) - SIDE_FRAMES + 1, HOP_FRAMES)
        if len(starts) <= SIDE_FRAMES // HOP_FRAMES:
            return self._run_s
        prints = self._encoder.prints(np.stack([levelled(sound[at : at + SIDE_FRAMES]) for at in starts]))
        side_s = SIDE_FRAMES / FRAMES_A_SECOND
        odds = np.stack([self._likeness.of_print(each, side_s) for each in prints])
        if self._local is not None:
            odds = np.stack([self._of_whom(told, each, side_s) for told, each in zip(odds, prints, strict=True)])
        turned = odds[:, after] - odds[:, before]
        gap = SIDE_FRAMES // HOP_FRAMES
        best = int(np.argmax(turned[gap:] - turned[:-gap]))
        return frames[int(starts[best + gap])].at_s


def _normalised(logs: Floats) -> Floats:
    likely = np.exp(logs - logs.max())
    return np.asarray(likely / likely.sum())
