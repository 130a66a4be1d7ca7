"""All of intents/<language>, opened out: what `Understanding` looks things up in. Built once at load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from assistant.events import Choice
from assistant.understanding.intent import START, Intent
from assistant.understanding.language import Language, Speech, load_language
from assistant.understanding.networks.book import LargeTemplates
from assistant.understanding.phrases.bags import bags_of
from assistant.understanding.phrases.phrases import PhraseBook
from assistant.understanding.phrases.table import PhraseTable, TableMaker
from assistant.understanding.slots.number_answers import NumberAnswers
from assistant.understanding.slots.recall import RecallSlots
from assistant.understanding.slots.word_answers import NameAnswers, WordAnswers
from assistant.understanding.templates.compiled import Compiled, Written, compile_templates, opened
from assistant.understanding.templates.kept import kept_or_compiled, name_of
from assistant.understanding.templates.templates import MARKS, Opener
from assistant.understanding.times.scheduling import Scheduling
from assistant.understanding.times.when import when_reader
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.numbers import Numbers
from assistant.understanding.words.shells import Run, Runs, Shells
from assistant.understanding.words.sounds import Sounds
from assistant.understanding.words.weights import Weights


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
    open_phrases: PhraseTable
    large: LargeTemplates
    command_words: frozenset[str]
    number_answers: NumberAnswers
    name_answers: NameAnswers
    corrections: Runs
    word_answers: WordAnswers
    timed_book: PhraseBook
    open_timed: PhraseTable
    scheduling: Scheduling
    recall: RecallSlots

    def choice_book(self, choices: Sequence[Choice]) -> PhraseBook:
        """The answers of one closed question. Raises IntentsError naming the choice."""
        written, made = Written(self.writing), TableMaker()
        for choice in choices:
            for template in choice.templates:
                for words, slots in opened(template, self.opener, written, f"choice {choice.id}"):
                    made.add(words, ("choice", choice.id), template, strict=True, slots=slots)
        table = made.table()
        return PhraseBook(table, bags_of(table, self.weights.light), self.weights, self.sounds)


def load_vocabulary(intents: Sequence[Intent], folder: Path, kept: Path | None = None) -> Vocabulary:
    """Read ``folder`` (intents/<language>) and open all templates out. Raises IntentsError with file and line.

    ``kept`` is a folder where what they were opened out into is kept; None: it is made anew each time.
    """
    language = load_language(folder)
    speech = language.speech
    numbers, writing = _writing(language)
    sounds = Sounds(
        {spelling: sound or "" for spelling, sound in language.sounds.sounds.items()},
        language.sounds.words,
        speech.endings,
        language.sounds.alike,
        language.sounds.faint,
    )
    opener = Opener(language.rules.expansion_rules, language.rules.lists, numbers.spell, speech.light | speech.fillers)

    def compile_now() -> Compiled:
        return compile_templates(intents, language, opener, writing)

    compiled = kept_or_compiled(kept, name_of(intents, folder), intents, opener, compile_now) if kept else compile_now()
    using = compiled.using
    # That a time or a ritual is named weighs much, but what is wanted of it is told by the words beside it.
    weights = Weights(speech.fillers, speech.light, speech.heavy | frozenset(MARKS.values()), using)
    ordinary = speech.light | speech.heavy | compiled.spelt
    said = _Said(folder / "slots", opener, Written(writing))
    shells = _shells(speech, said)
    names = _names(intents, writing, speech.light, _words_of_lists(language))
    return Vocabulary(
        language=language,
        writing=writing,
        numbers=numbers,
        sounds=sounds,
        weights=weights,
        shells=shells,
        polite=said.runs(speech.polite, "speech.yaml"),
        opener=opener,
        book=PhraseBook(compiled.phrases, compiled.bags, weights, sounds),
        open_phrases=compiled.open_phrases,
        large=LargeTemplates([one for _, one in compiled.large], compiled.network),
        command_words=frozenset(word for word in using if weights.is_content(word)),
        number_answers=NumberAnswers(language, numbers, weights, _durations(language, said)),
        name_answers=NameAnswers(
            language.names,
            said.runs(language.names.leads, "names.yaml"),
            said.runs(language.names.alone, "names.yaml"),
            ordinary,
        ),
        corrections=said.runs(language.names.corrections, "names.yaml"),
        word_answers=WordAnswers(language.word, said.runs(language.word.leads, "word.yaml")),
        timed_book=PhraseBook(compiled.timed, compiled.timed_bags, weights, sounds),
        open_timed=compiled.open_timed,
        scheduling=Scheduling(
            when_reader(language, numbers, writing),
            shells,
            names,
            language.times,
            said.runs(language.times.asking, "when.yaml"),
            speech.light,
        ),
        recall=RecallSlots(language, writing, numbers, names, sounds.distance),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """Short templates of the language's own files, opened out into runs of words."""

    folder: Path
    opener: Opener
    written: Written

    def all_runs(self, templates: Iterable[str], file: str) -> Iterator[Run]:
        for template in templates:
            for words, _ in opened(template, self.opener, self.written, f"{self.folder / file}"):
                yield words

    def runs(self, templates: Iterable[str], file: str) -> Runs:
        return Runs(self.all_runs(templates, file))


def _writing(language: Language) -> tuple[Numbers, Writing]:
    spoken, speech = language.numbers, language.speech
    numbers = Numbers(language.code, spoken.highest, spoken.values, spoken.point)
    written_out_of = language.rating.out_of[0]
    return numbers, Writing(speech.contractions, speech.long_endings, numbers.spell, spoken.point, written_out_of)


def _shells(speech: Speech, said: _Said) -> Shells:
    return Shells(
        speech.fillers,
        said.runs(speech.address, "speech.yaml"),
        said.runs(speech.openers, "speech.yaml"),
        said.runs(speech.holders, "speech.yaml"),
        said.runs((*speech.closers, *speech.company), "speech.yaml"),
        said.runs(speech.company, "speech.yaml"),
    )


def _durations(language: Language, said: _Said) -> dict[Run, float]:
    """Fixed ways to say a length of time ("half an hour"), in seconds."""
    return {
        words: float(seconds)
        for seconds, templates in language.duration.phrases.items()
        for words in said.all_runs(templates, "duration.yaml")
    }


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
