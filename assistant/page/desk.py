"""Who reads the journal for the page, and who changes it: never the server's own thread, and always one at a time.

The journal has one writer. Beside a running evening that is the evening, which does what the page asks between two
chunks (`EveningOwner`); else the page opens it for as long as a change takes (`OwnerAlone`), so that `listen` can be
started at any time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from assistant import config
from assistant.dialogue import Library
from assistant.errors import PageError
from assistant.loading.phrases import language_folder, load_library
from assistant.loading.second_opinion import load_opinion
from assistant.memory import Journal
from assistant.understanding import Understanding

T = TypeVar("T")


class Owner(Protocol):
    """Does things in the thread that may do them; within ``answers_in_s``, where that is known."""

    answers_in_s: float | None

    def change(self, what: Callable[[Journal], T]) -> Future[T]:
        """Let ``what`` change the journal."""

    def library(self) -> Library:
        """The rituals as they are now; may be asked in any thread."""

    def understand(self, what: Callable[[Understanding], T]) -> Future[T]:
        """Ask the phrases."""


class Desk:
    """What the page's views ask. Raises what the asked ones raise: EvensongError."""

    def __init__(self, read: Callable[[], Journal], owner: Owner) -> None:
        """``read`` opens the journal for reading; it is opened anew each time, so that a restored one is seen."""
        self._read = read
        self._owner = owner
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-reader")

    async def read(self, what: Callable[[Journal], T]) -> T:
        def reading() -> T:
            with self._read() as journal:
                return what(journal)

        return await asyncio.wrap_future(self._reader.submit(reading))

    async def aside(self, what: Callable[[], T]) -> T:
        """Something slow that needs no journal, such as drawing."""
        return await asyncio.wrap_future(self._reader.submit(what))

    async def change(self, what: Callable[[Journal], T]) -> T:
        return await self.soon(self._owner.change(what))

    async def library(self) -> Library:
        return await asyncio.wrap_future(self._reader.submit(self._owner.library))

    async def understand(self, what: Callable[[Understanding], T]) -> T:
        return await self.soon(self._owner.understand(what))

    async def soon(self, doing: Future[T]) -> T:
        """What the owner is ``doing``; an evening whose microphone is gone has no chunks, and does nothing."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(doing), self._owner.answers_in_s)
        except TimeoutError:
            raise PageError("The evening does not answer; look whether its microphone is there.") from None

    def close(self) -> None:
        self._reader.shutdown(wait=False, cancel_futures=True)


class OwnerAlone:
    """No evening runs in this process: the journal is opened for each change, and phrases are read when first asked."""

    answers_in_s: float | None = None  # they are learned once, which takes a while

    def __init__(self, settings: config.Settings, write: Callable[[], Journal]) -> None:
        self._settings = settings
        self._write = write
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-owner")
        self._library: Library | None = None
        self._understanding: Understanding | None = None

    def change(self, what: Callable[[Journal], T]) -> Future[T]:
        def changing() -> T:
            with self._write() as journal:
                return what(journal)

        return self._worker.submit(changing)

    def library(self) -> Library:
        if self._library is None:
            self._library = Library.load([language_folder(self._settings), self._settings.own_rituals_path])
        return self._library

    def understand(self, what: Callable[[Understanding], T]) -> Future[T]:
        return self._worker.submit(lambda: what(self._read_phrases()))

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _read_phrases(self) -> Understanding:
        if self._understanding is None:
            _, self._understanding = load_library(self._settings, second_opinion=load_opinion)
        return self._understanding
