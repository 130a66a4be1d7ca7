"""What each sensitivity makes of what the two looks found, and which talk the background is made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.events import Samples
from benchmarks.background import Texts
from benchmarks.wake_background import Part, hear
from benchmarks.wake_listening import Listened, Look, woken


@pytest.mark.parametrize(("sensitivity", "count"), [(0.0, 0), (0.25, 1), (0.5, 2), (1.0, 3)])
def test_a_look_wakes_where_one_of_its_figures_is_enough(sensitivity: float, count: int) -> None:
    looks = [Look(1.0, posterior=0.6), Look(5.0, posterior=0.75), Look(9.0, lead=2.5)]
    assert len(woken(looks, sensitivity)) == count


def test_two_looks_at_one_call_count_once() -> None:
    assert woken([Look(1.0, posterior=0.9), Look(1.1, lead=3.0), Look(4.0, posterior=0.9)], 0.5) == [1.0, 4.0]


def test_made_talk_never_holds_the_phrase() -> None:
    texts = Texts(
        ("a smart mirror", "a mirror"), ("the {thing}, smart mirror",), {"thing": ("lamp",)}, ("smart mirror",)
    )
    rng = np.random.default_rng(1)
    assert {texts.line(rng) for _ in range(50)} == {"a mirror"}


class Ears:
    """Finds one look in everything."""

    def __init__(self) -> None:
        self.heard = 0

    def listen(self, sound: Samples) -> Listened:
        self.heard += 1
        return Listened({"hey evensong": [Look(1.0, lead=2.0)]}, 0.1, {"hey evensong": 0.2}, 0.5)


def test_a_part_is_heard_once(tmp_path: Path) -> None:
    ears = Ears()
    parts = [Part("made-1-000", False, lambda: np.zeros(16_000, np.int16))]
    first = list(hear(parts, ["hey evensong"], ears, tmp_path))
    assert list(hear(parts, ["hey evensong"], ears, tmp_path)) == first
    assert ears.heard == 1
    assert first[0].listened.looks["hey evensong"] == [Look(1.0, lead=2.0)]
    list(hear(parts, ["hey evensong", "smart mirror"], ears, tmp_path))
    assert ears.heard == 2
