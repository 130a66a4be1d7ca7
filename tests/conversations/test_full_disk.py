"""The disk fills up, or is taken out, in the middle of an evening: it is said once, nothing that was kept is lost, and
the ritual goes on when there is room again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.errors import JournalError
from assistant.memory import Journal
from assistant.understanding import Understanding

BEGIN = ("gratitude time", "Ana and Ben", "the soup")


class Disk(Journal):
    """A real journal, on a disk that has no room while ``full`` says so."""

    full = False

    def record(self, *args: object, **more: object) -> None:
        self._refuse()
        super().record(*args, **more)  # type: ignore[arg-type]

    def open_session(self, *args: object) -> int:
        self._refuse()
        return super().open_session(*args)  # type: ignore[arg-type]

    def save_state(self, state: str) -> None:
        self._refuse()
        super().save_state(state)

    def _refuse(self) -> None:
        if self.full:
            raise JournalError("The disk is full; make some room.")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disk.open(tmp_path / "home" / "journal.sqlite", lambda: datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) as opened:
        assert isinstance(opened, Disk)
        yield opened


Act = str | Callable[[], None]


def talk(shipped: tuple[Library, Understanding], journal: Journal, *acts: Act) -> list[str]:
    """Type lines, and do what is no line when its turn has come; all that is said."""
    said: list[str] = []

    def lines() -> Iterator[str]:
        for act in acts:
            if isinstance(act, str):
                yield act
            else:
                act()

    TypedEvening(Conversation(*shipped, journal, (), 1), "hey evensong", said.append).run(lines())
    return said


def kept(journal: Journal) -> list[str | None]:
    return [entry.text for entry in journal.sessions()[0].entries]


def test_it_is_said_once_and_the_ritual_waits(shipped: tuple[Library, Understanding], disk: Disk) -> None:
    def fill() -> None:
        disk.full = True

    def make_room() -> None:
        disk.full = False

    said = talk(shipped, disk, *BEGIN, fill, "the bread", "hey evensong", make_room, "yes", "the bread", "stop")
    assert said.count("(The disk is full; make some room.)") == 1
    assert sum("screen" in text for text in said) == 1
    assert kept(disk) == ["the soup", "the bread"]


def test_a_ritual_that_cannot_be_kept_is_not_begun_and_off_the_record_it_can_be(
    shipped: tuple[Library, Understanding], disk: Disk
) -> None:
    disk.full = True
    said = talk(shipped, disk, "gratitude time", "Ana", "off the record", "gratitude time", "Ana", "the soup", "stop")
    assert any("screen" in text for text in said)
    assert disk.sessions() == ()


def test_a_journal_whose_folder_is_gone_is_not_written_into_the_void(
    shipped: tuple[Library, Understanding], disk: Disk
) -> None:
    said = talk(shipped, disk, *BEGIN, lambda: shutil.rmtree(disk.path.parent), "the bread")
    assert any("not there any more" in text for text in said)
