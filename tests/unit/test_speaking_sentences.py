"""How prompts are cut into sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speaking import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("   \n ", ()),
        ("... !", ()),
        ("Good night.", ("Good night.",)),
        ("Good night", ("Good night",)),
        ("One breath. Then one more! Ready?", ("One breath.", "Then one more!", "Ready?")),
        ("Dr. Ames and Mrs. Bell are here. Say hello.", ("Dr. Ames and Mrs. Bell are here.", "Say hello.")),
        ("You said 7.5 of ten. Thank you.", ("You said 7.5 of ten.", "Thank you.")),
        ("We begin at 10 p.m. tonight. Be there.", ("We begin at 10 p.m. tonight.", "Be there.")),
        ("We begin at 10 p.m. Be there.", ("We begin at 10 p.m.", "Be there.")),
        (
            "Small things, e.g. a smile, count. So do I. Rest.",
            ("Small things, e.g. a smile, count.", "So do I.", "Rest."),
        ),
        ("J. R. Ames wrote it. No. 5 is best. No. Never.", ("J. R. Ames wrote it.", "No. 5 is best.", "No.", "Never.")),
        ("Breathe in... and out. Rest... Now go on.", ("Breathe in... and out.", "Rest...", "Now go on.")),
        ("“Really?” she said. “Yes.” He smiled.", ("“Really?” she said.", "“Yes.”", "He smiled.")),
        ("1. Name one thing. 2. Say why.", ("1. Name one thing.", "2. Say why.")),
        ("It is 7. Then we go.", ("It is 7.", "Then we go.")),
        ("one thing\ntwo   things", ("one thing", "two things")),
        ("What?! Oh.", ("What?!", "Oh.")),
    ],
)
def test_sentences_are_cut_where_a_reader_would_pause(text: str, expected: tuple[str, ...]) -> None:
    assert sentences(text) == expected


def test_a_very_long_sentence_is_cut_at_a_clause_near_its_middle() -> None:
    first = "When you think of the week that lies behind you, with everything that was in it,"
    second = "what is one small thing that somebody in this room did for you?"
    assert sentences(f"{first} {second}") == (first, second)


def test_without_punctuation_it_is_cut_before_a_joining_word() -> None:
    text = (
        "tell the other person about one evening that you would like to have again "
        "and then let them tell you what they remember of that same evening"
    )
    assert sentences(text)[1].startswith("and then let them")


@given(st.text(alphabet="ab. ,!?…I1\n\"'-;", max_size=600))
def test_nothing_is_lost_and_nothing_is_too_long(text: str) -> None:
    pieces = sentences(text)
    assert all(0 < len(piece) <= 120 for piece in pieces)
    kept = "".join("".join(pieces).split())
    letters = [character for character in text if character.isalnum()]
    assert [character for character in kept if character.isalnum()] == letters


@given(
    st.lists(
        st.sampled_from(["Thank you. ", " Ben, ", " what else? ", " Dr. Ames ", " and so on, ", " 7.5 ", " no!"]),
        max_size=40,
    )
)
def test_cutting_what_was_cut_before_gives_the_same_words(parts: list[str]) -> None:
    """What is left unsaid comes back as one text and is cut again."""
    pieces = sentences(" ".join(parts))
    assert " ".join(sentences(" ".join(pieces))) == " ".join(pieces)
