""" "No, Saturday", or "no, I meant the soup", said to the next question: the answer before is put right, and the next
is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.moment import Moment
from assistant.dialogue.steps import AskStep


def other_day(moment: Moment, text: str) -> str | None:
    """The day that ``text`` says instead of the answer just given, which was a day; None: it puts nothing right."""
    given, corrections = moment.session.given, moment.prompts.corrections
    if not given or not given[-1].names_day or not isinstance(moment.stops[given[-1].stop].step, AskStep):
        return None
    words = _words(text)
    start = next((at for at, word in enumerate(words) if word not in corrections), len(words))
    return " ".join(words[start:]) if start and _is_a_day(moment, words[start:]) else None


def _is_a_day(moment: Moment, words: Sequence[str]) -> bool:
    """Whether ``words`` name a day and tell nothing else: of "we danced on Saturday" the rest must not be lost."""
    prompts = moment.prompts
    beside = prompts.beside_days.union(prompts.numbers)
    return not prompts.days.isdisjoint(words) and (prompts.days | beside).issuperset(words)


def other_words(moment: Moment, text: str) -> str | None:
    """What ``text`` says was meant by the answer just given; None: it puts nothing right."""
    given, prompts = moment.session.given, moment.prompts
    if not given:
        return None
    step = moment.stops[given[-1].stop].step
    if not isinstance(step, AskStep) or step.answer != "text":
        return None
    spoken, words = text.split(), _words(text)
    for start in reversed(range(len(words))):
        phrase = next((one.split() for one in prompts.meant if words[start:][: len(one.split())] == one.split()), [])
        rest = words[start + len(phrase) :]
        if not phrase or not rest or rest[0] in prompts.never_meant:
            continue
        puts_right = prompts.before_meant.issuperset(words[:start]) if start else phrase[-1] in prompts.meant_alone
        return " ".join(spoken[start + len(phrase) :]) if puts_right else None
    return None


def back_to_the_answer(moment: Moment) -> AskStep:
    """Stand at the answer before, so that another can be given in its place; the step that asked for it."""
    last = moment.session.given[-1]
    step = moment.stops[last.stop].step
    assert isinstance(step, AskStep), "it has been looked at"
    moment.change_session(at=last.stop, item=last.item, so_far="")
    return step


def note_day(moment: Moment, text: str) -> None:
    """Remember whether the answer just given, ``text``, was a day."""
    if _is_a_day(moment, _words(text)):
        *before, last = moment.session.given
        moment.change_session(given=(*before, replace(last, names_day=True)))


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?-") for word in text.lower().replace("’", "'").split()]
