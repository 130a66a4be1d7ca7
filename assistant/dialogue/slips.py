"""Slips while somebody gives back what they heard: advice, judgement, defence (intents/<language>/slips.yaml)."""

from __future__ import annotations

from typing import Literal

from assistant.dialogue.lines import Part

Slip = Literal["advice", "judgement", "defence"]
MOST = 2  # are named in a session; more would be a judgement of its own


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

    def kind_of(self, text: str) -> Slip | None:
        """The slip in ``text``, as recognised; None when it gives back, or is anything else."""
        said = f" {' '.join(_plain(text))} "
        if any(said.startswith(f" {mirror} ") for mirror in self.mirrors):
            return "defence" if any(f" {turn} " in said for turn in self.turned) else None
        kinds: tuple[tuple[Slip, Phrases], ...] = (
            ("advice", self.advice),
            ("judgement", self.judgement),
            ("defence", self.defence),
        )
        for kind, phrases in kinds:
            if any(f" {phrase} " in said for phrase in phrases.anywhere):
                return kind
            if any(said.startswith(f" {phrase} ") for phrase in phrases.starts):
                return kind
        return None


def _plain(text: str) -> list[str]:
    return [word.strip(".,;:!?") for word in text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()]
