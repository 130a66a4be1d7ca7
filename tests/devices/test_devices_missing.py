"""Machines without sound: each says in one sentence what to do, and nothing else is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OPEN = """
from assistant.audio.sound_card import SoundCard, level_check
from assistant.errors import AudioError
for attempt in (lambda: SoundCard("Golden Ear"), lambda: level_check(0.1, "Golden Ear")):
    try:
        print(attempt())
    except AudioError as error:
        print(error)
"""
WITHOUT_PORTAUDIO = "import ctypes.util; ctypes.util.find_library = lambda name: None\n"


def lines_of(code: str, folder: Path) -> list[str]:
    nowhere = {"XDG_RUNTIME_DIR": str(folder), "PULSE_SERVER": f"unix:{folder}/nobody"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | nowhere,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_without_a_microphone(tmp_path: Path) -> None:
    for line in lines_of(OPEN, tmp_path):
        # A machine with a real sound card has one all the same, but not of this name.
        assert line.startswith("No microphone ")
        assert "`evensong devices`" in line


def test_without_portaudio(tmp_path: Path) -> None:
    lines = lines_of(WITHOUT_PORTAUDIO + OPEN, tmp_path)
    assert len(lines) == 2
    for line in lines:
        assert line.startswith(
            "The sound library PortAudio is missing; install it with `sudo apt install libportaudio2"
        )
