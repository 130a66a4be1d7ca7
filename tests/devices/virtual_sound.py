"""A PulseAudio server with virtual devices: what is played into the sink "room" is heard by the microphone, what
Evensong plays into the sink "speaker" can be recorded. A missing server fails the tests, it does not skip them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.audio.files import read_recording, write_wav
from assistant.events import SAMPLE_RATE_HZ, Samples

# 16 kHz mono, so that what is heard is what was spoken, sample by sample. An idle null sink sleeps for up to two
# seconds; recorders that nobody reads (`_wake`) keep them awake.
SETUP = """
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
load-module module-null-sink sink_name=room rate=16000 channels=1 format=s16le
load-module module-null-sink sink_name=speaker rate=16000 channels=1 format=s16le
set-default-source room.monitor
set-default-sink speaker
"""
SERVER = (
    *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--system=no", "--exit-idle-time=-1"),
    *("--realtime=no", "--high-priority=no", "--disable-shm=yes"),
)
PAREC = ("parec", "--raw", "--format=s16le", "--channels=1")

# A null sink swallows the first 10 ms of a stream.
LEAD_IN = np.zeros(SAMPLE_RATE_HZ // 10, np.int16)


class Recorder:
    """What a sink plays: int16 mono at 16 kHz, each block with the moment of its arrival."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.blocks: list[tuple[float, Samples]] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        rest = b""
        while data := self._process.stdout.read1(4096):
            rest += data
            whole = len(rest) - len(rest) % 2
            self.blocks.append((time.monotonic(), np.frombuffer(rest[:whole], np.int16)))
            rest = rest[whole:]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(5)
        self._thread.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def samples(self) -> Samples:
        return np.concatenate([np.zeros(0, np.int16), *[block for _, block in self.blocks]])

    def last_sound_s(self, above: int = 500) -> float:
        """When (monotonic clock) the last block that was not silent arrived."""
        return max(at_s for at_s, block in self.blocks if np.abs(block.astype(int)).max() > above)


class Pulse:
    """The server. ``env`` is the environment in which a child process finds it and its devices."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "native"
        self.env = os.environ | {
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PULSE_SERVER": f"unix:{self.socket}",
        }
        self._folder = folder
        self._setup = folder / "setup.pa"
        self._setup.write_text(SETUP.format(socket=self.socket))
        self._server: subprocess.Popen[bytes] | None = None
        self._wakers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [*SERVER, "-F", str(self._setup)],
                env=self.env,
                stdout=log,
                stderr=log,
            )
        deadline_s = time.monotonic() + 10
        while subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False).returncode:
            if time.monotonic() > deadline_s or self._server.poll() is not None:
                pytest.fail(f"PulseAudio does not start:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.05)
        self._wake("room")
        self._wake("speaker")

    def kill(self) -> None:
        """As when the server crashes."""
        assert self._server is not None
        self._server.send_signal(signal.SIGKILL)
        self._server.wait(5)
        for waker in self._wakers:
            waker.terminate()
            waker.wait(5)
        self._wakers.clear()
        self.socket.unlink(missing_ok=True)

    def stand_still(self) -> None:
        """As when the whole machine sleeps, or the server hangs, until `go_on`."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT)

    def remove_sink(self, sink: str) -> None:
        """Take the sink ``sink`` and its monitor away."""
        for listed in self._listed("sinks"):
            if listed["name"] == sink:
                self.control("unload-module", str(listed["owner_module"]))

    def move_microphone(self, pid: int, source: str) -> None:
        """Let the process ``pid`` hear ``source`` from now on."""
        for stream in self._listed("source-outputs"):
            if stream["properties"].get("application.process.id") == str(pid):
                self.control("move-source-output", str(stream["index"]), source)

    def _listed(self, what: str) -> list[dict[str, Any]]:
        command = ["pactl", "--format=json", "list", what]
        told = subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout
        listed: list[dict[str, Any]] = json.loads(told)
        return listed

    def add_sink(self, name: str, rate_hz: int, channels: int) -> None:
        self.control("load-module", "module-null-sink", f"sink_name={name}", f"rate={rate_hz}", f"channels={channels}")
        self._wake(name)

    def control(self, *command: str) -> None:
        subprocess.run(["pactl", *command], env=self.env, check=True, capture_output=True, timeout=10)

    def speak(self, sound: Samples | Path, sink: str = "room") -> subprocess.Popen[bytes]:
        """Begin to play ``sound`` (16 kHz, or a file) before the virtual microphone; the child ends with it."""
        samples = read_recording(sound) if isinstance(sound, Path) else sound
        path = self._folder / f"spoken-{time.monotonic_ns()}.wav"
        write_wav(path, np.concatenate([np.zeros((len(LEAD_IN), *samples.shape[1:]), np.int16), samples]))
        return subprocess.Popen(["paplay", f"--device={sink}", "--latency-msec=200", str(path)], env=self.env)

    @contextmanager
    def recording(self, sink: str = "speaker") -> Iterator[Recorder]:
        """Record what ``sink`` plays."""
        recorder = Recorder(
            subprocess.Popen(
                [*PAREC, f"--rate={SAMPLE_RATE_HZ}", "--latency-msec=5", f"--device={sink}.monitor"],
                env=self.env,
                stdout=subprocess.PIPE,
            )
        )
        try:
            deadline_s = time.monotonic() + 5
            while not recorder.blocks:
                assert time.monotonic() < deadline_s, "the virtual loudspeaker gives nothing to record"
                time.sleep(0.01)
            yield recorder
        finally:
            recorder.close()

    def _wake(self, sink: str) -> None:
        self._wakers.append(
            subprocess.Popen(
                [*PAREC, "--latency-msec=20", f"--device={sink}.monitor"],
                env=self.env,
                stdout=subprocess.DEVNULL,
            )
        )
