"""Cards, names, counts, consent of all, and the other one's answers: on small rituals, with the real understanding."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rehearsal import Rehearsal

from assistant import config
from assistant.dialogue import COMMANDS, Library, initial
from assistant.events import Expectation, Hypothesis, ListenMode, Meaning, Remind, Unremind
from assistant.understanding import Intent, Understanding, load_commands

SHIPPED = config.shipped("intents") / "en"
HEAD = """\
id: tasting
title: the tasting
about: A tea.
minutes: 3
starters: {templates: [tea tasting], examples: [tea tasting]}
closings: [Bye.]
"""
DECK = "id: teas\nabout: Teas.\ncards: [Mint., Sage., Thyme., Rose.]\n"
Begin = Callable[..., Rehearsal]


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    starter = Intent("start_tasting", ("tea tasting",), contexts=frozenset({"idle"}))
    return Understanding([*load_commands(SHIPPED), starter], SHIPPED)


@pytest.fixture
def begin(tmp_path: Path, understanding: Understanding) -> Begin:
    """Wakes Evensong and starts the ritual of these steps for these people."""

    def begin(steps: str, *people: str, limits: str = "{min: 1, max: 4}", seed: int = 1) -> Rehearsal:
        for folder in ("rituals", "decks"):
            (tmp_path / folder).mkdir(exist_ok=True)
        shutil.copy(SHIPPED / "prompts.yaml", tmp_path)
        shutil.copy(SHIPPED / "times.yaml", tmp_path)
        shutil.copy(SHIPPED / "slips.yaml", tmp_path)
        (tmp_path / "decks" / "teas.yaml").write_text(DECK, encoding="utf-8")
        path = tmp_path / "rituals" / "tasting.yaml"
        path.write_text(f"{HEAD}people: {limits}\nsteps:\n{steps}", encoding="utf-8")
        library = Library.load([tmp_path])

        def understand(text: str, expectation: Expectation) -> Meaning:
            return understanding.understand((Hypothesis(text),), expectation)

        evening = Rehearsal(library, initial(people, seed), understand, COMMANDS, prepares=True)
        evening.start()
        start(evening)
        return evening

    return begin


def start(evening: Rehearsal) -> None:
    evening.wake()
    evening.say("tea tasting")
    evening.listen_out()


def said(evening: Rehearsal) -> list[str]:
    return evening.said_since(0)


def kept(evening: Rehearsal) -> list[tuple[object, ...]]:
    return [(one.key, one.person, one.number or one.text, one.about) for one in evening.kept]


CARD = """\
  - {kind: draw, id: card, deck: teas, lines: ["Try this. {card}"], keep: true}
  - {kind: ask, id: taste, prompts: ["And how is it? {card}"]}
"""


def card_of(line: str) -> str:
    return line.rpartition(" ")[2]


def test_no_card_comes_back_before_the_deck_is_through(begin: Begin) -> None:
    evening = begin(CARD)
    for _ in range(7):
        evening.say("good")
        start(evening)
    drawn = [one.text for one in evening.kept if one.key == "card"]
    assert sorted(drawn[:4]) == sorted(drawn[4:]) == ["Mint.", "Rose.", "Sage.", "Thyme."]
    assert [card_of(line) for line in said(evening) if "how is it" in line] == drawn, "the card is said again later"


def test_another_one_draws_again_until_something_was_answered(begin: Begin) -> None:
    evening = begin(CARD + "  - {kind: ask, id: more, prompts: [And what else?]}\n")
    first = card_of(said(evening)[-1])
    evening.say("another one please")
    evening.listen_out()
    assert any(line in said(evening) for line in evening.library.prompts.session.another)
    second = card_of(said(evening)[-1])
    assert second != first
    assert kept(evening) == [("card", None, second, None)], "the first card is not kept"
    evening.say("like a garden")
    evening.say("give me a different one")
    assert kept(evening) == [("card", None, second, None), ("taste", None, "like a garden", None)]
    assert evening.outcome == "finished", "after an answer it only leaves out the question"


def test_another_one_over_the_voice_and_a_pass(begin: Begin) -> None:
    evening = begin("  - {kind: draw, id: card, deck: teas, lines: ['{card}']}\n" + CARD.replace("id: card", "id: two"))
    evening.say("pass")
    assert evening.outcome == "finished", "a pass is no wish for another card"
    evening.wake()
    evening.say("tea tasting")
    before = evening.state.used
    evening.say_over("another one")
    assert sum(evening.state.used.values()) > sum(before.values())
    evening.listen_out()
    assert evening.ears.expectation.mode is ListenMode.ANSWER


def test_going_back_and_being_killed_leave_the_card_as_it_is(begin: Begin) -> None:
    evening = begin("  - {kind: ask, id: first, prompts: [Who pours?]}\n" + CARD)
    evening.say("me")
    evening.listen_out()
    card = card_of(said(evening)[-1])
    evening.restart()
    evening.wake()
    evening.say("yes")
    evening.listen_out()
    assert card_of(said(evening)[-1]) == card
    evening.say("go back")
    evening.say("pass")
    evening.listen_out()
    assert card_of(said(evening)[-1]) == card
    evening.say("scratch that")
    evening.listen_out()
    assert kept(evening) == [("first", None, "me", None)], "the card is not kept any more"
    assert evening.ears.expectation.mode is ListenMode.ANSWER
    evening.say("repeat the question")
    evening.say("fine")
    assert kept(evening)[1:] == [("taste", None, "fine", None)]


CONSENT = """\
  - kind: offer
    id: deeper
    of: everyone
    prompts: {alone: [Deeper?], together: ["{name}, deeper?"], following: ["And you, {name}?"]}
    yes: [{kind: say, lines: [Down we go.]}]
    no: [{kind: say, lines: [Far enough.]}, {kind: exit}]
  - {kind: say, lines: [Here we are.]}
"""


@pytest.mark.parametrize(
    ("people", "answers", "lines"),
    [
        (("Ana", "Ben"), ["yes", "yes"], ["Ana, deeper?", "And you, Ben?", "Down we go.", "Here we are.", "Bye."]),
        (("Ana", "Ben"), ["yes", "no"], ["Ana, deeper?", "And you, Ben?", "Far enough.", "Bye."]),
        (("Ana", "Ben"), ["no"], ["Ana, deeper?", "Far enough.", "Bye."]),
        (("Ana",), ["yes"], ["Deeper?", "Down we go.", "Here we are.", "Bye."]),
        (("Ana",), ["no"], ["Deeper?", "Far enough.", "Bye."]),
    ],
)
def test_all_must_say_yes(begin: Begin, people: tuple[str, ...], answers: list[str], lines: list[str]) -> None:
    evening = begin(CONSENT, *people)
    for answer in answers:
        evening.say(answer)
    evening.listen_out()
    assert said(evening) == lines
    assert evening.outcome == "finished"
    assert evening.kept == []


def test_a_pass_and_silence_are_a_no(begin: Begin) -> None:
    for leave in ("pass", None):
        evening = begin(CONSENT, "Ana", "Ben")
        evening.say("yes")
        if leave:
            evening.say(leave)
        else:
            evening.keep_silent()
            evening.keep_silent()
        evening.listen_out()
        assert "Far enough." in said(evening)
        assert "Here we are." not in said(evening)


def test_what_the_other_answers_is_kept_as_the_others(begin: Begin) -> None:
    evening = begin(
        """\
  - kind: each
    over: circle
    steps:
      - {kind: ask, id: told, prompts: ["{name}, tell {other}."], keep: false}
      - {kind: ask, id: heard, of: other, prompts: ["{other}, what did you hear?"]}
""",
        "Ana",
        "Ben",
        limits="{min: 2, max: 4}",
    )
    for words in ("the lift stuck", "that you were late", "the soup", "that you were hungry"):
        evening.say(words)
    assert kept(evening) == [
        ("heard", "Ben", "that you were late", "Ana"),
        ("heard", "Ana", "that you were hungry", "Ben"),
    ]


KEEP_IF = """\
  - {kind: offer, id: noted, prompts: [Shall I write it down?]}
  - {kind: draw, id: card, deck: teas, lines: ["{card}"], keep_if: noted}
  - {kind: ask, id: taste, prompts: [How is it?], keep_if: noted}
"""


def test_what_is_kept_can_be_left_to_the_people(begin: Begin) -> None:
    evening = begin(KEEP_IF)
    evening.say("no")
    evening.say("fine")
    assert evening.kept == []
    start(evening)
    evening.say("yes")
    evening.say("fine")
    assert [one.key for one in evening.kept] == ["card", "taste"]


ABOUT = """\
  - {kind: ask, id: whom, answer: name, otherwise: this person, keep: false, prompts: [Whom?], again: [The name?]}
  - {kind: rate, id: trust, low: 1, high: 5, prompts: ["I trust {about}."]}
  - {kind: rate, id: ease, low: 1, high: 5, prompts: [I am at ease.]}
  - {kind: say, numbers_of: [trust, ease], lines: ["You said {numbers}."]}
"""


def test_a_name_and_numbers_read_back(begin: Begin) -> None:
    evening = begin(ABOUT, "Ana", limits="{min: 1, max: 1}")
    assert said(evening) == ["Whom?"]
    evening.say("it's ben")
    evening.say("four")
    evening.say("five")
    evening.listen_out()
    assert said(evening)[1:] == ["I trust Ben.", "I am at ease.", "You said four and five.", "Bye."]
    assert kept(evening) == [("trust", "Ana", 4.0, "Ben"), ("ease", "Ana", 5.0, "Ben")]


def test_for_one_person_alone_it_asks_which_one_and_the_others_stay_known(begin: Begin) -> None:
    evening = begin(ABOUT, "Ana", "Ben", limits="{min: 1, max: 1}")
    assert said(evening)[-1].endswith("Ana or Ben?")
    evening.say("Ana and Ben")
    evening.listen_out()
    assert said(evening)[-1].endswith("Ana or Ben?")
    evening.say("it's Ben")
    assert evening.opened[-1].people == ("Ben",)
    assert evening.state.people == ("Ana", "Ben")
    evening.say("stop")
    evening.listen_out()
    start(evening)
    for _ in range(2):
        evening.keep_silent()
    evening.listen_out()
    assert evening.opened[-1].people == (), "without an answer it goes on without a name"


def test_without_a_name_or_numbers_it_goes_on(begin: Begin) -> None:
    evening = begin(ABOUT, "Ana", limits="{min: 1, max: 1}")
    evening.say("pass")
    evening.listen_out()
    assert said(evening)[-1] == "I trust this person."
    evening.say("pass")
    evening.say("two")
    evening.listen_out()
    assert "You said no answer and two." in said(evening)
    assert kept(evening) == [("ease", "Ana", 2.0, None)]
    start(evening)
    for _ in range(3):
        evening.say("pass")
    evening.listen_out()
    assert sum("You said" in line for line in said(evening)) == 1, "nothing is read back when nothing was given"


def test_a_count_is_quiet_timed_and_can_be_paused(begin: Begin) -> None:
    evening = begin("  - {kind: count, id: hug, to: 5, every_s: 4}\n")
    began_s = evening.now_s
    evening.pass_seconds(9)
    evening.say("pause")
    evening.pass_seconds(60)
    evening.say("go on")
    evening.listen_out()
    paused_s = evening.now_s
    evening.wait()
    counted = [line for line in said(evening) if line in {"One.", "Two.", "Three.", "Four.", "Five."}]
    assert counted == ["One.", "Two.", "Three.", "Three.", "Four.", "Five."]
    assert evening.outcome == "finished"
    assert began_s < paused_s
    whole = begin("  - {kind: count, id: hug, to: 5, every_s: 4, aloud: false}\n")
    whole.wait()
    assert whole.sounds.count("tick") == 5
    assert 19 <= whole.now_s <= 24
    assert said(whole) == ["Bye."]


def test_one_letter_is_no_answer_but_a_piece_of_a_word(begin: Begin) -> None:
    evening = begin("  - {kind: ask, id: tea, prompts: [Which tea?]}\n")
    evening.say("s")
    evening.listen_out()
    assert said(evening)[-1] in evening.library.prompts.awake.not_heard
    evening.say("mint")
    assert kept(evening) == [("tea", None, "mint", None)]


REMIND = """\
  - {kind: remind, id: when, what: the next tasting, prompts: [When shall I remind you?], again: [Which day and time?]}
"""


def reminders(evening: Rehearsal) -> list[str]:
    """The summaries of the reminders that were set and not taken back."""
    left: list[str] = []
    for effect in evening.effects:
        if isinstance(effect, Remind):
            left.append(effect.when["summary"])
        if isinstance(effect, Unremind):
            left.pop()
    return left


@pytest.mark.parametrize(
    ("answer", "said_back", "summary"),
    [
        ("on sunday at four", "on Sunday at four in the afternoon", "once SUN 16:00"),
        ("every friday at eight", "on Fridays at eight in the evening", "weekly FRI 20:00"),
        ("at nine", "at nine in the evening", "once today 21:00"),  # which may be tomorrow, when it is past nine
        ("friday at five no at six", "on Friday at six in the evening", "once FRI 18:00"),
    ],
)
def test_the_time_of_a_reminder_is_said_back(begin: Begin, answer: str, said_back: str, summary: str) -> None:
    evening = begin(REMIND)
    evening.say(answer)
    evening.listen_out()
    assert any(line.endswith(f" {said_back}.") for line in said(evening)), evening.as_text()
    assert reminders(evening) == [summary]
    assert evening.outcome == "finished"


def test_the_hour_is_asked_for_when_only_the_day_was_said(begin: Begin) -> None:
    evening = begin(REMIND)
    evening.say("on sunday")
    assert evening.ears.expectation.slot == "when"
    evening.say("at four")
    assert reminders(evening) == ["once SUN 16:00"]
    assert kept(evening) == [("when", None, "at four", None)]


def test_words_without_a_time_are_asked_about_once_and_then_kept_without_a_reminder(begin: Begin) -> None:
    evening = begin(REMIND)
    evening.say("whenever the children are asleep")
    evening.listen_out()
    assert said(evening)[-1] == "Which day and time?"
    evening.say("we just remember it")
    evening.listen_out()
    assert reminders(evening) == []
    assert kept(evening) == [("when", None, "we just remember it", None)]
    assert said(evening)[-2] in evening.library.prompts.reminders.not_set


@pytest.mark.parametrize("taking_back", ["go back", "scratch that"])
def test_another_time_takes_the_place_of_the_first(begin: Begin, taking_back: str) -> None:
    evening = begin(REMIND + "  - {kind: ask, id: who, prompts: [Who pours?]}\n")
    evening.say("on sunday at four")
    evening.say(taking_back)
    evening.say("on monday at five")
    assert reminders(evening) == ["once MON 17:00"]


def test_when_to_be_reminded_is_asked_and_kept_as_it_was_said(begin: Begin) -> None:
    evening = begin(REMIND)
    evening.say("on sunday at four")
    assert kept(evening) == [("when", None, "on sunday at four", None)]
    assert evening.outcome == "finished"
    start(evening)
    evening.say("no thanks")
    assert len(evening.kept) == 1
    start(evening)
    evening.say("help")
    for _ in range(3):
        evening.keep_silent()
    evening.listen_out()
    assert evening.outcome == "finished"
