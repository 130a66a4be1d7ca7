"""The page without a browser: its application in this process, asked as its own files ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from page_household import Calendar, keep_household, read_from
from starlette.testclient import TestClient

from assistant import config
from assistant.memory import Journal
from assistant.page.address import Address
from assistant.page.desk import Desk, OwnerAlone
from assistant.page.open import made

ADDRESS = Address("127.0.0.1", 8427, "the-token")
ORIGIN = {"origin": ADDRESS.origin}


class Page:
    """A client that knows the token, the journal behind it, and what was told of refusals."""

    def __init__(self, path: Path, settings: config.Settings) -> None:
        self.path, self.calendar, self.told = path, Calendar(), list[str]()
        self.owner = OwnerAlone(settings, lambda: Journal.open(path, self.calendar))
        self.desk = Desk(read_from(path, self.calendar), self.owner)
        app = made(settings, ADDRESS, self.desk, self.owner, self.told.append)
        self.client = TestClient(app, base_url=ADDRESS.origin, raise_server_exceptions=False)

    def get(self, path: str, **params: str) -> Any:
        answer = self.client.get(f"/the-token/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def change(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        sent = {} if body is None else {"json": body}
        answer = self.client.request(method, f"/the-token/{path}", headers=ORIGIN, **sent)
        return answer.status_code, answer.json()

    def entries(self, **params: str) -> list[dict[str, Any]]:
        return [one for session in self.get("api/journal", **params)["sessions"] for one in session["entries"]]


@contextmanager
def page_of(path: Path, settings: config.Settings | None = None, weeks: int = 3) -> Iterator[Page]:
    keep_household(path, Calendar(), weeks)
    page = Page(path, settings or config.Settings(paths=config.Paths(journal=str(path))))
    try:
        yield page
    finally:
        page.desk.close()
        page.owner.close()
