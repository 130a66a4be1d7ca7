"""The transcript of an evening in the simulated household: said, heard, answered, when, how fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evening.observing import Notice, Speaking
from assistant.events import AudioChunk, UtteranceHeard, WakeHeard
from assistant.room.household import Said

NEAR_S = 1.0


@dataclass(slots=True)
class Entry:
    """One row: a sentence of Evensong's, or what was heard of a person.

    ``said`` is what the person really said ("" when nobody spoke: a ghost). ``decided_ms`` counts from the
    person's last sample to the endpointer's decision, ``answered_ms`` to the first sample of the answer.
    """

    at_s: float
    who: str
    said: str
    heard: str = ""
    meant: str = ""
    decided_ms: float | None = None
    answered_ms: float | None = None
    end_s: float = 0.0


class Transcript:
    """Watches an evening and writes it down; ``show`` prints each row as it comes."""

    def __init__(self, said: Sequence[Said], show: Callable[[Entry], None] | None = None) -> None:
        self._said = said
        self._show = show
        self._unanswered: Entry | None = None
        self.entries: list[Entry] = []

    def chunk(self, chunk: AudioChunk) -> None:
        pass

    def notice(self, at_s: float, what: Notice) -> None:
        match what:
            case Speaking(_, text) if text:
                if self._unanswered is not None and self._unanswered.answered_ms is None:
                    self._unanswered.answered_ms = (at_s - self._unanswered.end_s) * 1000
                    self._unanswered = None
                self._add(Entry(at_s, "Evensong", text))
            case WakeHeard(_, phrase):
                line = self._line_at(at_s - NEAR_S, at_s)
                who = line.line.who if line else "somebody"
                self._add(Entry(at_s, who, line.spoken if line else "", phrase, "wake phrase"))
            case UtteranceHeard(_, utterance, meaning):
                line = self._line_at(utterance.start_s, utterance.end_s)
                end_s = line.end_s if line else utterance.end_s
                entry = Entry(
                    at_s,
                    line.line.who if line else "somebody",
                    line.spoken if line else "",
                    utterance.text,
                    (meaning.intent if meaning and meaning.intent else "answer"),
                    decided_ms=(utterance.decided_s - end_s) * 1000,
                    end_s=end_s,
                )
                self._unanswered = entry
                self._add(entry)

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        if self._show is not None:
            self._show(entry)

    def _line_at(self, start_s: float, end_s: float) -> Said | None:
        """The line that overlaps the stretch most; the latest of equals."""
        best: Said | None = None
        most = 0.0
        for line in self._said:
            overlap = min(end_s, line.end_s) - max(start_s, line.start_s)
            if overlap > 0 and overlap >= most:
                best, most = line, overlap
        return best

    def markdown(self, title: str, note: str) -> str:
        """The whole evening as a Markdown page."""
        rows = [f"# {title}", "", note, ""]
        rows += ["| at | who | said | heard | meant | decided | answered |", "|---:|---|---|---|---|---:|---:|"]
        for entry in self.entries:
            own = entry.who == "Evensong"
            heard = "" if own else ("as said" if _same(entry.said, entry.heard) else entry.heard)
            rows.append(
                f"| {clock(entry.at_s)} | {entry.who} | {entry.said} | {heard} | {entry.meant} "
                f"| {_ms(entry.decided_ms)} | {_ms(entry.answered_ms)} |"
            )
        return "\n".join(rows) + "\n"


def clock(at_s: float) -> str:
    """Audio seconds as minutes, seconds and tenths."""
    return f"{int(at_s // 60)}:{at_s % 60:04.1f}"


def words(text: str) -> list[str]:
    """Lower-case words without punctuation, as the recogniser would write them."""
    kept = (letter if letter.isalnum() or letter == "'" else " " for letter in text.lower())
    return "".join(kept).split()


def _same(said: str, heard: str) -> bool:
    return words(said) == words(heard)


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} ms"
