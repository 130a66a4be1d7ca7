"""Words near to a word: those of its theme, and those that the sentence encoder, where it is there, puts beside it."""

from __future__ import annotations

from assistant.memory import Journal
from assistant.understanding import Understanding
from assistant.understanding.themes import Themes

ALIKE = 0.55  # cosine of two words' vectors; looked for on some twenty words asked of eighty answers
MOST = 8
WORDS_AT_ONCE = 16  # that are given a vector; some ten milliseconds on a small computer


class NearWords:
    """For one journal. Never loads an encoder: it uses that of the second opinion, once that is there."""

    def __init__(self, journal: Journal, understanding: Understanding) -> None:
        self._journal = journal
        self._understanding = understanding
        self._themes = Themes.load(understanding.folder)

    def near(self, word: str) -> tuple[str, ...]:
        """Words that may have been said in place of ``word``; some may stand nowhere in the journal."""
        known = self._themes.of(word)
        vectors = self._understanding.vectors((word,))
        if vectors is None:
            return known
        self.learn()
        return (*known, *self._journal.meanings.near(vectors[0], ALIKE, MOST))

    def learn(self) -> None:
        """Give some of the words that were said lately a vector; to be asked now and then."""
        words = self._journal.meanings.unknown(WORDS_AT_ONCE)
        vectors = self._understanding.vectors(words) if words else None
        if vectors is not None:
            self._journal.meanings.learn(words, vectors)
