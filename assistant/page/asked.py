"""How a request is read and answered: bodies checked, errors told in one sentence, nothing quoted back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.errors import EvensongError, PageError

View = Callable[[Request], Awaitable[object]]
MOST_TEXT = 4000  # characters of an answer that is corrected, or of a sentence that is tried


class Body(BaseModel):
    """What a request may hold, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=MOST_TEXT)


B = TypeVar("B", bound=Body)


async def body(request: Request, shape: type[B]) -> B:
    """The request's JSON as ``shape``. Raises PageError, which does not say what was in it."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise PageError("The page takes JSON; reload the page and try again.")
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError:
        raise PageError("The page did not understand that; reload the page and try again.") from None


def route(path: str, view: View, method: str = "GET") -> Route:
    """``view`` at ``path``: what it returns is answered as JSON, an expected error as its sentence."""

    async def answered(request: Request) -> Response:
        try:
            found = await view(request)
        except EvensongError as error:
            return JSONResponse({"message": str(error)}, 409)
        return found if isinstance(found, Response) else JSONResponse(found)

    return Route(path, answered, methods=[method])
