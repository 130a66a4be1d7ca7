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
        "",
    ],
)
def test_giving_back_is_no_slip(text: str) -> None:
    assert SLIPS.kind_of(text) is None
