"""All of intents/<language>, opened out: what `Understanding` looks things up in. Built once at load."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from sys import intern

from assistant.events import Choice
from assistant.understanding.answers import NumberAnswers
from assistant.understanding.intent import START, Intent
from assistant.understanding.language import Language, load_language
from assistant.understanding.network_book import LargeTemplate, LargeTemplates
from assistant.understanding.normal import Writing
from assistant.understanding.numbers import Numbers
from assistant.understanding.phrases import Phrase, PhraseBook, Sense
from assistant.understanding.scheduling import Scheduling
from assistant.understanding.shells import Run, Runs, Shells
from assistant.understanding.sounds import Sounds
from assistant.understanding.templates import MARKS, MAX_SENTENCES, OPEN, Opener, TemplateError, template_error
from assistant.understanding.weights import Weights
from assistant.understanding.when import when_reader
from assistant.understanding.words import NameAnswers, WordAnswers

LISTED_WHEN_IDLE = 1_000  # larger templates of what is only said when idle are searched as networks: less to keep

_MARKS = frozenset((OPEN, *MARKS.values()))
_MARK = re.compile(f"([{''.join(sorted(_MARKS))}])")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The parts that understand one language, ready for use."""

    language: Language
    writing: Writing
    numbers: Numbers
    sounds: Sounds
    weights: Weights
    shells: Shells
    polite: Runs
    opener: Opener
    book: PhraseBook
    large: LargeTemplates
    command_words: frozenset[str]
    number_answers: NumberAnswers
    name_answers: NameAnswers
    corrections: Runs
    word_answers: WordAnswers
    timed_book: PhraseBook
    scheduling: Scheduling

    def choice_book(self, choices: Sequence[Choice]) -> PhraseBook:
        """The answers of one closed question. Raises IntentsError naming the choice."""
        phrases: list[Phrase] = []
        for choice in choices:
            phrases += _phrases(
                ("choice", choice.id), choice.templates, self.opener, self.writing, f"choice {choice.id}", strict=True
            )
        return PhraseBook(phrases, self.weights, self.sounds)


def load_vocabulary(intents: Sequence[Intent], folder: Path) -> Vocabulary:
    """Read ``folder`` (intents/<language>) and open all templates out. Raises IntentsError with file and line."""
    language = load_language(folder)
    spoken = language.numbers
    numbers = Numbers(language.code, spoken.highest, spoken.values, spoken.point)
    speech = language.speech
    writing = Writing(speech.contractions, speech.long_endings, numbers.spell, spoken.point, language.rating.out_of[0])
    sounds = Sounds(
        {spelling: sound or "" for spelling, sound in language.sounds.sounds.items()},
        language.sounds.words,
        speech.endings,
        language.sounds.alike,
    )
    little = speech.light | speech.fillers
    opener = Opener(language.rules.expansion_rules, language.rules.lists, numbers.spell, little)
    phrases = [phrase for intent in intents for phrase in _intent_phrases(intent, opener, writing)]
    phrases += _answer_phrases(language, opener, writing)
    large = LargeTemplates([one for intent in intents for one in _large(intent, opener)], writing.words)
    timed = [phrase for intent in intents for phrase in _timed_phrases(intent, opener, writing)]
    using = _intents_using([*phrases, *timed], large)
    # That a time or a ritual is named weighs much, but what is wanted of it is told by the words beside it.
    weights = Weights(speech.fillers, speech.light, speech.heavy | frozenset(MARKS.values()), using)
    ordinary = speech.light | speech.heavy | _words_of_templates(phrases, intents)

    def runs(templates: Iterable[str], file: str) -> Runs:
        return Runs(words for words, _ in _opened(templates, opener, writing, f"{folder / 'slots' / file}"))

    durations = {
        words: float(seconds)
        for seconds, templates in language.duration.phrases.items()
        for words, _ in _opened(templates, opener, writing, f"{folder / 'slots' / 'duration.yaml'}")
    }
    shells = Shells(
        speech.fillers,
        runs(speech.address, "speech.yaml"),
        runs(speech.openers, "speech.yaml"),
        runs(speech.holders, "speech.yaml"),
        runs(speech.closers, "speech.yaml"),
    )
    return Vocabulary(
        language=language,
        writing=writing,
        numbers=numbers,
        sounds=sounds,
        weights=weights,
        shells=shells,
        polite=runs(speech.polite, "speech.yaml"),
        opener=opener,
        book=PhraseBook(phrases, weights, sounds),
        large=large,
        command_words=frozenset(word for word in using if weights.is_content(word)),
        number_answers=NumberAnswers(language, numbers, weights, durations),
        name_answers=NameAnswers(language.names, runs(language.names.leads, "names.yaml"), ordinary),
        corrections=runs(language.names.corrections, "names.yaml"),
        word_answers=WordAnswers(language.word, runs(language.word.leads, "word.yaml")),
        timed_book=PhraseBook(timed, weights, sounds),
        scheduling=Scheduling(
            when_reader(language, numbers, writing),
            shells,
            _names(intents, writing, speech.light, _words_of_lists(language)),
            language.times,
            runs(language.times.asking, "when.yaml"),
            speech.light,
        ),
    )


def _names(intents: Iterable[Intent], writing: Writing, light: Set[str], never: Set[str]) -> dict[Run, str]:
    """What rituals are called, without an article in front, and which ritual it is."""
    names: dict[Run, str] = {}
    for intent in intents:
        for name in intent.names:
            words = writing.words(name)
            while words and words[0] in light:
                words = words[1:]
            if not set(words) <= never:
                names.setdefault(words, intent.id.removeprefix(START))
    return names


def _words_of_lists(language: Language) -> frozenset[str]:
    """Words that are parts of the day and the like, and so no name by themselves ("morning")."""
    values = (value for each in language.times.lists.values() for value in each.values)
    return frozenset(value if isinstance(value, str) else value.said for value in values)


def _timed_phrases(intent: Intent, opener: Opener, writing: Writing) -> list[Phrase]:
    own = opener.with_own(intent.rules, intent.lists)
    return _phrases(("intent", intent.id), intent.timed, own, writing, intent.source, strict=True)


def _large(intent: Intent, opener: Opener) -> list[LargeTemplate]:
    """The templates of ``intent`` that stand for too many sentences to list."""
    own = opener.with_own(intent.rules, intent.lists)
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


def _intent_phrases(intent: Intent, opener: Opener, writing: Writing) -> list[Phrase]:
    sense: Sense = ("intent", intent.id)
    own = opener.with_own(intent.rules, intent.lists)
    large = {one.template for one in _large(intent, opener)}
    phrases = [
        *_phrases(sense, [t for t in intent.templates if t not in large], own, writing, intent.source, strict=True),
        *_phrases(sense, [t for t in intent.loose if t not in large], own, writing, intent.source, strict=False),
        *(Phrase(words, sense, example, False) for example in intent.examples if (words := writing.words(example))),
    ]
    if not intent.slots:
        return phrases
    return [replace(phrase, slots=(*phrase.slots, *intent.slots)) for phrase in phrases]


def _answer_phrases(language: Language, opener: Opener, writing: Writing) -> list[Phrase]:
    slots = language.folder / "slots"
    phrases: list[Phrase] = []
    for answer, templates in (("yes", language.yes_no.yes), ("no", language.yes_no.no)):
        phrases += _phrases(("yes_no", answer), templates, opener, writing, f"{slots / 'yes_no.yaml'}", strict=True)
    for number, templates in language.number.phrases.items():
        phrases += _phrases(("number", number), templates, opener, writing, f"{slots / 'number.yaml'}", strict=True)
    return phrases


def _phrases(
    sense: Sense, templates: Iterable[str], opener: Opener, writing: Writing, where: str, *, strict: bool
) -> list[Phrase]:
    phrases: list[Phrase] = []
    for template in templates:
        try:
            opened = opener.open(template)
        except TemplateError as error:
            raise template_error(where, template, error) from None
        for text, slots in opened:
            words = _words(text, writing)
            if words:
                phrases.append(Phrase(words, sense, template, strict, slots))
    return phrases


def _words(text: str, writing: Writing) -> Run:
    parts = (((part,) if part in _MARKS else writing.words(part)) for part in _MARK.split(text))
    return tuple(intern(word) for part in parts for word in part)  # each word once, however many sentences hold it


def _opened(templates: Iterable[str], opener: Opener, writing: Writing, where: str) -> list[tuple[Run, str]]:
    sense: Sense = ("intent", "")
    return [(p.words, p.template) for p in _phrases(sense, templates, opener, writing, where, strict=True)]


def _words_of_templates(phrases: Iterable[Phrase], intents: Iterable[Intent]) -> set[str]:
    """The words that templates spell out. Examples are left aside: in "this is my wife Anna" stands a name."""
    examples = {example for intent in intents for example in intent.examples}
    return {word for phrase in phrases if phrase.template not in examples for word in phrase.words}


def _intents_using(phrases: Iterable[Phrase], large: LargeTemplates) -> dict[str, int]:
    words = large.words()
    for phrase in phrases:
        if phrase.sense[0] == "intent":
            words.setdefault(phrase.sense, set()).update(word for word in phrase.words if word != OPEN)
    return Counter(word for of_intent in words.values() for word in of_intent)
