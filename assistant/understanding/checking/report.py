"""What checking the intents found: the over-match matrix, and what is to be mended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One example sentence: whose it is, what it was understood as, and what its templates alone would make of it.

    ``score``, ``margin`` and ``runner_up`` are of the match with all sentences. ``by_templates`` is what is understood
    when no example is counted (None: nothing).
    """

    sentence: str
    intent: str
    source: str
    understood: str | None
    score: float
    margin: float
    runner_up: str | None
    by_templates: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """``failures`` are sentences for people, each naming file and line; empty means that all is well."""

    rows: tuple[Row, ...]
    failures: tuple[str, ...]

    def __str__(self) -> str:
        """The over-match matrix, a line for each sentence with the nearest other intent, then what is wrong."""
        lines = [f"{'sentence':44} {'intent':16} {'score':>5} {'margin':>6}  {'nearest other':16} without examples"]
        for row in self.rows:
            other, alone = row.runner_up or "-", row.by_templates or "-"
            lines.append(
                f"{row.sentence:44} {row.understood or '-':16} {row.score:5.2f} {row.margin:6.2f}  {other:16} {alone}"
            )
        by_templates = sum(row.by_templates == row.intent for row in self.rows)
        lines.append(
            f"{len(self.rows)} sentences, {by_templates} of them understood by templates alone; "
            f"{len(self.failures)} to mend."
        )
        return "\n".join([*lines, *self.failures])
