"""A question about being close, or about Evensong: answered in two or three short sentences."""

from __future__ import annotations

from assistant.dialogue.errand import Errand, done, drop
from assistant.dialogue.faq import SLOT, Question
from assistant.dialogue.moment import Moment
from assistant.events import Meaning


def _asked(moment: Moment, meaning: Meaning) -> Question | None:
    """The question of faq.yaml that is asked, where it is answered now."""
    question = moment.library.questions.get(str(meaning.slots.get(SLOT)))
    if question is None or (moment.state.session is not None and not question.anytime):
        return None
    return question


def is_answered(moment: Moment, meaning: Meaning) -> bool:
    """Whether there is an answer now: in the middle of a ritual only few questions are no part of it."""
    return _asked(moment, meaning) is not None


def _begin(moment: Moment, meaning: Meaning) -> None:
    question = _asked(moment, meaning)
    if question is None:
        moment.say("asking.which")
    else:
        moment.say_variants(f"faq.{question.id}", question.answers)
    done(moment)


def _heard(moment: Moment, _: Meaning) -> None:
    drop(moment)


ASKING = Errand(_begin, _heard)
