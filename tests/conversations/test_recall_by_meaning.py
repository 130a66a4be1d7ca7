"""What was said in other words is found by what it means: by themes, and by the sentence encoder where it is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.conversation.conversation import Conversation
from assistant.conversation.near_words import NearWords
from assistant.conversation.recollection import Recollection
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.memory import Journal
from assistant.memory.recall import Question
from assistant.memory.word_meanings import words_of
from assistant.understanding import Understanding

SAID = (
    ("Ana", "the rent is worrying me"),
    ("Ben", "the doctor was kind"),
    ("Ana", "our neighbour played a sonata"),
    ("Ben", "the heron by the pond"),
)


def evening() -> datetime:
    return datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "home" / "journal.sqlite", evening) as opened:
        opened.open_session("checkin", ("Ana", "Ben"), 1)
        for person, text in SAID:
            opened.record("feeling", person, text)
        opened.close_session("finished")
        opened.open_session("checkin", ("Ana",), 1)
        opened.record("feeling", "Ana", "secretly i owe the bank a fortune")
        opened.close_session("finished")
        yield opened


def talk(shipped: tuple[Library, Understanding], journal: Journal, *lines: str) -> str:
    said: list[str] = []
    journal.clear_state()
    TypedEvening(Conversation(*shipped, journal, (), 1), "hey evensong", said.append).run(lines)
    return " ".join(said)


def test_money_finds_the_rent(shipped: tuple[Library, Understanding], journal: Journal) -> None:
    said = talk(shipped, journal, "what did we say about money")
    assert "rent is worrying me" in said
    assert "word" in said  # it says that this is only near
    assert "bank" not in said  # that was said alone
    assert "worrying" in talk(shipped, journal, "what did ana say about money")
    assert "worrying" not in talk(shipped, journal, "what did ben say about money")
    assert "worrying" not in talk(shipped, journal, "what did we say about money last year")


def test_a_word_that_was_said_is_found_itself_and_not_by_its_theme(
    shipped: tuple[Library, Understanding], journal: Journal
) -> None:
    said = talk(shipped, journal, "what did we say about the rent")
    assert "rent is worrying me" in said
    assert "that word" not in said.lower()
    assert "nothing" in talk(shipped, journal, "what did we say about the elephant").lower()


class Encoder:
    """Words that share a place mean the same."""

    MEANINGS = (("music", "sonata"), ("bird", "heron"))

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.zeros((len(texts), 40), np.float32)
        for row, text in zip(rows, texts, strict=True):
            place = next((at for at, same in enumerate(self.MEANINGS) if text in same), 2 + len(self.asked) % 30)
            row[place] = 1.0
        return rows


@pytest.fixture
def encoder(shipped: tuple[Library, Understanding]) -> Encoder:
    return Encoder(shipped[1].folder)


def found(journal: Journal, encoder: Encoder, word: str) -> list[str]:
    nearness = NearWords(journal, encoder)  # type: ignore[arg-type]  # of Understanding it needs no more
    for _ in range(5):
        nearness.learn()
    facts = Recollection(journal, near=nearness.near).answer("recall", {"words": [word]})
    return [one["text"] for one in (facts or {}).get("found", ())]


def kept(journal: Journal) -> set[str]:
    return {row[0] for row in journal._db.execute("SELECT word FROM word_vectors")}


def test_a_word_near_in_meaning_is_found_with_the_encoder(journal: Journal, encoder: Encoder) -> None:
    assert found(journal, encoder, "birds") == []
    assert found(journal, encoder, "bird") == ["the heron by the pond"]
    assert kept(journal) >= {"rent", "heron", "sonata"}
    encoder.asked.clear()
    assert found(journal, encoder, "bird") == ["the heron by the pond"]
    assert encoder.asked == ["bird"]  # nothing is worked out twice


def test_vectors_go_with_the_words_they_are_of(journal: Journal, encoder: Encoder) -> None:
    found(journal, encoder, "bird")
    journal.delete_some([one.id for one in journal.recall.find(Question(words=("heron",), confided=""))])
    assert "heron" not in kept(journal)
    assert b"heron" not in b"".join(file.read_bytes() for file in journal.path.parent.rglob("*") if file.is_file())
    assert "rent" in kept(journal)
    assert found(journal, encoder, "bird") == []
    journal.open_session("checkin", ("Ana", "Ben"), 1)
    journal.record("feeling", "Ana", "a pelican")
    found(journal, encoder, "bird")
    assert "pelican" in kept(journal)
    journal.scratch()
    assert "pelican" not in kept(journal)
    journal.delete_everything()
    assert kept(journal) == set()


def test_a_closed_answer_has_no_vector(journal: Journal, encoder: Encoder) -> None:
    journal.open_session("checkin", ("Ana", "Ben"), 1)
    journal.record("feeling", "Ana", "the albatross", closed=True)
    found(journal, encoder, "bird")
    assert "albatross" not in kept(journal)
    assert "albatross" not in encoder.asked


def test_a_misheard_word_that_is_put_right_leaves_no_vector(journal: Journal, encoder: Encoder) -> None:
    found(journal, encoder, "bird")
    (one,) = journal.recall.find(Question(words=("heron",), confided=""))
    journal.correct(one.id, "the apron by the pond")
    assert "heron" not in kept(journal)
    found(journal, encoder, "bird")
    assert "apron" in kept(journal)


def test_words_are_what_can_have_a_meaning() -> None:
    assert words_of("It's 7 o'clock, Käthe!") == ("clock", "käthe")
