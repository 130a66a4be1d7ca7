"""The slots of a command that are read from the whole of what was said: names, minutes, times and what is recalled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.events import Expectation, Meaning
from assistant.understanding.intent import Intent
from assistant.understanding.slots.recall import ABOUT_THE_JOURNAL
from assistant.understanding.slots.reminders import ReminderSlots
from assistant.understanding.slots.spoken_names import SpokenNames
from assistant.understanding.vocabulary import Vocabulary

MINUTES = "minutes"
_MINUTES = re.compile(r"\{(\d+)\.\.(\d+):minutes\}")
OPEN_SLOTS = frozenset(("anything", "topic"))  # of requests that name a time


class SlotsOfAll:
    def __init__(
        self, known: Vocabulary, intents: Iterable[Intent], names: SpokenNames, reminders: ReminderSlots
    ) -> None:
        intents = tuple(intents)
        self._vocabulary = known
        self._names = names
        self._reminders = reminders
        self._timed = frozenset(intent.id for intent in intents if intent.timed)
        self._minutes = {
            intent.id: range(int(low), int(high) + 1)
            for intent in intents
            for low, high in _MINUTES.findall(" ".join(intent.templates))
        }

    def completed(self, meaning: Meaning, expectation: Expectation) -> Meaning:
        """``meaning``, a command of our own, with those slots."""
        meaning = self._with_minutes(self._names.of_request(meaning, expectation))
        if meaning.intent in ABOUT_THE_JOURNAL:
            return replace(meaning, slots=self._vocabulary.recall.of_request(meaning.text, expectation))
        if meaning.intent in self._timed:
            # What stood in an open place, marks of times and rituals too, is read anew from the words themselves.
            kept = {name: value for name, value in meaning.slots.items() if name not in OPEN_SLOTS}
            return replace(meaning, slots={**kept, **self._reminders.of_request(meaning)})
        return meaning

    def _with_minutes(self, meaning: Meaning) -> Meaning:
        """A proposed ritual that may last a number of minutes, with the one that was said ("half an hour of peace")."""
        allowed = self._minutes.get(meaning.intent or "") if meaning.proposed else None
        if allowed is None or MINUTES in meaning.slots:
            return meaning
        known = self._vocabulary
        said = known.number_answers.duration(known.shells.plain(known.writing.words(meaning.text)).words)
        if said is None or round(said.value / 60) not in allowed:
            return meaning
        return replace(meaning, slots={**meaning.slots, MINUTES: round(said.value / 60)})
