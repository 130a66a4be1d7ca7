"""The example in docs/writing-rituals.md is a ritual that loads and runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rehearsal import Rehearsal

from assistant import config
from assistant.dialogue import COMMANDS, Library, initial
from assistant.dialogue.checks import check_ritual
from assistant.dialogue.deck import Deck
from assistant.dialogue.ritual import KINDS, Ritual
from assistant.events import Expectation, Hypothesis, Meaning
from assistant.understanding import Understanding, load_commands
from assistant.understanding.data_file import load_yaml, validate

FOLDER = config.shipped("intents") / "en"
GUIDE = (Path(__file__).parents[2] / "docs" / "writing-rituals.md").read_text(encoding="utf-8")
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def evening(tmp_path: Path) -> Rehearsal:
    example = re.search(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    (tmp_path / "tea.yaml").write_text(example.group(1), encoding="utf-8")
    library = Library.load([FOLDER, tmp_path])
    understanding = Understanding([*load_commands(FOLDER), *library.intents], FOLDER)

    def understand(text: str, expectation: Expectation) -> Meaning:
        return understanding.understand((Hypothesis(text),), expectation)

    return Rehearsal(library, initial(("Ana", "Ben"), 1), understand, COMMANDS)


def test_the_example_runs(evening: Rehearsal) -> None:
    evening.start()
    evening.wake()
    evening.say("shall we put the kettle on")
    evening.wait()
    for answer in ("nine", "yes", "the boiler is mended", "that's all", "two", "no", "the lift home", "the bread"):
        evening.say(answer)
    evening.listen_out()
    assert evening.outcome == "finished", evening.as_text()
    assert [(one.key, one.person, one.number or one.text, one.about) for one in evening.kept] == [
        ("tiredness", "Ana", 9.0, None),
        ("news", "Ana", "the boiler is mended", None),
        ("tiredness", "Ben", 2.0, None),
        ("thanks", "Ana", "the lift home", "Ben"),
        ("thanks", "Ben", "the bread", "Ana"),
    ]
    said = [one.text for one in evening.transcript if one.who == "evensong"]
    assert said.count("Then sit a little longer.") == 1
    assert said[-1] == "Enjoy your tea, Ana and Ben."


def test_the_guide_tells_of_every_kind_of_step() -> None:
    for kind in KINDS:
        assert re.search(rf"\*\*{kind}\*\*|`{kind}` \|", GUIDE), kind


BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
STEPS = [block for block in BLOCKS if block.startswith("- kind:")]
DECKS = {"scenery": Deck(id="scenery", about="Ideas.", cards=("A lake.", "A hill.", "A street."))}


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_each_piece_of_steps_in_the_guide_can_stand_in_a_ritual(number: int, tmp_path: Path) -> None:
    lines = "".join(f"  {line}\n" for line in STEPS[number].splitlines())
    people = "{min: 1, max: 2}" if "alone:" in lines else "{min: 2, max: 2}"
    head = (
        "id: piece\ntitle: a piece\nabout: A piece.\nminutes: 1\nstarters: {templates: [a piece], examples: [piece]}\n"
    )
    path = tmp_path / "piece.yaml"
    path.write_text(f"{head}people: {people}\nclosings: [Bye.]\nsteps:\n{lines}", encoding="utf-8")
    file = load_yaml(path)
    check_ritual(file, validate(file, Ritual), DECKS)


def test_the_deck_in_the_guide_is_a_deck(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if "depths:" in block)
    path = tmp_path / "tea_questions.yaml"
    path.write_text(block, encoding="utf-8")
    deck = validate(load_yaml(path), Deck)
    assert [depth.id for depth in deck.depths] == ["light", "deep"]


def test_check_finds_nothing_wrong_with_what_is_shipped_and_the_readmes_own_ritual(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(id: .*?)```", README, re.DOTALL)
    assert example is not None
    command = [sys.executable, "-m", "assistant"]
    home = {**os.environ, "EVENSONG_HOME": str(tmp_path)}
    paths = subprocess.run([*command, "config", "path"], env=home, capture_output=True, text=True, check=True).stdout
    own = Path(next(line for line in paths.splitlines() if line.startswith("own rituals")).split()[2])
    own.mkdir(parents=True)
    (own / "tomorrow.yaml").write_text(example.group(1), encoding="utf-8")
    checked = subprocess.run([*command, "check"], env=home, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "25 rituals" in checked.stdout
    assert "no problems" in checked.stdout
