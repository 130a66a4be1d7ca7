"""A second look at an utterance that is over: in noise, it is heard again with the noise taken out of the whole of it.

While somebody speaks, nobody knows yet what noise lies under the quiet end of it; afterwards one does. What it was is
known better too: where the first readings are a command with many slots, only such commands are listened for, in the
sound as it was as well, for taking noise out takes something of the words with it
(docs/decisions/0011-noise.md and 0014-closed-grammar.md).

What fits no command of the grammar is heard again without any. People ask in words of their own, and a grammar bends
these towards its own words until nothing can be made of them (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Hypothesis, Samples
from assistant.hearing.closed_grammar import ClosedGrammar
from assistant.hearing.noise import speech_above_noise_db, without_noise
from assistant.hearing.recogniser import Decoder

LEAD_S = 1.5  # of sound before the utterance, by which its noise is known
CLEAR_DB = 27.0  # speech so far above the noise is heard right at once
AFTER_S = 0.3  # of silence, so that a quiet last word is not taken for the noise that it ends in
SHORTEST_S = 0.3
LONGEST_S = 12.0  # hearing takes a tenth of the time that was spoken, and somebody waits for the answer


def heard_again(
    decoder: Decoder,
    first: tuple[Hypothesis, ...],
    sound: Samples,
    sound_s: float,
    start_s: float,
    closed: Callable[[], ClosedGrammar | None] = lambda: None,
) -> tuple[Hypothesis, ...]:
    """The readings of the utterance that began at ``start_s``: ``first``, or, where there is noise, better ones.

    ``sound`` is the utterance and what came before it, from ``sound_s`` on (audio seconds). ``decoder`` gave ``first``
    and is finished; so it is afterwards. ``closed``, asked in noise only, may give a grammar of nothing but what
    ``first`` may have been.
    """
    if not SHORTEST_S <= len(sound) / SAMPLE_RATE_HZ <= LONGEST_S or speech_above_noise_db(sound) >= CLEAR_DB:
        return first
    lead = max(0, round((start_s - sound_s) * SAMPLE_RATE_HZ))
    quieter = without_noise(sound)[lead:]
    closer = closed()
    if closer is None:
        second = _heard(decoder, quieter, start_s)
        return second if any(hypothesis.text for hypothesis in second) else first
    return closer.together([_heard(closer.decoder, heard, start_s) for heard in (quieter, sound[lead:])]) or first


def heard_freely(
    free: Decoder, first: tuple[Hypothesis, ...], sound: Samples, sound_s: float, start_s: float
) -> tuple[Hypothesis, ...]:
    """The readings of ``free``, which has no grammar, where ``first`` fitted nothing; ``first`` where it hears no word.

    The rest is as for `heard_again`.
    """
    if not SHORTEST_S <= len(sound) / SAMPLE_RATE_HZ <= LONGEST_S:
        return first
    lead = max(0, round((start_s - sound_s) * SAMPLE_RATE_HZ))
    clear = speech_above_noise_db(sound) >= CLEAR_DB
    found = _heard(free, (sound if clear else without_noise(sound))[lead:], start_s)
    return found if any(hypothesis.text for hypothesis in found) else first


def _heard(decoder: Decoder, sound: Samples, start_s: float) -> tuple[Hypothesis, ...]:
    decoder.reset(start_s)
    decoder.accept(sound)
    decoder.accept(np.zeros(round(AFTER_S * SAMPLE_RATE_HZ), np.int16))
    return decoder.finish()
