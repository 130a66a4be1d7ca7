"""Commands are understood as people say them, and ordinary talk is not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.events import Expectation, Hypothesis, ListenMode, Meaning
from assistant.understanding import Intent, MatchContext, Understanding, load_commands

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
GRATITUDE = Intent(
    "start_gratitude",
    ("<begin> [the] gratitude [<exercise>]", "gratitude time", "[the] (bedtime|evening) gratitude [<exercise>]"),
)
STILLNESS = Intent(
    "start_stillness", ("(stillness|silence) for {minutes} minutes", "<begin> {5..10,5:minutes} of silence")
)
COMMANDS = {
    *("stop", "pause", "resume", "repeat", "skip", "back", "help", "louder", "quieter", "slower", "faster"),
    *("more_time", "finished", "scratch", "yes", "no", "stop_listening", "time_left"),
}
REQUESTS = {
    *(
        "create_ritual",
        "delete_ritual",
        "schedule_reminder",
        "list_reminders",
        "cancel_reminder",
        "recall_journal",
        "show_trend",
    ),
    *(
        "delete_last_entry",
        "delete_everything",
        "delete_some",
        "off_record",
        "on_record",
        "answer_apart",
        "bring_back",
        "open_answers",
        "delete_closed",
        "leaves",
        "joins",
        "skip_person",
        "introduce_self",
        "forget_voice",
        "who_is_speaking",
    ),
    *("help_lines", "quiet_menu"),
}


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding((*load_commands(ENGLISH), GRATITUDE, STILLNESS), ENGLISH)


def meant(english: Understanding, text: str, context: MatchContext = "all") -> Meaning:
    return english.understand([Hypothesis(text)], english.expectation_for(context))


def test_the_commands_have_exactly_the_ids_that_others_rely_on() -> None:
    assert {intent.id for intent in load_commands(ENGLISH)} == COMMANDS | REQUESTS


def test_every_command_has_examples_and_is_allowed_in_a_ritual() -> None:
    for intent in load_commands(ENGLISH):
        assert len(intent.examples) >= 15, intent.id
        assert "ritual" in intent.contexts or intent.id in REQUESTS, intent.id
        assert intent.source.endswith(tuple(f":{line}" for line in range(1, 2000)))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("stop", "stop"),
        ("Um, stop", "stop"),
        ("evensong, stop", "stop"),
        ("hey evensong stop please", "stop"),
        ("okay pause please", "pause"),
        ("can you say that again please", "repeat"),
        ("could you maybe repeat that for me", "repeat"),
        ("let's go on", "resume"),
        ("I'd rather not say", "skip"),
        ("nothing comes to mind", "skip"),
        ("next one", "skip"),
        ("no, scratch that", "scratch"),
        ("hang on, somebody's at the door", "pause"),
        ("stop listening", "stop_listening"),
        ("how much time is left?", "time_left"),
        ("could we do the gratitude thing please", "start_gratitude"),
        ("gratitude time", "start_gratitude"),
    ],
)
def test_what_stands_around_a_command_is_forgiven(english: Understanding, text: str, intent: str) -> None:
    meaning = meant(english, text)
    assert meaning.intent == intent
    assert meaning.score > 0.7
    assert meaning.template


@pytest.mark.parametrize(
    "text",
    [
        "we had to stop at the shop",
        "i never want to stop singing",
        "never pause",
        "never stop",
        "never louder",
        "don't stop",
        "he wants to skip lunch",
        "the pause was long",
        "she passed me on the stairs",
        "my back hurts",
        "help yourself to the cake",
        "[unk] stop [unk] [unk]",
        "the",
        "huh the",
        "",
    ],
)
def test_content_words_are_not_forgiven(english: Understanding, text: str) -> None:
    for context in ("idle", "ritual", "answer", "all"):
        meaning = meant(english, text, context)
        assert meaning.intent is None, context


def test_slots_come_from_ranges_in_words_or_digits(english: Understanding) -> None:
    assert meant(english, "silence for twelve minutes").slots == {"minutes": 12}
    assert meant(english, "stillness for 20 minutes please").slots == {"minutes": 20}
    assert meant(english, "could we have ten of silence").slots == {"minutes": 10}


def test_context_narrows_what_can_be_meant(english: Understanding) -> None:
    assert meant(english, "back", "ritual").intent == "back"
    assert meant(english, "back", "idle").intent is None


@pytest.mark.parametrize("mode", [ListenMode.WAKE, ListenMode.OFF])
def test_nothing_is_meant_while_the_ears_are_closed(english: Understanding, mode: ListenMode) -> None:
    meaning = english.understand([Hypothesis("stop")], Expectation(mode, ("stop",)))
    assert (meaning.intent, meaning.slots) == (None, {})


def test_inside_an_answer_only_whole_commands_count(english: Understanding) -> None:
    for text in ("stop", "um stop", "could you pause please", "that's all"):
        assert meant(english, text, "answer").intent is not None
    # A sound-alike or a loose way of putting it is an answer there, and a command elsewhere.
    for text in ("too loud", "forget it", "good night"):
        assert meant(english, text, "answer").slots == {"text": text}
        assert meant(english, text, "ritual").intent is not None


@pytest.mark.parametrize("text", ["be quiet together", "stop together", "pause with the children", "help each other"])
def test_what_is_wished_for_together_is_an_answer(english: Understanding, text: str) -> None:
    meaning = english.understand([Hypothesis(text)], english.expectation_for("answer"))
    assert (meaning.intent, meaning.slots) == (None, {"text": text})


def test_a_free_answer_is_kept_word_for_word(english: Understanding) -> None:
    said = "  Well, we had to STOP at the shop; it's 3 o'clock…"
    assert meant(english, said, "answer").slots == {"text": said}


def test_the_best_complete_reading_of_the_n_best_wins(english: Understanding) -> None:
    everything = english.expectation_for("all")
    heard = [Hypothesis("come you say that a gain", 310.0), Hypothesis("can you say that again", 308.5)]
    meaning = english.understand(heard, everything)
    assert (meaning.intent, meaning.text) == ("repeat", "can you say that again")
    far = [Hypothesis("we went to the lake", 310.0), Hypothesis("stop", 200.0)]
    assert english.understand(far, everything).intent is None


def test_over_a_voice_one_word_counts_only_as_it_was_heard(english: Understanding) -> None:
    """ "Uh huh" and coughs have "help" somewhere among what they may be."""
    over_a_voice = Expectation(ListenMode.BARGE_IN, english.expectation_for("ritual").intents)
    heard = (Hypothesis("how", 113.0), Hypothesis("have", 112.8), Hypothesis("help", 112.6))
    assert english.understand(heard, english.expectation_for("ritual")).intent == "help"
    assert english.understand(heard, over_a_voice).intent is None
    assert english.understand(heard[::-1], over_a_voice).intent == "help"
    whole = (Hypothesis("will down please", 109.0), Hypothesis("slow down please", 108.7))
    assert english.understand(whole, over_a_voice).intent == "slower"


@pytest.mark.parametrize("context", ["ritual", "answer"])
@pytest.mark.parametrize("text", ["us", "ass"])
def test_us_is_no_pass_although_a_recogniser_writes_pass_in_much_the_same_way(
    english: Understanding, context: MatchContext, text: str
) -> None:
    assert meant(english, text, context).intent == ("skip" if text == "ass" else None)


@pytest.mark.parametrize(("context", "intent"), [("ritual", "pause"), ("answer", None)])
def test_pause_please_is_mostly_heard_as_us_please(
    english: Understanding, context: MatchContext, intent: str | None
) -> None:
    assert meant(english, "us please", context).intent == intent


def test_words_that_sound_alike_are_taken_for_each_other(english: Understanding) -> None:
    for misheard, intent in (
        ("say that a gain", "repeat"),
        ("caring on", "resume"),
        ("how much thyme is left", "time_left"),
    ):
        assert meant(english, misheard).intent == intent, misheard


def test_margin_and_runner_up_are_told(english: Understanding) -> None:
    meaning = meant(english, "stop listening")
    assert 0 < meaning.margin <= 1
    assert meaning.runner_up not in (None, "stop_listening")
    rejected = meant(english, "we could stop the car here")
    assert rejected.intent is None
    assert rejected.runner_up is not None


def test_a_match_explains_itself(english: Understanding) -> None:
    told = str(english.explain([Hypothesis("um could you turn the sound down please")], english.expectation_for("all")))
    assert "understood: quieter" in told
    assert "forgiven: um, could, you, please" in told
    assert "template" in told
    assert "2nd" in told
    nothing = str(english.explain([Hypothesis("xylophone")], english.expectation_for("all")))
    assert nothing == "not understood: nothing is near"
