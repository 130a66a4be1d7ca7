"""From n-best hypotheses to the one thing meant, or to a clear no."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from assistant.events import Expectation, Hypothesis, ListenMode, Meaning
from assistant.understanding.completeness import is_complete
from assistant.understanding.explanation import Explanation, explanation
from assistant.understanding.grammar import Grammars
from assistant.understanding.intent import START, Intent
from assistant.understanding.known_names import as_known, put_right
from assistant.understanding.network_book import NetworkBook
from assistant.understanding.open_phrases import OpenPhrases
from assistant.understanding.phrase_table import PhraseTable, Sense
from assistant.understanding.phrases import PhraseBook
from assistant.understanding.reading import (
    LONGEST_COMMAND_WORDS,
    LONGEST_WITH_SLOTS_WORDS,
    Heard,
    Reader,
    Reading,
    handicaps,
)
from assistant.understanding.recall_slots import ABOUT_THE_JOURNAL
from assistant.understanding.reminder_slots import ReminderSlots
from assistant.understanding.safety import Safety
from assistant.understanding.second_opinion import SecondOpinion
from assistant.understanding.sentence_reader import SentenceReader
from assistant.understanding.sentences import Sentences, ValueList
from assistant.understanding.shells import Run
from assistant.understanding.templates import OPEN
from assistant.understanding.vocabulary import load_vocabulary

# Measured on tests/data/natural_talk.yaml and by `evensong check`; see docs/understanding.md.
ACCEPT = 0.77  # a command, where commands are awaited
ACCEPT_CAREFUL = 0.88  # the same, when it would be bad to do it by mistake
ACCEPT_IN_ANSWER = 0.93  # a command inside a free answer: the whole utterance must be one
ACCEPT_CHOICE = 0.66  # one of the few answers of a closed question
MARGIN = 0.05
PERFECT = 0.9  # an exact sentence with nothing but forgiven words around it needs no margin
ANSWER_FIRST = 0.06  # answers of the question go before commands that fit equally
REMARK_SCORE = 0.8  # "yes, I would love that": the first word decides
TIME_SCORE = 0.9  # an answer that says when, or of what to remind; whole commands go before it
BOOKS_KEPT = 64
ENDS_AN_ANSWER = frozenset(("finished", "skip", "stop", "pause", "repeat", "scratch", "help", "more_time", "time_left"))

NAMING = "introduce_self"
NAME_SLOT = "name"
MINUTES = "minutes"
_MINUTES = re.compile(r"\{(\d+)\.\.(\d+):minutes\}")
OPEN_SLOTS = frozenset(("anything", "topic"))  # of requests that name a time

MatchContext = Literal["idle", "ritual", "answer", "all"]


@dataclass(frozen=True, slots=True)
class _Answer:
    slots: dict[str, Any]
    score: float
    text: str
    template: str | None = None
    same_as: str | None = None  # the command that says the same ("yes")


class Understanding:
    """Understands one language. Pure: the same words in the same expectation always mean the same.

    ``folder`` is intents/<language>. ``sentences`` are more sentences, as Home Assistant's files have them.
    ``second_opinion`` is asked when, awaiting a command, no template fits. ``kept`` is a folder where what templates
    were opened out into is kept, so that it is read quickly the next time. Raises IntentsError with file and line when
    anything under ``folder``, or a template of ``intents``, cannot be used.
    """

    def __init__(
        self,
        intents: Sequence[Intent],
        folder: Path,
        sentences: Sentences | None = None,
        second_opinion: SecondOpinion | None = None,
        kept: Path | None = None,
    ) -> None:
        self.intents = tuple(intents)
        self.folder = folder
        self._second_opinion = second_opinion
        self._guessed = frozenset(intent.id for intent in self.intents if intent.guessed)
        self._vocabulary = load_vocabulary(self.intents, folder, kept)
        known = self._vocabulary
        self._reader = Reader(known.writing, known.shells, known.weights, known.sounds, known.command_words)
        self._networks = NetworkBook(known.large, known.weights, self._reader.distance)
        self._open = OpenPhrases(known.open_phrases, known.weights, known.sounds.distance, known.polite)
        self._timed_open = OpenPhrases(known.open_timed, known.weights, known.sounds.distance, known.polite)
        self._timed = frozenset(intent.id for intent in self.intents if intent.timed)
        self._reminders = ReminderSlots(known.scheduling, self._ritual_started_by, known.language.times.correction)
        self._grammars = Grammars(known)
        disclosed = second_opinion.disclosed if second_opinion is not None else None
        self._safety = Safety(folder, known.writing, known.sounds, disclosed)
        self._careful = frozenset(intent.id for intent in self.intents if intent.careful)
        self._minutes = {
            intent.id: range(int(low), int(high) + 1)
            for intent in self.intents
            for low, high in _MINUTES.findall(" ".join(intent.templates))
        }
        self._choice_books: dict[Expectation, PhraseBook] = {}
        self._sentences = None if sentences is None else SentenceReader.of(sentences, known)

    # --- what is meant ---

    def understand(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> Meaning:
        """What was meant by an utterance of which the recogniser gave ``hypotheses``, best first. Never raises.

        Nothing fits: ``intent`` None and no slots, with the nearest intent as ``runner_up``. What is not for an
        exercise becomes nothing but its category in ``safety``: no words, no slots. Only a command that was said
        exactly goes before that.
        """
        return self._understood(hypotheses, expectation, self._safety.category)

    def _understood(
        self,
        hypotheses: Sequence[Hypothesis],
        expectation: Expectation,
        told: Callable[[Sequence[Hypothesis]], str | None],
    ) -> Meaning:
        """``told`` finds what is not for an exercise."""
        if not hypotheses or expectation.mode in (ListenMode.WAKE, ListenMode.OFF):
            return Meaning(text=hypotheses[0].text if hypotheses else "")
        corrected = self._corrected_name(hypotheses, expectation)
        if corrected is not None and told(hypotheses) is None:
            return corrected
        heard = self._reader.heard(hypotheses)
        readings = self._readings(hypotheses, heard, expectation)
        answer = self._answer(hypotheses, heard, readings, expectation)
        command = next((reading for reading in readings if reading.sense[0] == "intent"), None)
        others = [reading for reading in readings if reading.sense[0] == "intent"]
        if command is not None and not self._accepted(command, others, answer, expectation):
            command = None
        if command is not None and command.sense[1] in ABOUT_THE_JOURNAL:
            command = command if self._vocabulary.recall.asks(dict(command.phrase.slots)) else None
        # A command that was said exactly goes first; what stands for {anything} in it may be anything.
        if command is None or command.likeness < 1.0 or OPEN in command.phrase.words:
            category = told(hypotheses)
            if category is not None:
                return Meaning(text="", safety=category)
        if command is not None:
            meaning = self._completed(_command_meaning(command, others, answer), expectation)
            if meaning.intent != NAMING or NAME_SLOT not in dict(command.phrase.slots) or "names" in meaning.slots:
                return meaning  # "my name is on the list" names nobody
        if answer is not None:
            rivals = (reading for reading in others if reading.sense[1] != answer.same_as)
            rival_reading = next(rivals, None)
            rival = rival_reading.score if rival_reading else 0.0
            return Meaning(
                text=answer.text,
                slots=answer.slots,
                score=round(answer.score, 4),
                margin=round(max(0.0, answer.score - rival), 4),
                runner_up=rival_reading.sense[1] if rival_reading else None,
                template=answer.template,
            )
        return self._proposed(hypotheses[0].text, expectation) or _no_match(hypotheses[0].text, others)

    def _completed(self, meaning: Meaning, expectation: Expectation) -> Meaning:
        """With the slots that are read from the whole of what was said."""
        meaning = self._with_minutes(self._with_names(meaning, expectation))
        if meaning.intent in ABOUT_THE_JOURNAL:
            return replace(meaning, slots=self._vocabulary.recall.of_request(meaning.text, expectation))
        if meaning.intent in self._timed:
            # What stood in an open place, marks of times and rituals too, is read anew from the words themselves.
            kept = {name: value for name, value in meaning.slots.items() if name not in OPEN_SLOTS}
            return replace(meaning, slots={**kept, **self._reminders.of_request(meaning)})
        return meaning

    def _proposed(self, text: str, expectation: Expectation) -> Meaning | None:
        """What the second opinion makes of it, where a command is awaited; never what must be said outright.

        What takes something away is asked about, however likely it is.
        """
        if self._second_opinion is None or expectation.mode is not ListenMode.COMMAND or expectation.slot is not None:
            return None
        proposal = self._second_opinion.propose(text, self._guessed.intersection(expectation.intents))
        if proposal is None:
            return None
        meaning = Meaning(
            text,
            proposal.intent,
            dict(proposal.slots),
            score=proposal.score,
            margin=proposal.margin,
            runner_up=proposal.runner_up,
            proposed=True,
            unsure=proposal.unsure or proposal.intent in self._careful,
        )
        return self._completed(meaning, expectation)

    def explain(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> Explanation:
        """`understand`, with why: the templates, what was forgiven, and what came second."""
        readings = self._readings(hypotheses, self._reader.heard(hypotheses), expectation) if hypotheses else []
        return explanation(self.understand(hypotheses, expectation), readings)

    @property
    def has_second_opinion(self) -> bool:
        return self._second_opinion is not None

    @property
    def phrases(self) -> PhraseTable:
        """Every sentence that all templates and examples stand for, but those with an open place."""
        return self._vocabulary.book.phrases

    def expectation_for(self, context: MatchContext) -> Expectation:
        """What may be meant when idle, inside a ritual, inside a free answer, or anywhere (all)."""
        intents = tuple(intent.id for intent in self.intents if context == "all" or context in intent.contexts)
        if self._sentences is not None and context in ("all", "idle"):
            intents += self._sentences.intents
        if context == "answer":
            return Expectation(ListenMode.ANSWER, intents, slot="free")
        return Expectation(ListenMode.COMMAND, intents)

    def _readings(
        self, hypotheses: Sequence[Hypothesis], heard: Sequence[Heard], expectation: Expectation
    ) -> list[Reading]:
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

    def _ritual_started_by(self, text: str) -> str | None:
        starters: set[Sense] = {("intent", intent.id) for intent in self.intents if intent.id.startswith(START)}
        heard = self._reader.heard((Hypothesis(text),))
        readings = self._reader.readings(heard, self._vocabulary.book, starters, strict=False)
        if (
            not readings
            or readings[0].score < ACCEPT
            or readings[0].score - _runner_up_score(readings[0], readings) < MARGIN
        ):
            return None
        return readings[0].sense[1].removeprefix(START)

    def in_home(self, lists: Mapping[str, ValueList], context: Mapping[str, Any]) -> Understanding:
        """The same in a home whose rooms, floors and devices are called as in ``lists``; ``context`` is what is known
        beforehand, such as the room that is listened in."""
        other = copy(self)
        if self._sentences is not None:
            other._sentences = self._sentences.in_home(lists, context)
        return other

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

    def _accepted(
        self, command: Reading, commands: Sequence[Reading], answer: _Answer | None, expectation: Expectation
    ) -> bool:
        margin = command.score - _runner_up_score(command, commands)
        perfect = command.likeness >= 1.0 and command.score >= PERFECT
        if expectation.mode is ListenMode.ANSWER:
            return command.score >= ACCEPT_IN_ANSWER and (perfect or margin >= MARGIN)
        if answer is not None and expectation.slot != "free" and command.score < answer.score + ANSWER_FIRST:
            return False
        if perfect:
            return True
        least = ACCEPT_CAREFUL if command.sense[1] in self._careful else ACCEPT
        return command.score >= least and margin >= MARGIN

    # --- answers of questions ---

    def _answer(
        self,
        hypotheses: Sequence[Hypothesis],
        heard: Sequence[Heard],
        readings: Sequence[Reading],
        expectation: Expectation,
    ) -> _Answer | None:
        slot = expectation.slot
        if slot is None:
            return None
        if slot == "free":
            text = hypotheses[0].text
            return _Answer({"text": text}, 1.0, text) if text.strip() else None
        if slot in ("choice", "yes_no"):
            return self._closed_answer(readings, slot) or (self._remarked(hypotheses) if slot == "yes_no" else None)
        if slot in ("names", "word"):
            return self._spoken_words(hypotheses, expectation)
        if slot == "when":
            decided = self._closed_answer(readings, "yes_no") or self._remarked(hypotheses)
            slots = self._reminders.of_time(hypotheses, expectation.so_far) or self._reminders.of_ritual(hypotheses)
            slots |= decided.slots if decided else {}
            return _Answer(slots, TIME_SCORE, hypotheses[0].text) if slots else None
        if slot == "topic":
            slots = self._reminders.of_topic(hypotheses)
            return _Answer(slots, TIME_SCORE, hypotheses[0].text) if slots else None
        best = self._best_number(hypotheses, expectation)
        if slot == "number":
            said = self._closed_answer(readings, "number")
            if said and expectation.low <= said.slots["number"] <= expectation.high:
                return max((a for a in (best, said) if a), key=lambda a: a.score)
        return best

    def _closed_answer(self, readings: Sequence[Reading], kind: str) -> _Answer | None:
        own = [reading for reading in readings if reading.sense[0] == kind]
        if not own:
            return None
        best = own[0]
        perfect = best.likeness >= 1.0
        margin = best.score - _runner_up_score(best, own)
        if not perfect and (best.score < ACCEPT_CHOICE or margin < MARGIN):
            return None
        name = best.sense[1]
        value: Any = name == "yes" if kind == "yes_no" else int(name) if kind == "number" else name
        return _Answer(
            {**dict(best.phrase.slots), kind: value}, best.score, best.heard.text, best.phrase.template, name
        )

    def _remarked(self, hypotheses: Sequence[Hypothesis]) -> _Answer | None:
        """Yes or no by the first word, when a short remark follows it."""
        rules = self._vocabulary.language.yes_no
        text = hypotheses[0].text
        words = self._vocabulary.shells.plain(self._vocabulary.writing.words(text)).words
        if not 1 < len(words) <= rules.longest_remark_words + 2:
            return None
        for leads, value in ((rules.leads_yes, True), (rules.leads_no, False)):
            for lead in leads:
                run = tuple(lead.split())
                if words[: len(run)] == run:
                    return _Answer({"yes_no": value}, REMARK_SCORE, text)
        return None

    def _spoken_words(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> _Answer | None:
        known = self._vocabulary
        slot = expectation.slot
        for hypothesis in hypotheses:
            words = known.shells.plain(known.writing.words(hypothesis.text)).words
            if slot == "names":
                names = known.name_answers.names(hypothesis.text, words)
                if names:
                    found = self._all_names(names, words, hypotheses) or _names(names, hypothesis)
                    return replace(found, slots={"names": self._as_known(found.slots["names"], expectation)})
            elif words and (word := known.word_answers.word(words)):
                return _Answer({"word": word}, 1.0, hypothesis.text)
        return None

    def _all_names(self, found: tuple[str, ...], heard: Run, hypotheses: Sequence[Hypothesis]) -> _Answer | None:
        """A reading that is nothing but names, in fewer words but with more names than were ``found``.

        "on a and ben" was "ana and ben"; "me and ben" is not "amy and ben".
        """
        known = self._vocabulary
        for hypothesis in hypotheses:
            words = known.shells.plain(known.writing.words(hypothesis.text)).words
            names = known.name_answers.names(hypothesis.text, words)
            if len(names) > len(found) and len(words) < len(heard) and known.name_answers.nothing_else(names, words):
                return _names(names, hypothesis)
        return None

    def _as_known(self, names: Sequence[str], expectation: Expectation) -> list[str]:
        distance = self._vocabulary.sounds.distance
        return [as_known(name, (*expectation.people, *expectation.known), distance) for name in names]

    def _with_names(self, meaning: Meaning, expectation: Expectation) -> Meaning:
        """A request that names somebody ("my name is Ana") with the names in place of the words they stand in."""
        if self._sentences is not None and meaning.intent in self._sentences.intents:
            return meaning  # there a name is what its list says
        said = meaning.slots.get(NAME_SLOT)
        if said is None and meaning.proposed and meaning.intent == NAMING:
            said = meaning.text
        if said is None:
            return meaning
        slots = {name: value for name, value in meaning.slots.items() if name != NAME_SLOT}
        names = self._vocabulary.name_answers.names(said, self._vocabulary.writing.words(said))
        if names:
            slots["names"] = self._as_known(names, expectation)
        return replace(meaning, slots=slots)

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

    def _corrected_name(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> Meaning | None:
        """ "No, Anna", where somebody is called something like it: the whole utterance, and that name alone."""
        if not expectation.people or NAMING not in expectation.intents:
            return None
        known = self._vocabulary
        for hypothesis in hypotheses:
            words = known.writing.words(hypothesis.text)
            length = known.corrections.at(words, 0)
            names = known.name_answers.names(" ".join(words[length:]), words[length:]) if length else ()
            if len(names) != 1 or not known.name_answers.nothing_else(names, words[length:]):
                continue
            wrong = put_right(names[0], expectation.people, known.sounds.distance)
            if wrong is not None:
                return Meaning(hypothesis.text, NAMING, {"names": [names[0]], "instead_of": wrong}, 1.0, 1.0)
        return None

    def _best_number(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> _Answer | None:
        known = self._vocabulary
        parsers: dict[str, Callable[[tuple[str, ...]], Any]] = {
            "rating": lambda words: known.number_answers.rating(words, expectation.low, expectation.high),
            "number": lambda words: known.number_answers.number(words, expectation.low, expectation.high),
            "duration": known.number_answers.duration,
        }
        parse = parsers[expectation.slot or "rating"]
        key = "duration_s" if expectation.slot == "duration" else str(expectation.slot)
        best: _Answer | None = None
        for hypothesis, lost in zip(hypotheses, handicaps(hypotheses), strict=True):
            words = known.shells.plain(known.writing.words(hypothesis.text)).words
            found = parse(words) if words else None
            if found is not None and (best is None or found.score - lost > best.score):
                value = int(found.value) if float(found.value).is_integer() else found.value
                best = _Answer({key: value}, found.score - lost, hypothesis.text)
        return best

    # --- what the ears are told ---

    def grammar(self, expectation: Expectation, knows: Callable[[str], bool]) -> tuple[str, ...] | None:
        """Phrases for the recogniser in this expectation; None where people speak freely. Cached by expectation."""
        return self._grammars.grammar(expectation, knows)

    def unknown_words(self, knows: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
        """Words of the templates that the recogniser does not know, with known words that sound like them."""
        return self._grammars.unknown_words(knows)

    def is_complete(self, text: str, expectation: Expectation) -> bool:
        """Whether ``text`` (what has been heard so far) already is one command or choice that nothing continues.

        In a free answer ``text`` may be only its last part. Only commands that end an answer, or take the turn from
        it, count there: "yes" or "back" after a pause may well be the answer going on.
        """
        if expectation.mode is ListenMode.ANSWER:
            # Whether anything else was told is asked once, when all of it has been heard.
            return self._understood((Hypothesis(text),), expectation, _nothing).intent in ENDS_AN_ANSWER
        if expectation.mode in (ListenMode.WAKE, ListenMode.OFF):
            return False
        words = self._vocabulary.writing.words(text)
        if not words or len(words) > LONGEST_COMMAND_WORDS:
            return False
        tables = self._may_be_said(expectation)
        return any(is_complete(core.words, tables) for core in self._vocabulary.shells.cores(words))

    def _may_be_said(self, expectation: Expectation) -> list[tuple[PhraseTable, set[Sense], bool]]:
        """Tables, those of their senses that count, and whether their sentences are open."""
        senses = {*_intents(expectation), *self._answer_senses(expectation)}
        tables = [(self._vocabulary.book.phrases, senses, False), (self._vocabulary.open_phrases, senses, True)]
        if expectation.choices:
            choices = self._choice_book(expectation)
            tables.append((choices.phrases, set(choices.senses), False))
        return tables


def _intents(expectation: Expectation) -> set[Sense]:
    return {("intent", name) for name in expectation.intents}


def _names(names: tuple[str, ...], hypothesis: Hypothesis) -> _Answer:
    return _Answer({"names": list(names)}, 1.0, hypothesis.text)


def _nothing(_hypotheses: Sequence[Hypothesis]) -> None:
    return None


def _runner_up_score(best: Reading, readings: Sequence[Reading]) -> float:
    return next((reading.score for reading in readings if reading.sense != best.sense), 0.0)


def _command_meaning(command: Reading, commands: Sequence[Reading], answer: _Answer | None) -> Meaning:
    runner_up = next((reading for reading in commands if reading.sense != command.sense), None)
    return Meaning(
        text=command.heard.text,
        intent=command.sense[1],
        slots=dict(command.phrase.slots),
        score=round(command.score, 4),
        margin=round(max(0.0, command.score - (runner_up.score if runner_up else 0.0)), 4),
        runner_up=runner_up.sense[1] if runner_up else None,
        template=command.phrase.template,
    )


def _no_match(text: str, commands: Sequence[Reading]) -> Meaning:
    if not commands:
        return Meaning(text=text)
    nearest = commands[0]
    margin = nearest.score - _runner_up_score(nearest, commands)
    return Meaning(
        text=text, score=round(nearest.score, 4), margin=round(max(0.0, margin), 4), runner_up=nearest.sense[1]
    )
