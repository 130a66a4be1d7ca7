"""Something is said that is not for an exercise: at every kind of step it stops softly, and keeps nothing of it."""

from __future__ import annotations

import pytest
from rehearsal import Rehearsal
from test_commands_everywhere import LIBRARY, RITUALS, begun, finish, meant, moments

from assistant import config
from assistant.dialogue import Library, initial
from assistant.dialogue.lines import Variants
from assistant.dialogue.state import state_to_json
from assistant.events import CloseSession, Expectation, Hush, ListenMode, Meaning, Play, Quit, TimerFired

TOLD = "?told"
SHARED = sorted(one for one in RITUALS if LIBRARY.rituals[one].people.max > 1 and LIBRARY.rituals[one].asks_who)


def told_or_meant(text: str, expectation: Expectation) -> Meaning:
    """ "?told" is what is not for an exercise; `meant` for the rest."""
    return Meaning("", safety="violence") if text == TOLD else meant(text, expectation)


def variants(lines: Variants) -> set[str]:
    """All texts of ``lines``."""
    return {part for line in lines for part in ((line,) if isinstance(line, str) else line) if isinstance(part, str)}


LIBRARY_FOLDER = config.shipped("intents") / "en"
PAUSED = variants(LIBRARY.prompts.safety.paused)
WITHHELD = variants(LIBRARY.prompts.safety.withheld)


def tell(evening: Rehearsal) -> list[str]:
    """Somebody tells it, over the voice where it speaks; returns what Evensong says then."""
    evening.understand = told_or_meant
    before = len(evening.transcript)
    (evening.say_over if evening.queue else evening.say)(TOLD)
    return evening.said_since(before)


@pytest.mark.parametrize("ritual", RITUALS)
@pytest.mark.parametrize("people", [("Ana",), ("Ana", "Ben")], ids=["one", "two"])
def test_at_every_step_it_stops_softly_and_keeps_nothing_of_it(ritual: str, people: tuple[str, ...]) -> None:
    for kind, moment in moments(ritual, people):
        evening = moment.fork()
        if evening.state.session is None:
            continue
        kept, done, sounds = list(evening.kept), len(evening.effects), list(evening.sounds)
        speaking = bool(evening.queue)
        said = tell(evening)
        where = f"at {kind}:\n{evening.as_text()}"
        assert len(said) == 1, where
        assert said[0] in PAUSED, where
        assert evening.kept == kept, where
        assert evening.sounds == sounds, f"no sound marks it; {where}"
        assert isinstance(evening.effects[done], Hush) == speaking, where
        assert CloseSession("stopped") in evening.effects[done:], where
        assert evening.state.session is None, where
        evening.listen_out()
        assert evening.ears.expectation.mode is ListenMode.WAKE, where
        assert set(evening.timers) == {"evening"}, where
        assert not any(isinstance(effect, Quit | Play) for effect in evening.effects[done:]), where


def in_phases() -> list[tuple[str, Rehearsal]]:
    """The evening between rituals, and in a pause."""
    awake = Rehearsal(LIBRARY, initial(("Ana", "Ben"), 5), told_or_meant, ())
    awake.start()
    awake.wake()
    asked = Rehearsal(LIBRARY, initial((), 5), told_or_meant, ())
    asked.start()
    asked.wake()
    asked.say("!start_gratitude")
    asked.listen_out()
    paused = begun("gratitude", ("Ana", "Ben"))
    paused.listen_out()
    paused.say("!pause")
    open_before = paused.fork()
    open_before.listen_out()
    open_before.say("!stop_listening")
    open_before.wake()
    errand = awake.fork()
    errand.say("!create_ritual")
    found = [("command", awake), ("names", asked), ("paused", paused), ("go_on", open_before)]
    return [*found, ("errand", errand)]


@pytest.mark.parametrize(("phase", "evening"), in_phases(), ids=lambda one: one if isinstance(one, str) else "")
def test_between_rituals_and_in_a_pause(phase: str, evening: Rehearsal) -> None:
    evening.listen_out()
    assert evening.state.phase == phase
    open_session = evening.state.session is not None
    said = tell(evening)
    assert len(said) == 1
    assert said[0] in PAUSED
    assert evening.state.session is None
    assert evening.outcome == ("stopped" if open_session else None)
    assert evening.state.phase == "asleep"
    assert evening.kept == []


def after_telling(people: tuple[str, ...] = ("Ana", "Ben")) -> Rehearsal:
    evening = begun("gratitude", people)
    evening.listen_out()
    tell(evening)
    evening.wake()
    return evening


@pytest.mark.parametrize("ritual", SHARED)
def test_nothing_for_two_is_begun_for_the_rest_of_the_evening(ritual: str) -> None:
    evening = after_telling()
    before = len(evening.transcript)
    evening.say(f"!start_{ritual}")
    said = evening.said_since(before)
    assert said
    assert set(said) <= WITHHELD
    assert evening.state.session is None
    assert evening.state.phase == "command", "something else can be asked for at once"


def test_what_one_can_do_alone_may_be_begun() -> None:
    evening = after_telling()
    evening.say("!start_stillness")
    assert evening.state.session is not None
    assert evening.state.session.people == ()
    finish(evening)
    assert evening.outcome == "finished"


def test_names_of_two_given_to_a_ritual_for_one_or_more_are_declined() -> None:
    evening = after_telling(())
    evening.say("!start_gratitude")
    evening.listen_out()
    assert evening.state.phase == "names"
    before = len(evening.transcript)
    evening.say("ana and ben")
    assert set(evening.said_since(before)) & WITHHELD
    assert evening.state.session is None


def test_help_offers_nothing_for_two() -> None:
    evening = after_telling()
    before = len(evening.transcript)
    evening.say("!help")
    assert set(evening.said_since(before)) <= variants(LIBRARY.prompts.safety.help)


def test_the_next_evening_everything_is_as_it_was() -> None:
    evening = after_telling()
    evening.dispatch(TimerFired(evening.now_s, "evening"))
    evening.say("!start_gratitude")
    assert evening.state.session is not None


def test_begun_again_the_program_knows_nothing_of_it() -> None:
    evening = begun("gratitude", ("Ana", "Ben"))
    evening.listen_out()
    stopped = evening.fork()
    stopped.say("!stop")
    stopped.listen_out()
    tell(evening)
    evening.listen_out()
    assert "gentle" not in state_to_json(evening.state)
    assert "safety" not in state_to_json(evening.state)
    evening.restart()
    evening.wake()
    evening.say("!start_gratitude")
    assert evening.state.session is not None


# --- help lines ----------------------------------------------------------------------------------------


def asked_for_help(library: Library, people: tuple[str, ...] = (), ritual: str | None = None) -> Rehearsal:
    evening = Rehearsal(library, initial(people, 5), told_or_meant, ())
    evening.start()
    evening.wake()
    if ritual:
        evening.say(f"!start_{ritual}")
        evening.listen_out()
    evening.say("!help_lines")
    return evening


def test_one_person_alone_hears_each_number_twice_and_slowly() -> None:
    library = Library.load([LIBRARY_FOLDER], "GB")
    evening = asked_for_help(library)
    said = [one.text for one in evening.transcript if one.who == "evensong"]
    assert said.count("One, one, six.") == 2
    assert said.count("One, two, three.") == 2
    assert sum("nine, nine, nine" in one for one in said) == 2
    pauses = [effect.pause_after_s for effect in evening.queue if getattr(effect, "text", "") == "One, one, six."]
    assert all(pause >= 0.8 for pause in pauses)
    evening.listen_out()
    assert evening.state.phase == "command"


def test_stop_ends_the_numbers_at_once() -> None:
    evening = asked_for_help(Library.load([LIBRARY_FOLDER], "GB"))
    evening.say_over("!stop")
    assert not any("One, one, six" in getattr(item, "text", "") for item in evening.queue)


def test_without_a_country_it_says_how_to_set_it_and_the_number_that_works_nearly_everywhere() -> None:
    evening = asked_for_help(LIBRARY)
    said = " ".join(one.text for one in evening.transcript if one.who == "evensong")
    assert "one, one, two" in said.lower()
    assert "country" in said


def test_in_a_ritual_of_ones_own_the_numbers_come_too() -> None:
    evening = asked_for_help(Library.load([LIBRARY_FOLDER], "US"), ("Ana",), "mood")
    said = [one.text for one in evening.transcript if one.who == "evensong"]
    assert "Nine, eight, eight." in said
    assert evening.outcome == "stopped"


def test_in_a_shared_session_no_number_is_said_aloud() -> None:
    evening = asked_for_help(Library.load([LIBRARY_FOLDER], "GB"), ("Ana", "Ben"), "gratitude")
    said = [one.text for one in evening.transcript if one.who == "evensong"]
    assert said[-1] in PAUSED
    assert not any("six" in one for one in said)
    assert evening.outcome == "stopped"


@pytest.mark.parametrize("country", sorted(LIBRARY.help_lines.countries))
def test_every_country_can_be_said(country: str) -> None:
    evening = asked_for_help(Library.load([LIBRARY_FOLDER], country))
    evening.listen_out()
    assert evening.state.phase == "command"


def test_the_sound_of_these_lines_is_never_kept() -> None:
    kept = LIBRARY.fixed_wording
    section = LIBRARY.prompts.safety
    assert not any(variants(getattr(section, name)) & kept for name in type(section).model_fields)
