"""Interruptions are told once, at once, and listening sounds never are."""

import pytest

from assistant.hearing.speakers.floor import APART, BY_VOICE, Floor, Interruption, Least
from assistant.hearing.speakers.turns import HOP_S, Moment

ANA, BEN, BOTH = frozenset({"Ana"}), frozenset({"Ben"}), frozenset({"Ana", "Ben"})


def told(*turns: tuple[frozenset[str] | None, float], floor: Floor | None = None) -> list[Interruption]:
    """Ana holds the floor; each of ``turns`` is who speaks, and for how many seconds."""
    floor = floor or Floor("Ana")
    found, now_s = [], 0.0
    for who, seconds in turns:
        since_s = now_s
        for _ in range(round(seconds / HOP_S)):
            now_s += HOP_S
            sure = dict.fromkeys(who or (), 0.95)
            interruption = floor.hear(Moment(now_s, who, since_s, sure))
            if interruption is not None:
                found.append(interruption)
    return found


def test_who_talks_into_a_pause_is_told_a_second_later() -> None:
    (one,) = told((ANA, 5.0), (None, 2.0), (BEN, 3.0))
    assert (one.who, one.began_s) == ("Ben", pytest.approx(7.0))
    assert one.noticed_s - one.began_s < 1.15


def test_who_talks_over_the_holder_is_told() -> None:
    (one,) = told((ANA, 5.0), (BOTH, 3.0))
    assert one.who == "Ben"
    assert one.noticed_s - one.began_s < 1.5


@pytest.mark.parametrize("who", [BEN, BOTH])
@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.8])
def test_a_listening_sound_is_no_interruption(who: frozenset[str], seconds: float) -> None:
    assert told((ANA, 3.0), (None, 1.0), (who, seconds), (None, 1.0), (ANA, 3.0)) == []
    assert told((ANA, 3.0), (who, seconds), (ANA, 3.0)) == []


def test_listening_sounds_apart_do_not_add_up() -> None:
    assert told((ANA, 3.0), *((None, 1.0), (BEN, 0.5)) * 4) == []


def test_a_long_interruption_is_told_once_also_with_a_breath_in_it() -> None:
    assert len(told((ANA, 3.0), (None, 1.0), (BEN, 3.0), (None, 0.5), (BEN, 3.0))) == 1


def test_a_second_interruption_is_another() -> None:
    assert len(told((ANA, 3.0), (None, 1.0), (BEN, 2.0), (ANA, 4.0), (None, 1.0), (BEN, 2.0))) == 2


def test_neither_the_holder_nor_silence_nor_a_stranger_interrupts() -> None:
    assert told((ANA, 9.0), (None, 30.0), (frozenset(), 9.0), (ANA, 9.0)) == []


def test_a_guess_is_no_interruption() -> None:
    floor = Floor("Ana")
    guesses = [Moment(n * HOP_S, BEN, 0.0, {"Ben": 0.5}) for n in range(1, 40)]
    assert [floor.hear(moment) for moment in guesses] == [None] * 39


def test_talk_time_and_the_longest_silence_are_counted() -> None:
    floor = Floor("Ana")
    told((ANA, 5.0), (None, 4.0), (BEN, 2.0), (BOTH, 1.0), (None, 1.0), floor=floor)
    assert floor.talk_s == {"Ana": pytest.approx(6.0), "Ben": pytest.approx(3.0)}
    assert floor.longest_silence_s == pytest.approx(4.0)


def test_two_who_seem_to_begin_at_once_after_a_pause_are_given_the_benefit_of_the_doubt() -> None:
    """Nobody waits for the end of a pause to talk into it; mostly it is the holder, who sounds unlike themselves."""
    turns = ((ANA, 5.0), (None, 2.0), (BOTH, 1.6), (ANA, 3.0))
    assert told(*turns, floor=Floor("Ana", BY_VOICE)) == []
    assert len(told(*turns, floor=Floor("Ana", APART))) == 1, "with a microphone each there is no such doubt"
    (one,) = told((ANA, 5.0), (None, 2.0), (BOTH, 3.5), floor=Floor("Ana", BY_VOICE))
    assert one.noticed_s - one.began_s < 3.0


def test_two_listening_sounds_close_together_are_not_one_long_one() -> None:
    assert told((ANA, 3.0), (None, 1.0), (BEN, 0.4), (None, 0.6), (BEN, 0.4), (None, 0.6), (BEN, 0.4)) == []


@pytest.mark.parametrize("least", [APART, BY_VOICE])
def test_a_sound_that_fades_does_not_grow(least: Least) -> None:
    """The room rings on after a listening sound, and what tells the voices apart lags behind."""
    floor = Floor("Ana", least)
    assert told((ANA, 3.0), (None, 1.0), floor=floor) == []
    moments = [Moment(4.0 + n * HOP_S, BEN, 4.0, {"Ben": 0.95 if n <= 8 else 0.5}) for n in range(1, 16)]
    assert [floor.hear(moment) for moment in moments] == [None] * 15
