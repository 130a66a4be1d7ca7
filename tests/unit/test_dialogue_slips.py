"""What counts as a slip while somebody gives back what they heard, and what does not."""

from __future__ import annotations

import pytest

from assistant import config
from assistant.dialogue.slips import Slips
from assistant.understanding.data_file import load_yaml, validate

SLIPS = validate(load_yaml(config.shipped("intents") / "en" / "slips.yaml"), Slips)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("you should call more often", "advice"),
        ("well you could just leave earlier", "advice"),
        ("have you tried to talk to her", "advice"),
        ("you always say that", "judgement"),
        ("you're overreacting", "judgement"),
        ("but i was tired", "defence"),
        ("that's not what happened", "defence"),
        ("i hear you say that you are angry but i was at work", "defence"),
        ("I didn't mean it like that.", "defence"),
        ("okay but i was ill", "defence"),
        ("yeah but that was not how it went", "defence"),
        ("that's just not true", "defence"),
        ("i was only trying to help", "defence"),
        ("and what about me", "defence"),
        ("what you need is a holiday", "advice"),
        ("have you thought about therapy", "advice"),
        ("calm down", "judgement"),
        ("you're wrong", "judgement"),
    ],
)
def test_slips_are_known_by_their_kind(text: str, kind: str) -> None:
    assert SLIPS.kind_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "i hear you say that you wait and count the minutes",
        "you said that you should rest more",
        "you feel that i never listen",
        "you would like me to call",
        "it makes sense that you always have to ask",
        "you want to go to the sea but you have no time",
        "your boss called you in and you were afraid",
        "okay so you feel i never listen",
        "so what i got is that you should have been asked",
        "just that you are tired",
        "i never knew that it hurts you this much",
        "",
    ],
)
def test_giving_back_is_no_slip(text: str) -> None:
    assert SLIPS.kind_of(text) is None


@pytest.mark.parametrize(
    ("told", "given_back"),
    [
        ("i never get a quiet minute", "you never get a quiet minute"),
        ("i have to do everything alone in this house", "well you have to do everything alone"),
        ("i am so tired when i come home in the evening", "you are so tired when you come home"),
        ("i miss our walks by the river", "but mostly you miss the walks"),
        ("my mother said i have to come on sunday", "your mother said you have to come"),
    ],
)
def test_what_was_told_is_no_slip_in_the_same_words(told: str, given_back: str) -> None:
    assert SLIPS.kind_of(given_back, told) is None


@pytest.mark.parametrize(
    ("told", "said", "kind"),
    [
        ("i never get a quiet minute", "you never help me in the kitchen", "judgement"),
        ("when you are working late i sit and wait", "but i was working late", "defence"),
        ("i miss our walks", "you should walk more often", "advice"),
        ("i am so tired", "you have to see a doctor", "advice"),
        ("", "you have to work a lot", "advice"),
    ],
)
def test_what_was_not_told_is_one_all_the_same(told: str, said: str, kind: str) -> None:
    assert SLIPS.kind_of(said, told) == kind
