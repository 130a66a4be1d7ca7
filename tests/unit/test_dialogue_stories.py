"""The stories of the listening story: ten a level, told in one to two minutes, and longer from level to level."""

from itertools import pairwise
from pathlib import Path

import pytest

from assistant import config
from assistant.dialogue.story import Story, load_stories

LEVELS = load_stories([Path(config.shipped("intents")) / "en"])
# Seconds a character, pauses left out: all stories told by espeak, ten by Piper, at the calm rate.
QUICKEST_S, USUAL_S, SLOWEST_S = 0.0585, 0.063, 0.067
LEAST_S, MOST_S = 60.0, 120.0


def told_s(story: Story, a_character_s: float = USUAL_S) -> float:
    """How long it takes, without the pause after its last words."""
    return a_character_s * len(story.text) + sum(pause_s for _, pause_s in story.pieces[:-1])


def longest_pause_s(stories: tuple[Story, ...]) -> float:
    return max(pause_s for story in stories for _, pause_s in story.pieces)


@pytest.mark.parametrize("story", [each for level in LEVELS.values() for each in level], ids=lambda story: story.id)
def test_a_story_takes_one_to_two_minutes(story: Story) -> None:
    assert told_s(story, QUICKEST_S) >= LEAST_S
    assert told_s(story, SLOWEST_S) <= MOST_S


def test_ten_stories_a_level_and_each_level_is_longer_with_longer_pauses() -> None:
    levels = [LEVELS[level] for level in ("first", "second", "third")]
    assert [len(stories) for stories in levels] == [10, 10, 10]
    for easier, harder in pairwise(levels):
        assert max(map(told_s, easier)) < min(map(told_s, harder))
        assert longest_pause_s(easier) < longest_pause_s(harder)
