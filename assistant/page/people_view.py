"""Who has taken part, and the reminders: listed, and cancelled."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from assistant.dialogue import Library
from assistant.memory import Journal, Reminder, next_time
from assistant.memory.recall import Question
from assistant.page.asked import route
from assistant.page.desk import Desk


class PeopleView:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            route("/api/people", self._people),
            route("/api/reminders", self._reminders),
            route("/api/reminders/{id:int}", self._cancel, "DELETE"),
        ]

    async def _people(self, _: Request) -> object:
        return await self._desk.read(_people)

    async def _reminders(self, _: Request) -> object:
        library = await self._desk.library()

        def reminders(journal: Journal) -> list[dict[str, Any]]:
            return [_reminder(one, journal, library) for one in journal.reminders.all()]

        return {"reminders": await self._desk.read(reminders)}

    async def _cancel(self, request: Request) -> object:
        number = request.path_params["id"]
        await self._desk.change(lambda journal: journal.reminders.remove([number]))
        return {}


def _people(journal: Journal) -> dict[str, Any]:
    """Names, with the evenings that they shared; how often somebody was alone is told to nobody."""
    voices = journal.voices.all()
    people = []
    for name in journal.people():
        shared = journal.recall.sessions(Question(person=name), -1)
        last = shared[0][2].isoformat(timespec="seconds") if shared else None
        people.append({"name": name, "evenings": len(shared), "last": last, "voice": name in voices})
    return {"people": people}


def _reminder(one: Reminder, journal: Journal, library: Library) -> dict[str, Any]:
    ritual = library.rituals.get(one.ritual or "")
    comes = next_time(one, journal.now())
    return {
        "id": one.id,
        "what": ritual.title if ritual else one.what or one.ritual,
        "when": library.times.to_come(one.summary, library.prompts.joiner),
        "next": comes and comes.isoformat(timespec="minutes"),
    }
