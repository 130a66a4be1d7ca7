"""The answer of the question that was asked, by the kind of its slot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.events import Expectation, Hypothesis
from assistant.understanding.readings.acceptance import choice_accepted
from assistant.understanding.readings.reading import Reading, handicaps
from assistant.understanding.slots.reminders import ReminderSlots
from assistant.understanding.slots.spoken_names import SpokenNames
from assistant.understanding.vocabulary import Vocabulary

REMARK_SCORE = 0.8  # "yes, I would love that": the first word decides
TIME_SCORE = 0.9  # an answer that says when, or of what to remind; whole commands go before it


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """``slots`` as docs/understanding.md lists them; ``same_as`` is the command that says the same ("yes")."""

    slots: dict[str, Any]
    score: float
    text: str
    template: str | None = None
    same_as: str | None = None


class Question:
    """Finds the answer among what was heard."""

    def __init__(self, known: Vocabulary, names: SpokenNames, reminders: ReminderSlots) -> None:
        self._vocabulary = known
        self._names = names
        self._reminders = reminders

    def answer(
        self, hypotheses: Sequence[Hypothesis], readings: Sequence[Reading], expectation: Expectation
    ) -> GivenAnswer | None:
        """What fills the slot that is awaited; None when nothing does, or none is. ``readings`` are best first."""
        slot = expectation.slot
        if slot is None:
            return None
        if slot == "free":
            text = hypotheses[0].text
            return GivenAnswer({"text": text}, 1.0, text) if text.strip() else None
        if slot in ("choice", "yes_no"):
            or_words = expectation.or_words
            return _closed(readings, slot) or (self._remarked(hypotheses, or_words) if slot == "yes_no" else None)
        if slot == "names":
            return self._people(hypotheses, expectation)
        if slot == "word":
            return self._word(hypotheses)
        if slot == "when":
            decided = _closed(readings, "yes_no") or self._remarked(hypotheses)
            slots = self._reminders.of_time(hypotheses, expectation.so_far) or self._reminders.of_ritual(hypotheses)
            slots |= decided.slots if decided else {}
            return GivenAnswer(slots, TIME_SCORE, hypotheses[0].text) if slots else None
        if slot == "topic":
            slots = self._reminders.of_topic(hypotheses)
            return GivenAnswer(slots, TIME_SCORE, hypotheses[0].text) if slots else None
        best = self._best_number(hypotheses, expectation)
        if slot == "number":
            said = _closed(readings, "number")
            if said and expectation.low <= said.slots["number"] <= expectation.high:
                return max((a for a in (best, said) if a), key=lambda a: a.score)
        return best

    def _people(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> GivenAnswer | None:
        """Names, and whether the speaker comes to them without one; or that nobody else is there."""
        found = self._names.answered(hypotheses, expectation)
        if found:
            speaker = self._names.joins_the_speaker(found[1])
            twice = self._names.namesake(found[1])
            more = ({"speaker_too": True} if speaker else {}) | ({"namesake": twice} if twice else {})
            return GivenAnswer({"names": found[0]} | more, 1.0, found[1].text)
        alone = next((one for one in hypotheses if self._names.says_alone(one)), None)
        return GivenAnswer({"alone": True}, 1.0, alone.text) if alone else None

    def _remarked(self, hypotheses: Sequence[Hypothesis], or_words: bool = False) -> GivenAnswer | None:
        """Yes or no by the first word, when a short remark follows it.

        With ``or_words`` what follows may be more than a remark, and then stands in the slot "also".
        """
        rules = self._vocabulary.language.yes_no
        text = hypotheses[0].text
        words = self._plain(text)
        if not 1 < len(words) <= rules.longest_remark_words + 2:
            return None
        for leads, value in ((rules.leads_yes, True), (rules.leads_no, False)):
            for lead in leads:
                run = tuple(lead.split())
                if words[: len(run)] == run:
                    also = self._more_than_a_remark(text, run) if or_words else ""
                    return GivenAnswer({"yes_no": value} | ({"also": also} if also else {}), REMARK_SCORE, text)
        return None

    def _more_than_a_remark(self, text: str, lead: tuple[str, ...]) -> str:
        """What follows ``lead`` in ``text``, as it was said; "" where that only says the same as the lead."""
        said = text.split()
        for count in range(1, len(said)):
            if self._plain(" ".join(said[:count])) != lead:
                continue
            rest = " ".join(said[count:])
            words = self._plain(rest)
            remarks = (tuple(remark.split()) for remark in self._vocabulary.language.yes_no.remarks)
            return "" if any(words[: len(remark)] == remark for remark in remarks) else rest
        return ""

    def _plain(self, text: str) -> tuple[str, ...]:
        return self._vocabulary.shells.plain(self._vocabulary.writing.words(text)).words

    def _word(self, hypotheses: Sequence[Hypothesis]) -> GivenAnswer | None:
        known = self._vocabulary
        for hypothesis in hypotheses:
            words = known.shells.plain(known.writing.words(hypothesis.text)).words
            if words and (word := known.word_answers.word(words)):
                return GivenAnswer({"word": word}, 1.0, hypothesis.text)
        return None

    def _best_number(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> GivenAnswer | None:
        known = self._vocabulary
        parsers: dict[str, Callable[[tuple[str, ...]], Any]] = {
            "rating": lambda words: known.number_answers.rating(words, expectation.low, expectation.high),
            "number": lambda words: known.number_answers.number(words, expectation.low, expectation.high),
            "duration": known.number_answers.duration,
        }
        parse = parsers[expectation.slot or "rating"]
        key = "duration_s" if expectation.slot == "duration" else str(expectation.slot)
        best: GivenAnswer | None = None
        for hypothesis, lost in zip(hypotheses, handicaps(hypotheses), strict=True):
            words = known.shells.plain(known.writing.words(hypothesis.text)).words
            found = parse(words) if words else None
            if found is not None and (best is None or found.score - lost > best.score):
                value = int(found.value) if float(found.value).is_integer() else found.value
                best = GivenAnswer({key: value}, found.score - lost, hypothesis.text)
        return best


def _closed(readings: Sequence[Reading], kind: str) -> GivenAnswer | None:
    own = [reading for reading in readings if reading.sense[0] == kind]
    if not own or not choice_accepted(own[0], own):
        return None
    best = own[0]
    name = best.sense[1]
    value: Any = name == "yes" if kind == "yes_no" else int(name) if kind == "number" else name
    slots = {**dict(best.phrase.slots), kind: value}
    return GivenAnswer(slots, best.score, best.heard.text, best.phrase.template, name)
