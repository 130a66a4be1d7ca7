"""A sentence tried against the phrases, with why it is taken as it is. Nothing of it is kept, and nothing is done."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request
from starlette.routing import Route

from assistant.events import Hypothesis
from assistant.page.asked import Body, body, route
from assistant.page.desk import Desk
from assistant.understanding import Understanding
from assistant.understanding.readings.explanation import Explanation
from assistant.view.log import as_json


class Tried(Body):
    text: str
    context: Literal["idle", "ritual", "answer", "all"] = "all"


class TryingView:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [route("/api/match", self._match, "POST")]

    async def _match(self, request: Request) -> object:
        tried = await body(request, Tried)

        def explain(understanding: Understanding) -> Explanation:
            return understanding.explain((Hypothesis(tried.text),), understanding.expectation_for(tried.context))

        found = await self._desk.understand(explain)
        meaning = found.meaning
        return {
            "intent": meaning.intent,
            "slots": as_json(dict(meaning.slots)) if meaning.intent else {},
            "score": round(meaning.score, 3),
            "margin": round(meaning.margin, 3),
            "unsure": meaning.unsure,
            "safety": meaning.safety is not None,
            "explanation": "" if meaning.safety is not None else str(found),
        }
