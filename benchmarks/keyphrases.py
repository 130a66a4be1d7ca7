"""PocketSphinx's keyphrase spotting, the peer of the wake benchmark; it comes with its model in its wheel."""

from __future__ import annotations

import importlib
from typing import Any

from assistant.events import SAMPLE_RATE_HZ, Samples

LENIENT = 1e-60  # all that resembles the phrase at all; the threshold is chosen afterwards, by score
BLOCK_SAMPLES = 1024


class Keyphrases:
    """Spots one keyphrase. Its ``decoder`` is a ``pocketsphinx.Decoder`` for it."""

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder

    def scores(self, sound: Samples) -> list[float]:
        """How sure it is of each place in ``sound`` (int16, 16 kHz) where it hears the phrase; more is surer."""
        found = []
        self._decoder.start_utt()
        for place in range(0, len(sound), BLOCK_SAMPLES):
            self._decoder.process_raw(sound[place : place + BLOCK_SAMPLES].tobytes(), False, False)
            if self._decoder.hyp() is not None:
                found.append(max(float(segment.prob) for segment in self._decoder.seg()))
                self._decoder.end_utt()
                self._decoder.start_utt()
        self._decoder.end_utt()
        if self._decoder.hyp() is not None:
            found.append(max(float(segment.prob) for segment in self._decoder.seg()))
        return found


def open_keyphrases(phrase: str) -> Keyphrases | None:
    """For ``phrase``; None where PocketSphinx is not installed or its dictionary lacks a word of it."""
    try:
        make = importlib.import_module("pocketsphinx").Decoder
    except ImportError:
        return None
    decoder = make(lm=None, keyphrase=None, samprate=SAMPLE_RATE_HZ, loglevel="FATAL")
    if any(decoder.lookup_word(word) is None for word in phrase.split()):
        return None
    decoder = make(lm=None, keyphrase=phrase, kws_threshold=LENIENT, samprate=SAMPLE_RATE_HZ, loglevel="FATAL")
    return Keyphrases(decoder)
