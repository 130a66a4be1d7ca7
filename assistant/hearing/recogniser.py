"""The recogniser: Vosk, with a grammar or free, streaming, n-best with word times."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.errors import HearingError
from assistant.events import SAMPLE_RATE_HZ, Hypothesis, Samples, Word
from assistant.hearing.endless_talk import Stretch
from assistant.hearing.model import broken, load_model
from assistant.hearing.vosk_library import VoskError, VoskModel, VoskRecogniser

UNKNOWN = "[unk]"  # how a grammar says: something else
N_BEST = 10
_GRAMMARS_KEPT = 8
# Free speech is heard by a graph that Vosk composes while it hears, and never lets go of: 105 MB after two minutes of
# speech, 150 MB after five. With a new recogniser, a tenth of a second's work, composing begins anew, too: made anew
# each minute it hears at one and a half times the cost, at this at one and a third.
_FREE_ANEW_S = 120.0
# Talk without a pause that it cannot make out makes it compose as much in ten seconds: see `Stretch`.
_CLICK_S = 0.1  # something unknown that is shorter is no word: a click, a breath, the rest of a cut one


class Decoder(Protocol):
    """Takes sound, gives words. Times are on the audio clock from the ``start_s`` given to `reset`."""

    def reset(self, start_s: float = 0.0) -> None:
        """Forget everything; the next sample is heard at ``start_s``."""
        ...

    def accept(self, samples: Samples) -> None:
        """More sound: int16, any length, 16 kHz mono."""
        ...

    def partial(self) -> str:
        """The best reading so far; lags the sound by up to 0.4 s."""
        ...

    def finish(self) -> tuple[Hypothesis, ...]:
        """The readings of all sound since `reset`, best first, at most as many as it was made for; the first may be
        empty of words.
        """
        ...


class Recogniser:
    """A loaded Vosk model."""

    def __init__(self, model_path: Path, loaded: VoskModel | None = None) -> None:
        """``loaded`` is what `load_model` gave for ``model_path``; None: it is loaded now. Raises ModelError."""
        self._model = loaded if loaded is not None else load_model(model_path)
        self.model_path = model_path
        self._free: VoskDecoder | None = None
        self._grammars: OrderedDict[tuple[tuple[str, ...], int, tuple[str, ...]], VoskDecoder] = OrderedDict()

    def knows(self, word: str) -> bool:
        """Whether the model can hear ``word`` (lower case) at all."""
        return self._model.knows(word)

    def free(self) -> VoskDecoder:
        """The decoder of free speech: one, made at the first call (a tenth of a second) and kept."""
        if self._free is None:
            self._free = VoskDecoder(lambda: self._new(None, N_BEST), anew_s=_FREE_ANEW_S, stretch=Stretch())
        return self._free

    def grammar(self, phrases: Sequence[str], n_best: int = N_BEST, likelier: Sequence[str] = ()) -> VoskDecoder:
        """A decoder that hears only ``phrases`` (lower case) in any order, and `UNKNOWN` for all else.

        All are as likely; one that also stands k times in ``likelier`` is k + 1 times as likely as another.
        The last few grammars are kept, so asking again for one of them is cheap and gives the same decoder.
        Raises HearingError when a word is not in the vocabulary: Vosk would drop it without a word.
        """
        key = (tuple(phrases), n_best, tuple(likelier))
        if key in self._grammars:
            self._grammars.move_to_end(key)
            return self._grammars[key]
        words = {word for phrase in phrases for word in phrase.split()} - {UNKNOWN}
        unknown = sorted(word for word in words if not self.knows(word))
        if unknown:
            raise HearingError(f'The speech model does not know "{unknown[0]}"; say it with other words.')
        text = json.dumps([*dict.fromkeys(phrases), *likelier, UNKNOWN])
        decoder = VoskDecoder(lambda: self._new(text, n_best), n_best)
        self._grammars[key] = decoder
        while len(self._grammars) > _GRAMMARS_KEPT:
            self._grammars.popitem(last=False)
        return decoder

    def _new(self, grammar: str | None, n_best: int) -> VoskRecogniser:
        try:
            return VoskRecogniser(self._model, SAMPLE_RATE_HZ, grammar, n_best)
        except VoskError as error:
            raise broken(self.model_path, error) from error


class VoskDecoder:
    """One Vosk recogniser as a `Decoder`.

    Vosk ends a segment by itself after a long pause; segments are joined, so nothing that was said is lost.
    ``make`` makes the recogniser, and another in its place between two segments when it has heard ``anew_s``.
    Where ``stretch`` says that a segment has gone on too long, it is ended, and another recogniser goes on.
    """

    def __init__(
        self,
        make: Callable[[], VoskRecogniser],
        n_best: int = N_BEST,
        *,
        anew_s: float = float("inf"),
        stretch: Stretch | None = None,
    ) -> None:
        self._make = make
        self._recogniser = make()
        self._n_best = n_best
        self._anew_s = anew_s
        self._stretch = stretch
        self._segments: list[tuple[Hypothesis, ...]] = []
        self._fed_samples = 0  # since Vosk's recogniser was made: its word times count from there
        self._offset_s = 0.0
        self._dither = Dither()
        self._finished = True

    def reset(self, start_s: float = 0.0) -> None:
        if not self._finished:
            # Not Vosk's Reset: that keeps the adaptation, and the same sound would then be heard differently
            # depending on what went before.
            self._recogniser.final_result()
        self._renew(self._anew_s)
        self._segments.clear()
        self._dither = Dither()
        self._offset_s = start_s - self._fed_samples / SAMPLE_RATE_HZ
        self._finished = True

    def accept(self, samples: Samples) -> None:
        self._finished = False
        self._fed_samples += len(samples)
        too_long = self._stretch is not None and self._stretch.goes_on_too_long(samples)
        dithered = self._dither.added(samples)
        if self._recogniser.accept(dithered.tobytes()):
            self._segments.append(self._read(self._recogniser.result()))
            self._renew(self._anew_s)
        elif too_long:
            self._segments.append(self._read(self._recogniser.final_result()))
            self._renew(0.0)

    def partial(self) -> str:
        told: str = "" if self._finished else json.loads(self._recogniser.partial_result()).get("partial", "")
        return " ".join(text for text in (*(segment[0].text for segment in self._segments), told) if text)

    def finish(self) -> tuple[Hypothesis, ...]:
        if not self._finished:
            self._segments.append(self._read(self._recogniser.final_result()))
            self._finished = True
        return joined(self._segments, self._n_best)

    def finish_with_posteriors(self) -> tuple[tuple[Word, float], ...]:
        """As `finish`, for a decoder made with ``n_best=1``: the words, each with its posterior 0..1."""
        found = json.loads(self._recogniser.final_result()) if not self._finished else {}
        self._finished = True
        return tuple((self._word(entry), float(entry["conf"])) for entry in found.get("result", ()))

    def _renew(self, anew_s: float) -> None:
        """Between two segments."""
        if self._stretch is not None:
            self._stretch.begin()
        fed_s = self._fed_samples / SAMPLE_RATE_HZ
        if fed_s >= anew_s:
            del self._recogniser  # first: two of them are what shall not be in memory
            self._recogniser = self._make()
            self._offset_s += fed_s
            self._fed_samples = 0

    def _read(self, result: str) -> tuple[Hypothesis, ...]:
        found = json.loads(result)
        alternatives = found.get("alternatives", [found])
        read = tuple(self._hypothesis(alternative) for alternative in alternatives)
        return read or (Hypothesis(""),)

    def _hypothesis(self, alternative: dict[str, Any]) -> Hypothesis:
        words = (self._word(entry) for entry in alternative.get("result", ()))
        kept = tuple(word for word in words if word.text != UNKNOWN or word.end_s - word.start_s >= _CLICK_S)
        return Hypothesis(" ".join(word.text for word in kept), float(alternative.get("confidence", 0.0)), kept)

    def _word(self, entry: dict[str, Any]) -> Word:
        # Vosk counts from its recogniser's making, in single precision; a hundredth is finer than its frames and
        # coarse enough to come out the same however much was heard before.
        return Word(
            str(entry["word"]), round(entry["start"] + self._offset_s, 2), round(entry["end"] + self._offset_s, 2)
        )


class Dither:
    """Noise of one step, the same each time, added to what Vosk hears.

    The model was trained with Kaldi's random dither, which the installed copy switches off so that the same sound
    gives the same words. Without any, digital silence is nothing the model has ever met.
    """

    _NOISE = np.rint(np.random.default_rng(0).standard_normal(SAMPLE_RATE_HZ)).astype(np.int32)

    def __init__(self) -> None:
        self._place = 0

    def added(self, samples: Samples) -> Samples:
        places = np.arange(self._place, self._place + len(samples))
        self._place = (self._place + len(samples)) % len(self._NOISE)
        noisy: Samples = np.clip(samples + self._NOISE.take(places, mode="wrap"), -32_768, 32_767).astype(np.int16)
        return noisy


def joined(segments: Sequence[Sequence[Hypothesis]], limit: int = N_BEST) -> tuple[Hypothesis, ...]:
    """The n-best of several segments heard one after the other, each best first.

    The best of each in a row, and then each row that differs from it in one segment only: an error is rarely
    in two places, and all combinations would be a thousand for three segments.
    """
    spoken = [segment for segment in segments if any(hypothesis.text for hypothesis in segment)]
    if not spoken:
        return (Hypothesis(""),)
    best = [segment[0] for segment in spoken]
    rows = [best]
    for place, segment in enumerate(spoken):
        rows += [[*best[:place], other, *best[place + 1 :]] for other in segment[1:]]
    readings: dict[str, Hypothesis] = {}
    for row in sorted(rows, key=lambda row: -sum(hypothesis.score for hypothesis in row)):
        text = " ".join(hypothesis.text for hypothesis in row if hypothesis.text)
        score = sum(hypothesis.score for hypothesis in row)
        words = tuple(word for hypothesis in row for word in hypothesis.words)
        readings.setdefault(text, Hypothesis(text, score, words))
    return tuple(readings.values())[:limit]
