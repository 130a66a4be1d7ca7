"""The running evening on the page, as server-sent events; and a button to begin a ritual."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.errors import PageError
from assistant.page.asked import route
from assistant.page.desk import Desk
from assistant.page.watch import Watch

LOOK_S = 0.2
ALIVE_S = 15.0  # so that a connection that is gone is noticed
MOST_STREAMS = 8
NOTHING = {"running": False, "state": "nothing is running here"}


class LiveView:
    """``watch`` is None where no evening runs in this process."""

    def __init__(self, desk: Desk, watch: Watch | None) -> None:
        self._desk = desk
        self._watch = watch
        self._streams = 0

    def routes(self) -> list[Route]:
        return [
            route("/api/live", self._live),
            route("/api/rituals", self._rituals),
            route("/api/rituals/{id}/begin", self._begin, "POST"),
            route("/api/ears", self._open_ears, "POST"),
        ]

    async def _live(self, _: Request) -> Response:
        if self._streams >= MOST_STREAMS:
            return PlainTextResponse("Too many windows are open.\n", 503, headers={"connection": "close"})
        self._streams += 1
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        """The evening when it has changed, and its level alone when only that has."""
        try:
            shown: dict[str, Any] = {}
            waited_s = 0.0
            while True:
                seen = self._watch.seen if self._watch is not None else NOTHING
                if _without_level(seen) != _without_level(shown):
                    yield _event("evening", seen)
                    waited_s = 0.0
                elif seen != shown:
                    yield _event("level", {"level_db": seen.get("level_db")})
                    waited_s = 0.0
                elif waited_s >= ALIVE_S:
                    yield ": still here\n\n"
                    waited_s = 0.0
                shown = seen
                waited_s += LOOK_S
                await asyncio.sleep(LOOK_S)
        finally:
            self._streams -= 1

    async def _rituals(self, _: Request) -> object:
        library = await self._desk.library()
        return {
            "live": self._watch is not None,
            "rituals": [
                {
                    "id": ritual.id,
                    "title": ritual.title,
                    "people_min": ritual.people.min,
                    "people_max": ritual.people.max,
                    "minutes": ritual.minutes,
                }
                for ritual in library.rituals.values()
            ],
        }

    async def _begin(self, request: Request) -> object:
        await self._desk.soon(self._running().begin(request.path_params["id"]))
        return {}

    async def _open_ears(self, _: Request) -> object:
        await self._desk.soon(self._running().open_ears())
        return {}

    def _running(self) -> Watch:
        if self._watch is None:
            raise PageError("No evening runs here; start one with `evensong listen --page`.")
        return self._watch


def _without_level(seen: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in seen.items() if key != "level_db"}


def _event(name: str, value: object) -> str:
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"
