"""One evening of `evensong listen` in which everything happens to its devices that can, in the middle of a ritual.

Noticed within 1.5 s, back within 3 s of the device's return, told once each, and the ritual goes on where it was. All
the while other programs record the same devices.
"""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from test_listen import Listening, listening, spoken
from virtual_sound import Pulse

from assistant.audio.line import SETTLE_S
from assistant.events import Samples
from assistant.speaking.piper_engine import PiperEngine

NOTICED_S = 1.5
BACK_S = 3.0
BUSY_S = 0.7  # for a machine that does other things as well
OVERFLOW_S = 1.3  # in which the program takes no sound and gives none
UNDERRUN_S = 0.6  # in which the server does; too short to be a loss
HELD_S = 1.0  # longer than opening takes
LOST, BACK = "sound device lost", "sound device back"


class Evening:
    """The child process in its room, and the troubles of its devices. ``softer`` asks for a softer voice."""

    def __init__(self, pulse: Pulse, child: Listening, softer: Samples) -> None:
        self.pulse = pulse
        self.child = child
        self._softer = softer

    @contextmanager
    def without(self, take: Callable[[], None]) -> Iterator[None]:
        """A device is taken away by ``take``; at the end it is there again."""
        lines, gone_s = len(self.child.lines), time.monotonic()
        take()
        self.child.wait_for(LOST, lines)
        assert time.monotonic() - gone_s < NOTICED_S + BUSY_S
        yield
        there_s = time.monotonic()
        self.child.wait_for(BACK, lines)
        assert time.monotonic() - there_s < BACK_S + BUSY_S
        time.sleep(SETTLE_S)
        assert [self.losses(lines), self.told(BACK, lines)] == [1, 1], self.child.lines[lines:]

    def losses(self, after: int) -> int:
        return self.told(LOST, after)

    def told(self, text: str, after: int) -> int:
        return sum(text in line for line in self.child.lines[after:])

    def is_heard(self, sink: str = "room") -> None:
        """Somebody wants a softer voice, and is understood: also over the voice, before its echo is known."""
        lines = len(self.child.lines)
        self.pulse.speak(self._softer, sink).wait(10)
        self.child.wait_for("(quieter)", lines)
        self.child.wait_for("speaking", lines)


def plug_in(pulse: Pulse, rate_hz: int, channels: int) -> None:
    """As a headset that comes back with another profile."""
    pulse.add_sink("room", rate_hz, channels)
    pulse.add_sink("speaker", rate_hz, channels)
    pulse.control("set-default-source", "room.monitor")
    pulse.control("set-default-sink", "speaker")


def unplug(pulse: Pulse) -> None:
    pulse.remove_sink("room")
    pulse.remove_sink("speaker")


def hold(pulse: Pulse, *sinks: str) -> None:
    """As when another program takes the device for itself alone: the server lets go of it, and streams stand still."""
    for sink in sinks:
        pulse.control("suspend-sink", sink, "1")


def let_go(pulse: Pulse, sink: str) -> None:
    pulse.control("suspend-sink", sink, "0")


@pytest.fixture
def changed(pulse: Pulse) -> Iterator[Pulse]:
    """The server, put back afterwards as it was for the others."""
    try:
        yield pulse
    finally:
        pulse.kill()
        pulse.start()


def test_a_ritual_goes_on_whatever_happens_to_the_devices(changed: Pulse, tmp_path: Path, model_path: Path) -> None:
    pulse, voice = changed, PiperEngine()
    begin, answer = spoken(voice, "Hey Evensong. Start the mood check."), spoken(voice, "Seven.")
    with listening(pulse, tmp_path, model_path.parent) as child:
        evening = Evening(pulse, child, spoken(voice, "Quieter please."))
        child.wait_for("waiting for the wake phrase")
        time.sleep(1.0)
        pulse.speak(begin).wait(30)
        child.wait_for("mood begins")
        child.wait_for("speaking")
        with evening.without(pulse.kill):  # in the middle of its sentence
            pulse.start()
        lines = len(child.lines)
        with evening.without(lambda: hold(pulse, "room", "speaker")):
            let_go(pulse, "room")
            time.sleep(HELD_S)
            assert evening.told(BACK, lines) == 0, "nobody hears it yet"
            let_go(pulse, "speaker")
        with evening.without(pulse.stand_still):
            pulse.go_on()
        with evening.without(lambda: unplug(pulse)):
            plug_in(pulse, 48_000, 2)
        evening.is_heard()
        lines = len(child.lines)
        pulse.add_sink("other", 44_100, 2)
        pulse.move_microphone(child.process.pid, "other.monitor")
        child.process.send_signal(signal.SIGSTOP)
        time.sleep(OVERFLOW_S)
        child.process.send_signal(signal.SIGCONT)
        pulse.stand_still()
        time.sleep(UNDERRUN_S)
        pulse.go_on()
        evening.is_heard("other")
        for _ in range(4):  # until the question has been asked to its end
            time.sleep(3.0)
            pulse.speak(answer, "other").wait(30)
            if evening.told("kept an answer", lines):
                break
        child.wait_for("kept an answer", lines)
        assert evening.losses(lines) == 0, child.lines[lines:]
        assert child.end(signal.SIGINT) < 1.0
    with closing(sqlite3.connect(tmp_path / "data" / "journal.sqlite")) as db:
        assert db.execute("SELECT number FROM entries").fetchall() == [(7.0,)]
