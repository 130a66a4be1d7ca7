"""The doctor's lines. The checks run as a command of their own: what they open or load cannot touch an evening."""

from __future__ import annotations

import asyncio
import json
import sys

from starlette.requests import Request
from starlette.routing import Route

from assistant import config
from assistant.errors import PageError
from assistant.page.asked import route

LIMIT_S = 120.0
COMMAND = (sys.executable, "-m", "assistant", "--config", "/dev/stdin", "doctor", "--json")


class DoctorView:
    def __init__(self, settings: config.Settings) -> None:
        self._settings = config.as_toml(settings).encode()
        self._running = asyncio.Lock()

    def routes(self) -> list[Route]:
        return [route("/api/doctor", self._examine, "POST")]

    async def _examine(self, _: Request) -> object:
        if self._running.locked():
            raise PageError("The checks are running already; wait for them.")
        async with self._running:
            pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
            process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe, stderr=nothing)
            try:
                async with asyncio.timeout(LIMIT_S):
                    printed, _errors = await process.communicate(self._settings)
            except TimeoutError:
                raise PageError("The checks took too long; run `evensong doctor` in a terminal.") from None
            finally:
                if process.returncode is None:
                    process.kill()
        return {"lines": [json.loads(line) for line in printed.decode("utf-8", "replace").splitlines()]}
