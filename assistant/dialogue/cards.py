"""Cards: drawing one from a deck, and drawing another in its place."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import wording
from assistant.dialogue.moment import Moment
from assistant.dialogue.plan import card_place
from assistant.dialogue.state import Given
from assistant.dialogue.steps import DrawStep
from assistant.events import Meaning, Scratch


def draw(moment: Moment) -> tuple[str, int]:
    """The next card of the deck that the present stop names, and its number."""
    step = moment.stop.step
    assert isinstance(step, DrawStep)
    cards = moment.library.decks[step.deck].at(step.depth)
    key = ".".join(("deck", step.deck, step.depth or ""))
    moment.state, number = wording.choose_place(moment.state, key, len(cards))
    return cards[number], number


def asks_for_another(moment: Moment, meaning: Meaning) -> bool:
    """Whether a wish to skip, or no more than "something else", is a wish for another card.

    It is none any more when the card has been answered.
    """
    if moment.state.phase != "ritual" or meaning.intent not in ("skip", None):
        return False
    place = card_place(moment.stops, moment.session)
    if place is None or any(one.stop > place for one in moment.session.given):
        return False
    text = " ".join(meaning.text.lower().split())
    if meaning.intent is None:
        return text in moment.prompts.another
    return any(f" {words} " in f" {text} " for words in moment.prompts.another)


def put_back(moment: Moment) -> int:
    """Put the card that counts here back under the deck; the stop at which it was drawn."""
    place = card_place(moment.stops, moment.session)
    assert place is not None
    moment.emit(*(Scratch() for one in moment.session.given if one.stop == place and one.kept))
    moment.change_session(given=tuple(one for one in moment.session.given if one.stop != place))
    return place


def without_record(given: tuple[Given, ...], scratched: Given) -> tuple[Given, ...]:
    """``given`` when ``scratched`` is kept no more, though it still counts for what comes next."""
    return tuple(replace(one, kept=False) if one is scratched else one for one in given)
