"""Talking over Evensong: are commands acted on, does its own voice stop it, and how soon is it silent?

In three simulated rooms (impulse responses by the image method) Evensong speaks without end through a loudspeaker that
its own microphone hears, 30 to 120 ms later; somebody (Piper, shifted in pitch) says a command over it, at the echo's
level and 5, 10 and 15 dB below and above. ``plain`` rooms have a good loudspeaker on the microphone's clock; in
``hard`` ones its clock is 50 or 200 ppm off, or it clips. Between the commands come sounds that are none: a cough,
"mm-hm", a television.

``acted_on`` is the share of commands of the echo's own level that were understood as what they were (``by_level`` has
the others); ``false_stops_per_hour`` counts what Evensong took for a command while nobody said anything, per hour of
its own speech, ``distracted`` what it took the other sounds for. ``silence_ms`` goes from the command's last sample
to the moment the loudspeaker is told to stop, in audio time (median; ``silence_p95_ms``).

A stretch of each room has seven commands, about four of them at the echo's own level: a quarter of an hour of sound for
the three modes, and nearly as long to compute. Modes: without echo cancelling (``off``), speexdsp's canceller alone
(``linear``), and ``shipped``. ``--only shipped`` runs that alone, ``--rounds N`` each with N times as many commands,
``--lot N`` only N commands a stretch, all at the echo's own level. ``--hours H`` adds H hours in which it speaks, in
all voices it has, and nobody else (``alone``). A table of the modes goes to the standard error stream.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path as File
from typing import Any

import numpy as np

from assistant import app, config
from assistant.audio.playback import gain
from assistant.dialogue import Library
from assistant.events import SAMPLE_RATE_HZ, AudioClip
from assistant.hearing.echo.canceller import EchoCanceller, echo_canceller
from assistant.loading.ears import Ears, load_ears
from assistant.loading.phrases import load_library
from assistant.memory import Journal
from assistant.speaking import engines
from assistant.understanding import Understanding
from benchmarks.cries import Criers
from benchmarks.echo_room import EchoRoom, Path
from benchmarks.narration import Narration, Taken
from benchmarks.setting import Options
from benchmarks.shoebox import ROOMS

MODES = ("off", "linear", "shipped")
WITHIN_S = 2.5  # of a command's end: later, it was something else
LONGEST_TEXT = 140
OWN_DBFS = -20.0  # RMS of what it says, while words sound, at full volume


def run(options: Options) -> dict[str, Any]:
    settings = config.load()
    ears = load_ears(settings)
    library, understanding = load_library(settings)
    # Templates of commands are no speech of its own.
    spoken = (text for text in library.fixed_wording if text[0].isupper() and not set(text) & set("[(|<{"))
    texts = sorted(text for text in spoken if 40 < len(text) < LONGEST_TEXT)
    plain, hard = paths()
    modes: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="evensong-bench-") as folder:
        stage = _Stage(settings, ears, (library, understanding), texts, File(folder))
        for mode in options.only or MODES:
            modes[mode] = {
                "plain": _summary([stage.held(path, mode, *one) for path, *one in _taken(plain, options)]),
                "hard": _summary([stage.held(path, mode, *one) for path, *one in _taken(hard, options)]),
            }
            if options.hours:
                modes[mode]["alone"] = _alone(stage, mode, (*plain, *hard), options)
    sys.stderr.write(_table(modes))
    return {"modes": modes}


def paths() -> tuple[list[Path], list[Path]]:
    """The plain ways from loudspeaker to microphone, and the hard ones."""
    bedroom, kitchen, living_room = ROOMS
    plain = [Path(bedroom, 0.03), Path(kitchen, 0.06), Path(living_room, 0.12)]
    hard = [
        Path(living_room, 0.06, drift_ppm=50.0),
        Path(kitchen, 0.12, drift_ppm=200.0),
        Path(bedroom, 0.06, drift_ppm=-200.0),
        Path(bedroom, 0.03, clip_db=-18.0),
    ]
    return plain, hard


def _alone(stage: _Stage, mode: str, ways: Sequence[Path], options: Options) -> dict[str, Any]:
    """Nobody says anything: what it takes for a command in ``options.hours``, divided among ``ways`` and voices."""
    voices = [engine.name for engine in engines() if engine.available]
    each_s = options.hours * 3600 / len(ways) / len(voices)
    seeds = iter(range(options.seed * 1000 + 900, options.seed * 1000 + 1000))
    held = [stage.alone(path, mode, next(seeds), each_s, voice) for voice in voices for path in ways]
    stops = [text for one in held for text in one.false_stops]
    return {"hours": options.hours, "false_stops_per_hour": round(len(stops) / options.hours, 2), "false_stops": stops}


def _taken(ways: Sequence[Path], options: Options) -> Iterator[tuple[Path, int, int]]:
    """Each way so often, with the seed of its stretch and how much is cried (0: the usual)."""
    for number in range(options.rounds):
        for place, path in enumerate(ways):
            yield path, options.seed * 1000 + number * 100 + place, options.lot


@dataclass(slots=True)
class _Held:
    """What came of one stretch of speech."""

    speech_s: float
    acted: Counter[float] = field(default_factory=Counter)  # by level
    cried: Counter[float] = field(default_factory=Counter)
    silence_ms: list[float] = field(default_factory=list)
    false_stops: list[str] = field(default_factory=list)
    distracted: list[str] = field(default_factory=list)
    others: int = 0
    missed: list[str] = field(default_factory=list)


class _Stage:
    """Everything that the stretches share."""

    def __init__(
        self,
        settings: config.Settings,
        ears: Future[Ears],
        read: tuple[Library, Understanding],
        texts: Sequence[str],
        folder: File,
    ) -> None:
        self._settings = settings
        self._ears = ears
        self._read = read
        self._folder = folder
        self._criers = Criers()
        self._all_texts = texts
        rng = np.random.default_rng(11)
        self._texts = [str(text) for text in rng.choice(texts, 60, replace=False)]

    def held(self, path: Path, mode: str, seed: int, count: int) -> _Held:
        room = EchoRoom(path, self._criers.stretch(seed, count), self._own_db, seed)
        return _judged(room, self._taken_in(room, mode, seed, self._settings, self._texts))

    def alone(self, path: Path, mode: str, seed: int, seconds: float, voice: str) -> _Held:
        room = EchoRoom(path, (), self._own_db, seed, seconds)
        speech = self._settings.speech.model_copy(update={"engine": voice})
        settings = self._settings.model_copy(update={"speech": speech})
        taken = self._taken_in(room, mode, seed, settings, self._all_texts)
        return _Held(speech_s=seconds, false_stops=[f"{one.text} ({one.intent})" for one in taken])

    @property
    def _own_db(self) -> float:
        loud = gain(AudioClip(np.full(16, 16_000, np.int16), SAMPLE_RATE_HZ), self._settings.speech.volume)
        return OWN_DBFS + 20 * float(np.log10(loud.samples[0] / 16_000))

    def _taken_in(
        self, room: EchoRoom, mode: str, seed: int, settings: config.Settings, texts: Sequence[str]
    ) -> list[Taken]:
        """What Evensong takes for commands in ``room``."""
        with Journal.open(self._folder / "journal.db", _now) as journal:
            narration = Narration(*self._read, journal, texts, seed)
            with app.evening(
                settings, room, narration, [], ears=self._ears, cache=self._folder / "speech", echo=_ECHO[mode]
            ) as evening:
                evening.run()
        return narration.taken


def _now() -> datetime:
    return datetime.now().astimezone()


def _linear() -> EchoCanceller | None:
    return echo_canceller(suppress=False)


_ECHO = {"off": lambda: None, "linear": _linear, "shipped": echo_canceller}


def _judged(room: EchoRoom, taken: Sequence[Taken]) -> _Held:
    last_s = room.cried[-1].end_s if room.cried else 0.0
    held = _Held(speech_s=last_s)
    left = list(taken)
    for cried in room.cried:
        mine = [one for one in left if cried.start_s < one.at_s and one.start_s < cried.end_s + 0.3]
        mine = [one for one in mine if one.at_s < cried.end_s + WITHIN_S]
        left = [one for one in left if one not in mine]
        cry = cried.cry
        if cry.intent is None:
            held.others += 1
            held.distracted += [f"{cry.text} -> {one.text} ({one.intent})" for one in mine]
            continue
        held.cried[cry.level_db] += 1
        right = next((one for one in mine if one.intent == cry.intent), None)
        if right is None:
            heard = ", ".join(f"{one.text} ({one.intent})" for one in mine)
            held.missed.append(f"{cry.level_db:+.0f} dB {cry.text} -> {heard}")
        else:
            held.acted[cry.level_db] += 1
            held.silence_ms.append((right.at_s - cried.end_s) * 1000)
    held.false_stops = [f"{one.text} ({one.intent})" for one in left]
    return held


def _summary(stretches: Sequence[_Held]) -> dict[str, Any]:
    acted: Counter[float] = sum((held.acted for held in stretches), Counter())
    cried: Counter[float] = sum((held.cried for held in stretches), Counter())
    silence = [ms for held in stretches for ms in held.silence_ms]
    hours = sum(held.speech_s for held in stretches) / 3600
    false_stops = [text for held in stretches for text in held.false_stops]
    distracted = [text for held in stretches for text in held.distracted]
    return {
        "acted_on": round(acted[0.0] / cried[0.0], 3),
        "false_stops_per_hour": round(len(false_stops) / hours, 2),
        "silence_ms": round(float(np.median(silence))) if silence else None,
        "silence_p95_ms": round(float(np.percentile(silence, 95))) if silence else None,
        "by_level": {f"{level:+.0f}": round(acted[level] / cried[level], 3) for level in sorted(cried)},
        "commands": sum(cried.values()),
        "commands_at_equal_level": cried[0.0],
        "hours": round(hours, 3),
        "distracted": {"sounds": sum(held.others for held in stretches), "taken": distracted},
        "false_stops": false_stops,
        "missed": [text for held in stretches for text in held.missed],
    }


def _table(modes: Mapping[str, Any]) -> str:
    """Markdown: a row for each mode and kind of room."""
    lines = [
        "| cancelling | rooms | acted on | silent after (median, 95 %) | false stops an hour | other sounds taken |"
    ]
    lines.append("|---|---|---|---|---|---|")
    for mode, kinds in modes.items():
        for kind in ("plain", "hard"):
            one = kinds[kind]
            acted = f"{round(one['acted_on'] * one['commands_at_equal_level'])} of {one['commands_at_equal_level']}"
            late = f"{one['silence_ms']}, {one['silence_p95_ms']} ms"
            sounds = f"{len(one['distracted']['taken'])} of {one['distracted']['sounds']}"
            stops = f"{one['false_stops_per_hour']} ({len(one['false_stops'])} in {one['hours']} h)"
            lines.append(f"| {mode} | {kind} | {acted} | {late} | {stops} | {sounds} |")
        if "alone" in kinds:
            lines.append(f"| {mode} | nobody there | | | {kinds['alone']['false_stops_per_hour']} | |")
    return "\n".join(lines) + "\n"
