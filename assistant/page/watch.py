"""Looks at a running evening for the page, and carries to it what the page asks. An observer like the terminal view.

Words reach the page only when they are told: what is heard so far of an utterance may turn out not to be for an
exercise, and is never shown. What one person says alone or apart, what a passphrase opens and help lines are for the
room alone.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.dialogue import Library, Place
from assistant.errors import EvensongError, PageError
from assistant.evening.evening import BY_HAND, Evening
from assistant.evening.observing import Notice
from assistant.events import AudioChunk, Listen, ListenMode, PartialHeard, UtteranceHeard, WakeHeard
from assistant.memory import Journal
from assistant.understanding import Understanding
from assistant.view.live import Screen

if TYPE_CHECKING:
    from assistant.conversation.conversation import Conversation

CHUNKS_PER_LOOK = 10  # five times a second
FOR_THE_ROOM = ("help_lines", "quiet_menu")  # intents
LOADING = "Evensong is still reading its phrases; try again in a moment."
STARTING = "getting ready"
OVER = "the evening is over"
TOO_LATE = "The evening is over; start Evensong again."

T = TypeVar("T")


class Watch:
    """What there is to see of an evening (`seen`), and a door to it (`submit`) that opens between two chunks."""

    answers_in_s: float | None = 20.0

    def __init__(self, wake_phrase: str, journal: Journal, *, alone_is_private: bool) -> None:
        self._screen = Screen(wake_phrase)
        self._journal = journal
        self._alone_is_private = alone_is_private
        self._evening: Evening | None = None
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._closed = False
        self._last: Conversation | None = None
        self._discreet = False
        self._mode = ListenMode.WAKE
        self._chunks = 0
        self._ended = False
        self.seen: dict[str, Any] = self._look()

    def opens(self, evening: Evening) -> None:
        """``evening`` is what is watched from now on."""
        self._evening = evening

    def ended(self) -> None:
        """The evening is over; its journal may still be changed (`serve`)."""
        self._last = self._evening.conversation if self._evening is not None else self._last
        self._evening = None
        self._ended = True
        self.seen = self._look()

    def serve(self) -> None:
        """Do what the page asks, in the thread that had the evening, until Ctrl-C."""
        try:
            while True:
                self._waiting.get()()
        except KeyboardInterrupt:
            return

    def close(self) -> None:
        """Nothing can be asked any more; what still waits is refused."""
        self.ended()
        self._closed = True
        self._work()

    # --- the evening's thread ---

    def chunk(self, chunk: AudioChunk) -> None:
        self._screen.chunk(chunk)
        self._chunks += 1
        if self._chunks % CHUNKS_PER_LOOK == 0:
            self._work()
            self.seen = self._look()

    def notice(self, at_s: float, what: Notice) -> None:
        if isinstance(what, WakeHeard):
            self._discreet = False
        if isinstance(what, Listen):
            self._mode = what.expectation.mode
        self._discreet = self._discreet or self._is_for_the_room(what)
        apart = self._place().apart
        told = self._screen.told, tuple(self._screen.lines)
        if not (isinstance(what, WakeHeard) and what.phrase == BY_HAND):  # nobody said it
            self._screen.notice(what)
        if self._discreet or apart:
            self._screen.told = told[0]
            self._screen.lines.clear()
            self._screen.lines.extend(told[1])
        if not isinstance(what, PartialHeard):
            self.seen = self._look()

    def _is_for_the_room(self, what: Notice) -> bool:
        if isinstance(what, UtteranceHeard) and what.meaning is not None and what.meaning.intent in FOR_THE_ROOM:
            return True
        place = self._place()
        if place.alone and place.ritual and self._alone_is_private:
            return not self._journal.is_of_one()
        return place.discreet

    def _is_ready(self) -> bool:
        return self._evening is not None and self._evening.conversation is not None

    def _place(self) -> Place:
        if self._evening is None or self._evening.conversation is None:
            return Place()
        return self._evening.conversation.place

    def _look(self) -> dict[str, Any]:
        """Plain values, made anew each time: the server's thread reads them while the evening goes on."""
        screen, place = self._screen, self._place()
        first = screen.told - len(screen.lines)
        return {
            "running": not self._ended,
            "state": OVER if self._ended else screen.state if self._is_ready() else STARTING,
            "mode": self._mode.value,
            "level_db": None if self._ended else round(screen.level_db),
            "hearing": bool(screen.partial) and not self._ended,
            "discreet": self._discreet or place.apart,
            "ritual": {
                "id": place.ritual,
                "title": place.title,
                "step": place.step,
                "person": place.person,
                "number": place.number,
                "of": place.of,
            }
            if place.ritual
            else None,
            "lines": [
                {"number": first + number, "who": who, "text": text} for number, (who, text) in enumerate(screen.lines)
            ],
        }

    def _work(self) -> None:
        while True:
            try:
                self._waiting.get_nowait()()
            except Empty:
                return

    # --- the server's thread ---

    def submit(self, what: Callable[[], T]) -> Future[T]:
        """Let ``what`` be done in the evening's thread, between two chunks; its EvensongError is handed back."""
        done: Future[T] = Future()

        def do() -> None:
            if not done.set_running_or_notify_cancel():
                return
            if self._closed:
                done.set_exception(PageError(TOO_LATE))
                return
            try:
                result = what()
            except EvensongError as error:
                done.set_exception(error)
            else:
                done.set_result(result)

        self._waiting.put(do)
        if self._closed:
            self._work()
        return done

    def change(self, what: Callable[[Journal], T]) -> Future[T]:
        return self.submit(lambda: what(self._journal))

    def library(self) -> Library:
        return self._conversation().library

    def understand(self, what: Callable[[Understanding], T]) -> Future[T]:
        return self.submit(lambda: what(self._conversation().understanding))

    def begin(self, ritual: str) -> Future[None]:
        """Begin ``ritual`` as if it had been asked for."""

        def beginning() -> None:
            evening = self._running()
            known = self._conversation().library.rituals.get(ritual)
            if known is None:
                raise PageError("There is no such ritual any more; reload the page.")
            if not evening.begin_ritual(ritual, known.title):
                raise PageError('Somebody is being talked to; say "stop" first, or wait.')

        return self.submit(beginning)

    def open_ears(self) -> Future[None]:
        """As Enter does in the terminal, when "mute" has closed them."""

        return self.submit(lambda: self._running().unmute())

    def _running(self) -> Evening:
        if self._evening is None:
            raise PageError(TOO_LATE)
        return self._evening

    def _conversation(self) -> Conversation:
        """That of the evening, also when it is over: its phrases can still be asked."""
        if self._evening is not None:
            self._last = self._evening.conversation
        if self._last is None:
            raise PageError(LOADING)
        return self._last
