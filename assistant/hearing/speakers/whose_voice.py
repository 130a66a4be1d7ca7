"""Whose voice it was that said something short: a name only where the prints leave little doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.events import Samples
from assistant.hearing.speakers.enrolment import speech_frames
from assistant.hearing.speakers.voice_encoder import LONGEST_FRAMES, Print, VoiceEncoder
from assistant.hearing.speakers.voice_features import FRAMES_A_SECOND, levelled, mels
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.voice_activity import VoiceActivityDetector

Told = Literal["known", "stranger", "unsure"]

SHORTEST_S = 0.5  # of speech; less tells nothing
SURE, SURE_STRANGER = 1.5, 2.0  # log odds (docs/decisions/0006-voices.md has what they give)
APART = 0.06  # by which the cosine with the second likest print must be lower


@dataclass(frozen=True, slots=True)
class Whose:
    """``name`` is empty unless it is known."""

    told: Told
    name: str = ""


def whose_voice(samples: Samples, encoder: VoiceEncoder, prints: VoicePrints, detector: VoiceActivityDetector) -> Whose:
    """Who said ``samples`` (int16, 16 kHz mono: one utterance); of a long one, its first part tells."""
    heard = speech_frames(samples, detector)
    frames = mels(samples)[: len(heard)][heard][:LONGEST_FRAMES]
    seconds = len(frames) / FRAMES_A_SECOND
    if seconds < SHORTEST_S:
        return Whose("unsure")
    return told_of(encoder.print_of(levelled(frames)), seconds, prints)


def told_of(heard: Print, seconds: float, prints: VoicePrints) -> Whose:
    """Whose ``heard`` is, which rests on so many seconds."""
    if not prints.who_is_known:
        return Whose("stranger")
    odds, cosines = prints.log_odds(heard, seconds), prints.cosines(heard)
    best = int(cosines.argmax())
    if odds[best] <= -SURE_STRANGER:
        return Whose("stranger")
    others = [cosine for place, cosine in enumerate(cosines) if place != best]
    if odds[best] < SURE or any(cosines[best] - cosine < APART for cosine in others):
        return Whose("unsure")
    return Whose("known", prints.who_is_known[best])
