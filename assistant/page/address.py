"""Where the page is: a bound socket, and the token without which nobody gets in."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from dataclasses import dataclass, field

from assistant import config
from assistant.errors import PageError

TOKEN_BYTES = 24
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
WAITING_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` as it is bound, ``port`` as it came to be; ``token`` is new each time the page is started."""

    host: str
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES))

    @property
    def url(self) -> str:
        """What a person opens; it lets in whoever knows it."""
        return f"{self.origin}/{self.token}/"

    @property
    def origin(self) -> str:
        return f"http://{_named(self.host)}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return self.host == "localhost" or (_is_ip(self.host) and ipaddress.ip_address(self.host).is_loopback)

    def is_asked_by(self, host: str) -> bool:
        """Whether ``host``, a Host header, names this page.

        A foreign page can make its own name point here (DNS rebinding), but it cannot take a name of ours, nor
        a bare number.
        """
        name, _, port = host.lower().rpartition(":")
        if port != str(self.port):
            return False
        if name in LOOPBACK_NAMES or name == _named(self.host).lower():
            return True
        return not self.is_loopback and _is_ip(name.strip("[]"))


def bind(page: config.Page) -> tuple[socket.socket, Address]:
    """The socket that the page will answer on. Raises PageError in one sentence."""
    try:
        family = socket.getaddrinfo(page.host, page.port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.create_server((page.host, page.port), family=family, backlog=WAITING_CONNECTIONS)
    except OSError as error:
        raise PageError(
            f"The page cannot be at {page.host}, port {page.port} ({error.strerror or error}); set page.host or "
            "page.port to another one (0: any free port)."
        ) from None
    return bound, Address(page.host, int(bound.getsockname()[1]))


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
