"""Watching the floor by speech alone: who talks into a story, and how long a turn was."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.events import Interrupted
from assistant.hearing.speakers.floor import Floor
from assistant.hearing.speakers.floor_watch import EVENSONG, SOMEBODY, BySpeech, FloorWatch
from assistant.hearing.voice_activity import BLOCK_S, BLOCK_SAMPLES

BLOCK = np.zeros(BLOCK_SAMPLES, np.int16)
BEGAN_S = 100.0


def story(*, own_voice_out: bool) -> FloorWatch:
    return FloorWatch("3", Floor(EVENSONG), BySpeech(SOMEBODY, over_own_voice=own_voice_out), "own")


def heard(watch: FloorWatch, *stretches: tuple[float, float, bool]) -> list[Interrupted]:
    """Stretches of (seconds, probability of speech, whether Evensong says words)."""
    now_s, found = BEGAN_S, []
    for seconds, probability, sounding in stretches:
        watch.sounding = sounding
        for _ in range(round(seconds / BLOCK_S)):
            now_s += BLOCK_S
            found += watch.hear(BLOCK, probability, now_s)
    return found


@pytest.mark.parametrize("own_voice_out", [True, False])
def test_a_word_into_a_pause_of_the_story_is_noticed_within_a_second(own_voice_out: bool) -> None:
    (told,) = heard(story(own_voice_out=own_voice_out), (3, 0, True), (1, 0, False), (2, 1, False), (3, 0, False))
    assert told.who == ""
    assert told.began_s == pytest.approx(BEGAN_S + 4, abs=0.1)
    assert told.at_s - told.began_s < 1.1


@pytest.mark.parametrize("own_voice_out", [True, False])
def test_a_short_sound_is_listening(own_voice_out: bool) -> None:
    assert heard(story(own_voice_out=own_voice_out), (3, 0, True), (1, 0, False), (0.5, 1, False), (3, 0, False)) == []


def test_a_quick_word_after_a_sentence_of_the_story_is_into_a_pause_too() -> None:
    """A tempting pause is mostly answered within half a second, by a sentence of little more than one."""
    (told,) = heard(story(own_voice_out=True), (3, 0, True), (0.2, 0, False), (1.2, 1, False), (3, 0, False))
    assert told.at_s - told.began_s < 1.1


def test_talk_over_the_story_is_heard_where_its_own_voice_is_taken_out() -> None:
    over = ((2, 0, True), (2, 1, True), (2, 0, True))
    assert len(heard(story(own_voice_out=True), *over)) == 1
    assert heard(story(own_voice_out=False), *over) == []


def test_a_blip_of_its_own_voice_is_nobody() -> None:
    blips = [(0.6, 1, True), (1.2, 0, True)] * 5
    assert heard(story(own_voice_out=True), *blips) == []


def test_by_words_alone_all_speech_is_the_holders_and_nobody_interrupts() -> None:
    watch = FloorWatch("3", Floor("Ana"), BySpeech("Ana", over_own_voice=False), "words")
    assert heard(watch, (2, 1, False), (4, 0, False), (3, 1, False), (1, 0, False)) == []
    kept = watch.kept(BEGAN_S + 10)
    assert kept.talk_s["Ana"] == pytest.approx(5.5, abs=0.3)
    assert kept.silence_s == pytest.approx(3.8, abs=0.3)
