"""One household's conversation: dialogue, understanding and journal joined, without any sound.

The voice loop (evening.py) and the typed one (typed.py) both hold a `Conversation`. It keeps the dialogue
state, saves it after every step, and performs the effects that belong to the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from assistant.conversation.giving_back import GivingBack
from assistant.conversation.near_words import NearWords
from assistant.conversation.own_rituals import OwnRituals
from assistant.conversation.recollection import Facts, Recollection
from assistant.conversation.reminding import Reminding
from assistant.dialogue import (
    Library,
    Place,
    State,
    begin,
    cannot_keep,
    initial,
    is_apart,
    is_free,
    place,
    state_from_json,
    state_to_json,
    step,
    upcoming,
    with_known,
    with_people,
)
from assistant.errors import IntentsError, JournalError
from assistant.events import (
    AgreeToOpen,
    BringBack,
    CancelReminders,
    CloseSession,
    DropRitual,
    Effect,
    Event,
    Expectation,
    Forget,
    ForgetVoice,
    Hypothesis,
    Inquire,
    Join,
    KeepRitual,
    Learned,
    Meaning,
    MoveReminder,
    OpenSession,
    Record,
    RecordApart,
    Remind,
    ReminderAnswered,
    ReminderDue,
    Rename,
    Scratch,
    Topic,
    Unremind,
    UtteranceHeard,
    WakeHeard,
)
from assistant.memory import Journal, QuietHours
from assistant.understanding import Understanding

# The effects that stand in the journal, beside where the conversation stands.
KEPT = (
    AgreeToOpen,
    CancelReminders,
    CloseSession,
    Join,
    MoveReminder,
    OpenSession,
    Record,
    RecordApart,
    Remind,
    ReminderAnswered,
    Rename,
    Scratch,
    Unremind,
)


class Conversation:
    """The dialogue's state, kept safe in ``journal`` after every step."""

    def __init__(
        self,
        library: Library,
        understanding: Understanding,
        journal: Journal,
        people: tuple[str, ...],
        seed: int,
        own_rituals: OwnRituals | None = None,
        quiet: QuietHours | None = None,
        *,
        alone_is_private: bool = True,
    ) -> None:
        """``own_rituals`` is where rituals made by voice are kept; None: none can be made.

        ``alone_is_private``: what somebody said alone is read aloud only after their passphrase.

        In the hours that are ``quiet`` no reminder is given but those that were set for them.
        """
        self._library = library
        self._understanding = understanding
        self._journal = journal
        self._nearness = NearWords(journal, understanding)
        self._memory = Recollection(journal, alone_is_private=alone_is_private, near=self._nearness.near)
        self._giving_back = GivingBack(understanding.folder, lambda: self._understanding.encoder)
        self._reminding = Reminding(journal, quiet)
        restored = _restored(journal)
        state = with_people(restored, people) if restored else initial(people, seed)
        self._state: State = with_known(state, journal.people())
        self._own_rituals = own_rituals
        # Who knows what dialogue inquires about; what is not here, the journal does.
        self._known_by: Mapping[Topic, Callable[[Mapping[str, Any]], Facts | None]] = {
            "own_ritual": self._own_ritual,
            "ritual_name": self._taken_name,
            "reminders": self._reminding.facts,
            "reflection": self._giving_back.facts,
        }
        self._reading: Future[tuple[Library, Understanding]] | None = None
        self._refused = False  # the journal refused what was to be kept, and takes nothing since

    @property
    def library(self) -> Library:
        """The rituals as they are now."""
        return self._library

    @property
    def understanding(self) -> Understanding:
        return self._understanding

    @property
    def is_free(self) -> bool:
        """Whether nobody is being talked to."""
        return is_free(self._state)

    @property
    def place(self) -> Place:
        """Where the dialogue stands."""
        return place(self._state, self._library)

    @property
    def commands(self) -> tuple[str, ...]:
        """The ids of all intents that may be said in the middle of a ritual."""
        return tuple(intent.id for intent in self._understanding.intents if "ritual" in intent.contexts)

    def begin(self) -> tuple[Effect, ...]:
        """What to do at the start: offer to go on with an unfinished ritual, or wait for the wake phrase."""
        return self._move(0.0, *begin(self._state, self._library))

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let dialogue answer ``event``; what it keeps is in the journal when this returns.

        Raises JournalError when it cannot be kept; the conversation then stands where it stood.
        """
        if isinstance(event, WakeHeard):
            self._take_what_was_read()
        return self._move(event.at_s, *step(self._state, event, self._library))

    def cannot_keep(self, at_s: float) -> tuple[Effect, ...]:
        """After a JournalError: tell the people, and let what is under way rest until it can be gone on with.

        From then on only what would be lost is a JournalError again, until the journal takes something.
        """
        self._refused = True
        self._state, effects = cannot_keep(self._state, self._library, at_s)
        return effects

    def voices(self) -> Mapping[str, tuple[float, ...]]:
        """The voice prints that are kept, by name."""
        return self._journal.voices.all()

    def keep_voice(self, person: str, values: Sequence[float]) -> None:
        """Keep a voice print. Raises JournalError."""
        self._journal.voices.keep(person, values)

    def due_reminder(self, at_s: float) -> ReminderDue | None:
        """What is to be given to `step` now, if a reminder is due and nobody is being talked to.

        To be asked every few seconds of audio, and whenever something was said.
        """
        return self._reminding.due(at_s, is_free=is_free(self._state))

    def is_apart(self) -> bool:
        """Whether somebody is answering out of the others' hearing, so that nobody may see it either."""
        return is_apart(self._state, self._library)

    def keep_up(self) -> None:
        """While nobody is being talked to: what the journal needs once a day. To be asked like `due_reminder`.

        Raises JournalError when it could not be done; it is tried again another day.
        """
        if is_free(self._state):
            self._journal.keep_up()
            self._nearness.learn()

    def is_quiet_hour(self) -> bool:
        """Whether it is time to speak softer and slower."""
        return self._reminding.is_quiet_hour()

    def _move(self, at_s: float, after: State, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """Go to the state ``after``, and keep what ``effects`` say.

        The answers and the state that has moved past them are written together: after a power cut both are
        there or neither, so that nothing is asked twice and nothing that was said is lost.
        """
        if after != self._state:
            try:
                with self._journal.together():
                    for effect in effects:
                        self._keep(effect)
                    self._journal.save_state(state_to_json(after))
                self._refused = False
            except JournalError:
                if not self._refused or any(isinstance(effect, KEPT) for effect in effects):
                    raise
            self._state = after
        return self._answered(effects, at_s)

    def _answered(self, effects: tuple[Effect, ...], at_s: float) -> tuple[Effect, ...]:
        """``effects``, with what dialogue does about the answers to its inquiries in their place."""
        done: list[Effect] = []
        for effect in effects:
            match effect:
                case Inquire(topic, about):
                    known = self._known_by.get(topic)
                    facts = known(about) if known else self._memory.answer(topic, about)
                    done += self.step(Learned(at_s, topic, facts))
                case KeepRitual() | DropRitual():
                    done += self.step(Learned(at_s, "own_rituals_changed", self._change_rituals(effect)))
                case ForgetVoice(person):
                    self._journal.forget_voice(person)
                    done.append(effect)
                case Forget(what, about):
                    self._memory.forget(what, about)
                    done.append(effect)
                case BringBack():
                    self._journal.bring_back()
                    self._state = with_known(self._state, self._journal.people())
                    done.append(effect)
                case _:
                    done.append(effect)
        return tuple(done)

    def _own_ritual(self, about: Mapping[str, Any]) -> Facts | None:
        return self._own_rituals.find(str(about["name"]), self._library) if self._own_rituals else None

    def _taken_name(self, about: Mapping[str, Any]) -> Facts:
        """What the name that was chosen means already."""
        idle = self._understanding.expectation_for("idle")
        meaning = self._understanding.understand((Hypothesis(str(about["name"])),), idle)
        taken = meaning.intent
        if taken is None or meaning.proposed:
            return {}
        ritual = self._library.rituals.get(taken.removeprefix("start_"))
        return {"taken_by": ritual.title if ritual else taken.replace("_", " ")}

    def _change_rituals(self, effect: KeepRitual | DropRitual) -> Mapping[str, Any]:
        """Do it, and read all rituals anew in the background; what went wrong, if anything did."""
        if self._own_rituals is None:
            return {"trouble": "There is no folder for rituals of one's own here."}
        try:
            if isinstance(effect, KeepRitual):
                self._own_rituals.keep(effect)
            else:
                self._own_rituals.drop(effect.ritual)
        except IntentsError as error:
            return {"trouble": str(error)}
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rituals")
        self._reading = executor.submit(self._own_rituals.read)
        executor.shutdown(wait=False)
        return {}

    def _take_what_was_read(self) -> None:
        if self._reading is not None:
            self._library, self._understanding = self._reading.result()
            self._reading = None

    def _keep(self, effect: Effect) -> None:
        match effect:
            case OpenSession(ritual, people, seed):
                self._journal.open_session(ritual, people, seed)
            case Record(key, person, text, number, about, closed):
                self._journal.record(key, person, text, number, about, closed=closed)
            case RecordApart(session, key, person, text):
                self._journal.closed.add(session, key, person, text)
            case AgreeToOpen(key, session, willing, unwilling):
                self._journal.closed.agree(session, key, willing, unwilling)
            case Scratch():
                self._journal.scratch()
            case Join(person):
                self._journal.join(person)
            case Rename(old, new):
                self._journal.rename(old, new)
            case CloseSession(outcome):
                self._journal.close_session(outcome)
            case _:
                self._reminding.keep(effect)

    def understand(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> Meaning:
        self._take_what_was_read()
        return self._understanding.understand(hypotheses, expectation)

    def understood(self, event: UtteranceHeard, expectation: Expectation) -> UtteranceHeard:
        """``event`` with what was meant. What is not for an exercise loses its words here, before anybody sees it."""
        meaning = self.understand(event.utterance.hypotheses, expectation)
        if meaning.safety is not None:
            return replace(event, utterance=replace(event.utterance, hypotheses=()), meaning=meaning)
        return replace(event, meaning=meaning)

    def grammar(self, expectation: Expectation, knows: Callable[[str], bool]) -> tuple[str, ...] | None:
        return self._understanding.grammar(expectation, knows)

    def closed_grammar(
        self, hypotheses: Sequence[Hypothesis], expectation: Expectation, knows: Callable[[str], bool]
    ) -> tuple[str, ...] | None:
        """By which to hear ``hypotheses`` again, in noise; None: by the same grammar."""
        return self._understanding.closed_grammar(hypotheses, expectation, knows)

    def is_complete(self, text: str, expectation: Expectation, *, may_go_on: bool = False) -> bool:
        return self._understanding.is_complete(text, expectation, may_go_on=may_go_on)

    def is_understood(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> bool:
        return self._understanding.is_understood(hypotheses, expectation)

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
