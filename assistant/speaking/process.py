"""The parent's end of the speaking process: start it, ask it with a time limit, kill it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from assistant.errors import SpeakingError
from assistant.events import AudioClip
from assistant.speaking.wire import BrokenFrame, frame, read_frame, write_all

_END_LIMIT_S = 2.0
_BOOT = "import sys; sys.path.append(sys.argv.pop(1)); from assistant.speaking.worker import main; main(sys.argv[1:])"


class WorkerDied(Exception):  # noqa: N818 - it never leaves this package
    """The worker crashed, hung or answered nonsense; it has been killed. Another one may do better."""


def _scratch_file() -> IO[bytes]:
    """Where the worker's standard error goes, to be read when it dies; nowhere when the disk is full."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return Path(os.devnull).open("w+b")


class _TooSlow(BrokenFrame):
    pass


def worker_command(engine: str, voice: str) -> tuple[str, ...]:
    """How the speaking process for this engine and voice is started, from a checkout as from an installation."""
    root = Path(__file__).resolve().parents[2]
    # -P: whatever lies in the folder where Evensong was started must not be imported.
    return (sys.executable, "-P", "-c", _BOOT, str(root), engine, voice)


class Worker:
    """One speaking process. Used and ended by one thread; only `interrupt` may come from another."""

    def __init__(self, command: Sequence[str]) -> None:
        """Starts the process and returns at once; SpeakingError when it cannot be started."""
        self._stderr = _scratch_file()  # closed by kill
        try:
            # A group of its own: Ctrl-C in the terminal does not reach it, and what it forks is killed with it.
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
                process_group=0,
            )
        except OSError as error:
            self._stderr.close()
            raise SpeakingError(f"The speaking process cannot be started ({error}); see `evensong doctor`.") from None
        self.ready = False  # whether its voice is loaded, as far as it has been asked
        self._reaping = threading.Lock()
        self._gone = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def render(self, text: str, rate: float, start_limit_s: float, limit_s: float) -> AudioClip:
        """The clip for ``text``, after at most ``start_limit_s`` for loading and ``limit_s`` for rendering.

        Raises WorkerDied (the process is gone then) or SpeakingError with the engine's own sentence.
        """
        try:
            if not self.ready:
                self._receive(start_limit_s)
                self.ready = True
            assert self._process.stdin is not None
            write_all(self._process.stdin.fileno(), frame({"text": text, "rate": rate}))
            header, pcm = self._receive(limit_s)
            return AudioClip(np.frombuffer(pcm, "<i2"), int(header["rate_hz"]), text)
        except (BrokenFrame, OSError, KeyError, TypeError, ValueError) as error:
            reason = str(error) if isinstance(error, _TooSlow) else self._last_words() or str(error)
            self.kill()
            raise WorkerDied(reason) from None

    def interrupt(self) -> None:
        """Kills the process and all it forked, so that a `render` under way in another thread ends at once."""
        with self._reaping:
            if not self._gone:  # once reaped, its number may belong to somebody else
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Ends the process and all it forked, at once; nothing of it is left. Harmless when repeated."""
        self.interrupt()
        with self._reaping, contextlib.suppress(subprocess.TimeoutExpired):  # stuck in the kernel: it ends later
            self._process.wait(_END_LIMIT_S)
            self._gone = True
        for pipe in (self._process.stdin, self._process.stdout, self._stderr):
            if pipe is not None:
                pipe.close()

    def _receive(self, limit_s: float) -> tuple[dict[str, Any], bytes]:
        ends = time.monotonic() + limit_s
        header, pcm = read_frame(lambda count: self._exactly(count, ends))
        if "failed" in header:
            raise SpeakingError(str(header["failed"]))
        return header, pcm

    def _exactly(self, count: int, ends: float) -> bytes:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        parts = bytearray()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while len(parts) < count:
            if not poll.poll(max(0.0, ends - time.monotonic()) * 1000):
                raise _TooSlow("it did not answer in time")
            part = os.read(descriptor, count - len(parts))
            if not part:
                raise BrokenFrame("it ended without an answer")
            parts += part
        return bytes(parts)

    def _last_words(self) -> str:
        """The last line it wrote to standard error."""
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - 2000))
        lines = self._stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else ""
