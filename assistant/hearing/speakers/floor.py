"""The floor-holder speaks, the others keep still: who talks into it, noticed at once, and how long each has talked."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.hearing.speakers.turns import Moment

AFTER_PAUSE_S = 0.3  # who begins so soon after a silence talks into the pause
SURE, SURE_OVER = 0.75, 0.85
AGAIN_S = 0.7  # of not talking ends an interruption; what comes after is another
BREATH_S = 0.5  # of silence ends what was too short to be one: two listening sounds are not one long one
MOSTLY = 0.4  # of the time since somebody began, they must have been heard


@dataclass(frozen=True, slots=True)
class Least:
    """Seconds after which talking into it is an interruption; shorter sounds ("mm", "yeah") are listening.

    A sound of 0.8 s rings on in the room and in what tells the voices apart, so hardly one of these is so short.
    ``over_s`` counts over the holder's own words, ``together_s`` where both seem to begin at once after a pause.
    """

    pause_s: float
    over_s: float
    together_s: float


APART = Least(0.95, 0.95, 0.95)  # where each has a microphone
# By the voice alone: into a pause, what rings on is no voice that is known, so less will do; a short sound over other
# words lasts as long as a look at it, and two who begin at once after a pause are mostly the holder, who sounds unlike
# themselves.
BY_VOICE = Least(0.9, 1.3, 2.5)
# By the voice, where the segmentation tells how many speak: of two at once it is sure a fifth of a second late.
BY_SEGMENTATION = Least(1.0, 0.8, 0.8)
ANY_SPEECH = Least(1.05, 1.3, 1.3)  # where all speech is one person's


@dataclass(frozen=True, slots=True)
class Interruption:
    """``who`` talked into another's floor from ``began_s`` on; told at ``noticed_s``."""

    who: str
    began_s: float
    noticed_s: float


class Floor:
    """Give it every moment while ``holder`` has the floor. ``talk_s``: seconds of speech, by name."""

    def __init__(self, holder: str, least: Least = ANY_SPEECH) -> None:
        self.holder = holder
        self._least = least
        self.talk_s: dict[str, float] = {}
        self.longest_silence_s = 0.0
        self._silent_s = 0.0  # when it was last silent
        self._talking: dict[str, _Talking] = {}

    def hear(self, moment: Moment) -> Interruption | None:
        """The interruption that is certain now, once each."""
        for name in [name for name, each in self._talking.items() if moment.at_s - each.last_s > AGAIN_S]:
            del self._talking[name]
        if moment.who is None:
            for name in [name for name, each in self._talking.items() if not each.told]:
                if moment.at_s - self._talking[name].last_s > BREATH_S:
                    del self._talking[name]
            self._silent_s = moment.at_s
            self.longest_silence_s = max(self.longest_silence_s, moment.at_s - moment.since_s)
            return None
        for name in moment.who:
            self.talk_s[name] = self.talk_s.get(name, 0.0) + moment.length_s
        for name in sorted(moment.who - {self.holder}):
            together = self.holder in moment.who
            if moment.sure.get(name, 0.0) < (SURE_OVER if together else SURE):
                continue
            talking = self._talking.get(name)
            if talking is None:
                began_s = moment.since_s
                into_pause = began_s - self._silent_s <= AFTER_PAUSE_S
                talking = self._talking[name] = _Talking(began_s, into_pause, moment.at_s - began_s - moment.length_s)
            talking.last_s = moment.at_s
            talking.seen_s += moment.length_s
            if not talking.told and self._is_enough(talking, together=together):
                talking.told = True
                return Interruption(name, talking.began_s, moment.at_s)
        return None

    def _is_enough(self, talking: _Talking, *, together: bool) -> bool:
        lasted_s = talking.last_s - talking.began_s
        if talking.hindsight_s + talking.seen_s < MOSTLY * lasted_s:
            return False
        if talking.into_pause:
            return lasted_s >= (self._least.together_s if together else self._least.pause_s)
        return lasted_s >= self._least.over_s


@dataclass
class _Talking:
    """Somebody who talks now; what was told apart by hindsight (before the first moment) and since."""

    began_s: float
    into_pause: bool
    hindsight_s: float
    seen_s: float = 0.0
    last_s: float = 0.0
    told: bool = False
