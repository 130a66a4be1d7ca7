"""The journal: what was said, kept safe and given back."""

from assistant.memory.due import Due, QuietHours, due, next_time
from assistant.memory.journal import Journal
from assistant.memory.records import Entry, Reminder, Session

__all__ = ["Due", "Entry", "Journal", "QuietHours", "Reminder", "Session", "due", "next_time"]
