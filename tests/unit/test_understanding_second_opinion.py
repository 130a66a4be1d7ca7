"""What no template knows may be proposed by its meaning: only where commands are awaited, and never what takes away.

The encoder here knows which words belong together; what the real one knows is tested in tests/audio.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.config import Settings
from assistant.errors import IntentsError
from assistant.events import Expectation, Hypothesis, ListenMode
from assistant.loading.phrases import language_folder
from assistant.understanding import Intent, Understanding, load_commands
from assistant.understanding.semantic.lessons import Lesson, digest, load_lessons
from assistant.understanding.semantic.second_opinion import Judgement, LearnedOpinion, Proposal, Suspicion
from assistant.understanding.semantic.teaching import Floats, teach

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
TOPICS = (
    {"louder", "loud", "volume", "hear", "deaf", "speak", "voice"},
    {"calm", "quiet", "breathe", "rest", "still", "peace", "relax"},
    {"dinner", "potatoes", "soup", "bus", "train", "shoes", "dog", "rain", "milk"},
)
LESSONS = (
    *(Lesson(text, "louder") for text in ("louder", "speak up i can not hear", "volume up", "your voice is not loud")),
    *(
        Lesson(text, "start_stillness")
        for text in ("be calm", "quiet please", "let us breathe", "rest in peace", "relax")
    ),
    *(Lesson(text, None) for text in ("the soup is hot", "is the bus late", "dinner time", "the dog and the rain")),
)


class ByTopic:
    """A sentence is what its words are about."""

    def encode(self, texts: Sequence[str]) -> Floats:
        rows = [[1e-3, *(len(topic & set(text.split())) for topic in TOPICS)] for text in texts]
        vectors = np.array(rows, np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def opinion() -> LearnedOpinion:
    return LearnedOpinion(LESSONS, teach(LESSONS, ByTopic()), ByTopic())


EVERYTHING = ("louder", "start_stillness")


def test_what_was_not_learned_is_told_by_what_it_is_about(opinion: LearnedOpinion) -> None:
    proposal = opinion.propose("grandpa is nearly deaf", EVERYTHING)
    assert proposal is not None
    assert (proposal.intent, proposal.runner_up) == ("louder", "start_stillness")
    assert 0 < proposal.score <= 1


def test_other_talk_is_not_proposed(opinion: LearnedOpinion) -> None:
    assert opinion.propose("there is no milk and no potatoes", EVERYTHING) is None


def test_what_is_not_allowed_now_is_not_replaced_by_something_less_likely(opinion: LearnedOpinion) -> None:
    assert opinion.propose("grandpa is nearly deaf", ("start_stillness",)) is None


@pytest.mark.parametrize("text", ["", "   ", "?!", "calm " * 40, "\ud83d\ude42", "静か"])
def test_nothing_odd_is_proposed_and_nothing_raises(opinion: LearnedOpinion, text: str) -> None:
    assert opinion.propose(text, EVERYTHING) is None


def test_the_order_of_lessons_and_files_decides_nothing() -> None:
    turned = tuple(reversed(LESSONS))
    other = LearnedOpinion(turned, teach(turned, ByTopic()), ByTopic())
    one = LearnedOpinion(LESSONS, teach(LESSONS, ByTopic()), ByTopic())
    for text in ("grandpa is nearly deaf", "i need some rest"):
        first, second = one.judge(text), other.judge(text)
        assert first.intent == second.intent
        assert first.likeness == pytest.approx(second.likeness, abs=1e-3)


class Always:
    """Would propose ``intent`` for anything, as far as it is allowed."""

    encoder = None

    def __init__(self, intent: str, *, unsure: bool = False) -> None:
        self.intent = intent
        self.unsure = unsure
        self.asked: list[frozenset[str]] = []

    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        self.asked.append(frozenset(allowed))
        return Proposal(self.intent, 0.9, self.unsure) if self.intent in allowed else None

    def judged(self, text: str) -> Judgement | None:
        return Judgement(self.intent, 1.0, None, 0.0, 0.0, 6, ())

    def disclosed(self, text: str) -> Suspicion | None:
        return None

    def encode(self, texts: Sequence[str]) -> None:
        return None


COMMANDS = load_commands(ENGLISH)
UNHEARD_OF = [Hypothesis("the purple bicycle never violins")]


def test_the_second_opinion_is_marked_as_one() -> None:
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Always("louder", unsure=True))
    meaning = english.understand(UNHEARD_OF, english.expectation_for("all"))
    assert (meaning.intent, meaning.proposed, meaning.unsure, meaning.template) == ("louder", True, True, None)


def test_what_a_template_knows_needs_no_second_opinion() -> None:
    always = Always("louder")
    english = Understanding(COMMANDS, ENGLISH, second_opinion=always)
    meaning = english.understand([Hypothesis("could you pause please")], english.expectation_for("all"))
    assert (meaning.intent, meaning.proposed) == ("pause", False)
    assert not always.asked


class Never(Always):
    """Knows all talk for talk between people."""

    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        return None

    def judged(self, text: str) -> Judgement | None:
        return Judgement(self.intent, 0.0, None, 0.0, 1.0, 6, ())


def test_what_people_say_to_each_other_is_not_taken_for_what_it_nearly_is() -> None:
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Never("louder"))
    for said, intent in (("could you pauses it please", None), ("could you pause it please", "pause")):
        assert english.understand([Hypothesis(said)], english.expectation_for("ritual")).intent == intent


class Rather(Never):
    """Takes all talk rather for talk between people, but would not swear to it."""

    def judged(self, text: str) -> Judgement | None:
        return Judgement(self.intent, 0.0, None, 0.0, 0.6, 6, ())


def test_words_too_many_are_doubted_sooner_than_words_that_were_misheard() -> None:
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Rather("louder"))
    for said, intent in (("never mind me", None), ("never mine", "stop"), ("never mind", "stop")):
        assert english.understand([Hypothesis(said)], english.expectation_for("ritual")).intent == intent


def test_what_was_nearly_said_gives_way_to_what_was_surely_meant() -> None:
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Always("louder"))
    for said, intent in (("could you pauses it please", "louder"), ("could you pause it please", "pause")):
        assert english.understand([Hypothesis(said)], english.expectation_for("ritual")).intent == intent
    answer = english.expectation_for("answer")
    assert english.understand([Hypothesis("could you pauses it")], answer).intent != "louder"


def test_what_was_guessed_must_be_heard_without_the_grammar_first() -> None:
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Always("louder"))
    idle = english.expectation_for("all")
    assert english.is_understood([Hypothesis("could you pause please")], idle)
    assert not english.is_understood(UNHEARD_OF, idle)


def test_what_is_only_somewhat_like_a_command_must_be_heard_without_the_grammar_too() -> None:
    english = Understanding(COMMANDS, ENGLISH)
    idle = english.expectation_for("all")
    said = [Hypothesis("got you pauses it")]
    assert 0.0 < english.understand(said, idle).score < 0.9
    assert not english.is_understood(said, idle)


@pytest.mark.parametrize("said", ["remind me at eight to take the pause", "what did we say about the guard last week"])
def test_words_of_peoples_own_must_be_heard_without_the_grammar(said: str) -> None:
    """It knows none but its own: "take the pills" became "take the pause", and "the blue folder" no word at all."""
    english = Understanding(COMMANDS, ENGLISH)
    idle = english.expectation_for("all")
    assert english.understand([Hypothesis(said)], idle).intent in ("schedule_reminder", "recall_journal")
    assert not english.is_understood([Hypothesis(said)], idle)
    assert english.is_understood([Hypothesis("what reminders do we have")], idle)


def test_it_is_never_asked_in_answers_choices_or_while_evensong_speaks() -> None:
    always = Always("louder")
    english = Understanding(COMMANDS, ENGLISH, second_opinion=always)
    intents = tuple(intent.id for intent in COMMANDS)
    for expectation in (
        english.expectation_for("answer"),
        Expectation(ListenMode.CHOICE, intents, "yes_no"),
        Expectation(ListenMode.CHOICE, intents, "rating"),
        Expectation(ListenMode.BARGE_IN, intents),
        Expectation(ListenMode.WAKE, intents),
        Expectation(ListenMode.OFF, intents),
    ):
        assert english.understand(UNHEARD_OF, expectation).intent is None
    assert not always.asked


def test_it_never_proposes_help_lines_or_the_quiet_menu() -> None:
    always = Always("louder")
    english = Understanding(COMMANDS, ENGLISH, second_opinion=always)
    english.understand(UNHEARD_OF, english.expectation_for("all"))
    assert not always.asked[0] & {"help_lines", "quiet_menu"}
    assert {"louder", "stop", "list_reminders"} <= always.asked[0]


def test_it_may_only_propose_what_is_allowed_now() -> None:
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Always("create_ritual"))
    assert english.understand(UNHEARD_OF, english.expectation_for("ritual")).intent is None
    assert english.understand(UNHEARD_OF, english.expectation_for("idle")).intent == "create_ritual"


def test_lessons_are_examples_and_what_the_two_files_add(tmp_path: Path) -> None:
    (tmp_path / "meanings.yaml").write_text("language: en\nmeanings:\n  louder: [speak up]\n", encoding="utf-8")
    intents = (Intent("louder", ("louder",), ("louder please",)),)
    assert load_lessons(intents, tmp_path) == ()
    (tmp_path / "background.yaml").write_text("language: en\nbackground: [pass the salt]\n", encoding="utf-8")
    lessons = load_lessons(intents, tmp_path)
    assert {(one.text, one.intent) for one in lessons} == {
        ("louder please", "louder"),
        ("speak up", "louder"),
        ("pass the salt", None),
    }
    assert digest(lessons) == digest(load_lessons(intents, tmp_path)) != digest(lessons[1:])
    (tmp_path / "meanings.yaml").write_text("language: en\nmeanings: {louder: speak up}\n", encoding="utf-8")
    with pytest.raises(IntentsError, match=r"meanings\.yaml:2"):
        load_lessons(intents, tmp_path)


def test_every_meaning_that_is_taught_is_one_that_exists() -> None:
    known = {*(intent.id for intent in COMMANDS), "faq"}
    rituals = {"start_" + path.stem for path in (language_folder(Settings()) / "rituals").glob("*.yaml")}
    to_come = {"start_listening", "start_solo_listening"}
    taught = {lesson.intent for lesson in load_lessons((), ENGLISH)} - {None}
    assert taught <= known | rituals | to_come
    assert known | rituals <= taught | {
        *("help_lines", "quiet_menu", "delete_ritual"),
        *("delete_some", "off_record", "on_record"),  # their examples beside the templates must do
        *("bring_back", "answer_apart", "open_answers", "delete_closed", "leaves", "skip_person", "joins"),
    }


def test_what_takes_something_away_is_asked_about_however_likely() -> None:
    for intent in ("delete_last_entry", "delete_everything", "scratch", "cancel_reminder", "schedule_reminder"):
        english = Understanding(COMMANDS, ENGLISH, second_opinion=Always(intent))
        meaning = english.understand(UNHEARD_OF, english.expectation_for("all"))
        assert (meaning.intent, meaning.proposed, meaning.unsure) == (intent, True, True)


def test_a_proposed_introduction_and_a_proposed_reminder_bring_what_was_said_along() -> None:
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Always("introduce_self"))
    meaning = english.understand([Hypothesis("hello there you i'm margaret")], english.expectation_for("all"))
    assert (meaning.intent, meaning.slots) == ("introduce_self", {"names": ["Margaret"]})
    english = Understanding(COMMANDS, ENGLISH, second_opinion=Always("schedule_reminder"))
    purple = [Hypothesis("the purple bicycle tomorrow at nine in the morning")]
    meaning = english.understand(purple, english.expectation_for("all"))
    assert meaning.slots["when"]["summary"] == "once tomorrow 09:00"


def test_of_an_intent_with_several_things_to_ask_the_nearest_that_tells_which_is_meant() -> None:
    lessons = (*LESSONS, Lesson("speak up i am deaf", "louder", (("how", "much"),)))
    opinion = LearnedOpinion(lessons, teach(lessons, ByTopic()), ByTopic())
    proposal = opinion.propose("your voice is not loud", EVERYTHING)
    assert proposal is not None
    assert proposal.slots == {"how": "much"}
