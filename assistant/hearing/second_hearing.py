"""A second look at an utterance that was said in noise: heard again, with the noise taken out of the whole of it.

While somebody speaks, nobody knows yet what noise lies under the quiet end of it; afterwards one does. Spoken orders in
kitchen noise at 6 dB were understood 93 times of a hundred so, and 89 without (docs/decisions/0011-noise.md).
"""

from __future__ import annotations

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Hypothesis, Samples
from assistant.hearing.noise import speech_above_noise_db, without_noise
from assistant.hearing.recogniser import Decoder

LEAD_S = 1.5  # of sound before the utterance, by which its noise is known
CLEAR_DB = 27.0  # speech so far above the noise is heard right at once
AFTER_S = 0.3  # of silence, so that a quiet last word is not taken for the noise that it ends in
SHORTEST_S = 0.3
LONGEST_S = 12.0  # hearing takes a tenth of the time that was spoken, and somebody waits for the answer


def heard_again(
    decoder: Decoder, first: tuple[Hypothesis, ...], sound: Samples, sound_s: float, start_s: float
) -> tuple[Hypothesis, ...]:
    """The readings of the utterance that began at ``start_s``: ``first``, or, where there is noise, better ones.

    ``sound`` is the utterance and what came before it, from ``sound_s`` on (audio seconds). ``decoder`` gave ``first``
    and is finished; so it is afterwards.
    """
    if not SHORTEST_S <= len(sound) / SAMPLE_RATE_HZ <= LONGEST_S or speech_above_noise_db(sound) >= CLEAR_DB:
        return first
    lead = max(0, round((start_s - sound_s) * SAMPLE_RATE_HZ))
    decoder.reset(start_s)
    decoder.accept(without_noise(sound)[lead:])
    decoder.accept(np.zeros(round(AFTER_S * SAMPLE_RATE_HZ), np.int16))
    second = decoder.finish()
    return second if any(hypothesis.text for hypothesis in second) else first
