"""Requests about reminders as a whole: what is wanted, when, and of what; in any order of words."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dialogue import Library
from assistant.events import Hypothesis, Meaning
from assistant.understanding import Understanding, load_commands
from assistant.understanding.data_file import load_yaml

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
SENTENCES = load_yaml(Path(__file__).parents[1] / "data" / "when.yaml").data["sentences"]


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding((*load_commands(ENGLISH), *Library.load([ENGLISH]).starters), ENGLISH)


def meant(english: Understanding, *readings: str) -> Meaning:
    return english.understand([Hypothesis(text) for text in readings], english.expectation_for("all"))


def summary(meaning: Meaning) -> str | None:
    when = meaning.slots.get("when")
    return when["summary"] if when else None


@pytest.mark.parametrize(("first", "right"), [(1, 0.98), (0, 0.95)])  # 0: the sentences that are kept for measuring
def test_sentences_are_understood_as_requests_with_their_time(english: Understanding, first: int, right: float) -> None:
    wrong = []
    for sentence, time, ritual in SENTENCES[first::2]:
        meaning = meant(english, sentence)
        found = (meaning.intent, summary(meaning), meaning.slots.get("ritual"))
        if found != ("schedule_reminder", time, ritual or found[2]):
            wrong.append((sentence, found))
    assert 1 - len(wrong) / len(SENTENCES[first::2]) >= right, wrong if first else f"{len(wrong)} of them"


@pytest.mark.parametrize(
    "sentence",
    [
        "remind us every night at ten to do gratitude",
        "every night at ten remind us to do gratitude",
        "remind us to do gratitude every night at ten",
        "at ten remind us every night to do the gratitude ritual",
        "gratitude every night at ten please",
        "could you please remind us at ten o'clock every night of our gratitude",
    ],
)
def test_the_order_of_words_does_not_matter(english: Understanding, sentence: str) -> None:
    meaning = meant(english, sentence)
    assert (meaning.intent, summary(meaning), meaning.slots["ritual"]) == (
        "schedule_reminder",
        "daily 22:00",
        "gratitude",
    )


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("remind me tomorrow at five to call my mother", "call my mother"),
        ("at six remind us to water the plants", "water the plants"),
        ("remind us at nine", None),
        ("set a reminder for nine o'clock", None),
        ("in half an hour", None),
    ],
)
def test_what_is_no_ritual_is_kept_in_its_own_words(english: Understanding, sentence: str, what: str | None) -> None:
    meaning = meant(english, sentence)
    assert meaning.intent == "schedule_reminder"
    assert meaning.slots.get("what") == what
    assert "ritual" not in meaning.slots


def test_a_ritual_is_told_by_its_name_and_by_what_starts_it(english: Understanding) -> None:
    assert meant(english, "remind us at nine to say what we are grateful for").slots["ritual"] == "gratitude"
    assert meant(english, "remind us on sunday at six about the check-in").slots["ritual"] == "checkin"
    morning = meant(english, "remind us every day at seven of the morning minute")
    assert (morning.slots["ritual"], summary(morning)) == ("morning", "daily 07:00")


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        ("cancel the sunday one", {"days": ["SUN"]}),
        ("get rid of the nine o'clock reminder", {"times": ["09:00", "21:00"]}),
        ("don't remind us on sundays any more", {"days": ["SUN"], "every": "weekly"}),
        ("cancel tomorrow's reminder", {"day": "tomorrow"}),
        ("drop the weekly reminder", {"every": "weekly"}),
        ("cancel the evening reminder at nine", {"part": "evening", "times": ["21:00"]}),
    ],
)
def test_a_reminder_is_named_by_pieces_of_its_time(
    english: Understanding, sentence: str, pieces: dict[str, object]
) -> None:
    meaning = meant(english, sentence)
    assert meaning.intent == "cancel_reminder"
    said = dict(meaning.slots["said"])
    del said["text"]
    assert said == pieces


@pytest.mark.parametrize(
    "sentence",
    [
        "he said he would remind me at six",
        "the kids remind me at eight",
        "you prompt us to be home by seven",
        "my sister used to nudge me on fridays",
        "so i see we are leaving at nine",
        "they call for a taxi at six",
    ],
)
def test_what_somebody_else_does_at_a_time_is_no_request(english: Understanding, sentence: str) -> None:
    assert meant(english, sentence).intent is None


@pytest.mark.parametrize(
    "sentence",
    [
        "we always forget so remind us at nine",
        "i would like you to remind me tomorrow at nine",
        "we never manage so could you nudge us on sunday at nine",
        "and then please remind us at nine",
    ],
)
def test_a_request_may_follow_what_leads_to_it(english: Understanding, sentence: str) -> None:
    assert meant(english, sentence).intent == "schedule_reminder"


def test_all_of_them_and_a_ritual_s_can_be_named(english: Understanding) -> None:
    assert meant(english, "cancel all reminders").slots["all"] is True
    assert meant(english, "cancel the gratitude reminder").slots["ritual"] == "gratitude"


@pytest.mark.parametrize(
    "sentence", ["move it to nine", "make it nine", "change the reminder to nine", "push it to nine"]
)
def test_a_change_says_so(english: Understanding, sentence: str) -> None:
    meaning = meant(english, sentence)
    assert (meaning.intent, summary(meaning), meaning.slots["change"]) == (
        "schedule_reminder",
        "once today 21:00",
        True,
    )


def test_the_better_of_several_readings_is_taken(english: Understanding) -> None:
    meaning = meant(english, "three mind us ever night a ten", "remind us every night at ten")
    assert (meaning.intent, summary(meaning)) == ("schedule_reminder", "daily 22:00")


@pytest.mark.parametrize(
    "sentence",
    [
        "that one",
        "we had dinner at nine",
        "the film starts at eight tonight",
        "i slept until ten this morning",
        "she comes on sundays",
        "two of us were late on monday",
        "gratitude",
        "gratitude tonight",
    ],
)
def test_what_only_mentions_a_time_is_no_request(english: Understanding, sentence: str) -> None:
    assert meant(english, sentence).intent not in ("schedule_reminder", "cancel_reminder", "list_reminders")


@pytest.mark.parametrize(
    "text",
    [
        "remind us every night at ten to do gratitude",
        "remind us about the check in on sundays at six",
        "don't let us forget the walk on saturday at three",
        "set an alarm for quarter to seven tomorrow morning",
    ],
)
def test_no_mark_of_what_was_taken_apart_is_left_in_the_slots(english: Understanding, text: str) -> None:
    meaning = english.understand([Hypothesis(text)], english.expectation_for("all"))
    assert meaning.intent == "schedule_reminder"
    assert set(meaning.slots) <= {"when", "said", "ritual", "what"}
    assert str(meaning.slots).isascii()
