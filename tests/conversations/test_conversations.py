"""Every conversation beside this file, on the real engine and the real understanding, under several seeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from rehearsal import Rehearsal
from script import Conversation, play, read

from assistant import config
from assistant.dialogue import COMMANDS, Library, initial
from assistant.events import Expectation, Hypothesis, Meaning
from assistant.understanding import Understanding, load_commands

HERE = Path(__file__).parent
FOLDER = config.shipped("intents") / "en"
ALL = [(path.stem, one) for path in sorted(HERE.glob("*.yaml")) for one in read(path)]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load([FOLDER])


@pytest.fixture(scope="module")
def understanding(library: Library) -> Understanding:
    return Understanding([*load_commands(FOLDER), *library.intents], FOLDER)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("ritual", "conversation"), ALL, ids=[f"{ritual}: {conversation.title}" for ritual, conversation in ALL]
)
def test_conversation(
    ritual: str, conversation: Conversation, seed: int, library: Library, understanding: Understanding
) -> None:
    def understand(text: str, expectation: Expectation) -> Meaning:
        return understanding.understand((Hypothesis(text),), expectation)

    evening = Rehearsal(library, initial(conversation.people, seed), understand, COMMANDS, prepares=seed == 1)
    play(conversation, evening, library.rituals[ritual])


def test_every_ritual_has_a_conversation_of_its_own(library: Library) -> None:
    assert {ritual for ritual, _ in ALL} == set(library.rituals)
