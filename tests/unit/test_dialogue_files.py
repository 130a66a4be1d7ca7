"""Ritual files: what loads, and how each mistake is named by file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import config
from assistant.dialogue import Library
from assistant.errors import IntentsError

SHIPPED = config.shipped("intents") / "en"
SMALL = """\
id: pause_for_tea
title: tea
about: A cup of tea, and one question.
minutes: 3
people: {min: 1, max: 2}
starters:
  templates: ["tea time", "[a] cup of tea"]
  examples: ["time for tea"]
steps:
  - kind: say
    lines: ["Put the kettle on."]
  - kind: rate
    id: thirst
    prompts: ["How thirsty are you?"]
  - kind: each
    over: people
    steps:
      - kind: ask
        id: sort
        prompts:
          alone: ["Which tea?"]
          together: ["{name}, which tea?"]
closings: ["Enjoy it."]
"""


def load(folder: Path, *texts: str) -> Library:
    (folder / "rituals").mkdir(exist_ok=True)
    shutil.copy(SHIPPED / "prompts.yaml", folder)
    shutil.copy(SHIPPED / "times.yaml", folder)
    shutil.copy(SHIPPED / "slips.yaml", folder)
    for number, text in enumerate(texts):
        (folder / "rituals" / f"{number}.yaml").write_text(text, encoding="utf-8")
    return Library.load([folder])


def test_a_small_ritual_loads(tmp_path: Path) -> None:
    library = load(tmp_path, SMALL)
    assert library.rituals["pause_for_tea"].people.max == 2
    assert [intent.id for intent in library.starters] == ["start_pause_for_tea"]
    assert library.starters[0].templates == ("tea time", "[a] cup of tea")


@pytest.mark.parametrize("name", ["tea.yaml", "tea.yml"])
def test_own_rituals_join_the_shipped_ones(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SMALL, encoding="utf-8")
    library = Library.load([SHIPPED, tmp_path])
    assert {"gratitude", "checkin", "mood", "stillness", "pause_for_tea"} <= set(library.rituals)


def test_a_missing_folder_of_own_rituals_is_no_mistake(tmp_path: Path) -> None:
    assert "gratitude" in Library.load([SHIPPED, tmp_path / "none"]).rituals


# What is wrong: the text replaced, its replacement, the line that is named (by what stands in it), what is said.
BROKEN = {
    "unknown key": ("minutes: 3", "minutes: 3\nmusic: soft", "music", "no such key"),
    "unknown key in a step": ('    lines: ["Put', '    volume: 3\n    lines: ["Put', "volume", "no such key"),
    "missing key": ("title: tea\n", "", "id: pause", "title: this key is missing"),
    "missing id of a question": ("    id: thirst\n", "", "kind: rate", "missing"),
    "unknown kind": ("kind: say", "kind: sing", "kind: sing", "the kind of a step is one of say, ask"),
    "the kind of another step": ("kind: say", "kind: draw", "kind: draw", "missing"),
    "no kind": ("  - kind: say\n    lines", "  - lines", "Put the", "the kind of a step is one of"),
    "a placeholder nobody fills": ("Put the", "{name}, put the", "put the", "{name} has no value here"),
    "a misspelt placeholder": ("{name}, which", "{nmae}, which", "nmae", "{nmae} has no value here"),
    "a name for one alone": ('["Which tea?"]', '["{name}, tea?"]', "{name}, tea", "when one person is alone"),
    "an id twice": ("id: sort", "id: thirst  # again", "again", "the id 'thirst' is given twice"),
    "a line twice": ('["Enjoy it."]', '["Enjoy it.", "Enjoy it."]', "closings", "stands there twice"),
    "no line": ('["Enjoy it."]', "[]", "closings", "at least one line"),
    "an empty line": ('["Enjoy it."]', '[" "]', "closings", "must not be empty"),
    "a pause first": ('["Enjoy it."]', '[[2.0, "Enjoy it."]]', "closings", "a line begins with words"),
    "a pause too long": ('["Enjoy it."]', '[["Enjoy it.", 90]]', "closings", "at most 30 seconds"),
    "only_after the future": ("    lines", "    only_after: thirst\n    lines", "only_after", "never be reached"),
    "at_least alone": (
        "        id: sort",
        "        id: sort\n        at_least: 3",
        "kind: ask",
        "goes with only_after",
    ),
    "people upside down": ("min: 1, max: 2", "min: 3, max: 2", "people:", "min must not be more than max"),
    "no circle of one": (
        "max: 2}",
        "max: 1}",
        "kind: each",
        "a circle needs people",
    ),
    "each in each": (
        "      - kind: ask",
        "      - kind: each\n        over: people\n        steps: [{kind: say, lines: [Hm.]}]\n      - kind: ask",
        "      - kind: each",
        "cannot stand inside another",
    ),
    "nobody alone here": ("min: 1", "min: 2", "prompts:\n", "nobody can be alone here"),
    "nothing for one alone": ('          alone: ["Which tea?"]\n', "", "prompts:\n", "add lines under alone"),
    "a scale upside down": ("id: thirst", "id: thirst\n    low: 5\n    high: 2", "kind: rate", "low must be less"),
    "more without up_to": ("id: sort", "id: sort\n        more: [More?]", "kind: ask", "go together"),
    "a starter twice": ('["tea time", "[a] cup of tea"]', '["tea", "tea"]', "templates", "stands there twice"),
    "no starter": ('["tea time", "[a] cup of tea"]', "[]", "templates", "at least 1"),
    "an id with spaces": ("pause_for_tea", "pause for tea", "pause for", "id"),
    "a key twice": ("minutes: 3", "minutes: 3\nminutes: 4", "minutes: 4", "already given"),
    "not YAML": ("minutes: 3", "minutes: [3", "people", "not valid YAML"),
    "words for a number": ("minutes: 3", "minutes: a few", "a few", "minutes"),
    "never together": (
        "max: 2}\n",
        "max: 1}  # only: together\n",
        "kind: say",
        "only: together never happens",
    ),
    "too loud a word": ("title: tea", "title: [tea]", "title", "title"),
    "answers to steps": ("steps:\n  - kind: say", "steps: none\nmore:\n  - kind: say", "steps: none", "steps"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_mistake_is_named_with_file_and_line(name: str, tmp_path: Path) -> None:
    old, new, at, message = BROKEN[name]
    text = SMALL
    if "circle" in name:
        text = text.replace("over: people", "over: circle")
    if "only: together" in new:
        text = text.replace("kind: say", "kind: say\n    only: together")
    assert old in text
    text = text.replace(old, new, 1)
    line = text[: text.index(at) + 1].count("\n") + 1
    with pytest.raises(IntentsError) as caught:
        load(tmp_path, text)
    said = str(caught.value)
    assert message in said
    assert "\n" not in said
    near = {line, line + 1}  # a fault of a whole step may be named at its first line or at the key
    assert any(said.startswith(f"{tmp_path / 'rituals' / '0.yaml'}:{one}:") for one in near), f"{line}: {said}"


def test_two_rituals_cannot_share_an_id(tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match=r"1\.yaml:1: the id 'pause_for_tea' is taken"):
        load(tmp_path, SMALL, SMALL)


def test_two_rituals_cannot_be_started_by_the_same_words(tmp_path: Path) -> None:
    other = SMALL.replace("id: pause_for_tea", "id: coffee").replace('"tea time", ', "")
    with pytest.raises(IntentsError, match=r"1\.yaml:7: '\[a\] cup of tea' already starts the ritual 'pause_for_tea'"):
        load(tmp_path, SMALL, other)


def test_minutes_from_must_name_a_question_about_minutes(tmp_path: Path) -> None:
    silent = SMALL.replace("closings", "  - {kind: silence, id: quiet, minutes_from: thirst}\nclosings", 1)
    with pytest.raises(IntentsError, match=r"0\.yaml:23: minutes_from: no question with the id 'thirst' and answer"):
        load(tmp_path, silent)


CHOICE = """\
  - kind: choose
    id: which
    prompts: [Which?]
    default: black
    options:
      - id: black
        name: black
        phrases: ["(black|dark) [tea]"]
      - id: green
        name: green
        phrases: ["green [tea]"]
closings"""


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("default: black", "default: white", "kind: choose", "default is 'white', which is none of the options"),
        ("id: green", "id: black", "kind: choose", "'black' stands in the options twice"),
        ('"green [tea]"', '"(green|dark) [tea]"', "(green|dark)", "'dark tea' would mean 'green' and 'black'"),
        ('"green [tea]"', '"(green [tea]"', '"(green', "cannot be used"),
        ('"green [tea]"', '"<colour> [tea]"', "<colour>", "cannot be used"),
        ('["green [tea]"]', "[]", "phrases: []", "at least 1"),
    ],
)
def test_the_options_of_a_choice_are_checked(old: str, new: str, at: str, message: str, tmp_path: Path) -> None:
    text = SMALL.replace("closings", CHOICE, 1)
    load(tmp_path, text)
    assert old in text
    text = text.replace(old, new, 1)
    line = text[: text.index(at) + 1].count("\n") + 1
    with pytest.raises(IntentsError) as caught:
        load(tmp_path, text)
    said = str(caught.value)
    assert message in said
    assert any(f"0.yaml:{one}:" in said for one in (line, line + 1)), f"{line}: {said}"


def test_the_engines_own_lines_are_checked_too(tmp_path: Path) -> None:
    load(tmp_path, SMALL)
    prompts = (tmp_path / "prompts.yaml").read_text(encoding="utf-8")
    (tmp_path / "prompts.yaml").write_text(prompts.replace("Welcome, {people}.", "Welcome, {everyone}."))
    with pytest.raises(IntentsError, match=r"prompts\.yaml:\d+: \{everyone\} has no value here; .* \{people\}"):
        Library.load([tmp_path])
    (tmp_path / "prompts.yaml").write_text(prompts.replace("  bye:", "  goodbye:"))
    with pytest.raises(IntentsError, match=r"prompts\.yaml:\d+: awake\.(goodbye|bye): "):
        Library.load([tmp_path])


def test_no_ritual_at_all_is_a_broken_installation(tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match="there is no ritual file; reinstall"):
        load(tmp_path)
