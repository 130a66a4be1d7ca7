"""A program that has just been started, to type to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.memory import Journal
from assistant.understanding import Understanding

Talk = Callable[..., list[str]]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", lambda: datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) as opened:
        yield opened


@pytest.fixture
def talk(shipped: tuple[Library, Understanding], journal: Journal) -> Talk:
    """Type lines to a program that has just been started; all that it says."""

    def type_lines(*lines: str) -> list[str]:
        said: list[str] = []
        TypedEvening(Conversation(*shipped, journal, (), 1), "hey evensong", said.append).run(lines)
        return said

    return type_lines
