"""From n-best hypotheses to the one thing meant, or to a clear no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from copy import copy
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.events import Expectation, Hypothesis, ListenMode, Meaning
from assistant.understanding.disclosures.disclosures import Safety
from assistant.understanding.grammar.grammar import Grammars
from assistant.understanding.home_sentences.sentences import Sentences, ValueList
from assistant.understanding.intent import Intent
from assistant.understanding.phrases.table import PhraseTable
from assistant.understanding.readings.acceptance import PERFECT, command_accepted, runner_up, runner_up_score
from assistant.understanding.readings.all_readings import AllReadings
from assistant.understanding.readings.completeness import is_complete
from assistant.understanding.readings.explanation import Explanation, explanation
from assistant.understanding.readings.reading import LONGEST_COMMAND_WORDS, Reading
from assistant.understanding.semantic.doubt import is_doubted, may_be_doubted
from assistant.understanding.semantic.second_opinion import SecondOpinion
from assistant.understanding.semantic.teaching import Encoder
from assistant.understanding.slots.company import Company
from assistant.understanding.slots.question import GivenAnswer, Question
from assistant.understanding.slots.recall import ABOUT_THE_JOURNAL
from assistant.understanding.slots.reminders import ReminderSlots
from assistant.understanding.slots.spoken_names import NAME_SLOT, SpokenNames, names_somebody
from assistant.understanding.slots.whole_utterance import SlotsOfAll
from assistant.understanding.templates.templates import OPEN
from assistant.understanding.vocabulary import load_vocabulary

ENDS_AN_ANSWER = frozenset(("finished", "skip", "stop", "pause", "repeat", "scratch", "help", "more_time", "time_left"))
NEARLY_AS_LIKE = 0.25
LEAST_SLOTS = 2  # to be worth a grammar of its own, which takes 0.2 seconds to make

MatchContext = Literal["idle", "ritual", "answer", "all"]


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
        self._timed = frozenset(intent.id for intent in self.intents if intent.timed)
        self._careful = frozenset(intent.id for intent in self.intents if intent.careful)
        self._vocabulary = known = load_vocabulary(self.intents, folder, kept)
        self._all = AllReadings(known, self.intents, sentences)
        reminders = ReminderSlots(known.scheduling, self._all.ritual_started_by, known.language.times.correction)
        self._names = SpokenNames(known)
        self._question = Question(known, self._names, reminders)
        self._slots = SlotsOfAll(known, self.intents, self._names, reminders)
        self._grammars = Grammars(known)
        self._open_templates = frozenset((*known.open_phrases.columns.templates, *known.open_timed.columns.templates))
        disclosed = second_opinion.disclosed if second_opinion is not None else None
        self._safety = Safety(folder, known.writing, known.sounds, disclosed)

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
        company = Company(self._vocabulary, self._names, self._all, self._command)
        of_names = self._names.corrected(hypotheses, expectation) or company.named(hypotheses, expectation)
        if of_names is not None and told(hypotheses) is None:
            return of_names
        readings = self._all.readings(hypotheses, self._all.heard(hypotheses), expectation)
        if expectation.mode is ListenMode.BARGE_IN:
            readings = [reading for reading in readings if _is_sure(reading)]
        answer = self._question.answer(hypotheses, readings, expectation)
        commands = [reading for reading in readings if reading.sense[0] == "intent"]
        command = self._command(commands, expectation, answer)
        if command is not None and self._doubted(command, expectation):
            command = None
        # A command that was said exactly goes first; what stands for {anything} in it may be anything.
        if command is None or command.likeness < 1.0 or OPEN in command.phrase.words:
            category = told(hypotheses)
            if category is not None:
                return Meaning(text="", safety=category)
        if command is not None:
            meaning = self._completed(_command_meaning(command, commands), expectation)
            if NAME_SLOT not in dict(command.phrase.slots) or names_somebody(meaning, expectation):
                return meaning  # "my name is on the list" and "skip the onions" name nobody
        if answer is not None:
            return _answer_meaning(answer, commands)
        return self._proposed(hypotheses[0].text, expectation) or _no_match(hypotheses[0].text, commands)

    def _command(
        self, commands: Sequence[Reading], expectation: Expectation, answer: GivenAnswer | None = None
    ) -> Reading | None:
        """The first of ``commands``, where it is accepted."""
        if not commands:
            return None
        command = commands[0]
        careful, score = command.sense[1] in self._careful, answer.score if answer else None
        if not command_accepted(command, commands, expectation, careful=careful, answer_score=score):
            return None
        recall, slots = self._vocabulary.recall, dict(command.phrase.slots)
        if command.sense[1] in ABOUT_THE_JOURNAL and not recall.asks(slots):
            return None
        if command.sense[1] in self._timed and recall.is_question(slots):
            return None
        return command

    def _completed(self, meaning: Meaning, expectation: Expectation) -> Meaning:
        """With the slots that are read from the whole of what was said; a home's sentences say themselves what is."""
        if meaning.intent in self._all.sentence_intents:
            return meaning
        return self._slots.completed(meaning, expectation)

    def _doubted(self, command: Reading, expectation: Expectation) -> bool:
        if self._second_opinion is None or not _asks_for_a_command(expectation) or not may_be_doubted(command):
            return False
        judged = self._second_opinion.judged(command.heard.text)
        allowed = self._guessed.intersection(expectation.intents)
        return judged is not None and is_doubted(command, judged, allowed, self._timed)

    def _proposed(self, text: str, expectation: Expectation) -> Meaning | None:
        """What the second opinion makes of it, where a command is awaited; never what must be said outright.

        What takes something away is asked about, however likely it is.
        """
        if self._second_opinion is None or not _asks_for_a_command(expectation):
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
        heard = self._all.heard(hypotheses) if hypotheses else []
        readings = self._all.readings(hypotheses, heard, expectation) if hypotheses else []
        return explanation(self.understand(hypotheses, expectation), readings)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """What ``texts`` mean, as rows of length 1, by the second opinion's encoder; None where there is none."""
        return self._second_opinion.encode(texts) if self._second_opinion is not None else None

    @property
    def encoder(self) -> Encoder | None:
        """The second opinion's, for whoever compares meanings; None without one, or while it is not ready."""
        return self._second_opinion.encoder if self._second_opinion is not None else None

    @property
    def has_second_opinion(self) -> bool:
        return self._second_opinion is not None

    @property
    def phrases(self) -> PhraseTable:
        """Every sentence that all templates and examples stand for, but those with an open place."""
        return self._vocabulary.book.phrases

    def share_said_with(self, sentence: str, words: Set[str]) -> float:
        """How much of ``sentence`` (0..1 of what its words weigh, little ones aside) could be said with ``words``."""
        weights = self._vocabulary.weights
        told = [word for word in self._vocabulary.writing.words(sentence) if weights.is_content(word)]
        whole = sum(map(weights.weight, told))
        return sum(weights.weight(word) for word in told if word in words) / whole if whole else 1.0

    def expectation_for(self, context: MatchContext) -> Expectation:
        """What may be meant when idle, inside a ritual, inside a free answer, or anywhere (all)."""
        intents = tuple(intent.id for intent in self.intents if context == "all" or context in intent.contexts)
        if context in ("all", "idle"):
            intents += self._all.sentence_intents
        if context == "answer":
            return Expectation(ListenMode.ANSWER, intents, slot="free")
        return Expectation(ListenMode.COMMAND, intents)

    def in_home(self, lists: Mapping[str, ValueList], context: Mapping[str, Any]) -> Understanding:
        """The same in a home whose rooms, floors and devices are called as in ``lists``; ``context`` is what is known
        beforehand, such as the room that is listened in."""
        other = copy(self)
        other._all = self._all.in_home(lists, context)
        return other

    # --- what the ears are told ---

    def grammar(self, expectation: Expectation, knows: Callable[[str], bool]) -> tuple[str, ...] | None:
        """Phrases for the recogniser in this expectation; None where people speak freely. Cached by expectation."""
        return self._grammars.grammar(expectation, knows)

    def closed_grammar(
        self, hypotheses: Sequence[Hypothesis], expectation: Expectation, knows: Callable[[str], bool]
    ) -> tuple[str, ...] | None:
        """Phrases by which to hear again, in noise, what was heard as ``hypotheses``: those of the command that it is
        and of others nearly as like it, without room for anything else.

        None where fewer than two slots were heard of a command that stands for very many sentences: of others the first
        grammar leaves little to mistake, and what may be anything must keep its room. Cached by commands.
        """
        large = {one.sense: {name for name, _ in one.slots} for one in self._vocabulary.large.templates}
        awaited = any(("intent", name) in large for name in expectation.intents)
        if not awaited or expectation.mode is not ListenMode.COMMAND or expectation.slot is not None or not hypotheses:
            return None
        readings = self._all.readings(hypotheses, self._all.heard(hypotheses), expectation)
        command = self._command([reading for reading in readings if reading.sense[0] == "intent"], expectation)
        if command is None or command.sense not in large:
            return None
        if len({name for name, _ in command.phrase.slots} - large[command.sense]) < LEAST_SLOTS:
            return None
        near = {reading.sense for reading in readings if command.score - reading.score <= NEARLY_AS_LIKE}
        return self._grammars.closed(tuple(sorted(name for kind, name in near if kind == "intent")), knows)

    def unknown_words(self, knows: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
        """Words of the templates that the recogniser does not know, with known words that sound like them."""
        return self._grammars.unknown_words(knows)

    def is_understood(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> bool:
        """Whether what was heard with the grammar of ``expectation`` is a command of it, or an answer, by the words.

        A guess, and what tells of something that is not for an exercise, must be heard without any grammar first. So
        must what is only somewhat like a command, of which a grammar makes much ("go fish" became "talk this"), what
        has words of people's own in an open place ("take the pills" became "take the pause"), and a yes or no with
        more than a remark after it.
        """
        meaning = self._understood(hypotheses, expectation, _nothing)
        if meaning.intent is not None and not meaning.proposed and meaning.score >= PERFECT:
            return meaning.template not in self._open_templates
        return bool(meaning.slots) and "also" not in meaning.slots

    def is_complete(self, text: str, expectation: Expectation, *, may_go_on: bool = False) -> bool:
        """Whether ``text`` (what has been heard so far) already is one command or choice that nothing continues.

        With ``may_go_on`` another one may begin with it. Where anything may be said that makes no difference.
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
        tables = self._all.may_be_said(expectation)
        cores = self._vocabulary.shells.cores(words)
        return any(is_complete(core.words, tables, may_go_on=may_go_on) for core in cores)


def _is_sure(reading: Reading) -> bool:
    """Over a voice, one word counts only as it was heard: coughs and "uh huh" have a command among what they may be."""
    return reading.heard.hypothesis == 0 or len(reading.phrase.words) > 1


def _asks_for_a_command(expectation: Expectation) -> bool:
    """A command, and no answer besides."""
    return expectation.mode is ListenMode.COMMAND and expectation.slot is None


def _nothing(_hypotheses: Sequence[Hypothesis]) -> None:
    return None


def _command_meaning(command: Reading, commands: Sequence[Reading]) -> Meaning:
    second = runner_up(command, commands)
    return Meaning(
        text=command.heard.text,
        intent=command.sense[1],
        slots=dict(command.phrase.slots),
        score=round(command.score, 4),
        margin=round(max(0.0, command.score - (second.score if second else 0.0)), 4),
        runner_up=second.sense[1] if second else None,
        template=command.phrase.template,
    )


def _answer_meaning(answer: GivenAnswer, commands: Sequence[Reading]) -> Meaning:
    rival = next((reading for reading in commands if reading.sense[1] != answer.same_as), None)
    return Meaning(
        text=answer.text,
        slots=answer.slots,
        score=round(answer.score, 4),
        margin=round(max(0.0, answer.score - (rival.score if rival else 0.0)), 4),
        runner_up=rival.sense[1] if rival else None,
        template=answer.template,
    )


def _no_match(text: str, commands: Sequence[Reading]) -> Meaning:
    if not commands:
        return Meaning(text=text)
    nearest = commands[0]
    margin = nearest.score - runner_up_score(nearest, commands)
    return Meaning(
        text=text, score=round(nearest.score, 4), margin=round(max(0.0, margin), 4), runner_up=nearest.sense[1]
    )
