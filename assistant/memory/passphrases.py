"""What one person kept alone is read out again only after their passphrase. Only a slow hash of it is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from assistant.errors import JournalError
from assistant.memory.rows import clean
from assistant.memory.shared import Shared
from assistant.memory.trouble import explained

LEAST_WORDS = 2  # so that nobody says it by chance
_SALT_BYTES = 16
_LETTERS = re.compile(r"[^\W_]+")


class Passphrases:
    """A part of `Journal`; raises JournalError as the journal does."""

    def __init__(self, journal: Shared) -> None:
        self._journal = journal

    def any(self) -> bool:
        with explained(self._journal.path):
            return self._journal.db.execute("SELECT 1 FROM passphrases LIMIT 1").fetchone() is not None

    def set(self, person: str, words: str) -> None:
        """From now on ``words`` are those of ``person``. Raises JournalError when they are too few."""
        if len(_LETTERS.findall(words)) < LEAST_WORDS:
            raise JournalError("A passphrase has two words at least; choose some that nobody says by chance.")
        salt = secrets.token_bytes(_SALT_BYTES)
        with self._journal.together():
            self._journal.db.execute(
                "INSERT INTO passphrases VALUES (?, ?, ?) ON CONFLICT (person) DO UPDATE SET salt = excluded.salt, "
                "hash = excluded.hash",
                (clean(person), salt, _hash(words, salt)),
            )

    def whose(self, words: str) -> str | None:
        """Whose passphrase ``words`` are, however they are written; None: nobody's."""
        with explained(self._journal.path):
            rows = self._journal.db.execute("SELECT person, salt, hash FROM passphrases").fetchall()
        right = [str(person) for person, salt, kept in rows if hmac.compare_digest(_hash(words, salt), kept)]
        return right[0] if right else None

    def remove(self, person: str) -> None:
        with self._journal.together():
            self._journal.db.execute("DELETE FROM passphrases WHERE person = ?", (clean(person),))
            self._journal.note_removal()


def _hash(words: str, salt: bytes) -> bytes:
    said = " ".join(_LETTERS.findall(words.lower()))
    return hashlib.scrypt(said.encode("utf-8", "replace"), salt=salt, n=2**14, r=8, p=1, dklen=32)
