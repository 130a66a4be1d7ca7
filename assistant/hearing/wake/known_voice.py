"""The personal gate of the wake phrase: whether a known voice said it, told by the phrase alone."""

from __future__ import annotations

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.speakers.voice_encoder import Print, VoiceEncoder
from assistant.hearing.speakers.voice_features import levelled, mels
from assistant.hearing.speakers.voice_prints import VoicePrints

# Of the cosine. A phrase is short, and whoever is refused must call again, so the gate is open a little wider than even
# odds (docs/decisions/0012-wake-phrase.md has what that lets in).
LEEWAY = 0.03
SHORTEST_S = 0.2


def is_known(sound: Samples, encoder: VoiceEncoder, prints: VoicePrints) -> bool:
    """Whether ``sound`` (int16, 16 kHz: the phrase without the pauses around it) is likelier somebody's who is known.

    Too little to tell by is nobody's.
    """
    seconds = len(sound) / SAMPLE_RATE_HZ
    if seconds < SHORTEST_S or not prints.who_is_known:
        return False
    return is_one_of(encoder.print_of(levelled(mels(sound))), seconds, prints)


def is_one_of(heard: Print, seconds: float, prints: VoicePrints) -> bool:
    """Whether ``heard``, which rests on so many seconds, is likelier somebody's of ``prints`` than a stranger's."""
    return bool(np.max(prints.log_odds(heard, seconds, LEEWAY)) > 0)
