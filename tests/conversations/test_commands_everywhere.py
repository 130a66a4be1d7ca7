"""Every command at every kind of step, while Evensong speaks and while it waits: it helps, and the evening goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rehearsal import Rehearsal

from assistant import config
from assistant.dialogue import COMMANDS, Library, initial
from assistant.events import Adjust, Expectation, Hush, ListenMode, Meaning, Quit, Say

LIBRARY = Library.load([config.shipped("intents") / "en"])
RITUALS = sorted(LIBRARY.rituals)
DRILLS = ("listening", "solo_listening")  # they count
HOUSEHOLD = ("Ana", "Ben", "Cleo", "Dan")
MOST_TURNS = 120


def some(ritual: str, wanted: int) -> tuple[str, ...]:
    """So many people of the household, or as near to it as the ritual allows."""
    limits = LIBRARY.rituals[ritual].people
    return HOUSEHOLD[: min(max(wanted, limits.min), limits.max)]


ONE_AND_TWO = sorted({(ritual, some(ritual, wanted)) for ritual in RITUALS for wanted in (1, 2)})


def meant(text: str, expectation: Expectation) -> Meaning:
    """ "!stop" is the command, other words are whatever answer the question waits for."""
    if text.startswith("!"):
        return Meaning(text, intent=text[1:], score=1.0)
    values = {
        "rating": {"rating": 7},
        "duration": {"duration_s": 120},
        "yes_no": {"yes_no": True},
        "names": {"names": ["Ana", "Ben"]},
        "word": {"word": text},
        "free": {"text": text},
        "choice": {"choice": expectation.choices[-1].id if expectation.choices else None},
    }
    return Meaning(text, None, values.get(expectation.slot or "", {}), 1.0)


def begun(ritual: str, people: tuple[str, ...]) -> Rehearsal:
    evening = Rehearsal(LIBRARY, initial(people, 5), meant, COMMANDS)
    evening.start()
    evening.wake()
    evening.say(f"!start_{ritual}")
    return evening


def go_on(evening: Rehearsal) -> None:
    """Whatever it waits for now is given to it."""
    mode = evening.ears.expectation.mode
    if mode in (ListenMode.COMMAND, ListenMode.ANSWER) and evening.ears.no_input_s is None:
        evening.wait()
    elif evening.state.phase == "paused":
        evening.say("!resume")
    else:
        evening.say("something")


def finish(evening: Rehearsal) -> None:
    for _ in range(MOST_TURNS):
        evening.listen_out()
        if evening.state.phase == "asleep":
            return
        go_on(evening)
    raise AssertionError(f"it does not end:\n{evening.as_text()}")


def moments(ritual: str, people: tuple[str, ...]) -> Iterator[tuple[str, Rehearsal]]:
    """The evening at the first step of each kind: as it begins to speak there, and when it waits there."""
    evening = begun(ritual, people)
    seen = set()
    for _ in range(MOST_TURNS):
        if evening.state.session is None:
            return
        at = evening.state.session.at
        for speaking in (True, False):
            if not speaking:
                _listen_out_here(evening, at)
            kind = f"{ritual}, {_kind(evening)}, {'speaking' if evening.queue else 'waiting'}"
            if evening.state.session is not None and kind not in seen:
                seen.add(kind)
                yield kind, evening.fork()
        if evening.queue:
            evening.listen_out()
        elif evening.state.session is not None:
            go_on(evening)
    raise AssertionError("it does not end")


def _listen_out_here(evening: Rehearsal, at: int) -> None:
    """Hear it out when that does not lead to the next step."""
    probe = evening.fork()
    probe.listen_out()
    if probe.state.session is not None and probe.state.session.at == at:
        evening.listen_out()


def _kind(evening: Rehearsal) -> str:
    session = evening.state.session
    if session is None:
        return "over"
    stop = LIBRARY.stops(session.ritual, session.people, session.circle)[session.at]
    return f"{stop.step.kind}{'+' if session.item else ''}"


@pytest.mark.parametrize(("ritual", "people"), ONE_AND_TWO, ids=[f"{name}-{len(who)}" for name, who in ONE_AND_TWO])
def test_each_command_is_followed_by_an_evening_that_ends(ritual: str, people: tuple[str, ...]) -> None:
    kinds = 0
    for kind, moment in moments(ritual, people):
        kinds += 1
        for command in COMMANDS:
            evening = moment.fork()
            before = len(evening.transcript)
            kept = list(evening.kept)
            speaking = bool(evening.queue)
            (evening.say_over if speaking else evening.say)(f"!{command}")
            where = f"{command} at {kind}:\n{evening.as_text()}"
            _check(evening, command, kept, evening.transcript[before:], where, drill=ritual in DRILLS)
            finish(evening)
            if command == "stop":
                assert evening.outcome == "stopped", where
            elif command != "stop_listening":
                assert evening.outcome == "finished", where
    assert kinds >= 2


def _check(
    evening: Rehearsal, command: str, kept: list[object], said: list[object], where: str, *, drill: bool
) -> None:
    if command in ("louder", "quieter", "slower", "faster"):
        assert sum(isinstance(effect, Adjust) for effect in evening.effects) == 1, where
        assert len(said) > 1, f"it must be heard in the new voice; {where}"
    if command in ("stop", "stop_listening", "pause", "help", "repeat", "time_left"):
        more = evening.kept[len(kept) :]
        if drill and command == "stop":  # what was counted until then stays, and never a word
            assert all(one.text is None and one.number is not None for one in more), where
        else:
            assert not more, where
    if command in ("stop", "stop_listening"):
        evening.listen_out()
        assert evening.ears.expectation.mode is ListenMode.WAKE, where
        assert not set(evening.timers) - {"evening"}, where
    if command == "pause":
        assert evening.state.phase == "paused", where
    if command == "scratch" and kept:
        assert len(evening.kept) == len(kept) - 1, where
    assert not any(isinstance(effect, Quit) for effect in evening.effects), where


@pytest.mark.parametrize("ritual", RITUALS)
def test_speech_is_cut_before_anything_is_answered(ritual: str) -> None:
    for kind, moment in moments(ritual, some(ritual, 2)):
        if not moment.queue:
            continue
        for command in ("stop", "pause", "louder", "help", "skip", "back", "repeat"):
            evening = moment.fork()
            done = len(evening.effects)
            evening.say_over(f"!{command}")
            assert isinstance(evening.effects[done], Hush), f"{command} at {kind}"


@pytest.mark.parametrize("ritual", RITUALS)
def test_a_cut_sentence_is_said_again_from_its_start(ritual: str) -> None:
    for kind, moment in moments(ritual, some(ritual, 2)):
        spoken = [one.text for one in moment.queue if isinstance(one, Say)]
        if not spoken or "breathe" in kind:
            continue
        cut = spoken[0]
        for command in ("louder", "help", "time_left"):
            evening = moment.fork()
            place = len(evening.transcript)
            evening.say_over(f"!{command}")
            evening.listen_out()
            again = " ".join(evening.said_since(place))
            assert cut in again, f"{command} at {kind}: {cut!r} is lost\n{evening.as_text()}"


@pytest.mark.parametrize("ritual", RITUALS)
def test_killed_at_any_step_it_goes_on_there(ritual: str) -> None:
    for kind, moment in moments(ritual, some(ritual, 2)):
        evening = moment.fork()
        kept = list(evening.kept)
        evening.restart()
        evening.wake()
        evening.say("!yes")
        evening.listen_out()
        finish(evening)
        assert evening.outcome == "finished", kind
        assert evening.kept[: len(kept)] == kept, kind
        assert len(evening.opened) == 1, "it is still the same session"


@pytest.mark.parametrize("ritual", RITUALS)
def test_all_silent_it_ends_by_itself_kindly(ritual: str) -> None:
    evening = begun(ritual, some(ritual, 2))
    for _ in range(MOST_TURNS):
        evening.listen_out()
        if evening.state.phase == "asleep":
            break
        evening.wait()
        if evening.state.phase != "asleep":
            evening.keep_silent()
    assert evening.outcome == "finished"
    assert [one for one in evening.kept if one.text] == []


@pytest.mark.parametrize("ritual", RITUALS)
def test_who_begins_alternates_from_session_to_session(ritual: str) -> None:
    people = some(ritual, 3)
    if not LIBRARY.rituals[ritual].asks_who or len(people) < 2:
        return
    evening = Rehearsal(LIBRARY, initial(people, 5), meant, COMMANDS)
    evening.start()
    for _ in range(4):
        evening.wake()
        evening.say(f"!start_{ritual}")
        evening.listen_out()
        evening.say("!stop")
    assert [one.people[0] for one in evening.opened] == [*people, *people][:4]
