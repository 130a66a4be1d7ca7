"""What is asked of the journal aloud: answers from a journal that is known, in few sentences, and nothing confided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.events import Hypothesis
from assistant.memory import Journal
from assistant.understanding import Understanding

KNOWN = yaml.safe_load((Path(__file__).parents[1] / "data" / "recall.yaml").read_text(encoding="utf-8"))
NOTHING = re.compile(r"nothing|no numbers?", re.IGNORECASE)
AT_ONCE = 4  # sentences
CONFIDED = ("SECRET", "empty", "debt", "kiss", "exam")


class Calendar:
    """The wall clock, set by hand."""

    now = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def keep(journal: Journal, calendar: Calendar) -> None:
    for held in sorted(KNOWN["journal"], key=lambda one: one["day"]):
        calendar.now = datetime.combine(held["day"], time(20, 0), UTC)
        journal.open_session(held["ritual"], tuple(held["people"]), 1)
        for key, person, said, *about in held["kept"]:
            calendar.now += timedelta(minutes=1)
            given = {"text": said} if isinstance(said, str) else {"number": float(said)}
            journal.record(key, person, about=about[0] if about else None, **given)
        journal.close_session("finished")
    calendar.now = datetime.combine(date(2026, 11, 22), time(22, 0), UTC)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    calendar = Calendar()
    with Journal.open(tmp_path_factory.mktemp("home") / "journal.sqlite", calendar) as opened:
        with opened.together():
            keep(opened, calendar)
        yield opened


def talk(shipped: tuple[Library, Understanding], journal: Journal, *lines: str, people: tuple[str, ...] = ()) -> str:
    said: list[str] = []
    journal.clear_state()
    TypedEvening(Conversation(*shipped, journal, people, 1), "hey evensong", said.append).run(lines)
    return "\n".join(said)


ASKED = [*KNOWN["asked"], *KNOWN["asked_later"]]
TAKEN_FOR_A_QUESTION = 1  # "when was the last time you slept well"


def test_there_are_enough_questions() -> None:
    assert len(ASKED) >= 150
    assert sum(one.get("missed", False) for one in ASKED) <= 1


def test_talk_that_is_no_question_to_the_journal_is_left_alone(shipped: tuple[Library, Understanding]) -> None:
    idle = shipped[1].expectation_for("idle")
    taken = [
        one for one in KNOWN["refused"] if shipped[1].understand([Hypothesis(one)], idle).intent == "recall_journal"
    ]
    assert len(taken) <= TAKEN_FOR_A_QUESTION, taken


@pytest.mark.parametrize("one", ASKED, ids=lambda one: " / ".join([one["ask"], *one.get("then", ())]))
def test_what_is_asked_is_answered(
    shipped: tuple[Library, Understanding], journal: Journal, one: dict[str, Any]
) -> None:
    said = talk(shipped, journal, one["ask"], *one.get("then", ()))
    for words in () if one.get("missed") else one.get("says", ()):
        assert words.lower() in said.lower(), said
    for words in (*one.get("never", ()), *CONFIDED):
        assert words.lower() not in said.lower(), said
    if one.get("nothing"):
        assert NOTHING.search(said), said
    if "then" not in one:
        assert len(re.findall(r"[.!?](?:\s|$)", said)) <= AT_ONCE + 1, said  # and the word that it sleeps with


def test_a_passphrase_opens_what_its_owner_said_alone_and_no_more(
    shipped: tuple[Library, Understanding], journal: Journal
) -> None:
    journal.passphrases.set("Ana", "Blue Heron, landing!")
    asked = talk(shipped, journal, "what did i say about the kiss")
    assert "passphrase" in asked
    assert "behind the piano" in talk(shipped, journal, "what did i say about the kiss", "blue heron landing")
    assert NOTHING.search(talk(shipped, journal, "what did i say about the debt", "blue heron landing"))
    wrong = talk(shipped, journal, "what did i say about the kiss", "blue heron")
    assert "piano" not in wrong
    assert "heron" not in (journal.load_state() or "")
    journal.passphrases.remove("Ana")
    assert "passphrase" not in talk(shipped, journal, "what did i say about the kiss")


def test_a_household_of_one_hears_all_of_it(shipped: tuple[Library, Understanding], tmp_path: Path) -> None:
    with Journal.open(tmp_path / "journal.sqlite", Calendar()) as alone:
        alone.open_session("gratitude", ("Ana",), 1)
        alone.record("good_thing", "Ana", "the red kite")
        alone.close_session("finished")
        assert "red kite" in talk(shipped, alone, "what was i grateful for today")
        assert "red kite" not in talk(shipped, alone, "what was i grateful for today", people=("Ana", "Ben"))


def test_what_is_read_is_never_saved_with_the_state(shipped: tuple[Library, Understanding], journal: Journal) -> None:
    talk(shipped, journal, "what were we grateful for last week")
    assert "lentil" not in (journal.load_state() or "")
