"""The cards that are shipped: enough of them, each one speakable as it stands, and no two alike."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from assistant import config
from assistant.understanding.data_file import load_yaml

DECKS = sorted((config.shipped("intents") / "en" / "decks").glob("*.yaml"))
MOST_WORDS = 20
TOO_ALIKE = 75  # token_sort_ratio, 0..100


def cards_of(path: Path) -> list[str]:
    data = load_yaml(path).data
    groups = data.get("depths", [data])
    return [card for group in groups for card in group["cards"]]


def test_each_deck_holds_what_its_ritual_needs() -> None:
    assert {path.stem: len(cards_of(path)) for path in DECKS} == {
        "celebrate": 25,
        "date_night": 25,
        "deep_question": 120,
        "scenery": 40,
        "stories": 40,
    }
    depths = load_yaml(DECKS[0].with_name("deep_question.yaml")).data["depths"]
    assert [(depth["id"], len(depth["cards"])) for depth in depths] == [("light", 40), ("closer", 40), ("deep", 40)]


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_card_can_be_spoken_as_it_stands(path: Path) -> None:
    for card in cards_of(path):
        assert re.fullmatch(r"[A-Z][^{}\[\]!;:()\d]+[.?]", card), card
        for sentence in re.split(r"(?<=[.?])\s+", card):
            assert 3 <= len(sentence.split()) <= MOST_WORDS, card


def test_no_two_cards_are_alike() -> None:
    cards = [card for path in DECKS for card in cards_of(path)]
    alike = [pair for pair in combinations(cards, 2) if fuzz.token_sort_ratio(*map(str.lower, pair)) >= TOO_ALIKE]
    assert alike == []
