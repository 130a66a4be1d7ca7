"""Forgotten by voice: off the record nothing is kept, and what is deleted stands in no file any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.memory import Journal
from assistant.memory.recall import Question
from assistant.understanding import Understanding

Talk = Callable[..., str]
NAME = "Wilhelmine"


class Calendar:
    now = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def journal(path: Path, calendar: Calendar) -> Iterator[Journal]:
    with Journal.open(path, calendar) as opened:
        for day, people in ((20, (NAME, "Ben")), (21, (NAME,)), (22, ("Ben", NAME))):
            calendar.now = datetime(2026, 11, day, 21, 0, tzinfo=UTC)
            opened.open_session("gratitude", people, 1)
            for number, person in enumerate(people):
                opened.record("good_thing", person, f"zanzibar{day}x{number}")
            opened.record("appreciation", "Ben", f"patience{day}", about=NAME)
            opened.record("good_thing", "Ben", f"{NAME.lower()} sang quagga{day}")
            opened.close_session("finished")
        yield opened


@pytest.fixture
def talk(shipped: tuple[Library, Understanding], journal: Journal) -> Talk:
    def type_lines(*lines: str, people: tuple[str, ...] = ()) -> str:
        said: list[str] = []
        TypedEvening(Conversation(*shipped, journal, people, 1), "hey evensong", said.append).run(lines)
        return " ".join(said)

    return type_lines


def left_of(path: Path, *words: str) -> list[str]:
    """Which of ``words`` still stand in any file beside the journal, its log and its backups among them."""
    everything = b"".join(file.read_bytes().lower() for file in path.parent.rglob("*") if file.is_file())
    return [word for word in words if word.lower().encode() in everything]


def indexed(journal: Journal) -> set[str]:
    """The words of the full-text index."""
    return set(journal.recall._vocabulary())


def texts(journal: Journal) -> list[str | None]:
    return [entry.text for session in journal.sessions() for entry in session.entries]


def test_everything_about_one_person_goes_from_rows_index_log_and_names(
    talk: Talk, journal: Journal, path: Path
) -> None:
    journal.passphrases.set(NAME, "blue heron landing")
    journal.reminders.add({"summary": "daily 22:00", "rrule": "FREQ=DAILY;BYHOUR=22;BYMINUTE=0"}, what=f"ring {NAME}")
    said = talk(f"delete everything about {NAME}", "yes")
    assert "nine answers" in said
    assert "three evenings" in said
    assert texts(journal) == ["zanzibar22x0", "zanzibar20x1"]
    assert [session.people for session in journal.sessions()] == [("Ben",), ("Ben",)]
    assert left_of(path, NAME, "zanzibar21", "patience", "quagga", "zanzibar20x0") == []
    assert indexed(journal) == {"zanzibar22x0", "zanzibar20x1"}
    assert journal.reminders.all() == ()
    assert journal.people() == ("Ben",)


def test_what_was_said_today_goes_and_no_more(talk: Talk, journal: Journal, path: Path) -> None:
    assert "four answers" in talk("forget what i said today", "yes")
    assert left_of(path, "zanzibar22", "patience22", "quagga22") == []
    assert left_of(path, "zanzibar20", "zanzibar21", "patience20") == ["zanzibar20", "zanzibar21", "patience20"]


@pytest.mark.parametrize("answer", ["no", "stop", ""])
def test_without_a_yes_nothing_goes(talk: Talk, journal: Journal, answer: str) -> None:
    before = texts(journal)
    talk(f"delete everything about {NAME}", answer)
    assert texts(journal) == before


def test_nothing_is_deleted_that_was_not_named(talk: Talk, journal: Journal) -> None:
    before = texts(journal)
    talk("forget everything about the elephant", "yes")
    talk("delete everything about zanzibra", "yes")  # spelled nearly so is near enough to read, not to delete
    assert texts(journal) == before


def test_everything_is_named_and_put_out_of_sight_and_comes_back_within_the_day(talk: Talk, journal: Journal) -> None:
    before = journal.export("json").partition('"sessions"')[2]
    journal.reminders.add({"summary": "daily 22:00", "rrule": "FREQ=DAILY;BYHOUR=22;BYMINUTE=0"}, what="tea")
    journal.voices.keep(NAME, [0.5] * 256)
    said = talk("delete everything", "yes")
    assert "three evenings, eleven answers, one reminder and one voice" in said
    assert "bring it back" in said
    nothing = talk("what did we say about the quagga", "what was i grateful for this week")
    assert "quagga" not in nothing
    assert "zanzibar" not in nothing
    assert (texts(journal), indexed(journal), journal.people()) == ([], set(), ())
    assert (journal.sessions(), journal.reminders.all(), dict(journal.voices.all())) == ((), (), {})
    assert NAME not in journal.export("json")
    talk("gratitude time", "newsoup", "stop", people=("Cleo",))
    said = talk("bring it back")
    assert "back" in said
    assert journal.people() == ("Ben", "Cleo", NAME)
    assert texts(journal)[0] == "newsoup"  # what was said meanwhile is still the newest
    assert [one.entry.text for one in journal.recall.find(Question(words=("newsoup",), confided=""))] == ["newsoup"]
    assert len(journal.recall.find(Question(words=("patience20",), confided=""))) == 1
    assert len(journal.reminders.all()) == len(journal.voices.all()) == 1
    assert journal.integrity() == []
    journal.delete_session(journal.sessions()[0].id)
    assert (
        journal.export("json").partition('"sessions"')[2].partition('"reminders"')[0]
        == before.partition('"reminders"')[0]
    )
    assert "nothing" in talk("bring it back").lower()


def test_the_voice_of_somebody_who_is_named_leaves_no_byte_in_any_file(
    talk: Talk, journal: Journal, path: Path
) -> None:
    prints = {name: np.random.default_rng(seed).normal(size=256).tolist() for seed, name in enumerate((NAME, "Ben"))}
    for name, values in prints.items():
        journal.voices.keep(name, values)
    journal.backups.daily()
    talk(f"forget the voice of {NAME}", "yes")
    assert list(journal.voices.all()) == ["Ben"]
    journal.close()
    files = b"".join(file.read_bytes() for file in path.parent.rglob("*") if file.is_file())
    found = {
        name: sum(np.float32(value).tobytes() in files for value in values if abs(value) > 0.01)
        for name, values in prints.items()
    }
    assert found[NAME] == 0, found
    assert found["Ben"] > 200


EVERYTHING = (NAME, "zanzibar", "patience", "quagga", "heron")


def test_when_its_day_is_over_no_file_holds_a_word_of_it(talk: Talk, journal: Journal, path: Path) -> None:
    journal.passphrases.set(NAME, "blue heron landing")
    journal.voices.keep(NAME, [0.5] * 256)
    journal.backups.daily()
    talk("delete everything", "yes")
    assert left_of(path, *EVERYTHING)  # for its day
    journal.close()
    calendar = Calendar()
    calendar.now = datetime(2026, 11, 23, 20, 59, tzinfo=UTC)
    with Journal.open(path, calendar) as later:
        assert later.leaving() is not None
    calendar.now = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    with Journal.open(path, calendar) as later:
        assert later.leaving() is None
        assert not later.bring_back()
        assert left_of(path, *EVERYTHING) == []
        assert list(path.parent.glob("*-leaving")) == []


@pytest.mark.parametrize("day", [23, 20])
def test_it_goes_without_a_restart_too_and_with_a_clock_that_was_set_back(
    journal: Journal, path: Path, calendar: Calendar, day: int
) -> None:
    journal.delete_everything(grace=True)
    journal.keep_up()
    assert journal.leaving() is not None
    calendar.now = datetime(2026, 11, day, 21, 0, tzinfo=UTC)
    journal.keep_up()
    assert journal.leaving() is None
    assert left_of(path, *EVERYTHING) == []


@pytest.mark.parametrize("waived", ["now", "yes now please"])
def test_now_waives_the_day(talk: Talk, journal: Journal, path: Path, waived: str) -> None:
    journal.backups.daily()
    talk("delete everything", "yes")
    talk("bring it back")
    talk("delete everything", waived)
    assert left_of(path, *EVERYTHING) == []
    assert "nothing" in talk("bring it back").lower()


def test_a_wish_to_delete_is_heard_in_the_middle_of_a_ritual_too(talk: Talk, journal: Journal) -> None:
    wish = f"delete everything about {NAME}"
    said = talk("gratitude time", "firstsoup", wish, "yes", "secondsoup", "stop", people=("Ben",))
    assert NAME in said
    kept = texts(journal)
    assert kept[:2] == ["firstsoup", "secondsoup"]
    assert not [text for text in kept if NAME.lower() in text.lower()]


def test_after_it_no_answer_is_taken_back_in_the_place_of_one_that_is_gone(talk: Talk, journal: Journal) -> None:
    wish = f"delete everything about {NAME}"
    talk("gratitude time", "firstsoup", wish, "yes", "scratch that", "stop", people=("Ben",))
    assert texts(journal)[0] == "firstsoup"


def test_a_free_answer_about_forgetting_stays_an_answer(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "forget everything about work", "stop", people=("Ben",))
    assert texts(journal)[0] == "forget everything about work"


def test_deleting_everything_in_the_middle_of_a_ritual_ends_it(talk: Talk, journal: Journal) -> None:
    talk("gratitude time", "firstsoup", "delete everything", "yes", people=("Ben",))
    assert texts(journal) == []
    talk("gratitude time", "firstsoup", "delete everything", "yes", "latesoup", "stop", people=("Ben",))
    assert texts(journal) == []
    talk("gratitude time", "freshsoup", "stop", people=("Ben",))
    assert texts(journal) == ["freshsoup"]


@pytest.mark.parametrize("answer", ["no", "stop", "", "maybe"])
def test_without_a_yes_everything_stays(talk: Talk, journal: Journal, answer: str) -> None:
    before = texts(journal)
    talk("delete everything", answer)
    assert texts(journal) == before
    assert journal.leaving() is None


def test_a_crash_between_setting_aside_and_deleting_is_made_good(journal: Journal, path: Path) -> None:
    journal._leaving.begin()  # and then the power went
    journal.close()
    with Journal.open(path, Calendar()) as again:
        assert again.sessions() == ()
        assert again.bring_back()
        assert len(again.sessions()) == 3


def test_a_scratched_word_leaves_the_index_at_once(journal: Journal, path: Path) -> None:
    journal.open_session("checkin", ("Ben",), 1)
    journal.record("worry", "Ben", "xylophone")
    assert "xylophon" in indexed(journal)
    journal.scratch()
    assert "xylophon" not in indexed(journal)
    assert left_of(path, "xylophone", "xylophon") == []


def test_off_the_record_keeps_nothing_until_it_is_on_again(talk: Talk, journal: Journal, path: Path) -> None:
    before = texts(journal)
    said = talk("off the record", "gratitude time", "secretsoup", "stop", people=("Ben",))
    assert "record" in said.lower()
    assert texts(journal) == before
    assert left_of(path, "secretsoup") == []
    assert len(journal.sessions()) == 3
    talk("on the record", "gratitude time", "opensoup", "stop", people=("Ben",))
    assert texts(journal)[0] == "opensoup"


def test_it_can_go_off_and_on_in_the_middle_of_a_ritual(talk: Talk, journal: Journal) -> None:
    talk(
        "gratitude time",
        "firstsoup",
        "off the record",
        "secretsoup",
        "on the record",
        "lastsoup",
        "stop",
        people=("Ben",),
    )
    kept = texts(journal)
    assert "firstsoup" in kept
    assert "lastsoup" in kept
    assert "secretsoup" not in kept


def test_a_ritual_that_began_off_the_record_is_kept_from_where_it_goes_on(talk: Talk, journal: Journal) -> None:
    talk("off the record", "gratitude time", "secretsoup", "on the record", "opensoup", "stop", people=("Ben",))
    assert "opensoup" in texts(journal)
    assert "secretsoup" not in texts(journal)


def test_off_the_record_nobody_is_asked_whether_answers_are_to_be_kept(talk: Talk, journal: Journal) -> None:
    asked = talk("deep question", "stop", people=("Ana", "Ben"))
    said = talk("off the record", "deep question", "stop", people=("Ana", "Ben"))
    assert re.search("keep your answers|write your answers|note what you say", asked)
    assert not re.search("keep your answers|write your answers|note what you say", said)


def test_off_the_record_it_is_still_asked_who_begins(talk: Talk, journal: Journal) -> None:
    said = talk("off the record", "listening drill for two minutes", "stop", people=("Ana", "Ben"))
    assert re.search("(begins|speaks first|turn to begin)", said)
