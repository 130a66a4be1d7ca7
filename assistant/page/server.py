"""The page's server, in a thread of its own with an event loop of its own."""

from __future__ import annotations

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

END_S = 2.0
QUIET_CONNECTION_S = 5


class Server:
    """Answers on ``bound`` from `start` until `close`; what goes wrong inside stays inside."""

    def __init__(self, app: ASGIApp, bound: socket.socket) -> None:
        self._bound = bound
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",  # the gate tells what is worth telling, without addresses and words
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=QUIET_CONNECTION_S,
                h11_max_incomplete_event_size=16 * 1024,
            )
        )
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop answering, at once: streams are open for as long as somebody watches."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(END_S)
        self._bound.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._bound])
