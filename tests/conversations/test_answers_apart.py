"""Answers given apart: nobody can read them in any way until all agree, over evenings and restarts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversation.conversation import Conversation
from assistant.conversation.recollection import Recollection
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library, initial, state_to_json
from assistant.dialogue.state import Session
from assistant.evening.discretion import shown, told
from assistant.events import Hypothesis, Meaning, PartialHeard, Record, RecordApart, Utterance, UtteranceHeard
from assistant.memory import Journal
from assistant.memory.measures import good_things
from assistant.memory.recall import Question
from assistant.understanding import Understanding

BOTH = ("Ana", "Ben")
HERS, HIS = "zanzibar", "quagga"
APART = ("ask us a deep question", "yes", "answer apart", "yes", HERS, "yes", HIS)
ASKED_ALOUD = (
    "what did ana say",
    "what did we say about zanzibar",
    "what did ben say today",
    "read the last entry",
    "read all our answers from today",
    "what did we talk about today",
    "read our last deep question",
)


def evening() -> datetime:
    return datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


class Home:
    """One household, whose Evensong is begun anew for each `talk`, in the middle of whatever it was."""

    def __init__(self, shipped: tuple[Library, Understanding], path: Path) -> None:
        self._shipped = shipped
        self.path = path
        self.journal = Journal.open(path, evening)

    def talk(self, *lines: str, people: tuple[str, ...] = BOTH) -> str:
        said: list[str] = []
        conversation = Conversation(*self._shipped, self.journal, people, 1)
        TypedEvening(conversation, "hey evensong", said.append).run(lines)
        self.journal.close()
        self.journal = Journal.open(self.path, evening)
        return " ".join(said)

    def everything_read(self) -> str:
        """All that any way of reading gives."""
        journal, memory = self.journal, Recollection(self.journal)
        texts = [journal.export(form) for form in ("json", "md", "csv", "ics")]  # type: ignore[arg-type]
        texts += [str(journal.sessions()), str(good_things(journal.sessions())), str(journal.last_entry())]
        for question in (
            Question(confided=""),
            *(Question(words=(word,), confided="") for word in (HERS, HIS, "zanz")),
        ):
            texts.append(str(journal.recall.find(question, -1)))
            texts.append(str(journal.recall.by_id([*range(50)], "")))
        texts += [str(memory.answer("closed", {})), str(memory.answer("last_entry", {})), str(journal.load_state())]
        with closing(sqlite3.connect(self.path)) as db:
            texts += [str(row) for row in db.execute("SELECT * FROM entries")]
            texts += [str(row) for row in db.execute("SELECT body FROM state")]
            db.execute("CREATE VIRTUAL TABLE temp.said USING fts5vocab(main, entry_words, row)")
            texts += [str(row) for row in db.execute("SELECT term FROM temp.said")]
        return " ".join(texts).lower()


@pytest.fixture
def home(shipped: tuple[Library, Understanding], tmp_path: Path) -> Iterator[Home]:
    one = Home(shipped, tmp_path / "journal.sqlite")
    yield one
    one.journal.close()


def must_be_closed(home: Home) -> None:
    read = home.everything_read()
    assert HERS not in read
    assert HIS not in read


def test_when_both_say_so_their_answers_are_opened_together_and_read_in_turn(home: Home) -> None:
    said = home.talk(*APART, "yes", "yes", "stop")
    assert said.index(HERS) < said.index(HIS)
    assert said.count(HERS) == said.count(HIS) == 1
    assert HERS in home.talk("what did ana say about zanzibar")


def test_while_one_has_not_answered_the_will_of_the_others_opens_nothing(home: Home) -> None:
    home.journal.open_session("deep_question", BOTH, 1)
    home.journal.record("answer", "Ana", HERS, closed=True)
    home.journal.closed.agree(None, "answer", ("Ana",))
    must_be_closed(home)
    home.journal.closed.add(1, "answer", "Ben", HIS)
    home.journal.closed.agree(1, "answer", BOTH)
    assert HERS in home.everything_read()


@pytest.mark.parametrize("answers", [("no",), ("yes", "no"), ("yes", "pass"), ("yes", "")], ids=" ".join)
def test_one_who_does_not_want_it_keeps_them_closed(home: Home, answers: tuple[str, ...]) -> None:
    said = home.talk(*APART, *answers, "stop")
    assert HERS not in said
    assert HIS not in said
    must_be_closed(home)


@pytest.mark.parametrize("asked", ASKED_ALOUD)
def test_nothing_that_is_asked_aloud_reads_a_closed_answer(home: Home, asked: str) -> None:
    home.talk(*APART, "no", "stop")
    said = home.talk(asked, "read all") + home.talk(asked, "more", people=("Ana",)) + home.talk(asked, people=("Ben",))
    assert HERS not in said
    assert HIS not in said


@pytest.mark.parametrize("heard", range(3, len(APART) + 2))
def test_a_restart_at_any_moment_opens_nothing_and_loses_nothing(home: Home, heard: int) -> None:
    lines = (*APART, "yes")
    said = home.talk(*lines[:heard])
    assert HERS not in said
    must_be_closed(home)
    said = home.talk("yes", *lines[heard:], "yes", "stop")  # shall we go on? yes
    assert said.index(HERS) < said.index(HIS)


def test_another_evening_they_are_opened_when_each_has_said_so(home: Home) -> None:
    home.talk(*APART, "no", "stop")
    assert "Ben" in home.talk("open our answers", "yes", people=("Ana",))
    must_be_closed(home)
    said = home.talk("open our answers", "yes", people=("Ben",))
    assert said.index(HERS) < said.index(HIS)


def test_who_was_not_alone_answers_later_by_text(home: Home) -> None:
    said = home.talk("check in", "answer apart", "yes", HERS, "no", "stop")
    assert "answer apart" in said
    must_be_closed(home)
    assert "Ben" in home.talk("open our answers")
    must_be_closed(home)
    said = home.talk("my closed answer", "yes", HIS, people=("Ben",))
    assert HERS not in said
    must_be_closed(home)
    said = home.talk("open our answers", "yes", "yes")
    assert said.index(HERS) < said.index(HIS)
    assert "There are no closed" in home.talk("open our answers") or HERS not in home.talk("open our answers")


def left_of(path: Path) -> list[str]:
    everything = b"".join(file.read_bytes().lower() for file in path.parent.rglob("*") if file.is_file())
    return [word for word in (HERS, HIS) if word.encode() in everything]


@pytest.mark.parametrize(
    "asked",
    ["delete our closed answers", "forget what we said today", "delete everything about Ana", "delete everything"],
)
def test_closed_answers_are_deleted_unread(home: Home, asked: str) -> None:
    home.talk(*APART, "no", "stop")
    home.journal.backups.daily()
    assert left_of(home.path) == [HERS, HIS]
    said = home.talk(asked, "now" if asked == "delete everything" else "yes", people=())
    assert HERS not in said
    assert left_of(home.path) == ([HIS] if "Ana" in asked else [])


def test_scratch_that_takes_a_closed_answer_back(home: Home) -> None:
    home.talk(*APART[:5], "scratch that")
    assert left_of(home.path) == []
    must_be_closed(home)


def test_off_the_record_nothing_can_be_answered_apart(home: Home) -> None:
    said = home.talk("off the record", "check in", "answer apart", HERS, "stop")
    assert "alone" not in said.lower()
    assert left_of(home.path) == []


def test_only_what_is_kept_can_be_answered_apart(home: Home) -> None:
    said = home.talk("ask us a deep question", "no", "answer apart", HERS, "stop")
    assert "apart" not in said
    assert left_of(home.path) == []


def test_one_person_alone_is_not_asked(home: Home) -> None:
    assert "apart" not in home.talk("check in", "answer apart", "stop", people=("Ana",))


def test_opened_answers_do_not_stand_in_the_state_when_reading_is_cut_off() -> None:
    session = Session("deep_question", 1, BOTH)
    cut_off = replace(initial(BOTH, 1), phase="ritual", session=session, reads=True, unsaid=f"Ana said, {HERS}.")
    assert HERS not in state_to_json(cut_off)
    assert HERS in state_to_json(replace(cut_off, reads=False))


def test_a_name_that_was_got_wrong_is_put_right_in_closed_answers(home: Home) -> None:
    home.journal.open_session("checkin", ("Anna", "Ben"), 1)
    home.journal.record("feeling", "Anna", HERS, closed=True)
    home.journal.rename("Anna", "Ana")
    (one,) = home.journal.closed.waiting()
    assert (one.answered, one.missing) == (("Ana",), ("Ben",))


def test_nobody_who_watches_is_told_what_is_answered_apart(shipped: tuple[Library, Understanding], home: Home) -> None:
    conversation = Conversation(*shipped, home.journal, BOTH, 1)
    seen: list[tuple[bool, str]] = []

    def lines() -> Iterator[str]:
        for line in APART:
            seen.append((conversation.is_apart(), line))
            yield line

    TypedEvening(conversation, "hey evensong", lambda _: None).run(lines())
    assert [line for apart, line in seen if apart] == [HERS, HIS]
    heard = UtteranceHeard(1.0, Utterance((Hypothesis(HERS),)), Meaning(HERS))
    assert HERS not in str(told(heard, apart=True))
    assert HERS not in str(told(PartialHeard(1.0, HERS), apart=True))
    assert told(heard, apart=False) == heard
    stop = UtteranceHeard(1.0, Utterance((Hypothesis("stop"),)), Meaning("stop", intent="stop"))
    assert told(stop, apart=True) == stop
    assert HERS not in str(shown(Record("light", "Ana", HERS, closed=True)))
    assert HERS not in str(shown(RecordApart(1, "light", "Ana", HERS)))
    assert HERS in str(shown(Record("light", "Ana", HERS)))


def test_who_answers_later_is_not_watched_either(shipped: tuple[Library, Understanding], home: Home) -> None:
    home.talk("check in", "answer apart", "yes", HERS, "no", "stop")
    conversation = Conversation(*shipped, home.journal, ("Ben",), 1)
    TypedEvening(conversation, "hey evensong", lambda _: None).run(["my closed answer", "yes"])
    assert conversation.is_apart()
