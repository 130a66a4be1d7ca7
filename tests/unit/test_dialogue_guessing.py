"""What was probably wanted is asked about; it is done after a yes, and left after anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dialogue import Library, State, initial, step
from assistant.events import (
    Adjust,
    Effect,
    Event,
    Hypothesis,
    Listen,
    ListenMode,
    Meaning,
    PlaybackFinished,
    Say,
    Silence,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.understanding import load_commands

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
YES = Meaning("yes", slots={"yes_no": True})
NO = Meaning("no", slots={"yes_no": False})


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load([ENGLISH])


class Evening:
    """Awake, with Ana and Ben; whatever is said is heard out."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.state: State = initial(("Ana", "Ben"), 1)
        self.effects: tuple[Effect, ...] = ()
        self.happens(WakeHeard(0.0, "hey evensong"))

    def happens(self, event: Event) -> str:
        self.state, self.effects = step(self.state, event, self.library)
        said = " ".join(effect.text for effect in self.effects if isinstance(effect, Say))
        if said:
            self.state, after = step(self.state, PlaybackFinished(0.0), self.library)
            self.effects += after
        return said

    def hears(self, meaning: Meaning) -> str:
        return self.happens(UtteranceHeard(0.0, Utterance((Hypothesis(meaning.text),)), meaning))

    def guesses(self, intent: str, **slots: str) -> str:
        return self.hears(Meaning("something", intent, slots, score=0.9, proposed=True, unsure=True))

    @property
    def ears(self) -> Listen:
        return [effect for effect in self.effects if isinstance(effect, Listen)][-1]


def test_a_guessed_ritual_is_asked_for_by_its_name_and_begins_after_a_yes(library: Library) -> None:
    evening = Evening(library)
    assert "the mood check" in evening.guesses("start_mood")
    assert evening.ears.expectation.slot == "yes_no"
    assert evening.state.session is None
    evening.hears(YES)
    assert evening.state.session is not None
    assert evening.state.session.ritual == "mood"


def test_a_guessed_command_is_asked_for_in_words(library: Library) -> None:
    evening = Evening(library)
    assert "louder" in evening.guesses("louder")
    assert not any(isinstance(effect, Adjust) for effect in evening.effects)
    evening.hears(YES)
    assert any(isinstance(effect, Adjust) and effect.volume == 1 for effect in evening.effects)


def test_a_guessed_question_is_answered_after_a_yes(library: Library) -> None:
    evening = Evening(library)
    question = next(iter(library.questions))
    asked = evening.guesses("faq", question=question)
    answer = evening.hears(YES)
    assert answer not in ("", asked)
    assert evening.ears.expectation.mode is ListenMode.COMMAND


@pytest.mark.parametrize("answer", [NO, Meaning("the soup is hot"), None])
def test_no_silence_or_something_else_goes_back_to_listening_at_once(library: Library, answer: Meaning | None) -> None:
    evening = Evening(library)
    asked = evening.guesses("start_repair")
    said = evening.happens(Silence(0.0, 10.0)) if answer is None else evening.hears(answer)
    assert said not in ("", asked)
    assert evening.state.session is None
    assert evening.ears.expectation.mode is ListenMode.COMMAND
    assert "start_repair" in evening.ears.expectation.intents


def test_another_request_goes_before_the_guess(library: Library) -> None:
    evening = Evening(library)
    evening.guesses("start_repair")
    evening.hears(Meaning("stop", intent="stop"))
    assert evening.state.phase == "asleep"


def test_within_a_ritual_a_guess_asks_nothing_and_does_nothing(library: Library) -> None:
    evening = Evening(library)
    evening.hears(Meaning("five minutes of silence", "start_stillness", {"minutes": 5, "way": "silence"}))
    before = evening.state.session
    assert not evening.guesses("louder")
    assert evening.state.session == before


def test_between_rituals_nobody_is_asked_whether_an_answer_is_finished(library: Library) -> None:
    evening = Evening(library)
    evening.guesses("finished")
    assert evening.ears.expectation.mode is ListenMode.COMMAND
    assert evening.ears.expectation.slot is None


def test_a_certain_proposal_is_done_without_asking(library: Library) -> None:
    evening = Evening(library)
    evening.hears(Meaning("something", "start_mood", score=0.9, proposed=True))
    assert evening.state.session is not None


def test_everything_that_may_be_guessed_can_be_asked_about(library: Library) -> None:
    guessed = {intent.id for intent in load_commands(ENGLISH) if intent.guessed and "idle" in intent.contexts}
    assert guessed - {"yes", "no"} <= set(library.prompts.guessing.wishes)


def test_what_was_really_wanted_may_be_said_instead_of_no(library: Library) -> None:
    evening = Evening(library)
    evening.guesses("help")
    assert "start_gratitude" in evening.ears.expectation.intents
    evening.hears(Meaning("gratitude", "start_gratitude", score=1.0))
    assert evening.state.session is not None
    assert evening.state.session.ritual == "gratitude"
    assert evening.state.errand is None


def test_a_request_may_be_said_instead_of_no(library: Library) -> None:
    evening = Evening(library)
    evening.guesses("start_mood")
    evening.hears(Meaning("what reminders do we have", "list_reminders", score=1.0))
    assert evening.state.errand is not None
    assert evening.state.errand.name == "reminders"
