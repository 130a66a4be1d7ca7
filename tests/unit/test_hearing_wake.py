"""The wake phrase: refused with advice when it cannot be heard, and looked at twice before it counts."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest
from hearing_fakes import FakeDecoder, FakeRecogniser, sound

from assistant.errors import HearingError
from assistant.events import Samples
from assistant.hearing.vocabulary import near_words, vocabulary
from assistant.hearing.wake.phrase import Spotter, WakePhrase
from assistant.hearing.wake.spelling import spelling

BLOCK = 512


def spotted_s(samples: Samples, decoder: FakeDecoder, quiet_after_s: float = 99.0) -> list[float]:
    """Where the phrase ended, each time that it was spotted."""
    spotter = Spotter((spelling("hey evensong"),), decoder)
    spotter.reset(0.0)
    ends = []
    for place in range(0, len(samples), BLOCK):
        spotter.accept(samples[place : place + BLOCK])
        now_s = (place + BLOCK) / 16_000
        end_s = spotter.check(now_s, max(0.0, now_s - quiet_after_s))
        if end_s is not None:
            ends.append(end_s)
    return ends


def everything() -> FakeDecoder:
    return FakeDecoder(None)


def test_spotted_with_the_end_of_the_phrase() -> None:
    assert spotted_s(sound(0.5, "hey", "evensong", 1.0), everything(), 1.1) == [pytest.approx(1.1, abs=0.001)]


def test_spotted_while_talk_goes_on() -> None:
    samples = sound("my", "hey", "evensong", "gratitude", "time")
    assert spotted_s(samples, everything()) == [pytest.approx(0.9, abs=0.001)]


@pytest.mark.parametrize("words", [("hey",), ("evensong",), ("evensong", "hey"), ("hey", "even", "song")])
def test_parts_and_other_orders_do_not_count(words: Sequence[str]) -> None:
    assert spotted_s(sound(*words, 1.0), everything()) == []


def test_the_second_look_refuses_an_unsure_phrase() -> None:
    assert spotted_s(sound("hey", "evensong", 1.0), FakeDecoder(None, posterior=0.5)) == []


def test_the_second_look_refuses_a_phrase_too_short_to_be_said() -> None:
    assert spotted_s(sound("hey:0.06", "evensong:0.06", 1.0), everything()) == []


def test_the_second_look_refuses_a_word_drawn_out_too_long() -> None:
    assert spotted_s(sound("hey:2.0", "evensong", 1.0), everything()) == []


def test_capitals_and_spaces_in_the_setting_do_not_matter() -> None:
    assert WakePhrase("  Hey  Evensong ", FakeRecogniser()).phrase == "hey evensong"


def test_an_empty_phrase_is_refused() -> None:
    with pytest.raises(HearingError, match=r"wake\.phrase"):
        WakePhrase("  ", FakeRecogniser())


def test_an_unknown_word_is_named_with_near_ones(tmp_path: Path) -> None:
    recogniser = FakeRecogniser()
    recogniser.model_path = tmp_path
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "words.txt").write_text("<eps> 0\never 1\nsong 2\nevensong 3\nmirror 4\n", "utf-8")
    with pytest.raises(HearingError, match=r'"eversong".*ever song.*evensong'):
        WakePhrase("hey eversong", recogniser)


def test_words_are_read_out_of_a_compiled_language_model(tmp_path: Path) -> None:
    words = ["<eps>", "!SIL", "evensong", "gratitude", "#0"]
    table = b"".join(
        struct.pack("<i", len(word)) + word.encode() + struct.pack("<q", n) for n, word in enumerate(words)
    )
    name = b"words.txt"
    header = struct.pack("<ii", 2125658996, len(name)) + name + struct.pack("<qq", len(words), len(words))
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "Gr.fst").write_bytes(b"some header" + header + table + b"the graph")
    assert vocabulary(tmp_path) == ("evensong", "gratitude")


@pytest.mark.parametrize("data", [b"", b"nothing of the kind", struct.pack("<iiqq", 2125658996, 0, 9, 9)])
def test_an_unreadable_language_model_only_costs_the_advice(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "Gr.fst").write_bytes(data)
    assert vocabulary(tmp_path) == ()
    recogniser = FakeRecogniser()
    recogniser.model_path = tmp_path
    with pytest.raises(HearingError, match="eversong"):
        WakePhrase("eversong", recogniser)


def test_near_words() -> None:
    known = ("ever", "song", "evensong", "everton", "mirror")
    assert near_words("eversong", known)[0] == "ever song"
    assert "evensong" in near_words("eversong", known)
