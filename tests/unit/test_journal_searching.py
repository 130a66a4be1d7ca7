"""Words are found in what was said, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.memory import Journal
from assistant.memory.recall import Question

SAID = "I don't know about my mother-in-law"


@pytest.mark.parametrize(
    ("word", "found"), [("don't", True), ("mother-in-law", True), ("law", True), ("won't", False), ("?!", False)]
)
def test_a_word_with_marks_in_it_is_found_by_its_parts(tmp_path: Path, word: str, found: bool) -> None:
    with Journal.open(tmp_path / "journal.sqlite", lambda: datetime(2026, 11, 22, 21, tzinfo=UTC)) as journal:
        journal.open_session("mood", ("Ana",), 1)
        journal.record("line", "Ana", SAID)
        assert bool(journal.recall.find(Question(words=(word,), confided="", exactly=True))) is found
