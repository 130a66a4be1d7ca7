"""What requests and answers say of a reminder, as slots: docs/reminders.md lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from assistant.events import Hypothesis, Meaning
from assistant.understanding.times.scheduling import Scheduling

SCHEDULE = "schedule_reminder"  # the request that is about something

Slots = dict[str, Any]


class ReminderSlots:
    """``ritual_started_by`` tells which ritual words would start ("say what we are grateful for"), if any."""

    def __init__(self, scheduling: Scheduling, ritual_started_by: Callable[[str], str | None], correction: str) -> None:
        self._scheduling = scheduling
        self._ritual_started_by = ritual_started_by
        self._correction = correction

    def of_request(self, meaning: Meaning) -> Slots:
        """When, and of what, for a request that was understood."""
        slots = self._scheduling.slots(meaning.text)
        return slots | self._about(meaning.text, slots) if meaning.intent == SCHEDULE else slots

    def of_time(self, hypotheses: Sequence[Hypothesis], so_far: str) -> Slots:
        """The answer to "When?", or to "Is that right?": what it says takes the place of the same in ``so_far``.

        The first hypothesis with a whole time, else the first that says something of one; {} when none does.
        """
        found: list[Slots] = []
        for hypothesis in hypotheses:
            # After a correction a bare number is a time: "Every night at ten?" "Nine."
            if self._scheduling.pieces(f"{self._correction} {hypothesis.text}") is not None:
                found.append(self._scheduling.slots(f"{so_far} {self._correction} {hypothesis.text}"))
        whole = (slots for slots in found if "when" in slots)
        return next(whole, found[0] if found else {})

    def of_ritual(self, hypotheses: Sequence[Hypothesis]) -> Slots:
        """The ritual in an answer without a time: "no, the check-in"; {} when it names none."""
        for hypothesis in hypotheses:
            text = hypothesis.text.lower().strip().removeprefix(self._correction).strip(" ,")
            ritual = self._scheduling.slots(text).get("ritual") or self._ritual_started_by(text)
            if ritual:
                return {"ritual": ritual}
        return {}

    def of_topic(self, hypotheses: Sequence[Hypothesis]) -> Slots:
        """The answer to "Of what?", or to "Which one?": a ritual, words, or a time; {} when it says nothing."""
        for hypothesis in hypotheses:
            slots = self._scheduling.slots(hypothesis.text)
            slots |= self._about(hypothesis.text, slots)
            if slots:
                return slots
        return {}

    def _about(self, text: str, slots: Slots) -> Slots:
        topic = "" if slots.keys() & {"ritual", "counted"} else self._scheduling.topic(text)
        if not topic:
            return {}
        ritual = self._ritual_started_by(topic)
        return {"ritual": ritual} if ritual else {"what": topic}
