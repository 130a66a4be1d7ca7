"""Validation of all intents, and the over-match matrix: every example sentence against every intent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cache
from pathlib import Path

from assistant.errors import IntentsError
from assistant.events import Expectation, Hypothesis, ListenMode
from assistant.understanding.checking.kept_reports import kept_or_checked
from assistant.understanding.checking.report import Report, Row
from assistant.understanding.intent import Intent
from assistant.understanding.phrases.table import Sense
from assistant.understanding.templates.kept import name_of
from assistant.understanding.understanding import Understanding

MAY_BE_TAKEN = 0.5  # of what a sentence weighs; what shares less with a phrase is never as near to it as to its own


def check(intents: Sequence[Intent], folder: Path, kept: Path | None = None, own: Set[str] = frozenset()) -> Report:
    """Validate ``intents`` and the slots of ``folder`` (intents/<language>). Never raises for what is in the files.

    ``kept`` is a folder where what was found is kept; None: all is matched anew. ``own`` are the ids of a household's
    own intents, which change often: of the others, only the examples are matched anew that one of these could take.
    """
    if kept is None:
        return _checked(intents, folder, None, frozenset(), ())
    shipped = [intent for intent in intents if intent.id not in own]
    report = kept_or_checked(kept, name_of(shipped, folder), lambda: _checked(shipped, folder, kept, frozenset(), ()))
    if len(shipped) == len(intents):
        return report
    name = name_of(intents, folder)
    return kept_or_checked(kept, name, lambda: _checked(intents, folder, kept, own, report.rows))


def _checked(intents: Sequence[Intent], folder: Path, kept: Path | None, own: Set[str], found: Sequence[Row]) -> Report:
    """``found`` is what was found of the examples while the ``own`` intents were not there."""
    failures = _doubled_ids(intents)
    try:
        understanding = Understanding(intents, folder, kept=kept)
    except IntentsError as error:
        return Report((), (*failures, str(error)))
    failures += _doubled_sentences(intents, understanding)
    known = {(row.intent, row.sentence): row for row in found}
    words = {word for one in understanding.phrases if one.sense[1] in own for word in one.words}
    anew = [
        (intent, example)
        for intent in intents
        for example in intent.examples
        if (intent.id, example) not in known or understanding.share_said_with(example, words) >= MAY_BE_TAKEN
    ]
    known |= {(row.intent, row.sentence): row for row in _rows(anew, intents, understanding, kept)}
    rows = tuple(known[intent.id, example] for intent in intents for example in intent.examples)
    return Report(rows, (*failures, *(text for row in rows for text in _complaints(row))))


def expectation_of(intents: Sequence[Intent]) -> Expectation:
    """All intents at once, as a command."""
    return Expectation(ListenMode.COMMAND, tuple(intent.id for intent in intents))


def _without_examples(intent: Intent) -> Intent:
    return replace(intent, examples=())


def _rows(
    examples: Sequence[tuple[Intent, str]], intents: Sequence[Intent], whole: Understanding, kept: Path | None
) -> Iterator[Row]:
    @cache
    def without_examples() -> Understanding:
        return Understanding([_without_examples(intent) for intent in intents], whole.folder, kept=kept)

    everything = expectation_of(intents)
    for intent, example in examples:
        yield _row(intent, example, everything, whole, without_examples)


def _row(
    intent: Intent,
    example: str,
    everything: Expectation,
    whole: Understanding,
    without_examples: Callable[[], Understanding],
) -> Row:
    meaning = whole.understand([Hypothesis(example)], everything)
    by_templates = meaning
    if meaning.template in intent.examples:  # else no example had a part in it
        by_templates = without_examples().understand([Hypothesis(example)], everything)
    return Row(
        sentence=example,
        intent=intent.id,
        source=intent.source,
        understood=meaning.intent,
        score=meaning.score,
        margin=meaning.margin,
        runner_up=meaning.runner_up,
        by_templates=by_templates.intent,
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
