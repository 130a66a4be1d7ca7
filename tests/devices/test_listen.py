"""`evensong listen` as a person runs it: a child process, a virtual microphone, a virtual loudspeaker.

The voice that speaks into the microphone is synthetic (Piper); everything else is the real thing in real time.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from virtual_sound import Pulse

from assistant.audio.playback import resampled
from assistant.config import Settings
from assistant.dialogue.lines import Lines
from assistant.dialogue.ritual import SayStep
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.recogniser import Recogniser
from assistant.loading.phrases import load_library
from assistant.speaking.piper_engine import PiperEngine

LIMIT_S = 45.0


class Listening:
    """The child process, and the log lines it has written so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def wait_for(self, text: str, after: int = 0) -> int:
        """The number of the first line from ``after`` on that holds ``text``; fails when it does not come."""
        deadline_s = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline_s:
            for number, line in enumerate(self.lines[after:], start=after):
                if text in line:
                    return number
            time.sleep(0.05)
        pytest.fail(f"no {text!r} in {LIMIT_S:.0f} s; the log:\n" + "\n".join(self.lines))

    def end(self, number: int) -> float:
        """Send a signal; the seconds until the process has ended."""
        began_s = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(10)
        self._thread.join(5)
        return time.monotonic() - began_s


@contextmanager
def listening(pulse: Pulse, home: Path, models: Path, *more: str) -> Iterator[Listening]:
    config = home / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(f'[paths]\nmodels = "{models}"\n[household]\npeople = ["Ana"]\n[page]\nport = 0\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "listen", "--plain", *more],
        env=pulse.env | {"EVENSONG_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    child = Listening(process)
    try:
        yield child
    finally:
        if process.poll() is None:
            child.end(signal.SIGKILL)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="module")
def voice() -> PiperEngine:
    return PiperEngine()


def spoken(voice: PiperEngine, *texts: str) -> Samples:
    silence = np.zeros(SAMPLE_RATE_HZ // 2, np.int16)
    clips = [voice.render(text, rate=1.15) for text in texts]
    return np.concatenate(
        [silence, *[resampled(clip.samples, clip.rate_hz, SAMPLE_RATE_HZ) for clip in clips], silence]
    )


def best_heard(lines: Lines, heard: list[str]) -> float:
    """Of the line of which most was heard: the part of its words. Which of them is said is the evening's matter."""
    assert isinstance(lines, tuple)
    firsts = [line if isinstance(line, str) else str(line[0]) for line in lines]
    sentences = [re.findall(r"[a-z']+", first.lower()) for first in firsts]
    return max(sum(word in heard for word in words) / len(words) for words in sentences)


def test_it_is_woken_leads_and_ends_cleanly(pulse: Pulse, tmp_path: Path, model_path: Path, voice: PiperEngine) -> None:
    with listening(pulse, tmp_path, model_path.parent) as child, pulse.recording() as loudspeaker:
        child.wait_for("waiting for the wake phrase")
        time.sleep(1.0)
        pulse.speak(spoken(voice, "Hey Evensong. Gratitude time.")).wait(30)
        opened = child.wait_for("gratitude begins")
        first = child.wait_for("speaking", opened)
        child.wait_for("speaking", first + 1)  # the first sentence has sounded whole
        pulse.speak(spoken(voice, "Stop.")).wait(30)
        child.wait_for("ritual stopped", opened)
        asleep = child.wait_for("waiting for the wake phrase", opened)
        time.sleep(4.0)
        assert asleep
        assert child.end(signal.SIGTERM) < 1.0
        assert child.process.returncode == 0
        assert not any("Traceback" in line for line in child.lines)
    decoder = Recogniser(model_path).free()
    decoder.accept(loudspeaker.samples)
    heard = decoder.finish()[0].text.split()
    library, _ = load_library(Settings())
    opening = library.rituals["gratitude"].steps[0]
    assert isinstance(opening, SayStep)
    assert best_heard(opening.lines, heard) >= 0.5
    assert best_heard(library.prompts.session.stopped_at_once, heard) >= 0.5


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_ctrl_c_in_the_middle_keeps_what_was_said_and_it_offers_to_go_on(
    pulse: Pulse, tmp_path: Path, model_path: Path, voice: PiperEngine
) -> None:
    """Also with the page open in a browser, which holds up nothing."""
    with listening(pulse, tmp_path, model_path.parent, "--page") as child:
        child.wait_for("waiting for the wake phrase")
        page = child.lines[child.wait_for("the page: ")].removeprefix("the page: ")
        stream = urllib.request.urlopen(f"{page}api/live", timeout=LIMIT_S)
        assert b"running" in stream.readline() + stream.readline()
        time.sleep(1.0)
        pulse.speak(spoken(voice, "Hey Evensong. Start the mood check.")).wait(30)
        child.wait_for("mood begins")
        child.wait_for("speaking")
        time.sleep(6.0)
        pulse.speak(spoken(voice, "Seven.")).wait(30)
        child.wait_for("kept an answer")
        with urllib.request.urlopen(f"{page}api/journal", timeout=LIMIT_S) as journal:
            assert b'"number":7.0' in journal.read()
        assert child.end(signal.SIGINT) < 1.0
        stream.close()
    with closing(sqlite3.connect(tmp_path / "data" / "journal.sqlite")) as db:
        assert db.execute("SELECT number FROM entries").fetchall() == [(7.0,)]
    with listening(pulse, tmp_path, model_path.parent) as child:
        child.wait_for("waiting for the wake phrase")
        time.sleep(1.0)
        pulse.speak(spoken(voice, "Hey Evensong.")).wait(30)
        woken = child.wait_for("woken")
        child.wait_for("speaking", woken)  # "shall we go on?"
        time.sleep(5.0)
        pulse.speak(spoken(voice, "Yes, please.")).wait(30)
        agreed = child.wait_for("(an answer)", woken)
        child.wait_for("speaking", agreed)
        child.end(signal.SIGTERM)


def test_without_a_microphone_it_says_so_in_one_sentence(tmp_path: Path, model_path: Path) -> None:
    nowhere = os.environ | {"PULSE_SERVER": f"unix:{tmp_path}/none", "XDG_RUNTIME_DIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-m", "assistant", "listen", "--plain"],
        env=nowhere | {"EVENSONG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("evensong: ")
    assert len(result.stderr.strip().splitlines()) == 1
    assert "microphone" in result.stderr
