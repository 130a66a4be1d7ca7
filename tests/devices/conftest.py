"""The sound server that all device tests share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from virtual_sound import Pulse

from assistant.audio import portaudio


@pytest.fixture(scope="session")
def pulse() -> Iterator[Pulse]:
    """The server, also set as this process's own; PortAudio's default devices are its virtual ones."""
    # A Unix socket's path must be short: not below pytest's own temporary folder.
    with tempfile.TemporaryDirectory(prefix="even") as folder, pytest.MonkeyPatch.context() as patch:
        server = Pulse(Path(folder))
        server.start()
        for name in ("XDG_RUNTIME_DIR", "PULSE_SERVER"):
            patch.setenv(name, server.env[name])
        portaudio.look_again()
        try:
            yield server
        finally:
            server.kill()
