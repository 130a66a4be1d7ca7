"""All templates opened out into tables and a word network: what takes long at load, and hangs on nothing but files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from sys import intern

import numpy as np

from assistant.understanding.intent import Intent
from assistant.understanding.language import Language
from assistant.understanding.networks.book import LargeTemplate, LargeTemplates, woven
from assistant.understanding.networks.network import Network
from assistant.understanding.phrases.bags import Bags, bags_of
from assistant.understanding.phrases.table import PhraseTable, Sense, TableMaker, distinct
from assistant.understanding.templates.templates import (
    MARKS,
    MAX_SENTENCES,
    OPEN,
    Opener,
    Slots,
    TemplateError,
    template_error,
)
from assistant.understanding.words.normal import MAX_PLAIN, Writing
from assistant.understanding.words.shells import Run

LISTED_WHEN_IDLE = 1_000  # larger templates of what is only said when idle are searched as networks: less to keep

_MARKS = frozenset((OPEN, *MARKS.values()))
_MARK = re.compile(f"([{''.join(sorted(_MARKS))}])")


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """``open_*`` are the sentences with an open place, ``timed`` those that name a time.

    ``bags`` and ``timed_bags`` are those of ``phrases`` and ``timed``. ``large`` are the templates that cannot be
    listed, each with the number of its intent, as ``network`` has them; ``spelt`` the words that templates spell out
    (in an example, "this is my wife Anna", a name may stand); ``using`` is for each word how many intents have it.
    """

    phrases: PhraseTable
    open_phrases: PhraseTable
    bags: Bags
    timed: PhraseTable
    open_timed: PhraseTable
    timed_bags: Bags
    large: tuple[tuple[int, LargeTemplate], ...]
    network: Network
    spelt: frozenset[str]
    using: dict[str, int]


def _intents_using(tables: Iterable[PhraseTable], large: LargeTemplates) -> dict[str, int]:
    """For each word how many intents have it in their sentences."""
    words = large.words()
    for table in tables:
        for sense, of_sense in _words_of_senses(table):
            if sense[0] == "intent":
                words.setdefault(sense, set()).update(of_sense)
    return dict(Counter(word for of_intent in words.values() for word in of_intent - {OPEN}))


def _words_of_senses(table: PhraseTable) -> Iterator[tuple[Sense, list[str]]]:
    columns = table.columns
    senses = np.repeat(columns.sense, np.diff(columns.starts)).astype(np.intp)
    pairs = distinct(senses * len(columns.words) + columns.numbers)
    for number, sense in enumerate(columns.senses):
        of_sense = pairs[pairs // max(len(columns.words), 1) == number] % max(len(columns.words), 1)
        yield sense, [columns.words[word] for word in of_sense.tolist()]


def compile_templates(intents: Sequence[Intent], language: Language, opener: Opener, writing: Writing) -> Compiled:
    """Raises IntentsError with file and line for a template that cannot be used."""
    said, timed = _Sentences(writing), _Sentences(writing)
    examples = {example for intent in intents for example in intent.examples}
    large: list[tuple[int, LargeTemplate]] = []
    for number, intent in enumerate(intents):
        sense: Sense = ("intent", intent.id)
        own = opener.with_own(intent.rules, intent.lists)
        apart = _large(intent, own)
        large += [(number, one) for one in apart]
        unlisted = {one.template for one in apart}
        for templates, strict in ((intent.templates, True), (intent.loose, False)):
            listed = [template for template in templates if template not in unlisted]
            said.add(sense, listed, own, intent.source, strict=strict, slots=intent.slots)
        for example in intent.examples:
            said.take(writing.words(example), sense, example, strict=False, slots=intent.slots)
        timed.add(sense, intent.timed, own, intent.source, strict=True)
    slots = language.folder / "slots"
    for answer, templates in (("yes", language.yes_no.yes), ("no", language.yes_no.no)):
        said.add(("yes_no", answer), templates, opener, f"{slots / 'yes_no.yaml'}", strict=True)
    for name, templates in language.number.phrases.items():
        said.add(("number", name), templates, opener, f"{slots / 'number.yaml'}", strict=True)
    # Sorted, so that the order of files decides nothing.
    large.sort(key=lambda one: (one[1].sense, not one[1].strict, one[1].template))
    network = woven([one for _, one in large], writing.words)
    tables = (said.listed.table(), said.open.table(), timed.listed.table(), timed.open.table())
    light = language.speech.light | language.speech.fillers
    return Compiled(
        tables[0],
        tables[1],
        bags_of(tables[0], light),
        tables[2],
        tables[3],
        bags_of(tables[2], light),
        tuple(large),
        network,
        frozenset(said.words_of(template for template in said.templates if template not in examples)),
        _intents_using(tables, LargeTemplates([one for _, one in large], network)),
    )


def _large(intent: Intent, own: Opener) -> list[LargeTemplate]:
    """The templates of ``intent`` that stand for too many sentences to list."""
    most = MAX_SENTENCES if intent.contexts - {"idle"} else LISTED_WHEN_IDLE
    large: list[LargeTemplate] = []
    for templates, strict in ((intent.templates, True), (intent.loose, False)):
        for template in templates:
            try:
                if not own.can_list(template, most):
                    sense: Sense = ("intent", intent.id)
                    large.append(LargeTemplate(template, sense, strict, own, intent.source, intent.slots))
            except TemplateError as error:
                raise template_error(intent.source, template, error) from None
    return large


class _Sentences:
    """Sentences taken down, those with an open place apart."""

    def __init__(self, writing: Writing) -> None:
        self.listed, self.open = TableMaker(), TableMaker()
        self.templates: dict[str, set[str]] = {}
        self._written = Written(writing)

    def add(
        self,
        sense: Sense,
        templates: Iterable[str],
        opener: Opener,
        where: str,
        *,
        strict: bool,
        slots: Slots = (),
    ) -> None:
        for template in templates:
            for words, own in opened(template, opener, self._written, where):
                self.take(words, sense, template, strict=strict, slots=(*own, *slots))

    def take(self, words: Run, sense: Sense, template: str, *, strict: bool, slots: Slots) -> None:
        if words:
            self.templates.setdefault(template, set()).update(words)
            (self.open if OPEN in words else self.listed).add(words, sense, template, strict, slots)

    def words_of(self, templates: Iterable[str]) -> set[str]:
        return {word for template in templates for word in self.templates[template]}


def opened(template: str, opener: Opener, written: Written, where: str) -> Iterator[tuple[Run, Slots]]:
    """The sentences of a template in full words. Raises IntentsError naming ``where``."""
    try:
        sentences = opener.open(template)
    except TemplateError as error:
        raise template_error(where, template, error) from None
    for text, slots in sentences:
        words = written.words(text)
        if words:
            yield words, slots


class Written:
    """Sentences of templates written out in full; marks stay as they are."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._unchanged = set(_MARKS)  # what stays as it is, whatever stands beside it

    def words(self, text: str) -> Run:
        parts = text.split()
        if len(text) < MAX_PLAIN and self._unchanged.issuperset(parts):
            return tuple(map(intern, parts))
        self._unchanged.update(part for part in parts if part.isalpha() and self._writing.words(part) == (part,))
        between = (((part,) if part in _MARKS else self._writing.words(part)) for part in _MARK.split(text))
        return tuple(intern(word) for part in between for word in part)
