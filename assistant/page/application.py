"""The page put together: its files, its views, and the gate before them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import resources

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from assistant.page.address import Address
from assistant.page.gate import Gate, Refusals

MEDIA = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def application(address: Address, routes: Iterable[Route], tell: Callable[[str], None]) -> ASGIApp:
    """The page's views at ``address``; ``tell`` gets a line, without anybody's words, when something is refused."""
    refusals = Refusals(tell)

    async def broken(_: Request, error: Exception) -> Response:
        refusals.note(f"Evensong made a mistake in answering it ({type(error).__name__})")
        return JSONResponse({"message": "Evensong made a mistake; the evening is not touched by it."}, 500)

    async def unknown(_: Request, error: Exception) -> Response:
        refusals.note("there is nothing at that address")
        return PlainTextResponse("There is nothing here.\n", getattr(error, "status_code", 404))

    app = Starlette(
        routes=[*_files(), *routes],
        exception_handlers={404: unknown, 405: unknown, Exception: broken},
    )
    app.router.redirect_slashes = False
    return Gate(app, address, refusals)


def _files() -> list[Route]:
    """Every file has an address of its own, and no other file can be asked for."""
    return [Route(path, _file(name, content)) for path, (name, content) in _contents().items()]


def _contents() -> Mapping[str, tuple[str, bytes]]:
    folder = resources.files("assistant.page") / "static"
    found = {f"/static/{one.name}": (one.name, one.read_bytes()) for one in folder.iterdir()}
    return found | {"/": found["/static/index.html"]}


def _file(name: str, content: bytes) -> Callable[[Request], Response]:
    media = MEDIA[name.rpartition(".")[2]]

    def answered(_: Request) -> Response:
        return Response(content, media_type=media)

    return answered
