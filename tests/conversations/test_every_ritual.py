"""Every ritual, whole, for as few and as many people as it takes: answered, passed, paused, stopped, the next day."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from rehearsal import Rehearsal
from test_commands_everywhere import DRILLS, MOST_TURNS, begun, finish, moments

from assistant import config
from assistant.dialogue import COMMANDS, Library, initial
from assistant.dialogue.plan import Stop, unroll
from assistant.dialogue.ritual import OfferStep, Question
from assistant.dialogue.steps import AskStep
from assistant.events import Expectation, ListenMode, Meaning, Record
from assistant.memory.listening import TALK

LIBRARY = Library.load([config.shipped("intents") / "en"])
NAMES = ("Ana", "Ben", "Cleo", "Dan")
EVENINGS = [
    (ritual.id, NAMES[:count])
    for ritual in LIBRARY.rituals.values()
    for count in sorted({ritual.people.min, ritual.people.max})
]
Understand = Callable[[str, Expectation], Meaning]


def answers(*, yes: bool, option: int) -> Understand:
    """Whatever is asked is answered: offers with yes or no, choices with the first or the last of them."""

    def understand(text: str, expectation: Expectation) -> Meaning:
        if text.startswith("!"):
            return Meaning(text, intent=text[1:], score=1.0)
        choices = expectation.choices
        values = {
            "rating": {"rating": expectation.high},
            "duration": {"duration_s": 60},
            "yes_no": {"yes_no": yes},
            "names": {"names": ["Eva"]},
            "word": {"word": text},
            "when": {"when": {"text": text, "at": "SUN 16:00", "summary": "once SUN 16:00"}},
            "choice": {"choice": choices[option].id if choices else None},
        }
        return Meaning(text, None, values.get(expectation.slot or "", {}), 1.0)

    return understand


def some_people(ritual: str) -> tuple[str, ...]:
    """Two, where two can take part."""
    limits = LIBRARY.rituals[ritual].people
    return NAMES[: min(limits.max, max(2, limits.min))]


def evening_of(ritual: str, people: tuple[str, ...], understand: Understand, seed: int = 3) -> Rehearsal:
    evening = Rehearsal(LIBRARY, initial(people, seed), understand, COMMANDS)
    evening.start()
    evening.wake()
    evening.say(f"!start_{ritual}")
    evening.listen_out()
    return evening


def present(evening: Rehearsal) -> Stop | None:
    session = evening.state.session
    if session is None:
        return None
    return LIBRARY.stops(session.ritual, session.people, session.circle)[session.at]


def play_out(evening: Rehearsal, act: Callable[[Rehearsal, Stop], None]) -> None:
    """Sit through what is quiet, and ``act`` at every question, until the ritual is over."""
    for _ in range(MOST_TURNS):
        evening.listen_out()
        evening.wait()
        stop = present(evening)
        if stop is None:
            assert evening.ears.expectation.mode is ListenMode.WAKE
            return
        assert isinstance(stop.step, Question), evening.as_text()
        act(evening, stop)
    raise AssertionError(f"it does not end:\n{evening.as_text()}")


def is_kept(evening: Rehearsal, stop: Stop) -> bool:
    session = evening.state.session
    assert session is not None
    if stop.kept_if is not None:
        return stop.kept_if.lets_pass(session.given)
    return bool(getattr(stop.step, "keep", False)) and getattr(stop.step, "keep_if", None) is None


@pytest.mark.parametrize(("yes", "option"), [(True, 0), (True, -1), (False, 0)], ids=["yes", "last", "no"])
@pytest.mark.parametrize(("ritual", "people"), EVENINGS)
def test_answered_all_through_each_answer_is_kept_as_the_file_says(
    ritual: str, people: tuple[str, ...], yes: bool, option: int
) -> None:
    evening = evening_of(ritual, people, answers(yes=yes, option=option))
    wanted: list[tuple[str, str | None]] = []
    asked: set[tuple[str, str | None]] = set()

    def answer(evening: Rehearsal, stop: Stop) -> None:
        person, _ = stop.answers
        asked.add((stop.key, person))
        if is_kept(evening, stop):
            wanted.append((stop.key, person))
        evening.say("some words")

    play_out(evening, answer)
    questions = {key for key, _ in asked}
    assert [(one.key, one.person) for one in evening.kept if one.key in questions] == wanted
    assert evening.outcome == "finished"
    everyone = {key for key, person in asked if person is not None}
    for key in everyone - _for_some(ritual):
        assert {person for one, person in asked if one == key} <= set(people)
    longest_s = 60 * (5 + 3 * LIBRARY.rituals[ritual].minutes)
    assert evening.now_s < longest_s, "it takes much longer than it says"


def _for_some(ritual: str) -> set[str]:
    """Offers that end at the first no."""
    stops = unroll(LIBRARY.rituals[ritual], NAMES[: LIBRARY.rituals[ritual].people.max])
    return {stop.key for stop in stops if isinstance(stop.step, OfferStep)}


@pytest.mark.parametrize(("ritual", "people"), EVENINGS)
def test_everybody_gets_the_same_turns(ritual: str, people: tuple[str, ...]) -> None:
    stops = unroll(LIBRARY.rituals[ritual], people)
    turns = {name: [stop.key for stop in stops if stop.person == name] for name in people}
    assert len({tuple(keys) for keys in turns.values()}) == 1


@pytest.mark.parametrize(("ritual", "people"), EVENINGS)
def test_passed_all_through_nothing_is_kept_and_nobody_is_asked_why(ritual: str, people: tuple[str, ...]) -> None:
    evening = evening_of(ritual, people, answers(yes=False, option=0))
    minutes = [stop.key for stop in unroll(LIBRARY.rituals[ritual], people) if not isinstance(stop.step, Question)]

    def leave(evening: Rehearsal, stop: Stop) -> None:
        before = len(evening.transcript)
        evening.say("!skip")
        said = evening.said_since(before)
        assert said[0] in LIBRARY.prompts.session.passed

    play_out(evening, leave)
    defaults = {stop.key for stop in unroll(LIBRARY.rituals[ritual], people) if getattr(stop.step, "default", None)}
    counted = {TALK} if "report" in minutes else set()  # how long the floor was held, though nothing was given back
    assert [one for one in evening.kept if one.key not in {*minutes, *defaults, *counted}] == []
    assert evening.outcome == "finished"


@pytest.mark.parametrize(("ritual", "people"), EVENINGS)
def test_silent_all_through_it_ends_kindly_and_soon(ritual: str, people: tuple[str, ...]) -> None:
    evening = evening_of(ritual, people, answers(yes=False, option=0))
    play_out(evening, lambda evening, stop: evening.keep_silent())
    assert evening.outcome == "finished"
    assert [one for one in evening.kept if one.text is not None] == []
    may_say = [*LIBRARY.prompts.waiting.no_hurry, *LIBRARY.prompts.waiting.may_pass]
    for one, other in pairwise(line for line in evening.said_since(0) if line in may_say):
        assert one != other, "it does not nag in the same words"


def with_answers(evening: Rehearsal) -> tuple[Record, ...]:
    finish(evening)
    return tuple(evening.kept)


@pytest.mark.parametrize("ritual", sorted(LIBRARY.rituals))
def test_paused_at_any_step_it_goes_on_as_if_nothing_had_been(ritual: str) -> None:
    people = some_people(ritual)
    for kind, moment in moments(ritual, people):
        straight, paused = moment.fork(), moment.fork()
        (paused.say_over if paused.queue else paused.say)("!pause")
        paused.pass_seconds(40)
        paused.say("!louder")
        paused.pass_seconds(40)
        paused.say("!resume")
        assert with_answers(paused) == with_answers(straight), f"{kind}:\n{paused.as_text()}"
        assert paused.outcome == "finished", kind


@pytest.mark.parametrize("ritual", sorted(LIBRARY.rituals))
def test_stopped_at_any_step_what_was_said_stays(ritual: str) -> None:
    people = some_people(ritual)
    for kind, moment in moments(ritual, people):
        kept = tuple(moment.kept)
        before = len(moment.transcript)
        (moment.say_over if moment.queue else moment.say)("!stop")
        moment.listen_out()
        assert moment.outcome == "stopped", kind
        assert tuple(moment.kept[: len(kept)]) == kept, kind
        counted = moment.kept[len(kept) :]  # what a drill has counted by then, and never a word
        assert all(one.text is None and one.number is not None for one in counted), kind
        assert not counted or ritual in DRILLS, kind
        told = "stopped_counted" if counted else "stopped" if any(one.key for one in kept) else "stopped_at_once"
        lines = [line if isinstance(line, str) else line[0] for line in getattr(LIBRARY.prompts.session, told)]
        assert moment.said_since(before)[0] in lines, kind
        assert moment.ears.expectation.mode is ListenMode.WAKE, kind


@pytest.mark.parametrize("ritual", sorted(LIBRARY.rituals))
def test_the_next_day_it_goes_on_where_it_was_left(ritual: str) -> None:
    people = some_people(ritual)
    for kind, moment in moments(ritual, people):
        straight, left = moment.fork(), moment.fork()
        (left.say_over if left.queue else left.say)("!stop_listening")
        left.listen_out()
        left.restart()
        left.wake()
        left.say("!yes")
        assert with_answers(left) == with_answers(straight), f"{kind}:\n{left.as_text()}"
        assert left.outcome == "finished", kind


@pytest.mark.parametrize("ritual", sorted(LIBRARY.rituals))
def test_another_evening_has_other_words(ritual: str) -> None:
    people = some_people(ritual)
    evening = begun(ritual, people)
    finish(evening)
    spoken = [evening.said_since(0)]
    for _ in range(3):
        place = len(evening.transcript)
        evening.wake()
        evening.say(f"!start_{ritual}")
        finish(evening)
        spoken.append(evening.said_since(place))
    for one, other in pairwise(spoken):
        assert one[0] != other[0], "the first words are others"
        assert one[-1] != other[-1], "the last words are others"
    again = begun(ritual, people)
    finish(again)
    assert again.said_since(0) == spoken[0], "the same seed gives the same words"


def test_a_name_that_is_asked_for_is_understood_as_one() -> None:
    asked = {ritual for ritual, people in EVENINGS for stop in unroll(LIBRARY.rituals[ritual], people) if _names(stop)}
    assert asked == {"closeness"}
    evening = evening_of("closeness", ("Ana",), answers(yes=True, option=0))
    play_out(evening, lambda evening, stop: evening.say("eva"))
    assert {one.about for one in evening.kept} == {"Eva"}


def _names(stop: Stop) -> bool:
    return isinstance(stop.step, AskStep) and stop.step.answer == "name"
