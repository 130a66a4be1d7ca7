"""The page, opened: everything that it is made of, from the settings to a server that answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from assistant import config
from assistant.memory import Journal
from assistant.page.address import Address, bind
from assistant.page.application import application
from assistant.page.confidences import Confidences
from assistant.page.desk import Desk, OwnerAlone
from assistant.page.doctor_view import DoctorView
from assistant.page.journal_view import JournalView
from assistant.page.live_view import LiveView
from assistant.page.people_view import PeopleView
from assistant.page.pictures_view import PicturesView
from assistant.page.server import Server
from assistant.page.trying_view import TryingView
from assistant.page.watch import Watch


@contextmanager
def opened(
    settings: config.Settings,
    read: Callable[[], Journal],
    owner: Watch | OwnerAlone,
    tell: Callable[[str], None],
) -> Iterator[Address]:
    """The page answers at the address that this gives, until the block is left. Raises PageError.

    ``read`` opens the journal for reading, ``owner`` may change it. ``tell`` is told of what is refused.
    """
    bound, address = bind(settings.page)
    desk = Desk(read, owner)
    server = Server(made(settings, address, desk, owner, tell), bound)
    server.start()
    try:
        yield address
    finally:
        server.close()
        desk.close()


def made(
    settings: config.Settings, address: Address, desk: Desk, owner: Watch | OwnerAlone, tell: Callable[[str], None]
) -> ASGIApp:
    """The application that is served at ``address``: all views, behind the gate."""
    confidences = Confidences(time.monotonic, alone_is_private=settings.memory.alone == "private")
    views = (
        LiveView(desk, owner if isinstance(owner, Watch) else None),
        JournalView(desk, confidences),
        PeopleView(desk),
        PicturesView(desk, confidences),
        TryingView(desk),
        DoctorView(settings),
    )
    return application(address, [route for view in views for route in view.routes()], tell)
