"""Dialogue: ritual files become steps, events become effects. Pure, and told of nothing but its arguments."""

from assistant.dialogue.commands import COMMANDS
from assistant.dialogue.engine import begin, cannot_keep, is_apart, is_free, step, upcoming
from assistant.dialogue.errands.reminding import AGAIN_MIN
from assistant.dialogue.file_schema import deck_schema, ritual_schema
from assistant.dialogue.library import Library
from assistant.dialogue.place import Place, place
from assistant.dialogue.remarks import measure, remarks, remarks_on_prompts
from assistant.dialogue.ritual import Ritual
from assistant.dialogue.state import State, initial, state_from_json, state_to_json, with_known, with_people

__all__ = [
    "AGAIN_MIN",
    "COMMANDS",
    "Library",
    "Place",
    "Ritual",
    "State",
    "begin",
    "cannot_keep",
    "deck_schema",
    "initial",
    "is_apart",
    "is_free",
    "measure",
    "place",
    "remarks",
    "remarks_on_prompts",
    "ritual_schema",
    "state_from_json",
    "state_to_json",
    "step",
    "upcoming",
    "with_known",
    "with_people",
]
