"""A ritual unrolled: whose turn it is, what a branch opens, where "back" leads."""

from __future__ import annotations

from typing import Any

from assistant.dialogue.plan import following, is_open, question_before, unroll
from assistant.dialogue.ritual import Ritual
from assistant.dialogue.state import Given, Session


def ritual(*steps: dict[str, Any]) -> Ritual:
    return Ritual.model_validate(
        {
            "id": "tea",
            "title": "tea",
            "about": "Tea.",
            "minutes": 1,
            "people": {"min": 1, "max": 4},
            "starters": {"templates": ["tea"], "examples": ["tea time"]},
            "steps": steps,
            "closings": ["Bye."],
        }
    )


def ask(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "ask", "id": name, "prompts": ["Well?"], **more}


def each(over: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "each", "over": over, "steps": steps, **more}


def turns(made: Ritual, *people: str, circle: int = 1) -> list[tuple[str, str | None, str | None]]:
    return [(stop.key, stop.person, stop.other) for stop in unroll(made, people, circle)]


def test_each_person_gets_the_same_turn() -> None:
    made = ritual(each("people", ask("a"), ask("b")))
    assert turns(made, "Ana", "Ben") == [
        ("a", "Ana", None),
        ("b", "Ana", None),
        ("a", "Ben", None),
        ("b", "Ben", None),
    ]


def test_one_person_without_a_name_gets_a_turn_too() -> None:
    assert turns(ritual(each("people", ask("a")))) == [("a", None, None)]


def test_in_a_circle_everybody_speaks_once_and_is_spoken_to_once() -> None:
    made = ritual(each("circle", ask("a")))
    people = ("Ana", "Ben", "Cleo", "Dan")
    partners = set()
    for circle in (1, 2, 3):
        stops = unroll(made, people, circle)
        assert [stop.person for stop in stops] == list(people)
        assert sorted(str(stop.other) for stop in stops) == list(people)
        partners |= {(stop.person, stop.other) for stop in stops}
    assert len(partners) == 12, "over the sessions everybody comes to speak to everybody"
    assert turns(made, "Ana", "Ben", circle=5) == [("a", "Ana", "Ben"), ("a", "Ben", "Ana")]
    assert turns(made, "Ana") == []


def test_the_opening_of_a_circle_is_left_out_for_one_person() -> None:
    made = ritual(ask("a"), each("circle", ask("b"), opening=["Now each other."]))
    assert turns(made, "Ana") == [("a", "Ana", None)]
    assert len(turns(made, "Ana", "Ben")) == 4


def test_steps_for_one_alone_or_for_several() -> None:
    made = ritual(ask("one", only="alone"), ask("many", only="together"))
    assert turns(made, "Ana") == [("one", "Ana", None)]
    assert turns(made, "Ana", "Ben") == [("many", None, None)]


def test_a_choice_opens_its_own_steps_only() -> None:
    options = [{"id": name, "name": name, "phrases": [name], "steps": [ask(f"about_{name}")]} for name in ("x", "y")]
    stops = unroll(ritual({"kind": "choose", "id": "c", "prompts": ["Which?"], "options": options}, ask("end")), ())
    assert [stop.key for stop in stops] == ["c", "about_x", "about_y", "end"]
    given = (Given(0, value="y"),)
    assert [is_open(stop, given) for stop in stops] == [True, False, True, True]
    assert following(stops, Session("tea", 0, at=0, given=given)) == 2
    assert following(stops, Session("tea", 0, at=0)) == 3, "without an answer neither is opened"


def test_what_follows_an_answer_is_about_the_same_persons_answer() -> None:
    stops = unroll(ritual(each("people", ask("a"), ask("why", only_after="a"))), ("Ana", "Ben"))
    given = (Given(0, kept=True),)
    assert [is_open(stop, given) for stop in stops] == [True, True, True, False]


def test_a_later_turn_knows_what_the_same_person_answered_in_a_circle() -> None:
    """Ana tells Ben, who answers; then each person has a turn of their own."""
    circle = each("circle", ask("tell"), ask("heard", of="other"))
    made = ritual(
        circle, each("people", ask("after_telling", only_after="tell"), ask("after_hearing", only_after="heard"))
    )
    stops = unroll(made, ("Ana", "Ben"))
    told_by_ana, heard_by_ben = (
        next(place for place, stop in enumerate(stops) if stop.key == key and stop.person == "Ana")
        for key in ("tell", "heard")
    )
    given = (Given(told_by_ana), Given(heard_by_ben))
    open_then = [(stop.key, stop.person) for stop in stops if stop.key.startswith("after") and is_open(stop, given)]
    assert open_then == [("after_telling", "Ana"), ("after_hearing", "Ben")]


def test_at_least_looks_at_the_number() -> None:
    rate = {"kind": "rate", "id": "n", "prompts": ["How much?"]}
    stops = unroll(ritual(rate, {"kind": "say", "lines": ["A lot."], "only_after": "n", "at_least": 9}), ())
    assert is_open(stops[1], (Given(0, value=9.0),))
    assert not is_open(stops[1], (Given(0, value=8.0),))


def test_back_leads_through_the_answers_one_by_one() -> None:
    stops = unroll(ritual(ask("a", up_to=3, more=["More?"]), {"kind": "say", "lines": ["Hm."]}, ask("b")), ())
    given = (Given(0, 0), Given(0, 1))
    assert question_before(stops, Session("tea", 0, at=2, given=given)) == (0, 1)
    assert question_before(stops, Session("tea", 0, at=0, item=1, given=given)) == (0, 0)
    assert question_before(stops, Session("tea", 0, at=0, item=0, given=given)) is None
    assert question_before(stops, Session("tea", 0, at=2)) == (0, 0), "a question that was passed can be gone back to"
