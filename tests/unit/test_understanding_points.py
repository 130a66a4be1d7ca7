"""What somebody told is cut into points, with punctuation and without it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.retelling.points import Point, clauses, points
from assistant.understanding.retelling.telling import Telling, load_telling

ENGLISH = Path(__file__).resolve().parents[2] / "intents" / "en"
TELLING = load_telling(ENGLISH)


@pytest.fixture
def telling() -> Telling:
    return TELLING


def texts(story: str) -> list[str]:
    return [point.text for point in points(story, TELLING)]


def test_recognised_speech_is_cut_where_new_clauses_begin() -> None:
    assert texts("my boss moved the deadline and i had promised emma to come to her recital i felt trapped") == [
        "my boss moved the deadline",
        "i had promised emma to come to her recital i felt trapped",
    ] or texts("my boss moved the deadline and i had promised emma to come to her recital i felt trapped") == [
        "my boss moved the deadline",
        "i had promised emma to come to her recital",
        "i felt trapped",
    ]


def test_punctuation_is_used_where_there_is_some() -> None:
    assert texts("The dog ran off. Nobody helped me! Was the gate open?") == [
        "The dog ran off",
        "Nobody helped me",
        "Was the gate open",
    ]


def test_an_enumeration_stays_one_point() -> None:
    assert texts("We bought bread, milk and eggs.") == ["We bought bread, milk and eggs"]


def test_a_point_has_the_speakers_own_words_without_what_joined_them_and_without_thinking_sounds() -> None:
    assert texts("And then, um, I lost my, you know, my blue scarf.") == ["I lost my, my blue scarf"]


def test_what_holds_nothing_is_no_point() -> None:
    assert texts("so yeah. well you know. and that was that really") == []
    assert texts("") == []


def test_what_is_said_twice_is_one_point_the_fuller_one() -> None:
    said = texts("I miss my father. The car broke down. I miss my old father so much.")
    assert said == ["I miss my old father so much", "The car broke down"]


def test_a_word_that_only_says_when_stays_with_what_it_tells() -> None:
    """Read back, "thursday and she won't go" and "the funeral everybody went home" would be nonsense."""
    assert texts("me nan's been poorly since thursday and she won't go to the doctor") == [
        "me nan's been poorly since thursday and she won't go to the doctor"
    ]
    assert texts("After the funeral everybody went home.") == ["After the funeral everybody went home"]
    assert texts("After we buried him we went to the pub.") == ["we buried him we went to the pub"]


def test_the_opposite_is_no_repetition() -> None:
    assert len(texts("The doctor called the school. The doctor did not call the school.")) == 2


def test_a_point_knows_that_it_denies() -> None:
    assert [point.denies for point in points("She didn't say goodbye. The train left.", TELLING)] == [True, False]


def test_a_breathless_flood_is_cut_all_the_same(telling: Telling) -> None:
    flood = " ".join(f"word{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]} of" for n in range(60))
    assert max(len(point.words) for point in points(flood, telling)) < 10


def test_ten_minutes_of_talk_lose_nothing_to_a_limit() -> None:
    numbers = ("apple", "river", "garden", "window", "teacher", "lantern", "kitchen", "bicycle", "mountain", "letter")
    colours = ("red", "green", "blue", "yellow", "grey", "brown", "purple", "orange", "white", "black")
    story = " ".join(f"I saw the {colour} {thing} {n}." for n, thing in enumerate(numbers) for colour in colours * 2)
    assert len(story.split()) > 1000
    assert len(texts(story)) == 100


@given(st.text(max_size=300))
def test_any_text_is_cut_completely(text: str) -> None:
    tokens = TELLING.tokens(text)
    assert [token for clause in clauses(tokens, TELLING) for token in clause] == tokens
    assert all(isinstance(point, Point) and point.text and point.words for point in points(text, TELLING))
