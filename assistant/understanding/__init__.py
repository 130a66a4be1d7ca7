"""From what was heard to what was meant: templates, fuzzy matching with rejection, slots. Pure."""

from assistant.understanding.checking.check import check
from assistant.understanding.checking.report import Report, Row
from assistant.understanding.home_sentences.home_assistant import load_sentences
from assistant.understanding.home_sentences.sentences import Sentences
from assistant.understanding.intent import Intent, load_commands
from assistant.understanding.readings.explanation import Explanation
from assistant.understanding.times.when import When, WhenReader, load_when_reader
from assistant.understanding.understanding import MatchContext, Understanding

__all__ = [
    "Explanation",
    "Intent",
    "MatchContext",
    "Report",
    "Row",
    "Sentences",
    "Understanding",
    "When",
    "WhenReader",
    "check",
    "load_commands",
    "load_sentences",
    "load_when_reader",
]
