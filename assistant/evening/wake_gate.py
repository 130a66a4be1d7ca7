"""Who may wake Evensong where only known voices do: the gate between the ears and the voice prints that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.errors import ModelError
from assistant.events import Samples
from assistant.hearing.speakers.voice_encoder import VoiceEncoder
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.wake.known_voice import is_known

Prints = Mapping[str, tuple[float, ...]]


class WakeGate:
    """``voices`` gives the prints that are kept at that moment; while there are none, everybody wakes it."""

    def __init__(self, encoder: VoiceEncoder, voices: Callable[[], Prints]) -> None:
        self._encoder = encoder
        self._voices = voices

    def __call__(self, sound: Samples) -> bool:
        prints = self._voices()
        return not prints or is_known(sound, self._encoder, VoicePrints(prints))


def wake_gate(load: Callable[[], VoiceEncoder], voices: Callable[[], Prints]) -> WakeGate | None:
    """None where voices cannot be told apart: then everybody wakes it."""
    try:
        return WakeGate(load(), voices)
    except ModelError:
        return None


def why_open(load: Callable[[], VoiceEncoder], voices: Prints) -> str:
    """One sentence on why everybody wakes it although only known voices should; "": they alone do."""
    try:
        load()
    except ModelError:
        return (
            "wake.only_known_voices is on, but telling voices apart is not installed, so everybody wakes it; "
            "run `evensong models install voices`."
        )
    if not voices:
        return (
            "wake.only_known_voices is on, but no voice is remembered yet, so everybody wakes it; "
            'say "remember my voice" to it.'
        )
    return ""
