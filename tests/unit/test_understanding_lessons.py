"""What the second opinion learns from is clean: nothing is said twice, nothing means two things."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from assistant.understanding.data_file import load_yaml
from assistant.understanding.semantic.teaching import plain

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
POLITE = frozenset(("please", "could", "would", "can", "you", "now", "just", "okay", "oh", "the", "a", "an"))


@pytest.fixture(scope="module")
def taught() -> dict[str, list[str]]:
    meanings: dict[str, list[str]] = load_yaml(ENGLISH / "meanings.yaml").data["meanings"]
    return meanings | {"none of these": load_yaml(ENGLISH / "background.yaml").data["background"]}


def test_a_sentence_is_taught_as_one_thing(taught: dict[str, list[str]]) -> None:
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for name, texts in taught.items():
        for text in texts:
            meant[plain(text)].add(name)
    assert not {text: names for text, names in meant.items() if len(names) > 1}


def test_no_sentence_is_taught_twice_with_other_manners(taught: dict[str, list[str]]) -> None:
    for name, texts in taught.items():
        if name == "none of these":
            continue  # "hold the line" and "hold the line please" are both other talk, and short
        counts = Counter(" ".join(word for word in plain(text).split() if word not in POLITE) for text in texts)
        assert not [text for text, count in counts.items() if count > 1 and text], name
