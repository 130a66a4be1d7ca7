"""The example in docs/writing-rituals.md is a ritual that loads and runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rehearsal import Rehearsal

from assistant import config
from assistant.dialogue import COMMANDS, Library, initial
from assistant.dialogue.ritual import KINDS
from assistant.events import Expectation, Hypothesis, Meaning
from assistant.understanding import Understanding, load_commands

FOLDER = config.shipped("intents") / "en"
GUIDE = (Path(__file__).parents[2] / "docs" / "writing-rituals.md").read_text(encoding="utf-8")


@pytest.fixture
def evening(tmp_path: Path) -> Rehearsal:
    example = re.search(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    (tmp_path / "tea.yaml").write_text(example.group(1), encoding="utf-8")
    library = Library.load([FOLDER, tmp_path])
    understanding = Understanding([*load_commands(FOLDER), *library.starters], FOLDER)

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
