"""One household's conversation: dialogue, understanding and journal joined, without any sound.

The voice loop (app.py) and the typed one (typed.py) both hold a `Conversation`. It keeps the dialogue
state, saves it after every step, and performs the effects that belong to the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant import config
from assistant.dialogue import (
    Library,
    State,
    begin,
    initial,
    state_from_json,
    state_to_json,
    step,
    upcoming,
    with_known,
    with_people,
)
from assistant.errors import ConfigError, IntentsError
from assistant.events import (
    CloseSession,
    Effect,
    Event,
    Expectation,
    Forget,
    Hypothesis,
    Inquire,
    Learned,
    Meaning,
    OpenSession,
    Record,
    Rename,
    Scratch,
    UtteranceHeard,
)
from assistant.memory import Journal
from assistant.recollection import Recollection
from assistant.understanding import Understanding, load_commands


def load_library(settings: config.Settings) -> tuple[Library, Understanding]:
    """All phrases and rituals: those that ship, then the household's own. Raises IntentsError, ConfigError."""
    folder = language_folder(settings)
    if settings.paths.rituals and not settings.own_rituals_path.is_dir():
        raise ConfigError(f"paths.rituals: there is no folder {settings.own_rituals_path}; make it, or mend the path.")
    library = Library.load([folder, settings.own_rituals_path], settings.household.country)
    return library, Understanding([*load_commands(folder), *library.intents], folder)


def language_folder(settings: config.Settings) -> Path:
    """The phrases and rituals of the household's language. Raises ConfigError when there are none."""
    intents = config.shipped("intents")
    folder = intents / settings.household.language
    if not folder.is_dir():
        known = ", ".join(sorted(each.name for each in intents.iterdir() if each.is_dir()))
        raise ConfigError(
            f'household.language = "{settings.household.language}": Evensong does not speak it; choose one of: {known}.'
        )
    return folder


class Conversation:
    """The dialogue's state, kept safe in ``journal`` after every step."""

    def __init__(
        self, library: Library, understanding: Understanding, journal: Journal, people: tuple[str, ...], seed: int
    ) -> None:
        self._library = library
        self._understanding = understanding
        self._journal = journal
        self._memory = Recollection(journal)
        restored = _restored(journal)
        state = with_people(restored, people) if restored else initial(people, seed)
        self._state: State = with_known(state, journal.people())
        self.commands = tuple(intent.id for intent in understanding.intents if "ritual" in intent.contexts)

    def begin(self) -> tuple[Effect, ...]:
        """What to do at the start: offer to go on with an unfinished ritual, or wait for the wake phrase."""
        return self._move(0.0, *begin(self._state, self._library))

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let dialogue answer ``event``; what it keeps is in the journal when this returns.

        Raises JournalError when it cannot be kept; the conversation then stands where it stood.
        """
        return self._move(event.at_s, *step(self._state, event, self._library))

    def _move(self, at_s: float, after: State, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """Go to the state ``after``, and keep what ``effects`` say.

        The answers and the state that has moved past them are written together: after a power cut both are
        there or neither, so that nothing is asked twice and nothing that was said is lost.
        """
        if after != self._state:
            with self._journal.together():
                for effect in effects:
                    self._keep(effect)
                self._journal.save_state(state_to_json(after))
            self._state = after
        return self._answered(effects, at_s)

    def _answered(self, effects: tuple[Effect, ...], at_s: float) -> tuple[Effect, ...]:
        """``effects``, with what dialogue does about the answers to its inquiries in their place."""
        done: list[Effect] = []
        for effect in effects:
            match effect:
                case Inquire(topic, about):
                    done += self.step(Learned(at_s, topic, self._memory.answer(topic, about)))
                case Forget(what):
                    self._memory.forget(what)
                    done.append(effect)
                case _:
                    done.append(effect)
        return tuple(done)

    def _keep(self, effect: Effect) -> None:
        match effect:
            case OpenSession(ritual, people, seed):
                self._journal.open_session(ritual, people, seed)
            case Record(key, person, text, number, about):
                self._journal.record(key, person, text, number, about)
            case Scratch():
                self._journal.scratch()
            case Rename(old, new):
                self._journal.rename(old, new)
            case CloseSession(outcome):
                self._journal.close_session(outcome)

    def understand(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> Meaning:
        return self._understanding.understand(hypotheses, expectation)

    def understood(self, event: UtteranceHeard, expectation: Expectation) -> UtteranceHeard:
        """``event`` with what was meant. What is not for an exercise loses its words here, before anybody sees it."""
        meaning = self.understand(event.utterance.hypotheses, expectation)
        if meaning.safety is not None:
            return replace(event, utterance=replace(event.utterance, hypotheses=()), meaning=meaning)
        return replace(event, meaning=meaning)

    def grammar(self, expectation: Expectation, knows: Callable[[str], bool]) -> tuple[str, ...] | None:
        return self._understanding.grammar(expectation, knows)

    def is_complete(self, text: str, expectation: Expectation) -> bool:
        return self._understanding.is_complete(text, expectation)

    def is_fixed(self, text: str) -> bool:
        """Whether ``text`` stands whole in our own files, so that it says nothing about anybody."""
        return text in self._library.fixed_wording

    def upcoming(self) -> tuple[str, ...]:
        return upcoming(self._state, self._library)


def _restored(journal: Journal) -> State | None:
    """Where the conversation stood last time; None on a first evening, or when it cannot be read any more.

    Another version of Evensong may have written it in its own way. Then only the place in an unfinished ritual
    is lost: its session ends as stopped and keeps its answers.
    """
    saved = journal.load_state()
    if saved is None:
        return None
    try:
        return state_from_json(saved)
    except IntentsError:
        with journal.together():
            journal.close_session("stopped")
            journal.clear_state()
        return None
