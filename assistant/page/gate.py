"""What stands before the page: who may ask, how much they may send, and what every answer says about itself."""

from __future__ import annotations

import asyncio
import hmac
from collections import Counter
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.page.address import Address

BODY_BYTES = 64 * 1024
BODY_S = 10.0
READING = ("GET", "HEAD")
CHANGING = ("POST", "DELETE")
TOLD_EACH = 100  # of the same kind of refusal, the first is told, and then every hundredth

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Refusals:
    """Tells of refused requests in one line each, never what was in them, and not each one of a flood."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._counted: Counter[str] = Counter()

    def note(self, why: str) -> None:
        self._counted[why] += 1
        count = self._counted[why]
        if count == 1:
            self._tell(f"the page refused a request: {why}.")
        elif count % TOLD_EACH == 0:
            self._tell(f"the page has refused {count} requests: {why}.")


class Gate:
    """ASGI: lets requests through to ``inside`` that know the token; their path begins behind it."""

    def __init__(self, inside: ASGIApp, address: Address, refusals: Refusals) -> None:
        self._inside = inside
        self._address = address
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        send = _with_headers(send)
        refused = self._refused(scope)
        if refused is None and scope["method"] in CHANGING:
            body = await _body(receive)
            if body is None:
                refused = 413, "more was sent than the page takes"
            else:
                receive = _told_again(body, receive)
        if refused is not None:
            code, why = refused
            self._refusals.note(why)
            answer = PlainTextResponse(f"Refused: {why}.\n", code, headers={"connection": "close"})
            await answer(scope, receive, send)
            return
        await self._inside({**scope, "root_path": f"/{self._address.token}"}, receive, send)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if not self._address.is_asked_by(headers.get("host", "")):
            return 403, "it was asked for under another name"
        first = scope["path"].split("/", 2)[1:2]
        if not first or not hmac.compare_digest(first[0].encode(), self._address.token.encode()):
            return 403, "without the token of the address that Evensong printed"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return 403, "another page asked"
        if scope["method"] in READING:
            return None
        if scope["method"] not in CHANGING:
            return 405, "with a method that it does not know"
        if headers.get("origin") != f"http://{headers['host']}":
            return 403, "another page asked"
        if int_or_none(headers.get("content-length", "0")) is None:
            return 400, "with a length that is none"
        if int(headers.get("content-length", "0")) > BODY_BYTES:
            return 413, "more was sent than the page takes"
        return None


def int_or_none(text: str) -> int | None:
    """``text`` as a number that is not negative; None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


async def _body(receive: Receive) -> bytes | None:
    """All of it; None when it is too much or takes too long."""
    body: bytes = b""
    try:
        async with asyncio.timeout(BODY_S):
            while True:
                message = await receive()
                body += bytes(message.get("body", b""))
                if len(body) > BODY_BYTES or message["type"] == "http.disconnect":
                    return None
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        return None


def _told_again(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def told() -> Message:
        return waiting.pop() if waiting else await receive()

    return told


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            message["headers"] = headers.raw
        await send(message)

    return sent
