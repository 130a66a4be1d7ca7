"""Decks of cards: questions and ideas that a `draw` step takes one of. One file a deck, under decks/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from assistant.dialogue.lines import Part, at_least
from assistant.dialogue.steps import Id
from assistant.understanding.data_file import load_yaml, validate


def _check_cards(cards: tuple[str, ...]) -> tuple[str, ...]:
    for card in cards:
        if not card.strip():
            raise ValueError("a card must not be empty; write what it says")
        if "{" in card or "}" in card:
            raise ValueError(f"the card {card!r} holds a placeholder; a card is said as it stands")
    double = next((card for card in cards if cards.count(card) > 1), None)
    if double is not None:
        raise ValueError(f"the card {double!r} stands there twice; keep one")
    return cards


Cards = Annotated[tuple[str, ...], AfterValidator(_check_cards)]


class Depth(Part):
    """One depth of a deck, with cards of its own."""

    id: Id
    cards: Annotated[Cards, at_least(3)]


class Deck(Part):
    """One deck file: either ``cards``, or ``depths`` from the lightest to the deepest."""

    id: Id = Field(description="The name of the file without its ending.")
    about: str = Field(min_length=1, description="One line for people who read the file.")
    cards: Cards = ()
    depths: tuple[Depth, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.cards) == bool(self.depths):
            raise ValueError("give either cards or depths")
        if self.cards and len(self.cards) < 3:
            raise ValueError("there must be at least 3 cards")
        ids = [depth.id for depth in self.depths]
        if len(set(ids)) < len(ids):
            raise ValueError("two depths have the same id; choose another for one of them")
        _check_cards(tuple(card for depth in self.depths for card in depth.cards))
        return self

    def at(self, depth: str | None) -> tuple[str, ...]:
        """The cards of one depth, or (None) of a deck without depths. Raises KeyError for a depth it has not."""
        if depth is None and self.cards:
            return self.cards
        return {one.id: one.cards for one in self.depths}[depth or ""]


def load_decks(folders: Sequence[Path]) -> dict[str, Deck]:
    """All decks of ``folder/decks/*.yaml``, by id; a deck of one's own takes the place of one that ships.

    Raises IntentsError with file and line.
    """
    decks: dict[str, Deck] = {}
    for folder in folders:
        for path in sorted((folder / "decks").glob("*.yaml")):
            file = load_yaml(path)
            deck = validate(file, Deck)
            if deck.id != path.stem:
                raise file.error(f"the id {deck.id!r} is not the name of the file; make them the same.", "id")
            decks[deck.id] = deck
    return decks
