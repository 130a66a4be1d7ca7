"""All rituals and lines that the dialogue can draw on, read and checked once, at the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32

from assistant.dialogue.checks import check_ritual
from assistant.dialogue.deck import Deck, load_decks
from assistant.dialogue.faq import Question, load_questions
from assistant.dialogue.help_lines import HelpLines, load_help_lines
from assistant.dialogue.line_checks import check_prompts
from assistant.dialogue.lines import PLACEHOLDER
from assistant.dialogue.plan import Stop, unroll
from assistant.dialogue.prompts import Prompts
from assistant.dialogue.ritual import Ritual, walk
from assistant.dialogue.slips import Slips
from assistant.dialogue.spoken_times import SpokenTimes
from assistant.dialogue.steps import DrawStep, TellStep
from assistant.dialogue.story import Story, load_stories
from assistant.errors import IntentsError
from assistant.understanding import Intent
from assistant.understanding.data_file import DataFile, load_yaml, validate

START = "start_"
UNROLLED = 64  # so many evenings are remembered unrolled


@dataclass(frozen=True)
class Library:
    """Rituals, decks and questions by id, and the engine's own lines.

    ``editions`` changes with a ritual's file and its decks.
    """

    rituals: Mapping[str, Ritual]
    decks: Mapping[str, Deck]
    stories: Mapping[str, tuple[Story, ...]]  # by level
    prompts: Prompts
    starters: tuple[Intent, ...]
    questions: Mapping[str, Question]
    asked: tuple[Intent, ...]  # the intents of the questions
    sources: Mapping[str, str]
    editions: Mapping[str, int]
    help_lines: HelpLines
    times: SpokenTimes
    slips: Slips
    country: str = ""  # whose help lines are given; "": nobody has said
    follow_up_s: float = 8.0  # after waking and after an answer, for a command to begin
    mute_min: int = 60  # when no time is said
    _unrolled: dict[tuple[str, tuple[str, ...], int], tuple[Stop, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, folders: Sequence[Path], country: str = "") -> Library:
        """Read prompts.yaml of the first folder and all rituals: ``folder/rituals/*.yaml``, or ``folder/*.yaml``.

        The first folder is the language's (intents/en); the others hold rituals of one's own and may be missing. In
        each, decks are in ``folder/decks``.
        Raises IntentsError with file and line.
        """
        rituals: dict[str, Ritual] = {}
        starters: list[Intent] = []
        sources: dict[str, str] = {}
        editions: dict[str, int] = {}
        phrases: dict[str, str] = {}
        prompts_file = load_yaml(folders[0] / "prompts.yaml")
        prompts = validate(prompts_file, Prompts)
        check_prompts(prompts_file)
        decks = load_decks(folders)
        stories = load_stories(folders)
        for path in _files(folders):
            file = load_yaml(path)
            ritual = validate(file, Ritual)
            check_ritual(file, ritual, decks, stories)
            if ritual.id in rituals:
                raise file.error(f"the id {ritual.id!r} is taken by {sources[ritual.id]}; choose another.", "id")
            _note_phrases(file, ritual, phrases)
            rituals[ritual.id] = ritual
            sources[ritual.id] = file.where("id")
            editions[ritual.id] = _edition(ritual, decks, stories)
            starters.append(_starter(file, ritual))
        _check_for_one(rituals, sources)
        if not rituals:
            raise IntentsError(f"{folders[0] / 'rituals'}: there is no ritual file; reinstall evensong.")
        help_lines = load_help_lines(folders[0])
        questions, asked = load_questions(folders[0] / "faq.yaml")
        times = validate(load_yaml(folders[0] / "times.yaml"), SpokenTimes)
        slips = validate(load_yaml(folders[0] / "slips.yaml"), Slips)
        return cls(
            rituals,
            decks,
            stories,
            prompts,
            tuple(starters),
            questions,
            asked,
            sources,
            editions,
            help_lines,
            times,
            slips,
            country,
        )

    def stops(self, ritual: str, people: tuple[str, ...], circle: int) -> tuple[Stop, ...]:
        """`unroll` of a ritual, remembered: each event of an evening asks for the same."""
        key = (ritual, people, circle)
        if key not in self._unrolled:
            if len(self._unrolled) >= UNROLLED:
                self._unrolled.clear()
            self._unrolled[key] = unroll(self.rituals[ritual], people, circle, self.prompts.apart)
        return self._unrolled[key]

    @cached_property
    def fixed_wording(self) -> frozenset[str]:
        """Every text of the files that stands there whole, without a name or number to be filled in.

        Spoken, it says nothing about anybody, so its sound may be kept on the disk. What is said for somebody's safety
        is not among it: that it was ever said should not be found there.
        """
        return frozenset(
            text
            for part in (self.prompts, *self.rituals.values(), *self.decks.values(), *self.questions.values())
            for text in _texts(part.model_dump(exclude={"safety"} if part is self.prompts else None))
            if not PLACEHOLDER.search(text)
        ) | {text for stories in self.stories.values() for story in stories for text, _ in story.pieces}

    @property
    def intents(self) -> tuple[Intent, ...]:
        """What these files make it understand: to start each ritual, and the questions."""
        return (*self.starters, *self.asked)

    @property
    def starter_ids(self) -> tuple[str, ...]:
        return tuple(intent.id for intent in self.starters)


def _check_for_one(rituals: Mapping[str, Ritual], sources: Mapping[str, str]) -> None:
    """What is offered to somebody alone exists, and can be done alone."""
    for ritual in rituals.values():
        other = rituals.get(ritual.for_one) if ritual.for_one is not None else None
        if ritual.for_one is not None and (other is None or other.people.min > 1):
            known = ", ".join(sorted(one.id for one in rituals.values() if one.people.min == 1))
            raise IntentsError(
                f"{sources[ritual.id]}: for_one: {ritual.for_one!r} is no ritual that one person can do alone; "
                f"name one of: {known}."
            )


def _edition(ritual: Ritual, decks: Mapping[str, Deck], stories: Mapping[str, tuple[Story, ...]]) -> int:
    """A number that changes when a place in the ritual, or the number of a card or story, would mean something else."""
    drawn = sorted({step.deck for step in walk(ritual.steps) if isinstance(step, DrawStep)})
    text = ritual.model_dump_json(include={"steps"}) + "".join(decks[one].model_dump_json() for one in drawn)
    if any(isinstance(step, TellStep) for step in walk(ritual.steps)):
        text += "".join(story.model_dump_json() for level in sorted(stories) for story in stories[level])
    return crc32(text.encode())


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)


def _starter(file: DataFile, ritual: Ritual) -> Intent:
    """To begin ``ritual``, which ``file`` holds."""
    return Intent(
        id=START + ritual.id,
        templates=ritual.starters.templates,
        examples=ritual.starters.examples,
        contexts=frozenset({"idle"}),
        source=file.where("starters"),
        names=(ritual.title, ritual.id.replace("_", " ")),
    )


def _files(folders: Sequence[Path]) -> list[Path]:
    found = sorted((folders[0] / "rituals").glob("*.yaml"))
    for folder in folders[1:]:
        found += sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")))
    return found


def _note_phrases(file: DataFile, ritual: Ritual, phrases: dict[str, str]) -> None:
    """No two rituals may be started by the same words."""
    for group in ("templates", "examples"):
        for number, phrase in enumerate(getattr(ritual.starters, group)):
            plain = " ".join(phrase.lower().split())
            place = ("starters", group, number)
            if phrases.get(plain, ritual.id) != ritual.id:
                raise file.error(f"{phrase!r} already starts the ritual {phrases[plain]!r}; choose others.", *place)
            phrases[plain] = ritual.id
