"""What can be asked for beside rituals, and the errand that each request begins."""

from collections.abc import Mapping

LEAVES = "leaves"  # somebody who takes part has to go
JOINS = "joins"  # somebody comes in the middle
SKIPS = "skip_person"  # somebody's turn is to be left out
ASKS = "faq"

# intent -> errand; understood while Evensong waits for a command.
BEGUN_BY: Mapping[str, str] = {
    "delete_last_entry": "deleting",
    "delete_everything": "deleting",
    "delete_some": "deleting_some",
    ASKS: "asking",
    "help_lines": "help_lines",
    "create_ritual": "making",
    "delete_ritual": "making",
    "answer_apart": "closed_answers",
    "bring_back": "deleting",
    "cancel_reminder": "reminders",
    "delete_closed": "closed_answers",
    "forget_voice": "voices",
    "introduce_self": "people",
    JOINS: "joining",
    LEAVES: "leaving",
    "list_reminders": "reminders",
    "off_record": "record",
    "on_record": "record",
    "open_answers": "closed_answers",
    "quiet_menu": "help_lines",
    "recall_journal": "recalling",
    "schedule_reminder": "reminders",
    "show_trend": "trend",
    "who_is_speaking": "people",
}

GUESSING = "guessing"  # the errand that asks whether something was meant

# Those that may also interrupt a ritual.
IN_A_RITUAL: frozenset[str] = frozenset(
    {"delete_everything", "delete_some", "help_lines", "introduce_self", LEAVES, "off_record", "on_record"}
)
# Those that may also be said in place of an answer.
AT_A_QUESTION: frozenset[str] = IN_A_RITUAL | {ASKS, JOINS, SKIPS}
# Said where "Of what?" or "Which one?" was asked, they are requests of their own.
INSTEAD_OF_A_TOPIC = frozenset(("list_reminders", "cancel_reminder", "show_trend", "who_is_speaking"))
