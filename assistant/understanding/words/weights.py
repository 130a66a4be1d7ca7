"""How much each word counts: thinking sounds almost nothing, little words little, turning words ("not") most."""

from __future__ import annotations

from collections.abc import Mapping, Set

FILLER = 0.02
LIGHT = 0.3
CONTENT = 1.0
SHARED = 0.75  # a content word that several intents use tells less
COMMON = 0.6
UNSEEN = 1.3  # a content word of no template at all: this is about something else
HEAVY = 1.5


class Weights:
    """Word -> weight, 0..HEAVY."""

    def __init__(self, fillers: Set[str], light: Set[str], heavy: Set[str], intents_using: Mapping[str, int]) -> None:
        self.light = light | fillers
        self._weights: dict[str, float] = {}
        for word, intents in intents_using.items():
            self._weights[word] = CONTENT if intents <= 2 else SHARED if intents <= 4 else COMMON
        self._weights.update(dict.fromkeys(light, LIGHT))
        self._weights.update(dict.fromkeys(heavy, HEAVY))
        self._weights.update(dict.fromkeys(fillers, FILLER))

    def weight(self, word: str) -> float:
        return self._weights.get(word, UNSEEN)

    def tells(self, word: str) -> bool:
        """Whether the word tells one phrase from another: neither little nor turning."""
        return word not in self.light and not self.turns(word)

    def turns(self, word: str) -> bool:
        return self.weight(word) >= HEAVY

    def is_content(self, word: str) -> bool:
        return word not in self.light
