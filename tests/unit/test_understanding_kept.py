"""What templates were opened out into is kept on disk, and is made anew whenever that is not what is wanted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant import config
from assistant.errors import IntentsError
from assistant.events import Hypothesis, Meaning
from assistant.understanding import Intent, Understanding

ENGLISH = config.shipped("intents") / "en"
SHOP = Intent(
    "order",
    ("(buy|get) [us] {1..3:count} (red|green) apple[s]", "remind us to buy {anything:what}", "<many>"),
    ("this is my wife anna",),
    source="shop.yaml:1",
    rules=(("many", "[{1..9:a}] [{1..9:b}] [{1..9:c}] [{1..9:d}] [{1..9:e}] (pears|plums)"),),
    slots=(("kind", "fruit"), ("fresh", True)),
    timed=("open the shop {when}",),
)
SENTENCES = (
    "get us two green apples",
    "bye three red apples",
    "remind us to buy a very long ladder",
    "four five six plums",
    "open the shop tomorrow at nine",
    "i do not want anything",
)


def understood(kept: Path | None) -> list[Meaning]:
    understanding = Understanding((SHOP,), ENGLISH, kept=kept)
    expectation = understanding.expectation_for("all")
    return [understanding.understand((Hypothesis(text),), expectation) for text in SENTENCES]


EXPECTED = understood(None)


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_the_second_reading_gives_the_same_answers_from_what_was_kept(tmp_path: Path) -> None:
    assert understood(tmp_path) == EXPECTED
    (file,) = files(tmp_path)
    written = file.stat().st_mtime_ns
    assert understood(tmp_path) == EXPECTED
    assert [meaning.intent for meaning in EXPECTED] == ["order"] * 5 + [None]
    assert EXPECTED[0].slots == {"count": 2, "kind": "fruit", "fresh": True}
    assert (files(tmp_path), file.stat().st_mtime_ns) == ([file], written)


def test_other_intents_are_kept_beside_and_the_oldest_go(tmp_path: Path) -> None:
    older = [tmp_path / f"phrases-{number}.npz" for number in range(9)]
    for number, file in enumerate(older):
        file.touch()
        os.utime(file, (number, number))
    understood(tmp_path)
    assert set(older) & set(files(tmp_path)) == set(older[2:])
    assert len(files(tmp_path)) == 8


@pytest.mark.parametrize("spoilt", [b"", b"not an archive", None])
def test_what_cannot_be_read_is_made_anew(tmp_path: Path, spoilt: bytes | None) -> None:
    understood(tmp_path)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    file.write_bytes(flipped if spoilt is None else spoilt)
    assert understood(tmp_path) == EXPECTED
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_text("in the way")
    assert understood(no_folder) == EXPECTED


def test_a_faulty_template_is_reported_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match=r"shop.yaml:1.*does not parse"):
        Understanding((Intent("order", ("(buy|get",), source="shop.yaml:1"),), ENGLISH, kept=tmp_path)
    assert files(tmp_path) == []
