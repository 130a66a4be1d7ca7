"""What a question to the journal asks for: a time, a person, a ritual, and the words that are to be found.

The phrases stand in intents/<language>/slots/recall.yaml; docs/contracts.md lists the slots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.events import Expectation
from assistant.understanding.language import Language, RecallWords, TimePhrases
from assistant.understanding.templates.templates import Opener, TemplateError, template_error
from assistant.understanding.words.normal import Writing
from assistant.understanding.words.numbers import Numbers
from assistant.understanding.words.shells import Run, Runs

ABOUT_THE_JOURNAL = frozenset(("recall_journal", "show_trend", "delete_some"))
SOUNDS_LIKE = 0.2  # a word beside "did" or "from" is taken for a name that sounds this near
_KINDS = ("period", "theme", "asks")

Facts = Mapping[str, Any]
Slots = dict[str, Any]


class RecallSlots:
    """``names`` are what rituals are called, each as words with its id; ``distance`` is how far apart words sound."""

    def __init__(
        self,
        language: Language,
        writing: Writing,
        numbers: Numbers,
        names: Mapping[Run, str],
        distance: Callable[[str, str], float],
    ) -> None:
        data = language.recall
        self._writing = writing
        self._distance = distance
        self._little = data.little | language.speech.fillers
        self._mine = data.mine
        self._nobody = data.nobody
        self._questions = data.questions
        self._before_name = data.before_name
        tables = _Tables(language, writing, numbers)
        self._phrases: dict[Run, tuple[str, Facts]] = {}
        for kind, groups in zip(_KINDS, (data.periods, data.themes, data.asks), strict=True):
            for words, facts in tables.runs(groups).items():
                self._phrases.setdefault(words, (kind, facts))
        for words, ritual in names.items():
            if not self._little.issuperset(words):
                self._phrases.setdefault(words, ("theme", {"ritual": ritual}))
        self._runs = Runs(self._phrases)

    def asks(self, slots: Facts) -> bool:
        """Whether what stands in the place of a name may be somebody's: "what did you say" asks the journal nothing."""
        return self._nobody.isdisjoint(str(slots.get("name", "")).split()[:1])

    def is_question(self, slots: Facts) -> bool:
        """Whether what is to be reminded of is a question: "remind me what his name is" sets no reminder."""
        return not self._questions.isdisjoint(str(slots.get("topic", "")).split()[:1])

    def of_request(self, text: str, expectation: Expectation) -> Slots:
        """What was said of ``period``, ``ritual``, ``keys``, ``theme``, ``person``, ``about``, ``mine``, ``words``,
        ``asks``, ``order``, ``last`` and ``whole`` (docs/contracts.md). Never raises.
        """
        words = self._writing.words(text)
        slots: Slots = {}
        left: list[str] = []
        place = 0
        while place < len(words):
            length = self._runs.at(words, place)
            if length:  # the longest there
                self._take(words[place : place + length], slots)
                place += length
                continue
            self._take_word(words, place, slots, left, (*expectation.people, *expectation.known))
            place += 1
        if left:
            slots["words"] = list(dict.fromkeys(left))
        return slots

    def _take(self, run: Run, slots: Slots) -> None:
        kind, facts = self._phrases[run]
        if kind == "period":
            slots["period"] = dict(facts)  # said twice, the later one counts: "no, the week before"
        elif kind == "asks":
            slots.update(facts)
        elif "ritual" not in slots or "keys" not in slots:
            slots.setdefault("theme", " ".join(run))
            slots.update({name: facts[name] for name in facts if name not in slots and name != "keys"})
            if "keys" in facts and slots.get("ritual") == facts.get("ritual", slots.get("ritual")):
                slots.setdefault("keys", facts["keys"].split())

    def _take_word(self, words: Run, place: int, slots: Slots, left: list[str], people: Sequence[str]) -> None:
        word = words[place]
        bare = word.removesuffix("'s")
        name = next((one for one in people if one.lower() == bare), None) or self._misheard_name(words, place, people)
        if name is not None:
            slots["about" if slots.get("person", name) != name else "person"] = name
        elif bare in self._mine:
            slots["mine"] = True
        elif bare not in self._little:
            left.append(bare)

    def _misheard_name(self, words: Run, place: int, people: Sequence[str]) -> str | None:
        word, before = words[place], words[place - 1] if place else ""
        if not people or word in self._little or before not in self._before_name:
            return None
        nearest = min(people, key=lambda name: (self._distance(word, name.lower()), name))
        return nearest if self._distance(word, nearest.lower()) <= SOUNDS_LIKE else None


class _Tables:
    """The phrases of recall.yaml, opened out."""

    def __init__(self, language: Language, writing: Writing, numbers: Numbers) -> None:
        data: RecallWords = language.recall
        self._where = str(language.folder / "slots" / "recall.yaml")
        self._writing = writing
        self._opener = Opener(
            {**language.rules.expansion_rules, **data.expansion_rules},
            {**language.rules.lists, **data.lists},
            numbers.spell,
        )

    def runs(self, groups: Sequence[TimePhrases]) -> dict[Run, Facts]:
        """What each phrase means. Where two are the same words, the one that stands first in the file counts."""
        found: dict[Run, Facts] = {}
        same: dict[str, Facts] = {}  # many phrases say the same
        for group in groups:
            for template in group.said:
                try:
                    opened = self._opener.open(template)
                except TemplateError as error:
                    raise template_error(self._where, template, error) from None
                for text, slots in opened:
                    facts = {**group.means, **dict(slots)}
                    found.setdefault(self._writing.words(text), same.setdefault(repr(facts), facts))
        return found
