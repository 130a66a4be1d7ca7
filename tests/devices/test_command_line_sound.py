"""Bad input as a person meets it, where recordings, the speech model and the sound card are concerned.

And what ends: Ctrl-C in the middle leaves no process, no temporary file and no half file, and nothing here ever opens
a connection to anywhere.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from command_line import LIMIT_S, Home
from virtual_sound import Pulse

from assistant.audio.files import write_wav
from assistant.audio.playback import resampled
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.speaking.piper_engine import PiperEngine

WORDS = {"good", "evening", "everybody", "today", "was", "a", "long", "day"}
# Remembers and refuses every attempt to reach or await another machine, in the command and in every Python process
# that it starts. One thing is let pass: Vosk imports requests, which asks by binding to itself whether there is IPv6.
GUARD = """
import os, sys
REACHING = {"connect", "bind", "getaddrinfo", "gethostbyname", "gethostbyaddr", "sendto", "sendmsg"}
def guard(event, args):
    place, _, what = event.partition(".")
    if place == "socket" and what in REACHING and (what, args[1:]) != ("bind", (("::1", 0),)):
        with open(os.environ["GUARD_LOG"], "a") as log:
            print(event, args[1:], file=log)
        raise RuntimeError("this program reaches for the network")
sys.addaudithook(guard)
with open(os.environ["GUARD_LOG"], "a") as log:
    print("guarded", file=log)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="module")
def sentence() -> Samples:
    clip = PiperEngine().render("Good evening, everybody. Today was a long day.")
    return resampled(clip.samples, clip.rate_hz, SAMPLE_RATE_HZ)


# --- recordings ----------------------------------------------------------------------------------------


def written_in_every_way(folder: Path, sentence: Samples) -> list[Path]:
    at_8 = resampled(sentence, SAMPLE_RATE_HZ, 8_000)
    at_44 = resampled(sentence, SAMPLE_RATE_HZ, 44_100)
    soundfile.write(folder / "stereo-24.wav", np.stack([at_44, at_44], axis=1), 44_100, subtype="PCM_24")
    soundfile.write(folder / "telephone.wav", at_8, 8_000)
    soundfile.write(folder / "float.wav", sentence / 32_768, SAMPLE_RATE_HZ, subtype="FLOAT")
    return [folder / name for name in ("stereo-24.wav", "telephone.wav", "float.wav")]


def test_recordings_of_every_kind_are_understood_and_a_broken_off_one_as_far_as_it_goes(
    home: Home, sentence: Samples
) -> None:
    paths = written_in_every_way(home.folder, sentence)
    cut = home.folder / "cut.wav"
    write_wav(cut, sentence)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    done = home.run("transcribe", *paths, cut, "--json")
    assert done.code == 0
    heard = [set(json.loads(line)["text"].split()) for line in done.out.splitlines()]
    assert all(len(words & WORDS) >= 6 for words in heard[:3]), heard
    assert 2 <= len(heard[3] & WORDS) < len(WORDS)
    assert done.err.startswith(f"evensong: {cut} breaks off: its last ")
    assert len(done.err.splitlines()) == 1
    for path in (paths[0], cut):
        again = home.run("replay", path, "--json", "--out", home.folder / "answer.wav")
        assert again.code == 0
        assert ("breaks off" in again.err) is (path == cut)
        assert all(json.loads(line)["type"] for line in again.out.splitlines())
    assert soundfile.info(home.folder / "answer.wav").channels == 2


def test_what_is_no_recording(home: Home) -> None:
    (home.folder / "empty.wav").touch()
    (home.folder / "diary.wav").write_text("My dear diary,\n" * 100)
    for name, told in (
        ("empty.wav", "is empty (0 bytes); record it again."),
        ("diary.wav", "is not audio that can be read; give a WAV or FLAC file."),
        ("nowhere.wav", "does not exist; check the name."),
        ("", "is a folder; name an audio file in it."),
    ):
        done = home.run("transcribe", home.folder / name)
        assert told in done.refusal(1)
        assert done.out == ""
    assert "is empty" in home.run("replay", home.folder / "empty.wav", "--out", home.folder / "answer.wav").refusal(1)
    assert home.files() == {"empty.wav", "diary.wav"}


# --- the model and the sound card ----------------------------------------------------------------------


def test_a_missing_or_broken_model(home: Home, model_path: Path, sentence: Samples) -> None:
    recording = home.folder / "sentence.wav"
    write_wav(recording, sentence)
    models = home.folder / "models"
    models.mkdir()
    home.settings(f'[paths]\nmodels = "{models}"\n')
    told = f"The speech model small-en-us is not installed in {models}; run `evensong models install small-en-us`."
    assert home.run("transcribe", recording).refusal(1) == told
    assert home.run("replay", recording).refusal(1) == told
    shutil.copytree(model_path, models / model_path.name)
    weights = models / model_path.name / "am" / "final.mdl"
    whole = weights.read_bytes()
    # One bit in the weights: Vosk would load it, and hear something else.
    weights.write_bytes(whole[:9_000_000] + bytes([whole[9_000_000] ^ 64]) + whole[9_000_001:])
    told = f"{weights} is corrupt; run `evensong models install small-en-us`."
    assert home.run("transcribe", recording).refusal(1) == told
    assert home.run("replay", recording).refusal(1) == told
    assert home.run("models", "verify").refusal(1) == told
    weights.write_bytes(whole[:-1000])
    assert f"{weights} is missing or cut short; run" in home.run("transcribe", recording).refusal(1)
    assert home.processes() == []


def test_a_wake_phrase_that_cannot_be_heard(home: Home, sentence: Samples) -> None:
    write_wav(home.folder / "sentence.wav", sentence)
    home.settings('[wake]\nphrase = "hey evensongg"\n')
    told = home.run("replay", home.folder / "sentence.wav").refusal(1)
    assert 'the speech model does not know "evensongg". It knows ' in told
    assert "evensong" in told.partition("It knows")[2]
    assert told.endswith("Set wake.phrase to words that it knows.")


def test_listen_with_an_unknown_microphone_or_without_a_model(home: Home, pulse: Pulse) -> None:
    sound = {name: pulse.env[name] for name in ("XDG_RUNTIME_DIR", "PULSE_SERVER")}
    sound["PULSE_COOKIE"] = str(home.folder / "cookie")
    told = home.run("listen", "--plain", "--microphone", "Golden Ear", environment=sound).refusal(1)
    assert told == (
        'No microphone has "Golden Ear" in its name; `evensong devices` lists those there are, without any that'
        " another program holds."
    )
    home.settings(f'[paths]\nmodels = "{home.folder}"\n')
    told = home.run("listen", "--plain", environment=sound).refusal(1)
    assert "is not installed in" in told
    assert home.processes() == []


def test_without_a_sound_card(home: Home) -> None:
    assert "No microphone was found" in home.run("listen", "--plain").refusal(1)
    assert "No loudspeaker was found" in home.run("say", "Good night.").refusal(1)
    assert home.processes() == []


# --- ending --------------------------------------------------------------------------------------------


def until(true: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


def ended(process: subprocess.Popen[bytes], number: int, home: Home) -> tuple[int, str]:
    """Send a signal; the exit code and standard error. Fails when it takes long or leaves something behind."""
    began_s = time.monotonic()
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
    assert time.monotonic() - began_s < 5.0
    until(lambda: not home.processes())
    assert list(home.scratch.iterdir()) == []
    return process.returncode, err.decode()


@pytest.fixture
def long_recording(home: Home) -> Iterator[Path]:
    path = home.folder / "night.wav"
    write_wav(path, np.random.default_rng(1).normal(0, 300, SAMPLE_RATE_HZ * 1200).astype(np.int16))
    yield path
    path.unlink()


def test_ctrl_c_while_typing_keeps_what_was_said(home: Home) -> None:
    process = home.start("text")
    assert process.stdin is not None
    process.stdin.write(b"gratitude time\nAna\n")
    process.stdin.flush()
    home.wait_for_session()
    assert ended(process, signal.SIGINT, home) == (0, "")
    assert json.loads(home.run("journal", "list", "--json").out)["people"] == ["Ana"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_replay_writes_nothing(home: Home, long_recording: Path, number: int, code: int) -> None:
    answer = home.folder / "answer.wav"
    process = home.start("replay", long_recording, "--json", "--out", answer)
    assert process.stdout is not None
    assert b"Listen" in process.stdout.readline()
    assert ended(process, number, home) == (code, "")
    assert not answer.exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_at_the_start(home: Home, long_recording: Path, number: int, code: int) -> None:
    process = home.start("replay", long_recording)
    until(lambda: len(home.processes()) > 1)  # the speaking process is there, its voice is being loaded
    assert ended(process, number, home) == (code, "")


def test_an_interrupted_demo_writes_nothing(home: Home) -> None:
    process = home.start("demo", "--out", home.folder / "evening.wav", "--transcript", home.folder / "evening.md")
    assert process.stdout is not None
    assert process.stdout.readline()
    assert ended(process, signal.SIGINT, home) == (130, "")
    assert home.files() == set()


# --- privacy -------------------------------------------------------------------------------------------


def test_nothing_ever_reaches_for_the_network(home: Home, sentence: Samples) -> None:
    recording = home.folder / "sentence.wav"
    write_wav(recording, sentence)
    (home.folder / "guard").mkdir()
    (home.folder / "guard" / "sitecustomize.py").write_text(GUARD)
    log = home.folder / "log"
    guarded = {"PYTHONPATH": str(home.folder / "guard"), "GUARD_LOG": str(log)}
    assert home.run("text", given=b"gratitude time\nAna\nthe sea\nstop\n", environment=guarded).code == 0
    assert home.run("replay", recording, environment=guarded).code == 0
    assert home.run("say", "Good night.", "--out", home.folder / "night.wav", environment=guarded).code == 0
    # Three commands, and the speaking processes of two of them.
    assert log.read_text().splitlines() == ["guarded"] * 5


def test_the_guard_would_notice(home: Home) -> None:
    (home.folder / "sitecustomize.py").write_text(GUARD)
    log = home.folder / "log"
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    guarded = {"PYTHONPATH": str(home.folder), "GUARD_LOG": str(log)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=home.environment | guarded, capture_output=True, check=False
    )
    assert b"reaches for the network" in done.stderr
    assert len(log.read_text().splitlines()) == 2
