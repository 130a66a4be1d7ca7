"""A question about being close, or about Evensong: answered in two or three short sentences."""

from __future__ import annotations

from assistant.dialogue.errand import Errand, done, drop
from assistant.dialogue.faq import SLOT
from assistant.dialogue.moment import Moment
from assistant.events import Meaning


def is_answered_anytime(moment: Moment, meaning: Meaning) -> bool:
    """Whether what is asked is answered in the middle of a ritual, too."""
    question = moment.library.questions.get(str(meaning.slots.get(SLOT)))
    return question is not None and question.anytime


def _begin(moment: Moment, meaning: Meaning) -> None:
    question = moment.library.questions.get(str(meaning.slots.get(SLOT)))
    if question is None:
        moment.say("asking.which")
    else:
        moment.say_variants(f"faq.{question.id}", question.answers)
    done(moment)


def _heard(moment: Moment, _: Meaning) -> None:
    drop(moment)


ASKING = Errand(_begin, _heard)
