"""The journal: what was said, kept safe and given back."""

from assistant.memory.journal import Journal
from assistant.memory.records import Entry, Session

__all__ = ["Entry", "Journal", "Session"]
