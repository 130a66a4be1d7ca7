"""Slips while somebody gives back what they heard: advice, judgement, defence (intents/<language>/slips.yaml)."""

from __future__ import annotations

from typing import Literal

from assistant.dialogue.lines import Part

Slip = Literal["advice", "judgement", "defence"]
MOST = 2  # are named in a session; more would be a judgement of its own
WORD = 3  # letters of the shortest word that tells something
STEM = 4  # letters that two forms of a word share: "walk", "walking"


class Phrases(Part):
    starts: tuple[str, ...]
    anywhere: tuple[str, ...]


class Slips(Part):
    """What the file holds; all lower case."""

    mirrors: tuple[str, ...]
    turned: tuple[str, ...]
    advice: Phrases
    judgement: Phrases
    defence: Phrases
    openers: tuple[str, ...] = ()
    may_be_given_back: tuple[str, ...] = ()
    little: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    def kind_of(self, text: str, told: str = "") -> Slip | None:
        """The slip in ``text``, as recognised, by somebody who gives back what was ``told``; None when it does give
        back, or is anything else."""
        words = _plain(text)
        while words:
            if any(_has(words[: len(mirror.split())], mirror) for mirror in self.mirrors):
                return "defence" if any(_has(words, turn) for turn in self.turned) else None
            if words[0] not in self.openers:
                break
            words = words[1:]
        kinds: tuple[tuple[Slip, Phrases], ...] = (
            ("advice", self.advice),
            ("judgement", self.judgement),
            ("defence", self.defence),
        )
        for kind, phrases in kinds:
            starts = [phrase for phrase in phrases.starts if _has(words[: len(phrase.split())], phrase)]
            found = [*(phrase for phrase in phrases.anywhere if _has(words, phrase)), *starts]
            if any(not self._gives_back(words, phrase, _plain(told)) for phrase in found):
                return kind
        return None

    def _gives_back(self, words: list[str], phrase: str, told: list[str]) -> bool:
        """Whether ``phrase`` is what the other one told of themselves, and not said to them."""
        if phrase not in self.may_be_given_back or any(word in self.own for word in words):
            return False
        beside = [word for word in words if len(word) >= WORD and word not in self.little]
        there = {word[:STEM] for word in told}
        return bool(beside) and sum(word[:STEM] in there for word in beside) >= len(beside) / 2


def _has(words: list[str], phrase: str) -> bool:
    return f" {phrase} " in f" {' '.join(words)} "


def _plain(text: str) -> list[str]:
    return [word.strip(".,;:!?") for word in text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()]
