"""The journal on the page: looked through, searched, corrected, deleted, exported; confidences only to whoever may."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.dialogue import Ritual
from assistant.errors import JournalError, PageError
from assistant.memory import Journal, Session
from assistant.memory import export as exports
from assistant.memory.recall import Found, Question
from assistant.page.asked import Body, body, route
from assistant.page.confidences import Confidences
from assistant.page.desk import Desk

AT_ONCE = 20  # evenings
MOST_ENTRIES = 1000  # of one evening
GONE = "That is not in the journal any more; look again."
RUNNING = 'That evening is not over yet; say "stop" to end it, then delete it.'
MEDIA = {"json": "application/json", "md": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8"}
_WORD = re.compile(r"[^\W_]+")


class Corrected(Body):
    text: str


class Said(Body):
    words: str


class JournalView:
    def __init__(self, desk: Desk, confidences: Confidences) -> None:
        self._desk = desk
        self._confidences = confidences

    def routes(self) -> list[Route]:
        return [
            route("/api/journal", self._look),
            route("/api/export/{to}", self._export),
            route("/api/entries/{id:int}", self._correct, "POST"),
            route("/api/entries/{id:int}", self._delete_entry, "DELETE"),
            route("/api/sessions/{id:int}", self._delete_session, "DELETE"),
            route("/api/passphrase", self._open, "POST"),
            route("/api/passphrase", self._close, "DELETE"),
        ]

    async def _look(self, request: Request) -> object:
        asked = request.query_params
        person = self._person(request)
        rituals = (await self._desk.library()).rituals

        def look(journal: Journal) -> dict[str, Any]:
            confided = self._confidences.allowed(journal, person)
            question = Question(
                until=_moment(asked.get("before")),
                ritual=asked.get("ritual") or None,
                person=asked.get("person") or None,
                words=tuple(_WORD.findall(asked.get("words", ""))),
                confided=confided,
            )
            found = _search(journal, question) if question.words else _page(journal, question)
            all_shown = journal.recall.sessions(Question(confided=confided), -1)
            return found | {
                "people": journal.people(),
                "rituals": {one: _title(one, rituals) for one in sorted({ritual for _, ritual, _ in all_shown})},
                "confided": person,
                "private": confided != "" and journal.passphrases.any(),
            }

        return await self._desk.read(look)

    async def _export(self, request: Request) -> Response:
        to, person = request.path_params["to"], self._person(request)
        if to not in MEDIA:
            raise PageError("The journal can be had as json, md or csv.")

        def export(journal: Journal) -> str:
            sessions = shown(journal, self._confidences.allowed(journal, person))[::-1]
            if to == "json":
                return exports.to_json(sessions, journal.reminders.all(), journal.now())
            return exports.to_markdown(sessions) if to == "md" else exports.to_csv(sessions)

        text = await self._desk.read(export)
        headers = {"content-disposition": f'attachment; filename="evensong-journal.{to}"'}
        return Response(text.encode("utf-8", "replace"), media_type=MEDIA[to], headers=headers)

    # --- changing ---

    async def _correct(self, request: Request) -> object:
        text = (await body(request, Corrected)).text
        person, entry = self._person(request), request.path_params["id"]

        def correct(journal: Journal) -> None:
            self._one(journal, entry, person)
            journal.correct(entry, text)

        await self._desk.change(correct)
        return {}

    async def _delete_entry(self, request: Request) -> object:
        person, entry = self._person(request), request.path_params["id"]
        await self._desk.change(lambda journal: journal.delete_some([self._one(journal, entry, person).id]))
        return {}

    async def _delete_session(self, request: Request) -> object:
        person, session = self._person(request), request.path_params["id"]

        def delete(journal: Journal) -> None:
            confided = self._confidences.allowed(journal, person)
            if not any(one.id == session for one in shown(journal, confided)):
                raise JournalError(GONE)
            if journal.session(session).outcome == "open":
                raise JournalError(RUNNING)
            journal.delete_session(session)

        await self._desk.change(delete)
        return {}

    def _one(self, journal: Journal, entry: int, person: str | None) -> Found:
        found = journal.recall.by_id([entry], self._confidences.allowed(journal, person))
        if not found:
            raise JournalError(GONE)
        return found[0]

    # --- confidences ---

    def _person(self, request: Request) -> str | None:
        return self._confidences.person(request.query_params.get("key"))

    async def _open(self, request: Request) -> object:
        words = (await body(request, Said)).words
        self._confidences.check_patience()
        person = await self._desk.read(lambda journal: journal.passphrases.whose(words))
        key = self._confidences.give(person)
        if key is None:
            raise PageError("That is nobody's passphrase.")
        return {"person": person, "key": key}

    async def _close(self, request: Request) -> object:
        self._confidences.take_back(request.query_params.get("key", ""))
        return {}


def shown(journal: Journal, confided: str | None) -> tuple[Session, ...]:
    """All sessions that may be shown, the latest first; ``confided`` as in `Question`."""
    may = {one for one, _, _ in journal.recall.sessions(Question(confided=confided), -1)}
    return tuple(session for session in journal.sessions() if session.id in may)


def _page(journal: Journal, question: Question) -> dict[str, Any]:
    """The latest evenings that are asked for, whole."""
    some = journal.recall.sessions(question, AT_ONCE + 1)
    more = some[AT_ONCE - 1][2] if len(some) > AT_ONCE else None
    entries: dict[int, Sequence[Found]] = {}
    for session, _, _ in some[:AT_ONCE]:
        inside = Question(session=session, confided=question.confided, oldest=True)
        entries[session] = journal.recall.find(inside, MOST_ENTRIES)
    return {"sessions": _sessions(journal, entries), "older": more and more.isoformat()}


def _search(journal: Journal, question: Question) -> dict[str, Any]:
    """Of the evenings in which the words were said, all or else one of them, those answers alone."""
    entries: dict[int, list[Found]] = {}
    found = journal.recall.find(question)
    if not found and len(question.words) > 1:
        found = journal.recall.find(replace(question, any_word=True))
    for one in found:
        entries.setdefault(one.session, []).insert(0, one)
    return {"sessions": _sessions(journal, entries), "older": None}


def _sessions(journal: Journal, entries: Mapping[int, Sequence[Found]]) -> list[dict[str, Any]]:
    return [_session(journal.session(one), found) for one, found in entries.items()]


def _session(session: Session, entries: Sequence[Found]) -> dict[str, Any]:
    return {
        "id": session.id,
        "ritual": session.ritual,
        "people": session.people,
        "began": session.started_at.isoformat(timespec="seconds"),
        "outcome": session.outcome,
        "entries": [
            {
                "id": one.id,
                "person": one.entry.person,
                "about": one.entry.about,
                "key": one.entry.key,
                "text": one.entry.text,
                "number": one.entry.number,
            }
            for one in entries
        ],
    }


def _title(ritual: str, rituals: Mapping[str, Ritual]) -> str:
    return rituals[ritual].title if ritual in rituals else ritual.replace("_", " ")


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PageError("That is no moment; reload the page and try again.") from None
    if moment.tzinfo is None:
        raise PageError("That is no moment; reload the page and try again.")
    return moment
