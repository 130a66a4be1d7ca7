"""Learning how long people pause, in audio time."""

from __future__ import annotations

import pytest

from assistant.hearing.endpoint import PROFILES, Endpointer
from assistant.hearing.pauses import PauseHabit

BLOCK_S = 0.032
ANSWER = PROFILES["answer"]


def answered(habit: PauseHabit, *spoken: tuple[float, bool]) -> float | None:
    """An answer of voice and pauses (seconds, voiced), learnt from; when it was taken as ended, None: not within it."""
    endpointer = Endpointer(ANSWER, lambda text: False, start_s=0.0, patience=habit.patience(ANSWER))
    now_s = 0.0
    for seconds, voiced in spoken:
        for _ in range(round(seconds / BLOCK_S)):
            now_s += BLOCK_S
            if endpointer.hear(now_s, BLOCK_S, voiced=voiced, partial="so"):
                habit.learn(endpointer.longest_pause_s, endpointer.voiced_s)
                return now_s
    return None


def test_nobody_is_hurried_before_anything_is_known() -> None:
    assert answered(PauseHabit(), (2, True), (5, False)) == pytest.approx(2 + 2.2, abs=0.07)


def test_who_pauses_long_is_waited_for_longer_from_the_next_answer_on() -> None:
    habit = PauseHabit()
    assert answered(habit, (2, True), (2.1, False), (2, True), (5, False)) == pytest.approx(6.1 + 2.2, abs=0.1)
    assert answered(habit, (2, True), (2.6, False), (2, True), (1.0, False)) is None
    assert answered(habit, (2, True), (6, False)) == pytest.approx(2 + 2.1 * 1.35, abs=0.1)


def test_who_never_pauses_is_answered_a_little_sooner_but_keeps_the_time_to_think() -> None:
    habit = PauseHabit()
    for _ in range(3):
        answered(habit, (3, True), (5, False))
    assert answered(habit, (3, True), (5, False)) == pytest.approx(3 + 0.85 * 2.2, abs=0.07)
    assert answered(habit, (2, True), (1.7, False), (2, True), (1, False)) is None


def test_a_habit_that_has_passed_is_forgotten() -> None:
    habit = PauseHabit()
    answered(habit, (2, True), (2.1, False), (2, True), (5, False))
    for _ in range(6):
        answered(habit, (3, True), (6, False))
    assert habit.patience(ANSWER) == pytest.approx(0.85)


def test_no_wait_grows_without_end_and_short_answers_teach_nothing() -> None:
    habit = PauseHabit()
    habit.learn(30.0, 5.0)
    assert habit.patience(ANSWER) == pytest.approx(1.6)
    quick = PauseHabit()
    for _ in range(5):
        quick.learn(0.0, 0.5)
    assert quick.patience(ANSWER) == 1.0
