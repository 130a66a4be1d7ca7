"""How many speak at once, and which of the voices just heard it is: what the segmentation tells of who speaks.

The network numbers the voices of a window anew each time. Which number is whose, the belief about the same seconds
tells, and that two voices which the network holds apart are not one person.
"""

from __future__ import annotations

from collections import deque
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.speakers.segmentation import (
    ALONE,
    ANSWERS,
    FIRST_FRAME_S,
    FRAME_S,
    NOBODY,
    PAIRS,
    TOGETHER,
    VOICES,
    Segmentation,
)

WINDOW_S = 5.0
LEAST_WINDOW_S = 0.8
NOW_FRAMES = 12  # of the end of a window, a fifth of a second, tell of the present
MORE_AT_ONCE = 2.5  # two at once are commoner where somebody shall only listen than where the network was trained
HOW_MANY = 1.0  # how much a look tells of that: looks overlap
WHO = 0.25  # and of whose voice it is: where the network takes one voice for two, it does so for many looks
LEAST = 0.02  # of everything, however sure the network is
HEARD_S = 0.3  # of speaking weigh as much as what nobody has said yet
STRANGER = 0.3  # how likely a voice not heard before is nobody's who is known, against one who is
NEAR_S = 0.15  # between a frame and the look that holds for it
AT_ONCE, STILL_AT_ONCE = 0.5, 0.7  # probabilities at which two began, and speak to the end
SPEAKING, STILL_SPEAKING = 0.5, 0.7
END_FRAMES = 6
GAP_FRAMES = 12  # without, within one stretch of talk

Floats = NDArray[np.float64]


class LocalVoices:
    """Of ``people`` known persons and somebody unknown. Give it all sound; `look` while somebody speaks."""

    def __init__(self, segmentation: Segmentation, people: int) -> None:
        self._segmentation = segmentation
        self._people = people
        self._pairs = [*combinations(range(people), 2), *((person, people) for person in range(people))]
        self._sound: Samples = np.zeros(0, np.int16)
        self._samples = 0  # heard so far
        self._believed: deque[tuple[float, Floats]] = deque(maxlen=round(WINDOW_S * 10))
        self._told: Floats = np.zeros((0, ANSWERS))
        self._told_s: Floats = np.zeros(0)  # when each frame was

    def hear(self, samples: Samples) -> None:
        """More sound: int16, 16 kHz mono, any length."""
        self._sound = np.concatenate([self._sound, samples])[-round(WINDOW_S * SAMPLE_RATE_HZ) :]
        self._samples += len(samples)

    def believe(self, at_s: float, alone: Floats) -> None:
        """How likely each person, and last somebody unknown, spoke alone in the tenth of a second before ``at_s``."""
        self._believed.append((at_s, alone))

    def look(self, company: float = 0.0) -> Floats:
        """What was heard up to now, as log likelihoods: each person alone, each pair at once, each person and somebody
        unknown at once, somebody unknown alone. ``company``, 0..1: how sure it is that somebody unknown is about.

        They are all 0 while too little has been heard.
        """
        if len(self._sound) < LEAST_WINDOW_S * SAMPLE_RATE_HZ:
            return np.zeros(self._people + len(self._pairs) + 1)
        self._told = np.array(self._segmentation.told(self._sound), dtype=np.float64)
        begin_s = (self._samples - len(self._sound)) / SAMPLE_RATE_HZ
        self._told_s = begin_s + FIRST_FRAME_S + FRAME_S * np.arange(len(self._told), dtype=np.float64)
        now = self._told[-NOW_FRAMES:].mean(axis=0)
        whose = self._whose()
        of_one = now[ALONE] @ whose
        of_two = np.array([_both(MORE_AT_ONCE * now[TOGETHER], whose[:, list(pair)]) for pair in self._pairs])
        of_two[-self._people :] *= company
        unsure = LEAST + now[NOBODY]
        one = _told_by(now[ALONE].sum(), of_one, unsure)
        two = _told_by(MORE_AT_ONCE * now[TOGETHER].sum(), of_two, unsure)
        return np.concatenate([one[:-1], two, one[-1:]])

    def began_s(self, *, together: bool) -> float | None:
        """When two began to speak at once, or else the voice that is alone now; None: before what is remembered."""
        if not len(self._told):
            return None
        if together:
            heard = self._told[:, TOGETHER].sum(axis=1) >= AT_ONCE
        else:
            voice = int(self._told[-NOW_FRAMES:, ALONE].sum(axis=0).argmax())
            its_own = [TOGETHER.start + place for place, pair in enumerate(PAIRS) if voice in pair]
            heard = self._told[:, [ALONE.start + voice, *its_own]].sum(axis=1) >= SPEAKING
        frames = np.flatnonzero(heard)
        if not len(frames):
            return None
        gaps = np.flatnonzero(np.diff(frames) > GAP_FRAMES)
        first = int(frames[gaps[-1] + 1] if len(gaps) else frames[0])
        return float(self._told_s[first]) if first else None

    def to_the_end(self, *, together: bool) -> bool:
        """Whether two at once, or else anybody, were heard up to now, and not only a little while ago."""
        if not len(self._told):
            return True
        now = self._told[-END_FRAMES:].mean(axis=0)
        return bool(now[TOGETHER].sum() >= STILL_AT_ONCE if together else now[NOBODY] <= 1 - STILL_SPEAKING)

    def _whose(self) -> Floats:
        """How likely each voice of the window is each person's, and last somebody unknown's."""
        unheard = np.array([1.0] * self._people + [STRANGER])
        spoke_s = np.zeros((VOICES, self._people + 1))
        if self._believed:
            looks_s = np.array([at_s for at_s, _ in self._believed])
            place = np.minimum(np.searchsorted(looks_s, self._told_s), len(looks_s) - 1)
            known = np.abs(looks_s[place] - self._told_s) < NEAR_S
            believed = np.stack([alone for _, alone in self._believed])[place[known]]
            spoke_s = FRAME_S * self._told[known, ALONE].T @ believed
        whose = spoke_s + HEARD_S * unheard / unheard.sum()
        whose /= whose.sum(axis=1, keepdims=True)
        for_others = np.stack([1 - np.delete(whose[:, :-1], voice, axis=0) for voice in range(VOICES)])
        whose[:, :-1] *= for_others.prod(axis=1)
        return np.asarray(whose / whose.sum(axis=1, keepdims=True))


def _both(pairs: Floats, whose: Floats) -> float:
    """How likely two people speak at once, by how likely each pair of voices and each voice is either's."""
    one, other = whose.T
    return float(sum(p * (one[k] * other[j] + one[j] * other[k]) for p, (k, j) in zip(pairs, PAIRS, strict=True)))


def _told_by(how_many: float, who: Floats, unsure: float) -> Floats:
    """Log likelihoods where so many speak, for each of those that may."""
    share = (who + unsure) / (who.sum() + unsure)
    return np.asarray(HOW_MANY * np.log(how_many + unsure) + WHO * np.log(share))
