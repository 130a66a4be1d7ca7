"""What of a story came back, and what did not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.retelling.points import points
from assistant.understanding.retelling.reflection import Reflection, reflect
from assistant.understanding.retelling.telling import load_telling

ENGLISH = Path(__file__).resolve().parents[2] / "intents" / "en"
TELLING = load_telling(ENGLISH)

STORY = (
    "my boss moved the deadline to thursday and i had promised anna to come to her concert i felt trapped and then the "
    "bicycle was stolen from the yard"
)


def reflected(retelling: str, story: str = STORY) -> float:
    return reflect(story, retelling, TELLING).reflected


def test_a_copy_came_back_whole_and_silence_not_at_all() -> None:
    assert reflected(STORY) > 0.95
    assert reflect(STORY, STORY, TELLING).missed == ()
    assert reflected("") == 0.0
    assert len(reflect(STORY, "", TELLING).missed) == len(reflect(STORY, "", TELLING).touched) > 1


def test_more_points_count_more() -> None:
    whole = (
        "your manager wants it by thursday you gave anna your word for the concert you were stuck and your bike is gone"
    )
    half = "your boss moved the deadline to thursday"
    kind = "i hear you that sounds hard thank you for telling me"
    assert reflected(whole) > reflected(half) + 0.2 > reflected(kind) + 0.3


def test_what_did_not_come_back_is_named_in_the_speakers_words() -> None:
    missed = reflect(
        STORY, "your boss moved the deadline and you felt trapped because of anna's concert", TELLING
    ).missed
    assert missed == ("the bicycle was stolen from the yard",)


@pytest.mark.parametrize(
    ("said", "given_back"),
    [
        ("I went to the dentist", "you have been going to the dentist"),
        ("my mother bought a kitten", "your mum got a little cat"),
        ("we argued about money", "you had a fight about finances"),
        ("the flour was mouldy", "the flower was mouldy"),  # a recogniser cannot tell
        ("I paid 40 pounds", "you paid forty pounds"),
        ("I was scared of the operation", "you were afraid of the surgery"),
    ],
)
def test_other_words_for_the_same_count(said: str, given_back: str) -> None:
    assert reflected(given_back, said) > 0.5


def test_the_same_words_turned_round_count_less() -> None:
    said = "The nurse did not answer the telephone."
    assert reflected("the nurse answered the telephone", said) < reflected(
        "the nurse didn't answer the telephone", said
    )


def test_the_listeners_own_story_counts_less_than_the_tellers_given_back() -> None:
    own = "my boss moved my deadline too and i felt so trapped i told my sister about it"
    back = "your boss moved your deadline too and you felt so trapped you told your sister about it"
    assert reflected(own) < reflected(back) / 2


def test_a_story_about_the_listener_is_rightly_given_back_with_i() -> None:
    story = "You forgot my birthday and you came home late. I sat in the dark kitchen and cried."
    back = "I forgot your birthday and I came home late, and you sat crying in the dark kitchen."
    assert reflected(back, story) > 0.7


def test_advice_counts_less() -> None:
    advice = "you should tell your boss about the deadline and you should lock the bicycle in the yard"
    back = "you told me about your boss and the deadline and about the bicycle in the yard"
    assert reflected(advice) < reflected(back)


def test_advice_that_somebody_gave_in_the_story_may_be_told_again() -> None:
    story = "The doctor said you should swim every morning."
    assert reflected("the doctor told you that you should swim each morning", story) > 0.7


def test_a_story_of_nothing_has_no_points() -> None:
    assert reflect("so yeah well", "your boss moved the deadline", TELLING) == Reflection((), 0.0)


class SameTopic:
    """An encoder that knows two topics: animals, and all else."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        animal = [any(word in text for word in ("hamster", "rodent")) for text in texts]
        return np.array([[1.0, 0.0] if is_animal else [0.0, 1.0] for is_animal in animal], dtype=np.float32)


def test_meaning_counts_where_no_word_is_shared() -> None:
    story = "The hamster escaped."
    without = reflect(story, "that rodent got out", TELLING).reflected
    assert reflect(story, "that rodent got out", TELLING, SameTopic()).reflected > without + 0.4


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_texts_give_a_share(story: str, retelling: str) -> None:
    reflection = reflect(story, retelling, TELLING)
    assert 0.0 <= reflection.reflected <= 1.0
    assert len(reflection.missed) <= len(reflection.touched)


class NearWords:
    """An encoder to which "scared" is "worried", and nothing else is anything."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        own = {
            text: place for place, text in enumerate(dict.fromkeys("worried" if t == "scared" else t for t in texts))
        }
        return np.eye(len(texts), dtype=np.float32)[[own["worried" if t == "scared" else t] for t in texts]]


def test_a_word_that_means_the_like_gives_a_point_back() -> None:
    story, retelling = "I was worried about the exam.", "you were scared of the exam"
    without = reflect(story, retelling, TELLING).reflected
    assert reflect(story, retelling, TELLING, NearWords()).reflected > without


def test_only_what_is_denied_in_the_same_breath_is_its_opposite() -> None:
    assert ("lost",) in [token.words for token in TELLING.tokens("I could not find it")]
    assert ("find",) in [token.words for token in TELLING.tokens("No, I was not. Find it")]


@pytest.mark.parametrize(
    ("said", "given_back"),
    [
        ("I lost my keys.", "you could not find your keys"),
        ("I couldn't find the ring anywhere.", "you lost the ring"),
        ("He never remembered my birthday.", "he forgot your birthday"),
    ],
)
def test_a_denied_word_says_what_its_opposite_says(said: str, given_back: str) -> None:
    assert reflected(given_back, said) > 0.9
    assert points(said, TELLING)[0].text == said.rstrip("."), "it is read back as it was said"


class Same:
    """An encoder to which everything means nearly the same, as opposites do to a real one."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.tile(np.eye(4, dtype=np.float32)[0], (len(texts), 1))


@pytest.mark.parametrize(
    ("said", "given_back"),
    [
        ("i lost my keys", "you found your keys"),
        ("she opened the window", "she closed the window"),
        ("i was happy when she came", "you were sad when she came"),
        ("we won the match", "you lost the match"),
    ],
)
def test_the_opposite_gives_nothing_back(said: str, given_back: str) -> None:
    assert reflect(said, given_back, TELLING, Same()).missed


@pytest.mark.parametrize(
    ("said", "given_back"),
    [
        ("i lost my keys", "you did not find your keys"),
        ("i lost my keys and then i found them", "you lost your keys and you found them"),
        ("she closed the window", "she opened the window and closed it again"),
        ("i was happy", "you were not sad"),
    ],
)
def test_an_opposite_that_is_denied_or_told_as_well_takes_nothing_away(said: str, given_back: str) -> None:
    assert reflect(said, given_back, TELLING, Same()).missed == ()
