"""How it has been, as pictures and in words; what was said alone only to whoever may see it."""

from __future__ import annotations

from importlib.util import find_spec

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.errors import PageError
from assistant.memory import Journal
from assistant.memory.measures import GRATITUDE, LISTENING, good_things, interruptions, points
from assistant.page.asked import route
from assistant.page.confidences import Confidences
from assistant.page.desk import Desk
from assistant.page.journal_view import shown
from assistant.view.trend_pictures import CHARTS, Series, described, draw, needed

# A picture is a document of its own: it may style itself, and nothing else.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class PicturesView:
    def __init__(self, desk: Desk, confidences: Confidences) -> None:
        self._desk = desk
        self._confidences = confidences

    def routes(self) -> list[Route]:
        return [route("/api/pictures", self._words), route("/api/pictures/{measure}.svg", self._picture)]

    async def _words(self, request: Request) -> object:
        person = self._confidences.person(request.query_params.get("key"))

        def words(journal: Journal) -> list[dict[str, str | None]]:
            found = []
            for measure, chart in CHARTS.items():
                series = self._series(journal, measure, person)
                text = described(measure, series) if any(series.values()) else None
                found.append({"measure": measure, "title": chart.title, "words": text})
            return found

        missing = None if find_spec("matplotlib") else needed()
        return {"pictures": await self._desk.read(words), "missing": missing}

    async def _picture(self, request: Request) -> Response:
        measure = request.path_params["measure"]
        person = self._confidences.person(request.query_params.get("key"))
        dark = "dark" in request.query_params
        if measure not in CHARTS:
            raise PageError("There is no such picture.")
        series = await self._desk.read(lambda journal: self._series(journal, measure, person))
        picture = await self._desk.aside(lambda: draw(measure, series, "svg", dark=dark))
        return Response(picture, media_type="image/svg+xml", headers={"content-security-policy": POLICY})

    def _series(self, journal: Journal, measure: str, person: str | None) -> Series:
        confided = self._confidences.allowed(journal, person)
        if measure == LISTENING:
            return interruptions(shown(journal, confided))
        if measure == GRATITUDE:
            return good_things(shown(journal, confided))
        return points(journal.recall, measure, confided)
