"""What the words of the answers mean, as vectors: to find an answer by a word that was not said.

A vector is of one word, not of an answer, and is made by whoever has an encoder
(`assistant.conversation.near_words`). It stays in the journal's file, encrypted with it, and goes when the word is
deleted; copies have none, they are made again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.memory.shared import Shared
from assistant.memory.trouble import explained

AT_ONCE = 2048  # vectors that are compared at a time, so that the memory they take stays small
ANSWERS_AT_ONCE = 50  # that are looked through for new words
SHORTEST = 3  # letters
_LETTERS = re.compile(r"[^\W\d_]+")

Vectors = NDArray[np.float32]


class WordMeanings:
    """A part of `Journal`; raises JournalError as the journal does."""

    def __init__(self, journal: Shared) -> None:
        self._journal = journal

    def unknown(self, most: int) -> tuple[str, ...]:
        """At most ``most`` words of the answers that have no vector yet; () when all have one.

        Answers without a new word are noted as seen on the way.
        """
        with explained(self._journal.path):
            rows = self._journal.db.execute(
                "SELECT id, text FROM entries WHERE text IS NOT NULL AND id > "
                "coalesce((SELECT max(up_to) FROM words_seen), 0) ORDER BY id LIMIT ?",
                (ANSWERS_AT_ONCE,),
            ).fetchall()
            said = dict.fromkeys(word for _, text in rows for word in words_of(text))
            new = [word for word in said if not self._has(word)]
        if rows and not new:
            with self._journal.together():
                self._journal.db.execute("INSERT OR REPLACE INTO words_seen (id, up_to) VALUES (1, ?)", (rows[-1][0],))
        return tuple(new[:most])

    def learn(self, words: Sequence[str], vectors: Vectors) -> None:
        """Keep the vectors of ``words``; shape (words, any number of dimensions), each row of length 1."""
        with self._journal.together():
            self._journal.db.executemany(
                "INSERT OR REPLACE INTO word_vectors (word, vector) VALUES (?, ?)",
                [(word, _in_bytes(vector)) for word, vector in zip(words, vectors, strict=True)],
            )

    def near(self, sought: NDArray[np.float32], alike: float, most: int) -> tuple[str, ...]:
        """At most ``most`` words whose cosine with the vector ``sought`` is ``alike`` or more, the nearest first."""
        found: list[tuple[float, str]] = []
        with explained(self._journal.path):
            cursor = self._journal.db.execute("SELECT word, vector FROM word_vectors")
            while rows := cursor.fetchmany(AT_ONCE):
                packed = np.frombuffer(b"".join(row[1] for row in rows), np.int8).reshape(len(rows), -1)
                if packed.shape[1] != len(sought):
                    continue  # of another encoder
                vectors = packed.astype(np.float32)
                cosines = vectors @ sought / np.sqrt(np.einsum("ij,ij->i", vectors, vectors) + 1e-9)
                found += [(float(cosines[place]), rows[place][0]) for place in np.flatnonzero(cosines >= alike)]
        return tuple(word for _, word in sorted(found, reverse=True)[:most])

    def forget(self, entry_id: int) -> None:
        """The words of this answer lose their vectors; those that are said elsewhere, too, are given them again."""
        with self._journal.together():
            forget_words(self._journal.db, entry_id)

    def _has(self, word: str) -> bool:
        return self._journal.db.execute("SELECT 1 FROM word_vectors WHERE word = ?", (word,)).fetchone() is not None


def words_of(text: str) -> tuple[str, ...]:
    """The words of an answer that can have a meaning of their own."""
    return tuple(dict.fromkeys(word for word in _LETTERS.findall(text.lower()) if len(word) >= SHORTEST))


def forget_words(db: sqlite3.Connection, entry_id: int) -> None:
    """Inside a transaction, before an answer is deleted: as `WordMeanings.forget`."""
    row = db.execute("SELECT text FROM entries WHERE id = ? AND text IS NOT NULL", (entry_id,)).fetchone()
    if row is not None:
        db.executemany("DELETE FROM word_vectors WHERE word = ?", [(word,) for word in words_of(str(row[0]))])
        db.execute("DELETE FROM words_seen")


def keep_only_said(db: sqlite3.Connection) -> None:
    """After answers were deleted: the vectors of words that stand in none of those that are left go, too."""
    said: set[str] = set()
    for (text,) in db.execute("SELECT text FROM entries WHERE text IS NOT NULL"):
        said.update(words_of(text))
    gone = [(word,) for (word,) in db.execute("SELECT word FROM word_vectors") if word not in said]
    db.executemany("DELETE FROM word_vectors WHERE word = ?", gone)
    db.execute("DELETE FROM words_seen")


def _in_bytes(vector: NDArray[np.float32]) -> bytes:
    """One signed byte a dimension; only the direction counts."""
    largest = float(np.abs(vector).max()) or 1.0
    return np.round(vector / largest * 127).astype(np.int8).tobytes()
