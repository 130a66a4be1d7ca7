"""`evensong page`, and the page beside a running evening (`listen --page`, `demo --page`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from assistant import config
from assistant.commands.keep import key_file, now, open_journal, print_line, warn
from assistant.errors import JournalError, PageError, install_command
from assistant.memory import Journal

if TYPE_CHECKING:
    from assistant.page.watch import Watch

NEEDED = ("starlette", "uvicorn")
OPEN = "Anybody in your network who sees the address can read the journal, and what passes is not encrypted."


def check_installed() -> None:
    """Raises PageError where the extra is missing."""
    if any(find_spec(name) is None for name in NEEDED):
        raise PageError(f"The page needs starlette and uvicorn; install them with `{install_command('page')}`.")


def run(settings: config.Settings) -> None:
    """Serve the page alone, until Ctrl-C: all of it but a running evening."""
    check_installed()
    from assistant.page.desk import OwnerAlone
    from assistant.page.open import opened

    def read() -> Journal:
        return Journal.open(settings.journal_path, now, "read", key_file())

    def write() -> Journal:
        if not settings.journal_path.exists():
            raise JournalError("There is nothing in the journal yet; it begins with your first ritual.")
        return open_journal(settings)

    owner = OwnerAlone(settings, write)
    with opened(settings, read, owner, warn) as address:
        _say_where(address.url, alone=address.is_loopback)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return
        finally:
            owner.close()


@contextmanager
def beside(settings: config.Settings, journal: Journal, calendar: Callable[[], datetime] = now) -> Iterator[Watch]:
    """The page for an evening whose journal is open in this process; hand the watch to the evening as an observer."""
    check_installed()
    from assistant.page.open import opened
    from assistant.page.watch import Watch

    def read() -> Journal:
        return Journal.open(journal.path, calendar, "read", key_file())

    watch = Watch(settings.wake.phrase, journal, alone_is_private=settings.memory.alone == "private")
    with opened(settings, read, watch, warn) as address:
        _say_where(address.url, alone=address.is_loopback)
        try:
            yield watch
        finally:
            watch.close()


def _say_where(url: str, *, alone: bool) -> None:
    print_line(f"the page: {url}")
    if not alone:
        warn(OPEN)
