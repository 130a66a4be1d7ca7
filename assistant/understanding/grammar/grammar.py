"""What the recogniser is told to expect, compiled from the same phrases that are matched.

Vosk makes a bigram model of the phrase list, so a phrase that brings no new pair of words brings nothing: leaving
those out keeps the grammar small without changing what it allows. Room for other talk comes from slots/grammar.yaml
and from "[unk]".

That model always gives half of its probability to words in any order, each as likely as it is frequent (discount 0.5,
in Vosk's language_model.cc), so that a sentence may stop after "with". A closed grammar holds much of a long word that
nobody says: it takes nearly all of that half, and what is left out of order is 3 nats less likely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import pairwise

from assistant.events import Expectation, ListenMode
from assistant.understanding.grammar.new_pairs import bringing_new_pairs, pairs_of_rows
from assistant.understanding.grammar.sampling import drawn, every_pair
from assistant.understanding.phrases.table import Phrase, Sense, rows_of
from assistant.understanding.times.time_lines import BEGINNING, END, Pair, strung
from assistant.understanding.vocabulary import Vocabulary
from assistant.understanding.words.normal import UNKNOWN, tokens
from assistant.understanding.words.shells import Run

MAX_PHRASES = 4_000
DRAWN = 1_000  # sentences of large templates, all together
GRAMMARS_KEPT = 64
BALLAST = 20  # times as many words as the phrases have
NEAR_REPLACEMENT = 0.35
_NUMERIC_SLOTS = frozenset({"rating", "number"})  # answered by a syllable or two
_FREE_SLOTS = frozenset({"free", "names", "word", "topic"})

Knows = Callable[[str], bool]


class Grammars:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._grammars: dict[Expectation, tuple[str, ...]] = {}
        self._commands: dict[tuple[tuple[str, ...], bool], tuple[str, ...]] = {}
        self._closed: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._asked: Knows | None = None
        self._known: dict[str, bool] = {}

    def grammar(self, expectation: Expectation, knows: Knows) -> tuple[str, ...] | None:
        if expectation.mode in (ListenMode.WAKE, ListenMode.OFF):
            return None
        if expectation.mode is ListenMode.ANSWER and expectation.slot in _FREE_SLOTS | {None, "when"}:
            return None
        if expectation.slot in _FREE_SLOTS:
            return None
        self._ask(knows)
        known = self._grammars.get(expectation)
        if known is None:
            if len(self._grammars) >= GRAMMARS_KEPT:
                self._grammars.clear()
            known = self._compile(expectation)
            self._grammars[expectation] = known
        return known

    def closed(self, intents: tuple[str, ...], knows: Knows) -> tuple[str, ...]:
        """Phrases for a recogniser that is to hear a command of ``intents`` and nothing else. Cached."""
        self._ask(knows)
        known = self._closed.get(intents)
        if known is None:
            if len(self._closed) >= GRAMMARS_KEPT:
                self._closed.clear()
            phrases = self._of_commands(Expectation(ListenMode.COMMAND, intents), strict_only=False)
            known = self._closed[intents] = (*phrases, *self._ballast(phrases))
        return known

    def _ballast(self, phrases: Sequence[str]) -> list[str]:
        known = [word for word in self._vocabulary.language.talk.ballast if self._knows(word)]
        words = sum(len(phrase.split()) + 1 for phrase in phrases)
        return [" ".join(known[:1] * (BALLAST * words))] if known else []

    def _ask(self, knows: Knows) -> None:
        """What another recogniser knew counts no more."""
        if self._asked != knows:
            self._asked = knows
            self._known.clear()
            self._grammars.clear()
            self._commands.clear()
            self._closed.clear()

    def _compile(self, expectation: Expectation) -> tuple[str, ...]:
        answers = _Compiler(self._knows)
        talk = self._vocabulary.language.talk
        listening = talk.listening if expectation.mode is ListenMode.BARGE_IN else ()
        for line in (*talk.talk, *listening, *self._answers(expectation)):
            answers.add(tuple(line.split()), always=True)
        for phrase in self._answer_phrases(expectation):
            for words in self._written(phrase.words):
                answers.add(words)
        if expectation.slot == "when":
            answers.phrases += self._strung(self._vocabulary.scheduling.time_pairs)
        # The commands are the same at nearly every step: compiled once, they cost nothing when a question changes.
        numeric = expectation.slot in _NUMERIC_SLOTS
        commands = self._commands.get((expectation.intents, numeric))
        if commands is None:
            commands = self._commands[expectation.intents, numeric] = self._of_commands(
                expectation, strict_only=numeric
            )
        return (*dict.fromkeys((*answers.phrases, *commands)), UNKNOWN)

    def _of_commands(self, expectation: Expectation, *, strict_only: bool) -> tuple[str, ...]:
        compiled = self._listed(expectation, strict_only=strict_only)
        for run, always in self._sampled(expectation):
            for words in self._written(run):
                compiled.add(words, always)
        return (*compiled.phrases[:MAX_PHRASES], *self._timed_lines(expectation))

    def _knows(self, word: str) -> bool:
        known = self._known.get(word)
        if known is None and self._asked is not None:
            known = self._known[word] = self._asked(word)
        return bool(known)

    def _written(self, words: Run) -> Iterator[Run]:
        """As people say it: in full and contracted."""
        yield words
        contracted = self._vocabulary.writing.contracted(words)
        if contracted != words:
            yield contracted

    def _listed(self, expectation: Expectation, *, strict_only: bool) -> _Compiler:
        """The sentences that templates were opened out into; of open ones the parts beside what may be anything.

        ``strict_only``: without loose ones, for "bye" sounds like "five".
        """
        vocabulary, senses = self._vocabulary, _intents(expectation)
        tables = (vocabulary.book.phrases, vocabulary.open_phrases)
        found = bringing_new_pairs(tables, senses, vocabulary.writing, self._knows, strict_only=strict_only)
        return _Compiler(self._knows, *found)

    def _senses(self, expectation: Expectation) -> set[Sense]:
        senses: set[Sense] = set()
        if expectation.slot in ("yes_no", "when"):
            senses |= {("yes_no", "yes"), ("yes_no", "no")}
        if expectation.slot == "number":
            senses |= {sense for sense in self._vocabulary.book.senses if sense[0] == "number"}
        return senses

    def _answer_phrases(self, expectation: Expectation) -> list[Phrase]:
        book = self._vocabulary.book.phrases
        phrases = [book.phrase(row) for row in rows_of(book, self._senses(expectation)).tolist()]
        if expectation.choices:
            phrases += self._vocabulary.choice_book(expectation.choices).phrases
        return sorted(phrases, key=_short_and_certain_first)

    def _sampled(self, expectation: Expectation) -> Iterator[tuple[Run, bool]]:
        """Sentences of the templates that cannot be listed, and whether each counts although its pairs are known.

        Drawn ones all do: how often a pair comes in them is how likely the recogniser takes it to be.
        """
        large = self._vocabulary.large
        usable = [
            (number, one)
            for number, one in enumerate(large.templates)
            if one.sense[0] == "intent" and one.sense[1] in expectation.intents
        ]
        for number, one in usable:
            for run in drawn(one, DRAWN // len(usable), number, self._vocabulary.writing.words):
                yield run, True
            for run in every_pair(large.network, number):
                yield run, False

    def _timed_lines(self, expectation: Expectation) -> list[str]:
        """Requests that name a time: their words, how times are said, and how these follow on each other."""
        vocabulary, senses = self._vocabulary, _intents(expectation)
        pairs: set[Pair] = set()
        for table in (vocabulary.timed_book.phrases, vocabulary.open_timed):
            pairs |= pairs_of_rows(table, rows_of(table, senses))
        if not pairs:
            return []
        return self._strung(vocabulary.scheduling.time_pairs | vocabulary.scheduling.request_pairs(pairs))

    def _strung(self, pairs: Iterable[Pair]) -> list[str]:
        known = (pair for pair in pairs if all(word in (BEGINNING, END) or self._knows(word) for word in pair))
        return [" ".join(line) for line in strung(known) if line]

    def _answers(self, expectation: Expectation) -> list[str]:
        language = self._vocabulary.language
        if expectation.slot == "rating":
            said, low, high = language.rating.said, expectation.low, expectation.high
        elif expectation.slot == "number":
            said, low, high = language.number.said, expectation.low, expectation.high
        elif expectation.slot == "duration":
            said, low, high = language.duration.said, 1, 60
        else:
            return []
        spell = self._vocabulary.numbers.spell
        texts: dict[str, None] = {}
        for pattern in said:
            for number in range(low, high + 1):
                if "{m}" in pattern and number == high:
                    continue
                text = pattern.replace("{n}", " ".join(spell(number))).replace("{m}", " ".join(spell(number + 1)))
                texts.setdefault(text.replace("{top}", " ".join(spell(high))))
        return list(texts)

    def unknown_words(self, knows: Knows) -> dict[str, tuple[str, ...]]:
        self._ask(knows)
        vocabulary = self._vocabulary
        words = set(vocabulary.book.phrases.columns.words)
        words = words.union(*vocabulary.large.words().values())
        talk = vocabulary.language.talk
        words |= {word for line in (*talk.talk, *talk.listening) for word in tokens(line)}
        known = sorted(word for word in words if self._knows(word))
        unknown = sorted(words - set(known))
        return {word: self._replacements(word, known) for word in unknown}

    def _replacements(self, word: str, known: Iterable[str]) -> tuple[str, ...]:
        """Two known words it is made of, then known words that sound like it; best first, at most three."""
        ours = set(known)
        halves = [f"{word[:cut]} {word[cut:]}" for cut in range(2, len(word) - 1) if {word[:cut], word[cut:]} <= ours]
        distance = self._vocabulary.sounds.distance
        near = sorted((distance(word, other), other) for other in known)
        return tuple([*halves[:1], *(other for apart, other in near[:3] if apart <= NEAR_REPLACEMENT)][:3])


def _intents(expectation: Expectation) -> set[Sense]:
    return {("intent", name) for name in expectation.intents}


def _short_and_certain_first(phrase: Phrase) -> tuple[bool, int, Run]:
    """What must be there when the bound cuts."""
    return (not phrase.strict, len(phrase.words), phrase.words)


class _Compiler:
    """Keeps a phrase when all its words are known and it brings a pair of words that is new."""

    def __init__(self, knows: Knows, chosen: Iterable[Run] = (), pairs: Set[Pair] = frozenset()) -> None:
        """``chosen`` lines to begin with, and the ``pairs`` that come in them."""
        self.phrases = [" ".join(words) for words in chosen]
        self._knows = knows
        self._pairs = set(pairs)
        self._have = set(self.phrases)

    def add(self, words: Run, always: bool = False) -> None:
        text = " ".join(words)
        if text in self._have or not words or not all(map(self._knows, words)):
            return
        pairs = set(pairwise((BEGINNING, *words, END)))
        if always or not pairs <= self._pairs:
            self._pairs |= pairs
            self._have.add(text)
            self.phrases.append(text)
