"""A second opinion that is still being made ready keeps nobody waiting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.errors import IntentsError
from assistant.loading.second_opinion import LateOpinion


def test_it_is_waited_for_only_so_long_and_has_no_opinion_until_then(tmp_path: Path) -> None:
    (tmp_path / "background.yaml").write_text("language: en\nbackground: [the soup is hot]\n")
    os.mkfifo(tmp_path / "meanings.yaml")  # which it cannot read to the end before somebody writes
    late = LateOpinion((), tmp_path, tmp_path / "kept")
    try:
        assert not late.wait(0.05)
        assert late.propose("i would like some peace", ("start_stillness",)) is None
        assert late.disclosed("he hits me") is None
        assert late.encoder is None
    finally:
        (tmp_path / "meanings.yaml").write_text("language: [")
    assert late.wait(10.0)
    with pytest.raises(IntentsError, match=r"meanings\.yaml"):
        late.propose("i would like some peace", ("start_stillness",))
    assert late.propose("i would like some peace", ("start_stillness",)) is None
