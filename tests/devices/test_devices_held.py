"""A microphone that another program holds is named as held, at once."""

from __future__ import annotations

import ctypes
import os
import pty
import subprocess
import sys
from pathlib import Path

from virtual_sound import Pulse

# It reads from a terminal, because a terminal can be made the one thing here that has no second user (EBUSY).
DEVICE = 'pcm.desk {{ type file  slave.pcm {{ type pulse }}  file "/dev/null"  infile "{terminal}"  format "raw" }}'
OPEN = """
import fcntl, os, termios, time
from assistant.audio import portaudio
from assistant.audio.sound_card import SoundCard
from assistant.errors import AudioError

portaudio.library()  # lists the devices, while this one is still free
fcntl.ioctl(os.open(os.environ["TERMINAL"], os.O_RDWR | os.O_NOCTTY), termios.TIOCEXCL)
begun_s = time.monotonic()
try:
    SoundCard("desk")
except AudioError as error:
    print(error)
print(time.monotonic() - begun_s)
"""
PR_CAPBSET_DROP, CAP_SYS_ADMIN = 24, 21  # linux/prctl.h, linux/capability.h: who has it opens what is held


def test_a_microphone_that_another_program_holds_is_named_as_held_at_once(pulse: Pulse, tmp_path: Path) -> None:
    holder, side = pty.openpty()
    terminal = os.ttyname(side)
    (tmp_path / ".asoundrc").write_text(DEVICE.format(terminal=terminal))
    done = subprocess.run(
        [sys.executable, "-c", OPEN],
        env=pulse.env | {"HOME": str(tmp_path), "TERMINAL": terminal},
        preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    os.close(side)
    os.close(holder)
    told, took_s = done.stdout.splitlines()
    assert told.startswith('The microphone "desk" is held by another program; close that one, or choose another from')
    assert float(took_s) < 3
    assert done.stderr == ""
