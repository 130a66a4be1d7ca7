"""What an utterance is heard with, as the order has it, and which readings of it count when it is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.events import Hypothesis, ListenMode
from assistant.hearing.closed_grammar import DEEP, ClosedGrammar
from assistant.hearing.either_way import EitherWay
from assistant.hearing.listening_order import Order
from assistant.hearing.recent_sound import RecentSound
from assistant.hearing.recogniser import UNKNOWN, Decoder
from assistant.hearing.second_hearing import LEAD_S, heard_again, heard_freely

# What Vosk makes of breath, clatter and hum. An utterance of nothing else counts only when a voice was there.
_GHOSTS = "the a an and but i in it of that this to is was he you huh uh um hm hmm mm oh ah eh ha"
_GHOST_WORDS = frozenset((*_GHOSTS.split(), UNKNOWN))
_GHOST_VOICE_S = 0.4


class Ears(Protocol):
    """What hearing needs of a recogniser."""

    def free(self) -> Decoder: ...

    def grammar(self, phrases: Sequence[str], n_best: int = ...) -> Decoder: ...


def decoder_for(order: Order, recogniser: Ears, is_understood: Callable[[Sequence[Hypothesis]], bool]) -> Decoder:
    """What ``order`` is heard with. Raises HearingError when the recogniser does not know a word of its grammar."""
    if order.grammar is None:
        return recogniser.free()
    by_grammar = recogniser.grammar(order.grammar)
    return EitherWay(by_grammar, recogniser.free(), is_understood) if order.or_words else by_grammar


def heard_out(
    decoder: Decoder, order: Order, recogniser: Ears, recent: RecentSound, utterance_s: float
) -> tuple[Hypothesis, ...]:
    """The readings, best first, of the utterance that began at ``utterance_s`` (audio seconds): those of ``decoder``,
    which has heard it, or better ones of a second hearing.
    """
    first = decoder.finish()
    # Free answers are long, and whoever talks over its voice does not wait.
    if order.grammar is None or order.mode is ListenMode.BARGE_IN:
        return first

    def closed() -> ClosedGrammar | None:
        phrases = order.closed_grammar(first)
        return None if phrases is None else ClosedGrammar(recogniser.grammar(phrases, DEEP), phrases)

    sound, sound_s = recent.since(utterance_s - LEAD_S)
    start_s = max(utterance_s, sound_s)
    heard = heard_again(decoder, first, sound, sound_s, start_s, closed)
    if order.mode is not ListenMode.COMMAND or order.is_understood(heard):
        return heard
    return heard_freely(recogniser.free(), heard, sound, sound_s, start_s)


def is_ghost(text: str, voiced_s: float) -> bool:
    """Whether ``text``, of an utterance with ``voiced_s`` seconds of voice, is what noise is heard as."""
    return voiced_s < _GHOST_VOICE_S and all(word in _GHOST_WORDS for word in text.split())
