"""Evensong inside another program: ask what a sentence means, and hold a whole ritual in text."""

from datetime import datetime
from pathlib import Path

from assistant.config import Settings
from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.events import Hypothesis
from assistant.loading.phrases import load_library
from assistant.memory import Journal


def is_for_evensong(words: str) -> bool:
    """Whether to hand ``words`` on to Evensong: they begin a ritual, or ask for something else that it does."""
    idle = understanding.expectation_for("idle")
    return understanding.understand([Hypothesis(words)], idle).intent is not None


def now() -> datetime:
    return datetime.now().astimezone()


library, understanding = load_library(Settings())
print(is_for_evensong("turn the oven on"), is_for_evensong("shall we do our gratitude"))

with Journal.open(Path("evensong.sqlite"), now) as journal:
    conversation = Conversation(library, understanding, journal, people=("Ana", "Ben"), seed=1)
    evening = TypedEvening(conversation, wake_phrase="hey evensong", write=print)
    evening.begin()
    for line in ("shall we do our gratitude", "the soup at lunch", "that's all", "pass", "stop"):
        evening.hear(line)
    evening.end()
    print([entry.text for entry in journal.sessions()[0].entries])
