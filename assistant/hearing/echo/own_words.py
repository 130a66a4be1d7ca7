"""Telling Evensong's own voice from a person's by what was said when.

The loudspeaker reaches the microphone, and what is left of it after echo cancelling may still be recognised. An
utterance that was heard while Evensong spoke, and holds little but the words it was saying, is its own; so is all that
was heard while the sound was nothing but its own, whatever words the recogniser made of it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.events import Hypothesis, Utterance

ECHO_TAIL_S = 0.5  # a room and a sound system give the voice back this late
KEPT = 6  # sentences; an utterance spans no more of them
ALIKE = 80.0  # of 100; what misheard echoes of whole sentences reach, and answers to them do not
MOSTLY = 0.6  # of the utterance lies in the time of the speech


@dataclass(slots=True)
class _Sentence:
    text: str
    start_s: float
    end_s: float


class OwnWords:
    """Remembers the last sentences and when they sounded, on the audio clock."""

    def __init__(self) -> None:
        self._sentences: deque[_Sentence] = deque(maxlen=KEPT)

    def started(self, at_s: float, text: str) -> None:
        self._sentences.append(_Sentence(_plain(text), at_s, float("inf")))

    def ended(self, at_s: float) -> None:
        """The sentence that sounds has ended, or was cut."""
        if self._sentences and self._sentences[-1].end_s > at_s:
            self._sentences[-1].end_s = at_s

    def without(self, utterance: Utterance) -> Utterance | None:
        """``utterance`` as far as people said it, or None when it is Evensong's own voice and nothing else.

        Words that both said at the same time are people's as well: what was heard follows whole, as the less likely.
        """
        if utterance.own_until_s is not None:
            rests = tuple(filter(None, (_after(one, utterance.own_until_s) for one in utterance.hypotheses)))
            if not rests:
                return None
            utterance = replace(utterance, hypotheses=rests, start_s=max(utterance.start_s, utterance.own_until_s))
        if self._explains(utterance):
            return None
        kept = tuple(filter(None, (self._people_in(hypothesis) for hypothesis in utterance.hypotheses)))
        whole = tuple(one for one in utterance.hypotheses if one not in kept)
        return replace(utterance, hypotheses=(*kept, *whole)) if kept else None

    def says(self, text: str, start_s: float, end_s: float) -> bool:
        """Whether it is saying ``text`` at some moment between these two, echo included."""
        return any(_holds(sentence.text, _plain(text)) for sentence in self._sounding(start_s, end_s))

    def _explains(self, utterance: Utterance) -> bool:
        together = self._sounding(utterance.start_s, utterance.end_s)
        if not together:
            return False
        until_s = min(utterance.end_s, together[-1].end_s + ECHO_TAIL_S)
        length_s = max(utterance.end_s - utterance.start_s, 0.1)
        if until_s - max(utterance.start_s, together[0].start_s) < MOSTLY * length_s:
            return False
        said = " ".join(sentence.text for sentence in together)
        return any(_holds(said, _plain(hypothesis.text)) for hypothesis in utterance.hypotheses[:3])

    def _people_in(self, hypothesis: Hypothesis) -> Hypothesis | None:
        """The hypothesis without the leading words that Evensong was saying while they were heard."""
        own = 0
        for count in range(1, len(hypothesis.words) + 1):
            leading = hypothesis.words[:count]
            together = self._sounding(leading[0].start_s, leading[-1].end_s)
            if not together or leading[-1].start_s > together[-1].end_s + ECHO_TAIL_S:
                break
            said = " ".join(sentence.text for sentence in together)
            if _holds(said, _plain(" ".join(word.text for word in leading))):
                own = count
        if not own:
            return hypothesis
        rest = hypothesis.words[own:]
        return Hypothesis(" ".join(word.text for word in rest), hypothesis.score, rest) if rest else None

    def _sounding(self, start_s: float, end_s: float) -> list[_Sentence]:
        """What was being said between two moments, with its echo."""
        return [
            sentence
            for sentence in self._sentences
            if sentence.start_s < end_s and sentence.end_s + ECHO_TAIL_S > start_s
        ]


def _after(hypothesis: Hypothesis, moment_s: float) -> Hypothesis | None:
    """The words that were mostly heard after ``moment_s``; None: there are none."""
    rest = tuple(word for word in hypothesis.words if (word.start_s + word.end_s) / 2 > moment_s)
    return Hypothesis(" ".join(word.text for word in rest), hypothesis.score, rest) if rest else None


def _holds(said: str, heard: str) -> bool:
    if not heard or len(heard) > 1.3 * len(said):
        return False
    if " " not in heard:
        return any(fuzz.ratio(heard, word) >= ALIKE for word in said.split())
    return fuzz.partial_ratio(heard, said) >= ALIKE


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower()).split())
