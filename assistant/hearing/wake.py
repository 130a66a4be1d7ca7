"""The wake phrase: checked when it is chosen, spotted while somebody speaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from assistant.errors import HearingError
from assistant.events import Samples, Word
from assistant.hearing.vocabulary import near_words, vocabulary

# The most common English words, and those that people say around commands. They stand beside the wake phrase in its
# grammar: ordinary talk then has something better to be heard as.
_FILLER_TEXT = """
the of and a to in is you that it he was for on are as with his they i at be this have from or one had by but not
what all were we when your can said there use an each which she do how their if will up other about out many then
them these so some her would make like him into time has look two more go see no way could people my than first
water been call who now find long down day did get come made may part hey okay well just really think want know
something things never every ever even evening seven eleven heaven song long wrong strong belong along seventh
steven event events given driven morning tomorrow yes stop start please thanks thank hello hi hair hate hay say
"""
FILLERS = tuple(_FILLER_TEXT.split())

_HOLD_S = 0.5  # how long a partial need at most end with the phrase
_QUIET_S = 0.16  # without a voice: the phrase is over; less can be a gap inside it
_POSTERIOR = 0.7  # what every word of the phrase must reach at the second look
_LONGEST_WORD_S = 1.4
_SHORTEST_PHRASE_S_PER_LETTER = 0.018


class SpottingDecoder(Protocol):
    def reset(self, start_s: float = 0.0) -> None: ...

    def accept(self, samples: Samples) -> None: ...

    def partial(self) -> str: ...

    def finish_with_posteriors(self) -> tuple[tuple[Word, float], ...]: ...


class Vocabulary(Protocol):
    """What the wake phrase needs of a recogniser."""

    model_path: Path

    def knows(self, word: str) -> bool: ...

    def grammar(self, phrases: Sequence[str], n_best: int = ...) -> SpottingDecoder: ...


class WakePhrase:
    """What Evensong is called by. Every word must be in the recogniser's vocabulary."""

    def __init__(self, phrase: str, recogniser: Vocabulary) -> None:
        """Raises HearingError naming the first word that is not known, and near ones that are."""
        self.phrase = " ".join(phrase.lower().split())
        if not self.phrase:
            raise HearingError("The wake phrase is empty; set wake.phrase to a word or two, such as hey evensong.")
        for word in self.phrase.split():
            if not recogniser.knows(word):
                raise HearingError(_unknown(self.phrase, word, recogniser.model_path))
        words = self.phrase.split()
        # A filler that sounds like a part of the phrase is welcome; one that is a part of it would swallow it.
        fillers = [word for word in FILLERS if word not in words and recogniser.knows(word)]
        self._decoder = recogniser.grammar((self.phrase, *dict.fromkeys(fillers)), n_best=1)

    def spotter(self) -> Spotter:
        return Spotter(self.phrase, self._decoder)


def _unknown(phrase: str, word: str, model_path: Path) -> str:
    near = near_words(word, vocabulary(model_path))
    instead = f" It knows {', '.join(near[:-1])} and {near[-1]}." if len(near) > 1 else ""
    return (
        f'The wake phrase "{phrase}" cannot be heard: the speech model does not know "{word}".{instead} '
        "Set wake.phrase to words that it knows."
    )


class Spotter:
    """Looks for the phrase in one stretch of speech.

    When a partial holds the phrase, its end is waited for: a word after it, the voice's end, or half a second. Then
    it is looked at again: the decoder is made to finish, and the phrase must be there, of plausible length, with
    every word's posterior at least 0.7. That is as strict as waiting for the recogniser's own final, and sooner.
    """

    def __init__(self, phrase: str, decoder: SpottingDecoder) -> None:
        self.phrase = phrase
        self._decoder = decoder
        self._words = phrase.split()
        self._seen_s: float | None = None

    def reset(self, start_s: float) -> None:
        self._seen_s = None
        self._decoder.reset(start_s)

    def accept(self, samples: Samples) -> None:
        """More sound: int16, any length."""
        self._decoder.accept(samples)

    def check(self, now_s: float, quiet_s: float) -> float | None:
        """Where the wake phrase ended (audio seconds) once it has been said in the sound up to ``now_s``.

        ``quiet_s`` is how long there has been no voice.
        """
        _, seen, after = f" {self._decoder.partial()} ".partition(f" {self.phrase} ")
        if not seen:
            self._seen_s = None
            return None
        if self._seen_s is None:
            self._seen_s = now_s
        if not after and quiet_s < _QUIET_S and now_s - self._seen_s < _HOLD_S:
            return None
        found = self._decoder.finish_with_posteriors()
        self.reset(now_s)
        return self._end_s(found)

    def _end_s(self, found: Sequence[tuple[Word, float]]) -> float | None:
        count = len(self._words)
        for place in range(len(found) - count, -1, -1):
            part = found[place : place + count]
            if [word.text for word, _ in part] == self._words and self._plausible(part):
                return part[-1][0].end_s
        return None

    def _plausible(self, part: Sequence[tuple[Word, float]]) -> bool:
        length_s = part[-1][0].end_s - part[0][0].start_s
        return (
            all(posterior >= _POSTERIOR for _, posterior in part)
            and all(word.end_s - word.start_s <= _LONGEST_WORD_S for word, _ in part)
            and length_s >= _SHORTEST_PHRASE_S_PER_LETTER * len(self.phrase)
        )
