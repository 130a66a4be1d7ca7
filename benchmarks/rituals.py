"""Every ritual from its first word to its last in the simulated room, audio in and audio out.

What is said is the first conversation without interruptions of tests/conversations/ID.yaml, spoken by two simulated
voices (Piper, two pitches) when the ears are open for it; recognition, understanding, dialogue, speech and journal are
real. A row a ritual: ``minutes`` of audio; ``turns`` people took; ``wer`` of the answers that were kept against what
was spoken; ``no_matches``, utterances that were not understood (said once more; or guessed, and affirmed); ``lost``,
answers that were not kept. ``longest_wait_s`` is the longest time from somebody's last sample to the first of what
Evensong says then. ``longest_gap_s`` leaves out of it what a free answer is owed: the silence in which people may still
go on, up to the patience of that question (`assistant.hearing.endpoint.PROFILES`). Silences that a ritual asks for
count in neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import jiwer
import yaml

from assistant import app, config
from assistant.commands.simulate import NOTE, people_engine, scratch_conversation
from assistant.evening.evening import Evening
from assistant.evening.observing import Notice, Speaking
from assistant.events import (
    AudioChunk,
    CloseSession,
    EndpointName,
    Listen,
    ListenMode,
    OpenSession,
    StartTimer,
    UtteranceHeard,
)
from assistant.hearing.endpoint import PROFILES
from assistant.memory import Journal
from assistant.room.acoustics import Acoustics
from assistant.room.household import Household, Said
from assistant.room.script import Line, Person, Script
from assistant.room.voices import Voices
from assistant.view.transcript import Transcript, words
from benchmarks.setting import Options

CONVERSATIONS = Path(__file__).parent.parent / "tests" / "conversations"
LONGEST_S = 1200.0
AFTERWARDS_S = 12.0  # for the last words
PATIENT: tuple[EndpointName, ...] = ("answer", "reflection")  # whoever answers these may think in between
ACTS = ("wake", "you", "evensong", "hears", "wait")
TO_EACH_OTHER: dict[str, list[str]] = {"evensong": []}  # what is said into a quiet moment, and not answered
VOICES = (
    Person(pitch=1.16, rate=1.15, level_db=-24),
    Person(pitch=0.95, rate=1.15, level_db=-24),
    Person(pitch=1.24, rate=1.1, level_db=-25),
    Person(pitch=0.9, rate=1.1, level_db=-25),
)


@dataclass
class Watch:
    """What happened in one evening."""

    said: list[Said] = field(default_factory=list)
    repeat: Callable[[], None] = lambda: None
    reply: Callable[[str], None] = lambda says: None
    leave: Callable[[], None] = lambda: None
    open: bool = False
    over_s: float | None = None
    waits_s: list[float] = field(default_factory=list)
    gaps_s: list[float] = field(default_factory=list)
    no_matches: int = 0
    now_s: float = 0.0
    asked: int = 0  # how often the ears were to be opened
    answered: tuple[int, int] = (0, 0)  # lines spoken, and how often the ears had been opened by then
    _ended_s: float | None = None
    _owed_s: float = 0.0
    _endpoint: EndpointName = "command"

    def chunk(self, chunk: AudioChunk) -> None:
        self.now_s = chunk.end_s
        if self.now_s > LONGEST_S or (self.over_s is not None and self.now_s > self.over_s + AFTERWARDS_S):
            self.leave()

    def notice(self, at_s: float, what: Notice) -> None:
        match what:
            case Listen(endpoint=endpoint):
                self.asked += 1
                self._endpoint = endpoint
            case OpenSession():
                self.open = True
            case CloseSession():
                self.over_s = at_s
            case UtteranceHeard(utterance=utterance, meaning=meaning) if self.said:
                self._ended_s = self.said[-1].end_s
                self._owed_s = self._patience_s(utterance.decided_s - self._ended_s)
                if meaning is not None and meaning.unsure:  # "Was it ... you meant?"
                    self.no_matches += 1
                    self.reply("Yes.")
                elif meaning is not None and meaning.intent is None and not meaning.slots:
                    self.no_matches += 1
                    self.repeat()
            case StartTimer("quiet" | "breath"):
                self._ended_s = None
            case Speaking() if self._ended_s is not None:
                self.waits_s.append(at_s - self._ended_s)
                self.gaps_s.append(at_s - self._ended_s - self._owed_s)
                self._ended_s = None

    def _patience_s(self, waited_s: float) -> float:
        """How much of the wait for the end of an answer was patience, and no delay."""
        return min(max(0.0, waited_s), PROFILES[self._endpoint].silence_s) if self._endpoint in PATIENT else 0.0


def run(options: Options) -> dict[str, Any]:
    chosen = [path for path in sorted(CONVERSATIONS.glob("*.yaml")) if not options.only or path.stem in options.only]
    if options.lot:
        chosen = sorted(Random(options.seed).sample(chosen, min(options.lot, len(chosen))))
    return {"rituals": [_evening(path, options) for path in chosen]}


def _evening(path: Path, options: Options) -> dict[str, Any]:
    talk = next(one for one in yaml.safe_load(path.read_text(encoding="utf-8")) if _is_plain(one))
    script = _script(path.stem, talk)
    watch = Watch()
    running: list[Evening] = []
    household = Household(
        script,
        Voices(people_engine()),
        Acoustics(seed=options.seed),
        lambda: _is_their_turn(running, watch),
        lambda: watch.over_s is not None or not watch.open,
    )
    watch.said, watch.repeat, watch.reply = household.said, household.say_again, household.reply
    transcript = Transcript(household.said)
    settings = config.Settings(household=config.Household(people=tuple(talk.get("people", ()))))
    with scratch_conversation(settings) as (conversation, journal):
        with app.evening(settings, household, conversation, [watch, transcript]) as evening:
            running.append(evening)
            watch.leave = evening.stop
            evening.run()
        kept = _kept(journal)
    if options.transcripts is not None:
        options.transcripts.mkdir(parents=True, exist_ok=True)
        page = transcript.markdown(script.title, NOTE)
        (options.transcripts / f"{path.stem}.md").write_text(page, encoding="utf-8")
    wanted = [(one[0], one[1], one[2]) for one in talk.get("kept", [])]
    return {
        "id": path.stem,
        "minutes": round(watch.now_s / 60, 2),
        "turns": len(household.said),
        "wer": _wer(wanted, kept),
        "no_matches": watch.no_matches,
        "longest_gap_s": round(max(watch.gaps_s, default=0.0), 2),
        "longest_wait_s": round(max(watch.waits_s, default=0.0), 2),
        "lost": max(0, len(wanted) - len(kept)),
    }


def _is_plain(talk: dict[str, Any]) -> bool:
    acts = {act if isinstance(act, str) else next(iter(act)) for act in talk["talk"]}
    return acts <= set(ACTS) and talk["outcome"] == "finished" and "kept_keys" not in talk


def _script(ritual: str, talk: dict[str, Any]) -> Script:
    """The conversation's lines, each by whoever's answer it is."""
    named = dict.fromkeys(one[1] for one in talk.get("kept", []) if one[1])
    people = dict(zip(talk.get("people") or tuple(named) or ("Ana",), VOICES, strict=False))
    first = next(iter(people))
    answerer = {str(one[2]): one[1] for one in talk.get("kept", []) if one[1] in people}
    lines = [Line(who=first, says="Hey Evensong.", after_s=1.5)]
    for act, then in zip(talk["talk"], [*talk["talk"][1:], None], strict=True):
        if isinstance(act, dict) and "you" in act and then != TO_EACH_OTHER:
            lines.append(Line(who=answerer.get(act["you"], first), says=act["you"]))
    return Script(title=f"{ritual}: {talk['title']}", people=people, lines=tuple(lines))


def _is_their_turn(running: list[Evening], watch: Watch) -> bool:
    """People speak when they are asked, not into a silence that they share."""
    if len(watch.said) != watch.answered[0]:
        watch.answered = (len(watch.said), watch.asked)
    if not running or watch.asked == watch.answered[1]:
        return False
    mode = running[0].expecting.mode
    if mode is ListenMode.COMMAND:
        return not watch.open
    return mode in (ListenMode.ANSWER, ListenMode.CHOICE) or (mode is ListenMode.WAKE and not watch.open)


def _kept(journal: Journal) -> list[tuple[str, str | None, str | float | None]]:
    return [
        (entry.key, entry.person, entry.text if entry.number is None else entry.number)
        for session in journal.sessions()
        for entry in session.entries
    ]


def _wer(wanted: list[tuple[Any, Any, Any]], kept: list[tuple[str, str | None, str | float | None]]) -> float | None:
    """Word error rate over all kept answers in words; None when the ritual keeps none."""
    heard_of = {key: [text for *of, text in kept if of == list(key)] for key in {(one[0], one[1]) for one in wanted}}
    pairs = [
        (" ".join(words(spoken)), " ".join(words(str(heard_of[key, person].pop(0)))))
        for key, person, spoken in wanted
        if isinstance(spoken, str) and heard_of[key, person]
    ]
    if not pairs:
        return None
    return round(float(jiwer.wer([spoken for spoken, _ in pairs], [heard for _, heard in pairs])), 3)
