"""Validation of all intents, and the over-match matrix: every example sentence against every intent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import IntentsError
from assistant.events import Expectation, Hypothesis, ListenMode
from assistant.understanding.intent import Intent
from assistant.understanding.phrase_table import Sense
from assistant.understanding.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Row:
    """One example sentence: whose it is, what it was understood as, and what its templates alone would make of it.

    ``score``, ``margin`` and ``runner_up`` are of the match with all sentences. ``by_templates`` is what is understood
    when no example is counted (None: nothing), ``template_score`` its score.
    """

    sentence: str
    intent: str
    source: str
    understood: str | None
    score: float
    margin: float
    runner_up: str | None
    by_templates: str | None
    template_score: float


@dataclass(frozen=True, slots=True)
class Report:
    """``failures`` are sentences for people, each naming file and line; empty means that all is well."""

    rows: tuple[Row, ...]
    failures: tuple[str, ...]

    def __str__(self) -> str:
        """The over-match matrix, a line for each sentence with the nearest other intent, then what is wrong."""
        lines = [f"{'sentence':44} {'intent':16} {'score':>5} {'margin':>6}  {'nearest other':16} without examples"]
        for row in self.rows:
            other, alone = row.runner_up or "-", row.by_templates or "-"
            lines.append(
                f"{row.sentence:44} {row.understood or '-':16} {row.score:5.2f} {row.margin:6.2f}  {other:16} {alone}"
            )
        by_templates = sum(row.by_templates == row.intent for row in self.rows)
        lines.append(
            f"{len(self.rows)} sentences, {by_templates} of them understood by templates alone; "
            f"{len(self.failures)} to mend."
        )
        return "\n".join([*lines, *self.failures])


def check(intents: Sequence[Intent], folder: Path) -> Report:
    """Validate ``intents`` and the slots of ``folder`` (intents/<language>). Never raises for what is in the files."""
    failures = _doubled_ids(intents)
    try:
        understanding = Understanding(intents, folder)
    except IntentsError as error:
        return Report((), (*failures, str(error)))
    failures += _doubled_sentences(intents, understanding)
    without_examples = Understanding([_without_examples(intent) for intent in intents], folder)
    everything = expectation_of(intents)
    rows: list[Row] = []
    for intent in intents:
        for example in intent.examples:
            row = _row(intent, example, everything, understanding, without_examples)
            rows.append(row)
            failures += _complaints(row)
    return Report(tuple(rows), tuple(failures))


def expectation_of(intents: Sequence[Intent]) -> Expectation:
    """All intents at once, as a command."""
    return Expectation(ListenMode.COMMAND, tuple(intent.id for intent in intents))


def _without_examples(intent: Intent) -> Intent:
    return replace(intent, examples=())


def _row(
    intent: Intent, example: str, everything: Expectation, whole: Understanding, without_examples: Understanding
) -> Row:
    meaning = whole.understand([Hypothesis(example)], everything)
    by_templates = meaning
    if meaning.template in intent.examples:  # else no example had a part in it
        by_templates = without_examples.understand([Hypothesis(example)], everything)
    return Row(
        sentence=example,
        intent=intent.id,
        source=intent.source,
        understood=meaning.intent,
        score=meaning.score,
        margin=meaning.margin,
        runner_up=meaning.runner_up,
        by_templates=by_templates.intent,
        template_score=by_templates.score,
    )


def _complaints(row: Row) -> list[str]:
    if row.understood != row.intent:
        goes = f"goes to {row.understood}" if row.understood else "is not understood"
        return [
            f"{row.source}: the example {row.sentence!r} of {row.intent} {goes}; mend the templates of one of them."
        ]
    if row.by_templates not in (None, row.intent):
        return [
            f"{row.source}: without its example, {row.sentence!r} of {row.intent} would go to {row.by_templates}; "
            f"give {row.intent} a template for it or narrow one of {row.by_templates}."
        ]
    return []


def _doubled_ids(intents: Sequence[Intent]) -> list[str]:
    first: dict[tuple[str, tuple[tuple[str, str], ...]], Intent] = {}
    failures: list[str] = []
    for intent in intents:
        other = first.setdefault((intent.id, intent.slots), intent)
        if other is not intent:
            failures.append(
                f"{intent.source}: the intent {intent.id} is already defined at {other.source}; rename one of them."
            )
    return failures


def _doubled_sentences(intents: Sequence[Intent], understanding: Understanding) -> list[str]:
    """Sentences that two intents claim: nobody could tell which is meant."""
    source = {intent.id: intent.source for intent in intents}
    claimed: dict[tuple[str, ...], dict[Sense, str]] = {}
    for phrase in understanding.phrases:
        if phrase.sense[0] == "intent":
            claimed.setdefault(phrase.words, {}).setdefault(phrase.sense, phrase.template)
    reported: dict[tuple[str, ...], str] = {}
    for words, senses in claimed.items():
        if len(senses) < 2:
            continue
        (_, one), (_, other) = list(senses)[:2]
        templates = tuple(senses.values())[:2]
        reported.setdefault(
            templates,
            f"{source[one]}: {' '.join(words)!r} is a sentence of {one} ({templates[0]!r}) and of {other} "
            f"({templates[1]!r}, {source[other]}); take it out of one of them.",
        )
    return list(reported.values())
