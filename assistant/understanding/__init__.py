"""From what was heard to what was meant: templates, fuzzy matching with rejection, slots. Pure."""

from assistant.understanding.intent import Intent, load_commands
from assistant.understanding.understanding import Understanding

__all__ = ["Intent", "Understanding", "load_commands"]
