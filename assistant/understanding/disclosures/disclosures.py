"""Whether something was said that is not for an exercise: fear, violence, coercion, threats, thoughts of suicide, harm.

Looked for in every hypothesis, by the patterns of intents/<language>/safety.yaml: who does what to whom, not single
words, so that "that joke killed me" stays a joke. What is ordinary (an idiom, a game, a film, a "never") is written
there, too. A word that was misheard for one that sounds alike still counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.events import Hypothesis
from assistant.understanding.data_file import DataFile, load_yaml, validate
from assistant.understanding.disclosures.pattern_graph import PatternGraph
from assistant.understanding.disclosures.spans import Patterns, Row, Span
from assistant.understanding.disclosures.told_words import LONG_CHARACTERS, ToldWords, shortened
from assistant.understanding.language import Words
from assistant.understanding.semantic.second_opinion import Suspicion, in_pieces
from assistant.understanding.templates.slot_lists import Template
from assistant.understanding.templates.templates import TemplateError, template_error
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.sounds import SAME_SOUND, Sounds

MAX_WORDS = 400  # of one utterance; longer ones are read in pieces that overlap
OVERLAP_WORDS = 40
MAX_HYPOTHESES = 5
LONG_ANSWER_CHARACTERS = 200  # some forty words
SETTING_WORDS = 14  # so near must "in the film" stand to what happens in it
MISHEARD = 0.15  # what a confusion that is known costs
NEARLY = 0.3  # one sound of at least LEAST_SOUNDS is different
JOINED = 0.2  # "my self", "a fraid": one word heard as two
LEAST_SOUNDS = 6  # shorter words sound like too many others
LEAST_LETTERS = 4
ROWS_KEPT = 20_000
# What the second opinion must say: chosen by leaving each of its lessons out in turn; see docs/safety.md.
LIKELY = 0.65  # it is told, though no pattern has it
LIKELY_IN_A_LONG_ANSWER = 0.8  # the same, of which there are several pieces to be mistaken in
UNLIKELY = 0.13  # it is ordinary, though a pattern has it

Category = str
Id = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Disclosures(_Data):
    category: Id
    unless: tuple[Id, ...] = ()
    says: tuple[Template, ...] = Field(min_length=1)


class _Safety(_Data):
    language: str
    categories: Mapping[Id, str]
    passed_over: tuple[str, ...] = ()
    barriers: Words
    denials: Words = frozenset()
    subjects: Words = frozenset()
    written: Mapping[str, str] = {}
    names: Words = frozenset()
    named: str = ""
    misheard: Mapping[str, tuple[str, ...]] = {}
    rules: Mapping[str, Template] = {}
    ordinary: tuple[Template, ...] = ()
    settings: Mapping[Id, tuple[Template, ...]] = {}
    disclosures: tuple[_Disclosures, ...] = Field(min_length=1)


class Safety:
    """Tells disclosures from ordinary talk. Pure: the same words always mean the same."""

    def __init__(
        self,
        folder: Path,
        writing: Writing,
        sounds: Sounds,
        second_opinion: Callable[[str], Suspicion | None] | None = None,
    ) -> None:
        """Read ``folder``/safety.yaml (``folder`` is intents/<language>). Raises IntentsError with file and line.

        ``second_opinion`` is `SecondOpinion.disclosed`, where there is one.
        """
        self._second_opinion = second_opinion
        file = load_yaml(folder / "safety.yaml")
        data = validate(file, _Safety)
        self.categories = tuple(data.categories)
        self._sounds = sounds
        written = {name: [data.named] for name in data.names}
        written |= {short: full.split() for short, full in data.written.items()}
        self._telling = ToldWords(writing, written, data.passed_over)
        self._denials = data.denials
        self._subjects = data.subjects
        self._graph = PatternGraph(data.rules)
        self._ordinary: set[int] = set()
        self._settings: dict[int, str] = {}
        self._tells: dict[int, _Disclosures] = {}
        self._compile(file, data)
        self._patterns = Patterns(self._graph, data.barriers)
        self._misheard: dict[str, tuple[str, ...]] = {}
        for meant, ways in data.misheard.items():
            for heard in ways:
                self._misheard[heard] = (*self._misheard.get(heard, ()), meant)
        self._by_sound = self._index()
        self._most_sounds = max(map(len, self._by_sound), default=0)
        self._alone: dict[str, Row] = {}

    def _compile(self, file: DataFile, data: _Safety) -> None:
        def add(template: str, *location: str | int) -> int:
            try:
                return self._graph.add(template)
            except TemplateError as error:
                raise template_error(file.where(*location), template, error) from None

        for number, template in enumerate(data.ordinary):
            self._ordinary.add(add(template, "ordinary", number))
        for name, templates in data.settings.items():
            for number, template in enumerate(templates):
                self._settings[add(template, "settings", name, number)] = name
        for place, group in enumerate(data.disclosures):
            where = ("disclosures", place)
            if group.category not in data.categories:
                raise file.error(f"{group.category}: there is no such category; add it to categories.", *where)
            if unknown := set(group.unless) - set(data.settings):
                raise file.error(f"{min(unknown)}: there is no such setting; add it to settings.", *where, "unless")
            for number, template in enumerate(group.says):
                self._tells[add(template, *where, "says", number)] = group

    def _index(self) -> dict[str, list[str]]:
        """The awaited words by their sounds, long ones also by their sounds without one."""
        index: dict[str, list[str]] = {}
        for word in sorted(self._graph.words):
            code = self._sounds.code(word)
            if len(word) >= LEAST_LETTERS:
                for form in _without_one(code) if len(code) >= LEAST_SOUNDS else (code,):
                    index.setdefault(form, []).append(word)
        return index

    def category(self, hypotheses: Sequence[Hypothesis]) -> Category | None:
        """What kind of disclosure was heard in any of ``hypotheses``; None: ordinary talk. Never raises."""
        if not hypotheses:
            return None
        first, *others = dict.fromkeys(hypothesis.text for hypothesis in hypotheses[:MAX_HYPOTHESES])
        text = shortened(first)
        # Of a long answer the other hypotheses differ by a word here and there; the first is looked at whole.
        short = [other for other in others if len(other) < LONG_ANSWER_CHARACTERS]
        found = {self._of_text(each) for each in (text, *short)}
        by_pattern = next((category for category in self.categories if category in found), None)
        if self._second_opinion is None or len(first) > LONG_CHARACTERS:
            return by_pattern
        return self._weighed(text, by_pattern, in_others=bool(others))

    def _weighed(self, text: str, by_pattern: Category | None, in_others: bool) -> Category | None:
        """With the second opinion: what no pattern has may be told, too, and a pattern may have been wrong."""
        most = self._second_opinion(text) if self._second_opinion else None
        if most is None:
            return by_pattern
        whole = len(in_pieces(text)) == 1
        if by_pattern is not None:
            mistaken = whole and not in_others and most.likeness < UNLIKELY and self._word_for_word(text)
            return None if mistaken else by_pattern
        return most.category if most.likeness > (LIKELY if whole else LIKELY_IN_A_LONG_ANSWER) else None

    def _word_for_word(self, text: str) -> bool:
        """Whether a pattern is there in just these words. Misheard ones mean nothing to the second opinion."""
        return any(not span.cost for _, span in self._spans(self._telling.words(text)))

    def _of_text(self, text: str) -> Category | None:
        words = self._telling.words(text)
        found: set[Category] = set()
        for begin in range(0, max(1, len(words) - OVERLAP_WORDS), MAX_WORDS - OVERLAP_WORDS):
            found.update(self._told(words[begin : begin + MAX_WORDS]))
        return next((category for category in self.categories if category in found), None)

    def why(self, text: str) -> tuple[tuple[Category, str], ...]:
        """For those who write patterns: the categories and the words that told them."""
        words = self._telling.words(text)
        return tuple((group.category, " ".join(words[span.start : span.end])) for group, span in self._spans(words))

    def _told(self, words: Sequence[str]) -> set[Category]:
        return {group.category for group, _ in self._spans(words)}

    def _spans(self, words: Sequence[str]) -> list[tuple[_Disclosures, Span]]:
        spans = self._patterns.find([self._row(words, place) for place in range(len(words))], words)
        ordinary = [span for span in spans if span.pattern in self._ordinary and not span.cost]
        settings = [span for span in spans if span.pattern in self._settings and not span.cost]
        told = [
            (self._tells[span.pattern], span)
            for span in spans
            if span.pattern in self._tells and not self._denied(words, span)
        ]
        return [
            (group, span)
            for group, span in told
            if not any(_explains(other, span) for other in ordinary)
            and not any(self._settings[s.pattern] in group.unless and _near(span, s) for s in settings)
        ]

    def _denied(self, words: Sequence[str], span: Span) -> bool:
        """Whether "never" or the like stands right before: it denies what begins without a subject of its own."""
        return span.start > 0 and words[span.start - 1] in self._denials and words[span.start] not in self._subjects

    # --- words ---

    def _row(self, words: Sequence[str], place: int) -> Row:
        """What may have been said at ``place``."""
        word = words[place]
        row = self._alone.get(word)
        if row is None:
            if len(self._alone) > ROWS_KEPT:
                self._alone.clear()
            row = self._alone[word] = self._of_one(word)
        if place + 1 == len(words):
            return row
        following = words[place + 1]
        joined, misheard = word + following, self._misheard.get(f"{word} {following}", ())
        if joined not in self._graph.words and not misheard:  # nearly always
            return row
        costs = dict.fromkeys(self._graph.labels(joined), JOINED)
        for meant in misheard:
            costs |= dict.fromkeys(self._graph.labels(meant), MISHEARD)
        return (*row, *((label, 2, cost) for label, cost in costs.items()))

    def _of_one(self, word: str) -> Row:
        """Labels that ``word`` may pass as, itself or as what it sounds like, each at its least cost.

        A word that patterns await is taken as it was heard, unless a confusion of it is known.
        """
        near = dict.fromkeys(self._misheard.get(word, ()), MISHEARD)
        if word not in self._graph.words:
            near |= self._near(word)
            if not near:
                return ()
        costs = dict.fromkeys(self._graph.labels(word), 0.0)
        for meant, cost in near.items():
            for label in self._graph.labels(meant):
                costs[label] = min(cost, costs.get(label, 1.0))
        return tuple((label, 1, cost) for label, cost in costs.items())

    def _near(self, word: str) -> dict[str, float]:
        """Awaited words that sound the same, or, where they are long, nearly the same."""
        code = self._sounds.code(word)
        same = dict.fromkeys(self._by_sound.get(code, ()), SAME_SOUND)
        if not LEAST_SOUNDS <= len(code) <= self._most_sounds + 1:
            return same
        forms = self._by_sound.keys() & _without_one(code)
        if not forms:
            return same
        nearly = {meant for form in forms for meant in self._by_sound[form]}
        return {meant: NEARLY for meant in nearly if not self._sounds.same_stem(word, meant)} | same


def _without_one(code: str) -> set[str]:
    """``code``, and all that is left of it without one of its sounds."""
    return {code} | {code[:place] + code[place + 1 :] for place in range(len(code))}


def _explains(ordinary: Span, span: Span) -> bool:
    """Whether what was said at ``span`` is better taken as the ordinary thing there.

    It must overlap, and go on where the span ends ("end it | with the gym") or be as long.
    """
    overlap = span.start < ordinary.end and ordinary.start < span.end
    return overlap and (ordinary.end > span.end or ordinary.end - ordinary.start >= span.end - span.start)


def _near(span: Span, setting: Span) -> bool:
    return setting.start - span.end <= SETTING_WORDS and span.start - setting.end <= SETTING_WORDS
