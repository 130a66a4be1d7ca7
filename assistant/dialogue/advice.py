"""Telling the people, once an evening, what would help them to be heard."""

from __future__ import annotations

from assistant.dialogue.moment import Moment


def advise(moment: Moment) -> None:
    """Said where something was not understood, or before sleep: never inside an answer."""
    trouble = moment.state.hard_to_hear
    if trouble and not moment.state.advised:
        moment.say(f"heard.{trouble}")
        moment.change(hard_to_hear="", advised=True)
