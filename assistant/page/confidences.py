"""What one person said alone is shown to whoever said that person's passphrase, in that window, for a while."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import PageError
from assistant.memory import Journal

OPEN_S = 600.0  # since it was last used
TRIES = 5
WAIT_S = 300.0  # after so many wrong ones


@dataclass(slots=True)
class _Opened:
    person: str
    used_s: float


class Confidences:
    """The keys that were given out. ``clock`` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float], *, alone_is_private: bool) -> None:
        self._clock = clock
        self._alone_is_private = alone_is_private
        self._opened: dict[str, _Opened] = {}
        self._wrong = 0
        self._closed_until_s = 0.0

    def check_patience(self) -> None:
        """Raises PageError while so many wrong passphrases were given that nobody may try."""
        if self._clock() < self._closed_until_s:
            raise PageError("Too many passphrases were wrong; wait five minutes and try again.")

    def give(self, person: str | None) -> str | None:
        """A key for whoever said the passphrase of ``person``; None, and counted, when it was nobody's."""
        if person is None:
            self._wrong += 1
            if self._wrong >= TRIES:
                self._wrong, self._closed_until_s = 0, self._clock() + WAIT_S
            return None
        self._wrong = 0
        key = secrets.token_urlsafe(24)
        self._opened[key] = _Opened(person, self._clock())
        return key

    def take_back(self, key: str) -> None:
        self._opened.pop(key, None)

    def person(self, key: str | None) -> str | None:
        """Whose confidences ``key`` opens; None: nobody's (any more)."""
        now_s = self._clock()
        self._opened = {one: opened for one, opened in self._opened.items() if now_s - opened.used_s < OPEN_S}
        opened = self._opened.get(key or "")
        if opened is None:
            return None
        opened.used_s = now_s
        return opened.person

    def allowed(self, journal: Journal, person: str | None) -> str | None:
        """What `Question.confided` is to be: "" where nobody has anything to keep from anybody."""
        return "" if not self._alone_is_private or journal.is_of_one() else person
