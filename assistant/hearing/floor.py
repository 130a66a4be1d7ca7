"""The floor-holder speaks, the others keep still: who talks into it, noticed at once, and how long each has talked."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.hearing.turns import Moment

LEAST_S = 0.85  # shorter sounds ("mm", "yeah") are listening, not interrupting
# Over the holder's own words: what is heard of a short sound there lasts as long as a look at it.
LEAST_OVER_S = 1.3
LEAST_OVER_APART_S = 1.0  # where each has a microphone
LEAST_TOGETHER_S = 2.0  # two who begin at once after a pause: mostly it is the holder, who sounds unlike themselves
AFTER_PAUSE_S = 0.3  # who begins so soon after a silence talks into the pause
SURE, SURE_OVER = 0.75, 0.85
AGAIN_S = 0.7  # of not talking ends an interruption; what comes after is another


@dataclass(frozen=True, slots=True)
class Interruption:
    """``who`` talked into another's floor from ``began_s`` on; told at ``noticed_s``."""

    who: str
    began_s: float
    noticed_s: float


class Floor:
    """Give it every moment while ``holder`` has the floor. ``talk_s``: seconds of speech, by name.

    ``by_voice``: who speaks is told by the voice alone, so that the holder is now and then taken for two.
    ``least_over_s``: how long somebody talks over the holder's words before that is an interruption.
    """

    def __init__(self, holder: str, *, by_voice: bool = False, least_over_s: float = LEAST_OVER_S) -> None:
        self.holder = holder
        self._by_voice = by_voice
        self._least_over_s = least_over_s
        self.talk_s: dict[str, float] = {}
        self.longest_silence_s = 0.0
        self._silent_s = 0.0  # when it was last silent
        self._talking: dict[str, float] = {}  # how long each listener has been talking now
        self._began: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._told: set[str] = set()

    def hear(self, moment: Moment) -> Interruption | None:
        """The interruption that is certain now, once each."""
        self._forget(moment.at_s)
        if moment.who is None:
            self._silent_s = moment.at_s
            self.longest_silence_s = max(self.longest_silence_s, moment.at_s - moment.since_s)
            return None
        for name in moment.who:
            self.talk_s[name] = self.talk_s.get(name, 0.0) + moment.length_s
        for name in sorted(moment.who - {self.holder}):
            doubtful = self._by_voice and self.holder in moment.who
            if moment.sure.get(name, 0.0) < (SURE_OVER if doubtful else SURE):
                continue
            if name not in self._talking:
                self._began[name] = moment.since_s
                self._talking[name] = moment.at_s - moment.since_s
            else:
                self._talking[name] += moment.length_s
            self._last[name] = moment.at_s
            into_pause = self._began[name] - self._silent_s <= AFTER_PAUSE_S
            least_s = self._least_over_s
            if into_pause:
                least_s = LEAST_TOGETHER_S if doubtful else LEAST_S
            if self._talking[name] >= least_s and name not in self._told:
                self._told.add(name)
                return Interruption(name, self._began[name], moment.at_s)
        return None

    def _forget(self, now_s: float) -> None:
        for name in [name for name, last_s in self._last.items() if now_s - last_s > AGAIN_S]:
            del self._last[name], self._talking[name], self._began[name]
            self._told.discard(name)
