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

Modes: without echo cancelling (``off``), speexdsp's canceller alone (``linear``), and ``shipped``. ``--only shipped``
runs that alone, ``--rounds N`` each with N times as many commands, ``--hours H`` adds H hours in which it speaks and
nobody else (``alone``).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path as File
from typing import Any, cast

import numpy as np

from assistant import app, config
from assistant.audio.playback import gain
from assistant.commands.simulate import people_engine
from assistant.conversation import Conversation
from assistant.dialogue.commands import COMMANDS
from assistant.ears import Ears, load_ears
from assistant.events import (
    SAMPLE_RATE_HZ,
    AudioClip,
    Effect,
    Event,
    Expectation,
    Hush,
    PlaybackFinished,
    Samples,
    Say,
    UtteranceHeard,
)
from assistant.hearing.echo import EchoCanceller, echo_canceller
from assistant.intents import load_library
from assistant.room.script import Line, Person
from assistant.room.voices import Voices, at_level
from assistant.understanding import Understanding
from benchmarks.echo_room import Cry, EchoRoom, Path
from benchmarks.setting import Options
from benchmarks.shoebox import ROOMS

MODES = ("off", "linear", "shipped")
SAID: dict[str, tuple[str, ...]] = {
    "stop": ("Stop.", "Please stop.", "That's enough for now.", "Stop talking."),
    "pause": ("Pause.", "Hold on a second.", "Wait a minute.", "Pause please."),
    "repeat": ("Say that again.", "Repeat that please."),
    "skip": ("Skip this one.", "Next question please."),
    "help": ("Help.", "What can I say?"),
    "louder": ("Louder please.", "Speak up a little."),
    "quieter": ("Quieter please.", "Not so loud."),
    "slower": ("Slow down please.",),
    "stop_listening": ("Stop listening.", "Go to sleep."),
    "time_left": ("How much time is left?",),
}
OTHER = ("Mm-hm.", "Yeah.", "Oh.", "Uh huh.")
TELEVISION = (
    "And now over to Marion with the weather for the weekend.",
    "Police say that the two men left the station around midnight.",
    "A second goal just before half time, and the visitors are in front.",
    "Simmer the onions until they are soft, then add the rice.",
)
LEVELS_DB = (0, 0, 0, 0, 0, 0, 0, 0, -15, -10, -5, 5, 10, 15)  # of one stretch: mostly as loud as the echo
PEOPLE = ((1.16, 1.0), (0.94, 1.0), (1.3, 1.05), (1.06, 0.92))  # pitch and rate
NOT_FOR = ("yes", "no", "finished", "more_time", "resume")  # what an exercise does not cut its sentence for
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
        stage = _Stage(settings, ears, understanding, texts, File(folder))
        for mode in options.only or MODES:
            modes[mode] = {
                "plain": _summary([stage.held(path, mode, place) for place, path in _taken(plain, options)]),
                "hard": _summary([stage.held(path, mode, place) for place, path in _taken(hard, options)]),
            }
            if options.hours:
                modes[mode]["alone"] = _alone(stage, mode, (*plain, *hard), options)
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
    """Nobody says anything: what it takes for a command then, in ``options.hours`` divided among ``ways``."""
    each_s = options.hours * 3600 / len(ways)
    held = [stage.alone(path, mode, options.seed * 1000 + 900 + place, each_s) for place, path in enumerate(ways)]
    stops = [text for one in held for text in one.false_stops]
    return {"hours": options.hours, "false_stops_per_hour": round(len(stops) / options.hours, 2), "false_stops": stops}


def _taken(ways: Sequence[Path], options: Options) -> Iterator[tuple[int, Path]]:
    """Each way so often, with the seed of its stretch."""
    for number in range(options.rounds):
        for place, path in enumerate(ways):
            yield options.seed * 1000 + number * 100 + place, path


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


@dataclass(frozen=True, slots=True)
class _Taken:
    """An utterance that was taken for a command."""

    at_s: float
    start_s: float
    intent: str
    text: str


class Narration:
    """Speaks without end; a command cuts the sentence, and the next one comes. Stands where a conversation stands."""

    def __init__(self, understanding: Understanding, texts: Sequence[str], seed: int) -> None:
        self._understanding = understanding
        self._rng = np.random.default_rng(seed)
        self._texts = texts
        self.commands = tuple(intent.id for intent in understanding.intents if "ritual" in intent.contexts)
        self.taken: list[_Taken] = []

    def begin(self) -> tuple[Effect, ...]:
        return (self._next(),)

    def step(self, event: Event) -> tuple[Effect, ...]:
        if isinstance(event, PlaybackFinished):
            return (self._next(),)
        if isinstance(event, UtteranceHeard) and event.meaning is not None:
            intent = event.meaning.intent or ""
            if intent in COMMANDS and intent not in NOT_FOR:
                heard = event.utterance
                self.taken.append(_Taken(event.at_s, heard.start_s, intent, heard.text))
                return (Hush(),)
        return ()

    def understood(self, event: UtteranceHeard, expectation: Expectation) -> UtteranceHeard:
        return replace(event, meaning=self._understanding.understand(event.utterance.hypotheses, expectation))

    def grammar(self, expectation: Expectation, knows: Any) -> tuple[str, ...] | None:
        return self._understanding.grammar(expectation, knows)

    def is_complete(self, text: str, expectation: Expectation, *, may_go_on: bool = False) -> bool:
        return self._understanding.is_complete(text, expectation, may_go_on=may_go_on)

    def is_fixed(self, _text: str) -> bool:
        return True

    def upcoming(self) -> tuple[str, ...]:
        return ()

    def is_quiet_hour(self) -> bool:
        return False

    def due_reminder(self, _at_s: float) -> None:
        return None

    def keep_up(self) -> None:
        pass

    def is_apart(self) -> bool:
        return False

    def _next(self) -> Say:
        return Say(self._next_text(), 0.3)

    def _next_text(self) -> str:
        return str(self._rng.choice(self._texts))


class _Stage:
    """Everything that the stretches share."""

    def __init__(
        self,
        settings: config.Settings,
        ears: Future[Ears],
        understanding: Understanding,
        texts: Sequence[str],
        cache: File,
    ) -> None:
        self._settings = settings
        self._ears = ears
        self._understanding = understanding
        self._cache = cache
        self._voices = Voices(people_engine())
        self._cries: dict[tuple[str, int], Samples] = {}
        rng = np.random.default_rng(11)
        self._texts = [str(text) for text in rng.choice(texts, 60, replace=False)]

    def held(self, path: Path, mode: str, seed: int) -> _Held:
        room = EchoRoom(path, self._stretch(seed), self._own_db, seed)
        return _judged(room, self._taken_in(room, mode, seed))

    def alone(self, path: Path, mode: str, seed: int, seconds: float) -> _Held:
        room = EchoRoom(path, (), self._own_db, seed, seconds)
        taken = self._taken_in(room, mode, seed)
        return _Held(speech_s=seconds, false_stops=[f"{one.text} ({one.intent})" for one in taken])

    @property
    def _own_db(self) -> float:
        loud = gain(AudioClip(np.full(16, 16_000, np.int16), SAMPLE_RATE_HZ), self._settings.speech.volume)
        return OWN_DBFS + 20 * float(np.log10(loud.samples[0] / 16_000))

    def _taken_in(self, room: EchoRoom, mode: str, seed: int) -> list[_Taken]:
        """What Evensong takes for commands in ``room``."""
        narration = Narration(self._understanding, self._texts, seed)
        with app.evening(
            self._settings,
            room,
            cast("Conversation", narration),
            [],
            ears=self._ears,
            cache=self._cache,
            echo=_ECHO[mode],
        ) as evening:
            evening.run()
        return narration.taken

    def _stretch(self, seed: int) -> list[Cry]:
        """What is cried in one stretch, with a sound that is no command after every second one."""
        rng = np.random.default_rng(seed)
        cries: list[Cry] = []
        for place, level_db in enumerate(rng.permutation(LEVELS_DB)):
            intent = str(rng.choice(list(SAID)))
            text = str(rng.choice(SAID[intent]))
            person = int(rng.integers(len(PEOPLE)))
            after_s = float(rng.uniform(2.5, 4.5)) + (4.0 if not cries else 0.0)
            cries.append(Cry(self._spoken(text, person), text, intent, float(level_db), after_s))
            if place % 2:
                after_s = float(rng.uniform(2.5, 4.0))
                cries.append(self._other(place // 2, after_s, rng))
        return cries

    def _other(self, place: int, after_s: float, rng: np.random.Generator) -> Cry:
        if place % 3 == 0:
            return Cry(cough(rng), "(cough)", None, 3.0, after_s)
        if place % 3 == 1:
            text = str(rng.choice(OTHER))
            return Cry(self._spoken(text, int(rng.integers(len(PEOPLE)))), text, None, 0.0, after_s)
        text = str(rng.choice(TELEVISION))
        return Cry(self._spoken(text, 1), text, None, -8.0, after_s)

    def _spoken(self, text: str, person: int) -> Samples:
        if (text, person) not in self._cries:
            pitch, rate = PEOPLE[person]
            spoken = self._voices.speak(Person(pitch=pitch, rate=rate), Line(who="", says=text))
            self._cries[text, person] = spoken.samples
        return self._cries[text, person]


def _linear() -> EchoCanceller | None:
    return echo_canceller(suppress=False)


_ECHO = {"off": lambda: None, "linear": _linear, "shipped": echo_canceller}


def cough(rng: np.random.Generator) -> Samples:
    """Two bursts of dark noise, falling off quickly: int16, 16 kHz, as loud as the voices."""
    count = round(0.28 * SAMPLE_RATE_HZ)
    falling = np.exp(-np.arange(count) / (0.06 * SAMPLE_RATE_HZ))
    bursts = [np.convolve(rng.standard_normal(count), np.ones(5) / 5, mode="same") * falling for _ in range(2)]
    return at_level((np.concatenate(bursts) * 8_000).astype(np.int16), -23.0)


def _judged(room: EchoRoom, taken: Sequence[_Taken]) -> _Held:
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
