"""The wake phrase: checked when it is chosen, spotted while somebody speaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.errors import HearingError
from assistant.events import SAMPLE_RATE_HZ, Samples, Word
from assistant.hearing.recogniser import UNKNOWN, Decoder
from assistant.hearing.vocabulary import near_words, vocabulary
from assistant.hearing.wake.check import LONGEST_S, Reread, SecondLook, found_at
from assistant.hearing.wake.spelling import Spelling, spellings

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

_LIKELIER = 4  # times a word beside it: who is called is called on purpose
_HOLD_S = 0.5  # how long a partial need at most end with the phrase
_QUIET_S = 0.16  # without a voice: the phrase is over; less can be a gap inside it
_LATER_S = 0.25  # what was refused is looked at again with so much more sound
# Who calls does so after a pause: the beginning of all speech gets a second look when it is over or has gone on long,
# unless the first is sure that there were words which it does not know.
_BEGINNING_S = 2.0
_SHORTEST_BEGINNING_S = 0.4
# What the two looks ask for: at sensitivity 0, 0.5 and 1.
_SENSITIVITIES = (0.0, 0.5, 1.0)
_POSTERIORS = (0.95, 0.7, 0.5)  # of every word of the phrase
_LEADS = (3.0, 0.0, -3.0)  # of the reading with the phrase before that without, for what was refused


class SpottingDecoder(Decoder, Protocol):
    def finish_with_posteriors(self) -> tuple[tuple[Word, float], ...]: ...


class Second(Protocol):
    """As `SecondLook`."""

    def found(self, sound: Samples, start_s: float) -> Reread | None: ...


class Vocabulary(Protocol):
    """What the wake phrase needs of a recogniser."""

    model_path: Path

    def knows(self, word: str) -> bool: ...

    def grammar(self, phrases: Sequence[str], n_best: int = ..., likelier: Sequence[str] = ...) -> SpottingDecoder: ...


def asked_at(sensitivity: float) -> tuple[float, float]:
    """What the first look asks of every word's posterior, and the second of the phrase's lead; 0..1."""
    posterior = float(np.interp(sensitivity, _SENSITIVITIES, _POSTERIORS))
    return posterior, float(np.interp(sensitivity, _SENSITIVITIES, _LEADS))


class WakePhrase:
    """What Evensong is called by. Every word must be in the recogniser's vocabulary.

    ``sensitivity``, 0..1: more of it is woken more easily, also by what only sounds like it.
    """

    def __init__(self, phrase: str, recogniser: Vocabulary, sensitivity: float = 0.5) -> None:
        """Raises HearingError naming the first word that is not known, and near ones that are."""
        self.phrase = " ".join(phrase.lower().split())
        if not self.phrase:
            raise HearingError("The wake phrase is empty; set wake.phrase to a word or two, such as hey evensong.")
        words = self.phrase.split()
        for word in words:
            if not recogniser.knows(word):
                raise HearingError(_unknown(self.phrase, word, recogniser.model_path))
        self.spellings = spellings(self.phrase, recogniser.knows)
        spelt = [each.text for each in self.spellings]
        # A filler that sounds like a part of the phrase is welcome; one that is a part of it would swallow it.
        fillers = [word for word in FILLERS if word not in words and recogniser.knows(word)]
        grammar, likelier = (*spelt, *dict.fromkeys(fillers)), (_LIKELIER - 1) * spelt
        self.decoder = recogniser.grammar(grammar, 1, likelier)
        self._posterior, lead = asked_at(sensitivity)
        self.second = SecondLook(self.spellings, recogniser.grammar(grammar, likelier=likelier), lead)

    def spotter(self) -> Spotter:
        return Spotter(self.spellings, self.decoder, self.second, self._posterior)


def _unknown(phrase: str, word: str, model_path: Path) -> str:
    near = near_words(word, vocabulary(model_path))
    instead = f" It knows {', '.join(near[:-1])} and {near[-1]}." if len(near) > 1 else ""
    return (
        f'The wake phrase "{phrase}" cannot be heard: the speech model does not know "{word}".{instead} '
        "Set wake.phrase to words that it knows."
    )


class Spotter:
    """Looks for the phrase in one stretch of speech.

    When a partial holds the core of the phrase, its end is waited for: a word after it, the voice's end, or half a
    second. Then the decoder is made to finish, and the phrase must be there, of plausible length, with every word's
    posterior at least ``posterior``. That is as strict as waiting for the recogniser's own final, and sooner. What is
    refused so is looked at once more a quarter of a second later, with all of its sound (`SecondLook`). So is the
    beginning of each stretch, though the partials had nothing of the phrase, as in noise they may. ``start_s`` is where
    the phrase that was found last began.
    """

    def __init__(
        self,
        spellings: Sequence[Spelling],
        decoder: SpottingDecoder,
        second: Second | None = None,
        posterior: float = 0.7,
    ) -> None:
        self._spellings = spellings
        self._decoder = decoder
        self._second = second
        self._posterior = posterior
        self._seen_s: float | None = None
        self._again_s: float | None = None
        self._began_s: float | None = None
        self._looked = False  # at the beginning
        self._sound: Samples = np.zeros(0, np.int16)
        self.start_s = 0.0

    def reset(self, start_s: float) -> None:
        self._seen_s = self._again_s = self._began_s = None
        self._looked = False
        self._sound = np.zeros(0, np.int16)
        self._decoder.reset(start_s)

    def accept(self, samples: Samples) -> None:
        """More sound: int16, any length."""
        self._decoder.accept(samples)
        if self._second is not None:
            self._sound = np.concatenate([self._sound, samples])[-round(LONGEST_S * SAMPLE_RATE_HZ) :]

    def check(self, now_s: float, quiet_s: float) -> float | None:
        """Where the wake phrase ended (audio seconds) once it has been said in the sound up to ``now_s``.

        ``quiet_s`` is how long there has been no voice.
        """
        partial = f" {self._decoder.partial()} "
        if self._second is not None and self._looks_again(now_s, quiet_s, partial):
            again = self._second.found(self._sound, now_s - len(self._sound) / SAMPLE_RATE_HZ)
            if again is not None:
                self.start_s = again.start_s
                return again.end_s
        after = self._after_core(partial)
        if after is None:
            self._seen_s = None
            return None
        if self._seen_s is None:
            self._seen_s = now_s
        if not after and quiet_s < _QUIET_S and now_s - self._seen_s < _HOLD_S:
            return None
        found = self._decoder.finish_with_posteriors()
        self._decoder.reset(now_s)
        self._seen_s = None
        end_s = self._end_s(found)
        if end_s is None:
            self._again_s = now_s + _LATER_S
        return end_s

    def _looks_again(self, now_s: float, quiet_s: float, partial: str) -> bool:
        if self._began_s is None:
            self._began_s = now_s
        spoken_s = now_s - self._began_s
        over = quiet_s >= _LATER_S and spoken_s - quiet_s >= _SHORTEST_BEGINNING_S
        beginning = not self._looked and (over or spoken_s >= _BEGINNING_S)
        refused = self._again_s is not None and now_s >= self._again_s
        self._looked = self._looked or beginning
        self._again_s = None if refused else self._again_s
        return refused or (beginning and UNKNOWN not in partial)

    def _after_core(self, partial: str) -> str | None:
        """What follows the core of the phrase in ``partial``; None: it is not in it."""
        for each in self._spellings:
            _, seen, after = partial.partition(f" {each.core_text} ")
            if seen:
                return after
        return None

    def _end_s(self, found: Sequence[tuple[Word, float]]) -> float | None:
        place = found_at(self._spellings, [word for word, _ in found])
        if place is None or any(posterior < self._posterior for _, posterior in found[place]):
            return None
        self.start_s = found[place][0][0].start_s
        return found[place][-1][0].end_s
