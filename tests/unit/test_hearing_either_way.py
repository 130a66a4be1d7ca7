"""A yes or no is heard by its grammar, and what is said instead as it was said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hearing_fakes import ears, heard, sound

from assistant.events import Hypothesis, ListenMode, UtteranceHeard
from assistant.hearing.listening_order import Order

YES = "time"  # as the fakes know no other words


def is_yes(hypotheses: Sequence[Hypothesis]) -> bool:
    return hypotheses[0].text == YES


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ((YES,), YES),
        (("my", "sister", "called", "today"), "my sister called today"),
        ((YES, "my", "sister", "called"), "time my sister called"),
        (("my", 1.2, "sister", 1.2, "called", "today"), "my sister called today"),
    ],
)
def test_what_is_no_yes_is_heard_without_the_grammar(said: tuple[str | float, ...], text: str) -> None:
    hearing = ears()
    hearing.open(Order(ListenMode.CHOICE, (YES, "[unk]"), "offer", is_understood=is_yes, or_words=True))
    events = heard(hearing, sound(0.5, *said, 3.0))
    (utterance,) = (event.utterance for event in events if isinstance(event, UtteranceHeard))
    assert utterance.text == text


def test_a_yes_is_not_waited_for_longer_than_one() -> None:
    hearing = ears()
    order = Order(ListenMode.CHOICE, (YES,), "offer", is_understood=is_yes, is_complete=YES.__eq__, or_words=True)
    hearing.open(order)
    events = heard(hearing, sound(0.5, YES, 3.0))
    (utterance,) = (event.utterance for event in events if isinstance(event, UtteranceHeard))
    assert utterance.decided_s - utterance.end_s < 0.45


def test_elsewhere_the_grammar_alone_is_heard() -> None:
    hearing = ears()
    hearing.open(Order(ListenMode.CHOICE, (YES, "[unk]"), "choice", is_understood=is_yes))
    events = heard(hearing, sound(0.5, "my", "sister", 3.0))
    assert [event.utterance.text for event in events if isinstance(event, UtteranceHeard)] == ["[unk] [unk]"]
