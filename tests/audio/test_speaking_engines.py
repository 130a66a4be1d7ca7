"""Both engines through the real speaking process: heard back, levelled, repeatable, and not to be killed off."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soxr
import vosk

from assistant.errors import SpeakingError
from assistant.events import AudioClip
from assistant.speaking import Speaker, engines
from assistant.speaking.loudness import loudness_lufs

LIMIT_S = 60.0
BEDTIME = (
    "Let us take one slow breath together.",
    "Would you like to say one little thing that you are grateful for?",
    "Name one small thing that made you smile this week.",
    "I am listening. Take all the time you need.",
    "Good night. Sleep well, both of you.",
)
ENGINES = ("pyttsx3", "piper")


@pytest.fixture(scope="module", params=ENGINES)
def speaker(request: pytest.FixtureRequest) -> Iterator[Speaker]:
    with Speaker(request.param) as speaker:
        yield speaker


@pytest.fixture(scope="module")
def model(model_path: Path) -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(model_path))


def spoken(speaker: Speaker, text: str, rate: float = 1.0) -> AudioClip:
    clip = speaker.take(text, rate, timeout_s=LIMIT_S)
    assert clip is not None
    return clip


def plain(text: str) -> str:
    return re.sub(r"[^a-z ]", "", text.lower())


def heard(model: vosk.Model, clip: AudioClip, grammar: list[str] | None) -> str:
    quiet = np.zeros(8_000, np.int16)
    speech = soxr.resample(clip.samples.astype(np.float32), clip.rate_hz, 16_000).astype(np.int16)
    options = [json.dumps([*grammar, "[unk]"])] if grammar else []
    recogniser = vosk.KaldiRecognizer(model, 16_000, *options)
    recogniser.AcceptWaveform(np.concatenate([quiet, speech, quiet]).tobytes())
    return str(json.loads(recogniser.FinalResult())["text"])


def resident_kb(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1))  # type: ignore[union-attr]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def gone_within(pid: int, limit_s: float) -> bool:
    ends = time.monotonic() + limit_s
    while Path(f"/proc/{pid}").exists() and time.monotonic() < ends:
        time.sleep(0.02)
    return not Path(f"/proc/{pid}").exists()


def test_what_is_said_can_be_understood(speaker: Speaker, model: vosk.Model) -> None:
    grammar = [plain(text) for text in BEDTIME] if speaker.engine == "pyttsx3" else None
    understood = [heard(model, spoken(speaker, text), grammar) for text in BEDTIME]
    assert jiwer.wer([plain(text) for text in BEDTIME], understood) < 0.12


def test_every_clip_is_as_loud_and_closely_trimmed(speaker: Speaker) -> None:
    for text in (*BEDTIME, "Yes.", "Shh."):
        clip = spoken(speaker, text)
        samples = np.abs(clip.samples.astype(float)) / 32_768
        integrated, loudest = loudness_lufs(clip.samples / np.float32(32_768), clip.rate_hz)
        assert -22.5 < integrated < -20.5 or loudest > -17.5, text  # what is stressed is held down
        assert loudest < -16.5, text
        assert samples.max() <= 10 ** (-3 / 20), text
        sounding = np.flatnonzero(samples > 0.004) / clip.rate_hz
        assert sounding[0] < 0.08, text
        assert clip.duration_s - sounding[-1] < 0.15, text


def test_the_rate_stretches_and_shortens(speaker: Speaker) -> None:
    slow, calm, fast = (spoken(speaker, BEDTIME[1], rate).duration_s for rate in (0.7, 1.0, 1.6))
    assert slow / calm == pytest.approx(1 / 0.7, rel=0.12)
    assert fast / calm == pytest.approx(1 / 1.6, rel=0.12)
    words_per_minute = len(BEDTIME[2].split()) / spoken(speaker, BEDTIME[2]).duration_s * 60
    assert 140 < words_per_minute < 215


def test_the_same_words_are_the_same_samples_whatever_was_said_before(speaker: Speaker) -> None:
    first = [spoken(speaker, text).samples for text in BEDTIME]
    with Speaker(speaker.engine) as another:
        again = [spoken(another, text).samples for text in reversed(BEDTIME)][::-1]
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_a_worker_killed_while_it_renders_is_replaced_and_says_the_same(speaker: Speaker) -> None:
    text = BEDTIME[1]
    with Speaker(speaker.engine) as another:
        spoken(another, "Hello.")
        pid = another.worker_pid
        assert pid is not None
        another.begin(text)
        time.sleep(0.002)
        os.kill(pid, signal.SIGKILL)
        clip = spoken(another, text)
        if another.worker_pid == pid:  # it had answered just before
            another.begin("Hello again.")
        spoken(another, "Hello again.")
        assert another.worker_pid != pid
        assert gone_within(pid, 0.0)
    assert np.array_equal(clip.samples, spoken(speaker, text).samples)


@pytest.mark.parametrize(("engine", "utterances"), [("pyttsx3", 100), ("piper", 40)])
def test_many_utterances_do_not_make_it_grow(engine: str, utterances: int) -> None:
    with Speaker(engine, memory_bytes=100_000) as speaker:
        for text in BEDTIME:
            spoken(speaker, text)
        pid = speaker.worker_pid
        assert pid is not None
        before_kb, files = resident_kb(pid), open_files()
        for number in range(utterances):
            spoken(speaker, f"Number {number}.")
        assert speaker.worker_pid == pid
        assert resident_kb(pid) - before_kb < 3_000
        assert open_files() == files


def test_the_wait_for_what_is_at_hand_is_no_wait(speaker: Speaker) -> None:
    spoken(speaker, BEDTIME[0])
    before = time.perf_counter()
    for _ in range(50):
        assert speaker.take(BEDTIME[0]) is not None
    assert (time.perf_counter() - before) / 50 < 0.005


HOLDER = """
import sys, time
from assistant.speaking import Speaker
speaker = Speaker(sys.argv[1])
assert speaker.take("Good night.", timeout_s=60) is not None
heavy = {"onnxruntime", "piper", "pyttsx3"} & set(sys.modules)
print(speaker.worker_pid, *sorted(heavy), flush=True)
speaker.begin("A long sentence, " * 50)
time.sleep(60)
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_the_worker_ends_with_its_parent_which_loads_no_engine_itself(engine: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", HOLDER, engine],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with parent:
        assert parent.stdout is not None
        pid, *heavy = parent.stdout.readline().split()
        parent.kill()
    assert heavy == []
    assert gone_within(int(pid), 3.0)


def test_a_voice_that_does_not_exist_is_one_sentence() -> None:
    with Speaker("pyttsx3", voice="klingon-opera") as speaker, pytest.raises(SpeakingError) as error:
        spoken(speaker, "Hello.")
    assert "klingon-opera" in str(error.value)
    assert "evensong doctor" in str(error.value)


def test_every_voice_that_is_listed_can_be_chosen() -> None:
    (voices,) = [info.voices for info in engines() if info.name == "pyttsx3"]
    assert voices
    for voice in voices:
        with Speaker("pyttsx3", voice=voice) as speaker:
            assert spoken(speaker, "Hello.").duration_s > 0.2


@pytest.mark.parametrize(
    ("config", "content"), [(None, b"junk"), ("{}", b"junk"), ('{"num_symbols": 1', b""), ("valid", b"junk")]
)
def test_a_broken_piper_voice_is_one_sentence(tmp_path: Path, config: str | None, content: bytes) -> None:
    voice = tmp_path / "broken.onnx"
    voice.write_bytes(content)
    if config == "valid":
        config = '{"num_symbols": 9, "num_speakers": 1, "audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"}, '
        config += '"phoneme_id_map": {}}'
    if config is not None:
        voice.with_name("broken.onnx.json").write_text(config)
    with Speaker("piper", voice=str(voice)) as speaker, pytest.raises(SpeakingError) as error:
        spoken(speaker, "Hello.")
    assert str(voice) in str(error.value)
    assert "\n" not in str(error.value)


def test_auto_is_the_natural_voice_unless_the_voice_is_espeaks() -> None:
    assert Speaker("auto").engine == "piper"
    assert Speaker("auto", voice="en-gb").engine == "pyttsx3"
    assert Speaker("auto", voice="en_US-joe-medium").engine == "piper"
