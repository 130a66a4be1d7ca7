"""All that an utterance may be read as where something is awaited: commands, answers, choices, a home's sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from assistant.events import Expectation, Hypothesis, ListenMode
from assistant.understanding.home_sentences.reader import SentenceReader
from assistant.understanding.home_sentences.sentences import Sentences, ValueList
from assistant.understanding.intent import START, Intent
from assistant.understanding.networks.book import NetworkBook
from assistant.understanding.phrases.open_phrases import OpenPhrases
from assistant.understanding.phrases.phrases import PhraseBook
from assistant.understanding.phrases.table import PhraseTable, Sense
from assistant.understanding.readings.acceptance import starter_accepted
from assistant.understanding.readings.reading import LONGEST_WITH_SLOTS_WORDS, Heard, Reader, Reading
from assistant.understanding.vocabulary import Vocabulary

BOOKS_KEPT = 64


class AllReadings:
    """Reads by every book there is. ``sentences`` are those of Home Assistant's files.

    Raises IntentsError naming the file when a template of ``sentences`` cannot be used.
    """

    def __init__(self, known: Vocabulary, intents: Iterable[Intent], sentences: Sentences | None) -> None:
        self._vocabulary = known
        self._reader = Reader(known.writing, known.shells, known.weights, known.sounds, known.command_words)
        self._networks = NetworkBook(known.large, known.weights, self._reader.distance)
        self._open = OpenPhrases(known.open_phrases, known.weights, known.sounds.distance, known.polite)
        self._timed_open = OpenPhrases(known.open_timed, known.weights, known.sounds.distance, known.polite)
        intents = tuple(intents)
        self._timed = frozenset(intent.id for intent in intents if intent.timed)
        self._starters: frozenset[Sense] = frozenset(
            ("intent", intent.id) for intent in intents if intent.id.startswith(START)
        )
        self._choice_books: dict[Expectation, PhraseBook] = {}
        self._sentences = None if sentences is None else SentenceReader.of(sentences, known)

    @property
    def sentence_intents(self) -> tuple[str, ...]:
        """What sentences of Home Assistant's files may mean."""
        return () if self._sentences is None else self._sentences.intents

    def in_home(self, lists: Mapping[str, ValueList], context: Mapping[str, Any]) -> AllReadings:
        other = copy(self)
        if self._sentences is not None:
            other._sentences = self._sentences.in_home(lists, context)
        return other

    def heard(self, hypotheses: Sequence[Hypothesis]) -> list[Heard]:
        """``hypotheses``, with and without what stands around a command."""
        return self._reader.heard(hypotheses)

    def readings(
        self, hypotheses: Sequence[Hypothesis], heard: Sequence[Heard], expectation: Expectation
    ) -> list[Reading]:
        """All of them, best first; ``heard`` is what `heard` makes of the hypotheses."""
        strict = expectation.mode is ListenMode.ANSWER
        allowed = _intents(expectation)
        if strict:
            heard = [one for one in heard if not one.core.company]
        readings = self._reader.readings(heard, self._vocabulary.book, allowed, strict)
        readings += self._reader.open_readings(heard, self._open, allowed, strict)
        if self._vocabulary.large.templates:
            long = self._reader.heard(hypotheses, LONGEST_WITH_SLOTS_WORDS)
            readings += self._reader.network_readings(long, self._networks, allowed, strict)
        if not self._timed.isdisjoint(expectation.intents):
            marked = self._vocabulary.scheduling.heard(hypotheses)
            readings += self._reader.readings(marked, self._vocabulary.timed_book, allowed, strict)
            readings += self._reader.open_readings(marked, self._timed_open, allowed, strict)
        answers = self._answer_senses(expectation)
        if answers:
            readings += self._reader.readings(heard, self._vocabulary.book, answers, strict=False)
        if self._sentences is not None and not strict:
            readings += self._sentences.readings(heard, allowed)
        if expectation.choices:
            book = self._choice_book(expectation)
            readings += self._reader.readings(heard, book, set(book.senses), strict=False)
        return sorted(readings, key=Reading.order)

    def ritual_started_by(self, text: str) -> str | None:
        """The ritual that ``text`` would start, if any."""
        heard = self._reader.heard((Hypothesis(text),))
        readings = self._reader.readings(heard, self._vocabulary.book, self._starters, strict=False)
        return readings[0].sense[1].removeprefix(START) if starter_accepted(readings) else None

    def may_be_said(self, expectation: Expectation) -> list[tuple[PhraseTable, set[Sense], bool]]:
        """Tables, those of their senses that count, and whether their sentences are open."""
        answers = self._answer_senses(expectation)
        # A yes that answers the question and a yes by itself are one.
        senses = answers | {sense for sense in _intents(expectation) if ("yes_no", sense[1]) not in answers}
        tables = [(self._vocabulary.book.phrases, senses, False), (self._vocabulary.open_phrases, senses, True)]
        if expectation.choices:
            choices = self._choice_book(expectation)
            tables.append((choices.phrases, set(choices.senses), False))
        return tables

    def _answer_senses(self, expectation: Expectation) -> set[Sense]:
        if expectation.slot in ("yes_no", "when"):
            return {("yes_no", "yes"), ("yes_no", "no")}
        if expectation.slot == "number":
            return {sense for sense in self._vocabulary.book.senses if sense[0] == "number"}
        return set()

    def _choice_book(self, expectation: Expectation) -> PhraseBook:
        book = self._choice_books.get(expectation)
        if book is None:
            if len(self._choice_books) >= BOOKS_KEPT:
                self._choice_books.clear()
            book = self._vocabulary.choice_book(expectation.choices)
            self._choice_books[expectation] = book
        return book


def _intents(expectation: Expectation) -> set[Sense]:
    return {("intent", name) for name in expectation.intents}
