"""The JSON Schemas of ritual and deck files, for editors that complete and check YAML as it is typed.

They are published in docs/; `evensong check --schema` and `--deck-schema` print them.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.dialogue.deck import Deck
from assistant.dialogue.ritual import Ritual

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def ritual_schema() -> dict[str, Any]:
    """What a file under rituals/ may hold. A schema cannot see all that `Library.load` checks."""
    return _schema(Ritual, "An Evensong ritual")


def deck_schema() -> dict[str, Any]:
    """What a file under decks/ may hold."""
    return _schema(Deck, "An Evensong deck of cards")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(), "title": title}
