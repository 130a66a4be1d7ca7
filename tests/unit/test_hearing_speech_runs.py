"""Runs of speech, as a detector tells them: what rings on in the room belongs to a run, and is no talk."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.hearing.speakers.speech_runs import SpeechRuns


@pytest.mark.parametrize(
    ("probability", "in_a_run", "talk"), [(0.9, True, True), (0.6, True, False), (0.2, False, False)]
)
def test_only_what_the_detector_is_sure_of_is_talk(probability: float, in_a_run: bool, talk: bool) -> None:
    frames = list(SpeechRuns(lambda _: probability).hear(np.full(16_000, 500, np.int16)))
    assert {frame.sound is not None for frame in frames} == {in_a_run}
    assert {frame.talk for frame in frames[10:]} == {talk}
