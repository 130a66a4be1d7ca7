"""The errands there are, by name; `assistant.dialogue.requests` tells what begins each."""

from collections.abc import Mapping

from assistant.dialogue.errand import Errand
from assistant.dialogue.errands.asking import ASKING
from assistant.dialogue.errands.closed_answers import CLOSED_ANSWERS
from assistant.dialogue.errands.deleting import DELETING
from assistant.dialogue.errands.deleting_some import DELETING_SOME
from assistant.dialogue.errands.guessing import GUESS
from assistant.dialogue.errands.help_lines import HELP_LINES
from assistant.dialogue.errands.joining import JOINING
from assistant.dialogue.errands.leaving import LEAVING
from assistant.dialogue.errands.making import MAKING
from assistant.dialogue.errands.people import PEOPLE
from assistant.dialogue.errands.recalling import RECALLING
from assistant.dialogue.errands.record import RECORD
from assistant.dialogue.errands.reminders import REMINDERS
from assistant.dialogue.errands.reminding import REMINDING
from assistant.dialogue.errands.trending import TREND
from assistant.dialogue.errands.voices import VOICES
from assistant.dialogue.requests import GUESSING

ERRANDS: Mapping[str, Errand] = {
    "asking": ASKING,
    "closed_answers": CLOSED_ANSWERS,
    "deleting": DELETING,
    GUESSING: GUESS,
    "help_lines": HELP_LINES,
    "joining": JOINING,
    "leaving": LEAVING,
    "making": MAKING,
    "people": PEOPLE,
    "deleting_some": DELETING_SOME,
    "recalling": RECALLING,
    "record": RECORD,
    "reminders": REMINDERS,
    "reminding": REMINDING,
    "trend": TREND,
    "voices": VOICES,
}
