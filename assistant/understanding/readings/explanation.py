"""Why an utterance was understood as it was, in words for people (`evensong match --explain`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.events import Meaning
from assistant.understanding.readings.reading import Reading

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """One reading that was weighed. ``misheard`` are (heard, meant) pairs; ``added`` was said besides the sentence,
    ``missing`` not said of it; ``forgiven`` stood around it and costs next to nothing."""

    sense: str
    score: float
    template: str
    sentence: str
    hypothesis: str
    forgiven: tuple[str, ...]
    misheard: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.sense}  score {self.score:.3f}  template {self.template!r}", f"    sentence: {self.sentence}"]
        if self.forgiven:
            lines.append(f"    forgiven: {', '.join(self.forgiven)}")
        if self.misheard:
            lines.append("    taken as: " + ", ".join(f"{heard} -> {meant}" for heard, meant in self.misheard))
        if self.added:
            lines.append(f"    said besides: {', '.join(self.added)}")
        if self.missing:
            lines.append(f"    not said: {', '.join(self.missing)}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Explanation:
    """``weighed`` best first, one reading of each sense; the second is what came second."""

    meaning: Meaning
    weighed: tuple[Weighed, ...]

    def __str__(self) -> str:
        meaning = self.meaning
        if meaning.intent:
            head = f"understood: {meaning.intent} (score {meaning.score:.3f}, margin {meaning.margin:.3f})"
        elif meaning.slots:
            answer = ", ".join(f"{key} = {value!r}" for key, value in meaning.slots.items())
            head = f"understood: the answer {answer} (score {meaning.score:.3f})"
        elif self.weighed:
            head = f"not understood: the nearest scores {meaning.score:.3f}, {meaning.margin:.3f} before the next"
        else:
            head = "not understood: nothing is near"
        ranks = ("1st", "2nd", "3rd")
        return "\n".join([head, *(f"{ranks[place]} {one}" for place, one in enumerate(self.weighed))])


def explanation(meaning: Meaning, readings: Sequence[Reading]) -> Explanation:
    """Put a meaning and the readings behind it (best first) into words."""
    best: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        best.setdefault(reading.sense, reading)
    return Explanation(meaning, tuple(_weighed(reading) for reading in list(best.values())[:SHOWN]))


def _weighed(reading: Reading) -> Weighed:
    kind, name = reading.sense
    unlike = [pair for pair in reading.pairs if pair.heard != pair.meant]
    return Weighed(
        sense=name if kind == "intent" else f"{kind}:{name}",
        score=round(reading.score, 4),
        template=reading.phrase.template,
        sentence=" ".join(reading.phrase.words),
        hypothesis=reading.heard.text,
        forgiven=reading.heard.core.forgiven,
        misheard=tuple((pair.heard, pair.meant) for pair in unlike if pair.heard and pair.meant),
        added=tuple(pair.heard for pair in unlike if not pair.meant),
        missing=tuple(pair.meant for pair in unlike if not pair.heard),
    )
