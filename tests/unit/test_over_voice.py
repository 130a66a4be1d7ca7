"""While Evensong speaks, its own words are nobody's wish."""

from __future__ import annotations

import pytest
from hearing_fakes import ears

from assistant.evening.over_voice import OverVoice
from assistant.events import Hypothesis, Meaning, Utterance, UtteranceHeard
from assistant.hearing.echo.own_words import OwnWords


@pytest.mark.parametrize(
    ("said", "start_s", "wished"),
    [("pause", 10.8, False), ("louder", 10.8, True), ("pause", 14.0, True)],
    ids=["it says so itself", "it says something else", "it has ended"],
)
def test_a_command_that_it_says_itself_just_then_is_no_wish(said: str, start_s: float, wished: bool) -> None:
    own = OwnWords()
    own.started(10.0, "You can say pause, or go on.")
    own.ended(12.0)
    heard = Utterance((Hypothesis(said),), start_s, start_s + 0.5, start_s + 0.8)
    event = UtteranceHeard(start_s + 0.8, heard, Meaning(said, said, score=1.0))
    assert OverVoice(ears(), own).is_wished(event) is wished


def test_what_is_no_command_is_no_wish() -> None:
    heard = Utterance((Hypothesis("nice soup"),), 1.0, 1.5, 1.8)
    assert not OverVoice(ears(), OwnWords()).is_wished(UtteranceHeard(1.8, heard, Meaning("nice soup")))
