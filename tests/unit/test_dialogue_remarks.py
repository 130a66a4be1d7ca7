"""Remarks on how a ritual speaks: too few ways to say a thing, sentences too long to be heard."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import config
from assistant.commands.ease import LEAST, reading_ease
from assistant.dialogue import Library, measure, remarks, remarks_on_prompts

SHIPPED = config.shipped("intents") / "en"
RITUAL = """\
id: tea
title: tea
about: Tea.
minutes: 1
people: {min: 1, max: 2}
starters: {templates: [tea], examples: [tea time]}
steps:
  - kind: offer
    id: milk
    prompts: [Milk?, Some milk?, With milk?]
    yes:
      - kind: say
        lines: [Here., There., It comes.]
closings: [Bye., Until later., That was it.]
"""
LONG = "This is a sentence that goes on and on and on until nobody here can remember how it began at all"
BREATHLESS = "One two three four five six. " * 6


def remarked(folder: Path, old: str = "", new: str = "") -> list[str]:
    (folder / "rituals").mkdir()
    shutil.copy(SHIPPED / "prompts.yaml", folder)
    shutil.copy(SHIPPED / "times.yaml", folder)
    shutil.copy(SHIPPED / "slips.yaml", folder)
    (folder / "rituals" / "tea.yaml").write_text(RITUAL.replace(old, new, 1), encoding="utf-8")
    return [text for _, text in remarks(Library.load([folder]))]


def test_a_ritual_that_is_well_worded_gets_no_remark(tmp_path: Path) -> None:
    assert remarked(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[Milk?, Some milk?, With milk?]", "[Milk?]", 10, "can be said in one way only; write 3 or more"),
        ("[Here., There., It comes.]", "[Here., There.]", 13, "can be said in 2 ways only"),
        (", Until later., That was it.]", "]", 14, "one way only"),
        ("There.", LONG + ".", 13, "has more than 20 words; make it shorter"),
        ("There.", BREATHLESS.strip(), 13, "36 words without a pause take more than 12 seconds"),
    ],
)
def test_each_remark_names_file_and_line(old: str, new: str, line: int, message: str, tmp_path: Path) -> None:
    (remark,) = remarked(tmp_path, old, new)
    assert remark.startswith(f"{tmp_path / 'rituals' / 'tea.yaml'}:{line}: ")
    assert message in remark


def test_each_way_for_so_many_people_counts_by_itself(tmp_path: Path) -> None:
    lines = "{alone: [Bye., So long., Until later.], together: [Bye all., So long., Go well.], following: [Bye.]}"
    (remark,) = remarked(tmp_path, "[Bye., Until later., That was it.]", lines)
    assert ":14: " in remark


def test_what_ships_is_easy_to_understand_at_one_hearing() -> None:
    measured = measure(Library.load([SHIPPED]))
    ease = reading_ease(measured.prompts)
    assert ease is not None, "textstat is not installed"
    assert ease >= LEAST
    assert measured.longest_sentence_words <= 20
    assert measured.longest_stretch_s <= 12


def test_hard_words_lower_the_ease() -> None:
    easy, hard = (
        reading_ease(["What was good today?"]),
        reading_ease(["Enumerate appreciated interpersonal interactions."]),
    )
    assert easy is not None
    assert hard is not None
    assert easy > 90 > 0 > hard


def test_nothing_that_ships_is_remarked_on() -> None:
    library = Library.load([SHIPPED])
    assert remarks(library) == ()
    assert remarks_on_prompts(library.prompts, SHIPPED / "prompts.yaml") == ()
