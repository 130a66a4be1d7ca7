"""Readings of several segments joined, the decoder's dither, and weights that are not what they should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import HearingError, ModelError
from assistant.events import Hypothesis, Word
from assistant.hearing.recogniser import Dither, Recogniser, joined
from assistant.hearing.voice_activity import VoiceActivityDetector

FIRST = (Hypothesis("start", 10.0, (Word("start", 0.0, 0.4),)), Hypothesis("star", 9.0))
SECOND = (Hypothesis("the ritual", 20.0, (Word("the", 2.0, 2.1),)), Hypothesis("a ritual", 17.0), Hypothesis("", 5.0))


def test_the_best_of_each_segment_comes_first_with_all_words() -> None:
    best = joined([FIRST, SECOND])[0]
    assert (best.text, best.score) == ("start the ritual", 30.0)
    assert [word.text for word in best.words] == ["start", "the"]


def test_readings_differ_in_one_segment_and_stand_by_score() -> None:
    assert [hypothesis.text for hypothesis in joined([FIRST, SECOND])] == [
        "start the ritual",
        "star the ritual",
        "start a ritual",
        "start",
    ]


def test_segments_without_words_are_left_out() -> None:
    assert joined([(Hypothesis(""),), FIRST, (Hypothesis(""),)]) == FIRST
    assert joined([(Hypothesis(""),)]) == (Hypothesis(""),)
    assert joined([]) == (Hypothesis(""),)


def test_the_same_words_stand_once_and_there_are_at_most_ten_readings() -> None:
    many = tuple(Hypothesis(f"word {number // 2}", -number) for number in range(40))
    texts = [hypothesis.text for hypothesis in joined([many])]
    assert texts == [f"word {number}" for number in range(10)]


def test_dither_is_the_same_in_any_pieces_and_never_wraps() -> None:
    samples = np.tile(np.array([32_767, -32_768, 0], np.int16), 10_000)
    whole = Dither().added(samples)
    pieces = Dither()
    assert np.array_equal(np.concatenate([pieces.added(part) for part in np.array_split(samples, 7)]), whole)
    assert np.abs(whole.astype(int) - samples).max() <= 6


@pytest.mark.parametrize("data", [b"", b"lmgg", b"not a model at all, only text", b"lmgg" + bytes(400)])
def test_broken_voice_activity_weights_are_named_with_the_remedy(tmp_path: Path, data: bytes) -> None:
    weights = tmp_path / "ggml-silero-v6.bin"
    weights.write_bytes(data)
    with pytest.raises(HearingError, match=r"ggml-silero-v6\.bin.*pip install"):
        VoiceActivityDetector(weights)


def test_a_missing_model_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no speech model in .*evensong models install"):
        Recogniser(tmp_path / "nothing")


def test_a_model_without_grammars_is_refused(tmp_path: Path) -> None:
    """Vosk itself would crash."""
    for part in ("am/final.mdl", "conf/model.conf", "graph/HCLG.fst"):
        (tmp_path / part).parent.mkdir(exist_ok=True)
        (tmp_path / part).write_bytes(b"x")
    with pytest.raises(ModelError, match="free speech only"):
        Recogniser(tmp_path)
