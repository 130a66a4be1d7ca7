"""When is an utterance over? Counted in audio time, with a profile per kind of question. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.events import EndpointName

_WORDS_LATE_S = 0.5  # how late the recogniser's words may come
_PART_PAUSE_S = 0.4  # a pause this long divides an answer into parts


@dataclass(frozen=True, slots=True)
class Profile:
    """How long a pause ends an utterance.

    ``complete_s``: of silence when what was said so far is a complete command (in an answer: when its last part
    is). ``silence_s``: of silence in any case. ``limit_s``: of utterance, speaking or not. ``command_s``: of silence
    after a command that might have gone on ("stop", and then "listening"). ``look_s``: of silence after which all
    readings of several words are looked at, for the best one so far is often none. ``still_s``: not of silence, but of
    the same words, a complete command of several, while something goes on sounding: what is left of an echo.
    """

    complete_s: float
    silence_s: float
    limit_s: float
    command_s: float = float("inf")
    look_s: float = float("inf")
    still_s: float = float("inf")


PROFILES: Mapping[EndpointName, Profile] = {
    "command": Profile(complete_s=0.20, silence_s=0.60, limit_s=8.0),
    "choice": Profile(complete_s=0.20, silence_s=0.65, limit_s=8.0),
    "short": Profile(complete_s=0.40, silence_s=0.90, limit_s=10.0),
    # Yes or no is quickly said; whoever answers with the thing itself thinks while speaking.
    "offer": Profile(complete_s=0.20, silence_s=1.60, limit_s=90.0, command_s=0.65),
    # Whoever has the floor is put together again; a breath before "pass the floor" must be enough.
    "turn": Profile(complete_s=0.40, silence_s=0.90, limit_s=90.0),
    # People think for a second and a half in the middle of an answer; they are never cut off.
    "answer": Profile(complete_s=0.60, silence_s=2.20, limit_s=90.0),
    "reflection": Profile(complete_s=0.80, silence_s=3.00, limit_s=180.0),
}


# Whoever talks over a voice wants it silent at once, and says nothing long. A room rings for a tenth of a second after
# the last word, and the partials come later still: there is time for one look, and none to wait for it.
BARGE_IN = Profile(complete_s=0.06, silence_s=0.40, limit_s=6.0, command_s=0.20, look_s=0.06, still_s=0.30)


class Endpointer:
    """Follows one utterance and decides when it is over.

    ``start_s`` is where it began. ``is_complete`` is asked about the words of the last part: all that was said
    since the last pause of 0.4 s (for a command, mostly everything). ``is_command`` is asked about the same, where the
    profile does not wait for what a command might go on with.
    """

    def __init__(
        self,
        profile: Profile,
        is_complete: Callable[[str], bool],
        is_command: Callable[[str], bool] = lambda _text: False,
        *,
        start_s: float,
        patience: float = 1.0,
    ) -> None:
        self._profile = profile
        self._is_complete = is_complete
        self._is_command = is_command
        self._patience = patience
        self._asked: tuple[str, float] = ("", float("inf"))
        self._asked_at_s = start_s
        self._words_before = 0
        self._looked_s = float("-inf")  # where the voice had ended that was looked at last
        self.start_s = start_s
        self.first_voice_s = start_s
        self.last_voice_s = start_s
        self.voiced_s = 0.0
        self.longest_pause_s = 0.0  # after which the voice went on

    def restart(self, start_s: float, first_voice_s: float, voiced_s: float) -> None:
        """What came before ``start_s`` does not belong to the utterance; since then there was that much voice."""
        self.start_s = start_s
        self.first_voice_s = first_voice_s
        self.last_voice_s = max(self.last_voice_s, start_s)
        self.voiced_s = voiced_s
        self.longest_pause_s = 0.0
        self._words_before = 0

    def change(
        self,
        profile: Profile,
        is_complete: Callable[[str], bool],
        is_command: Callable[[str], bool] = lambda _text: False,
    ) -> None:
        """Another question is asked while somebody speaks."""
        self._profile = profile
        self._is_complete = is_complete
        self._is_command = is_command
        self._asked = ("", float("inf"))

    def awaits_words(self, now_s: float) -> bool:
        """Whether new words could end the utterance at ``now_s`` if nobody speaks: it is the time to look for them."""
        waited_s = now_s - self.last_voice_s - self._profile.complete_s * self._patience
        return 0.0 <= waited_s < _WORDS_LATE_S

    def looks(self, now_s: float) -> bool:
        """Whether it is time to look at all readings of what was said; once in each pause."""
        if self._looked_s >= self.last_voice_s or now_s - self.last_voice_s < self._profile.look_s * self._patience:
            return False
        self._looked_s = self.last_voice_s
        return True

    def hear(self, now_s: float, block_s: float, *, voiced: bool, partial: str) -> bool:
        """Another ``block_s`` of sound, up to ``now_s``; ``partial`` is all that was recognised. True: it is over."""
        if voiced:
            if now_s - block_s - self.last_voice_s >= _PART_PAUSE_S:
                self._words_before = len(partial.split())
            if self.voiced_s:
                self.longest_pause_s = max(self.longest_pause_s, now_s - block_s - self.last_voice_s)
            else:
                self.first_voice_s = now_s - block_s
            self.last_voice_s = now_s
            self.voiced_s += block_s
        silence_s = now_s - self.last_voice_s
        if silence_s >= self._profile.silence_s * self._patience or now_s - self.start_s >= self._profile.limit_s:
            return True
        if silence_s < self._profile.complete_s * self._patience:
            return self._profile.still_s < self._profile.limit_s and self._stands_still(now_s, partial)
        return silence_s >= self._enough_s(now_s, partial) * self._patience

    def _stands_still(self, now_s: float, partial: str) -> bool:
        """Whether the words have been the same complete command for a while. One word is too easily heard in talk."""
        complete = self._enough_s(now_s, partial) <= self._profile.complete_s
        return complete and " " in self._asked[0] and now_s - self._asked_at_s >= self._profile.still_s

    def _enough_s(self, now_s: float, partial: str) -> float:
        """The silence that ends the utterance after these words."""
        part = " ".join(partial.split()[self._words_before :])
        if part != self._asked[0]:
            # Asked once per text: matching costs far more than hearing a block.
            self._asked = (part, self._silence_after(part))
            self._asked_at_s = now_s
        return self._asked[1]

    def _silence_after(self, part: str) -> float:
        if part and self._is_complete(part):
            return self._profile.complete_s
        if part and self._profile.command_s < self._profile.silence_s and self._is_command(part):
            return self._profile.command_s
        return float("inf")
