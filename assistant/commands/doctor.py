"""`evensong doctor`: everything that must be right for an evening, each with its remedy."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.text import Text

from assistant import config
from assistant.commands.keep import model_store, print_line, read_journal, wide_console
from assistant.errors import AudioError, EvensongError

Verdict = Literal["ok", "warn", "fail"]
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}
NEEDED_MB = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One finding; ``text`` holds the remedy when the verdict is not ok."""

    verdict: Verdict
    subject: str
    text: str


def run(settings: config.Settings, *, as_json: bool = False) -> None:
    """Print a line for each finding as it comes; exit 1 when one of them is a failure."""
    console = wide_console()
    failed = False
    for check in (
        python,
        sound,
        echo,
        microphone_level,
        model_and_wake_phrase,
        telling_apart,
        phrases,
        voices,
        disk,
        journal,
    ):
        for line in _protected(check, settings):
            failed = failed or line.verdict == "fail"
            if as_json:
                print_line(json.dumps({"verdict": line.verdict, "subject": line.subject, "text": line.text}))
                continue
            console.print(Text.assemble((f"{line.verdict:4}", COLOURS[line.verdict]), f"  {line.subject}: {line.text}"))
    if failed:
        sys.exit(1)


def _protected(check: Callable[[config.Settings], Iterator[Line]], settings: config.Settings) -> Iterator[Line]:
    """A check that meets an expected error reports it as a failure and lets the others go on."""
    try:
        yield from check(settings)
    except EvensongError as error:
        yield Line("fail", check.__name__.replace("_", " "), str(error))


def python(_: config.Settings) -> Iterator[Line]:
    yield Line("ok", "Python", platform.python_version())


def sound(settings: config.Settings) -> Iterator[Line]:
    from assistant.audio import portaudio

    yield Line("ok", "PortAudio", str(portaudio.library().get_portaudio_version()[1]))
    for kind, name in (("input", settings.audio.microphone), ("output", settings.audio.loudspeaker)):
        subject = "microphone" if kind == "input" else "loudspeaker"
        try:
            found = portaudio.find("input" if kind == "input" else "output", name)
        except AudioError as error:
            yield Line("fail", subject, str(error))
            continue
        if kind == "input" and settings.audio.microphones:
            yield sides(found.name, found.channels, settings.audio.microphones)
        info = next((device for device in portaudio.devices() if device.name == found.name), None)
        rates = (info.input_rates_hz if kind == "input" else info.output_rates_hz) if info else ()
        listed = ", ".join(f"{rate / 1000:g}" for rate in rates)
        if listed:
            yield Line("ok", subject, f"{found.name}, opens at {listed} kHz")
        else:
            yield Line("fail", subject, f"{found.name} opens at no usable rate; choose another in the settings.")


def sides(name: str, channels: int, people: tuple[str, ...]) -> Line:
    """Whether the input ``name`` really has a channel for each of the two ``people`` of audio.microphones."""
    left, right = people
    if channels < 2:
        return Line("warn", "a microphone each", f"{name} has one channel only; choose a stereo input.")
    return Line("ok", "a microphone each", f"{left} is heard on the left, {right} on the right.")


def echo(settings: config.Settings) -> Iterator[Line]:
    from assistant.commands.echoes import kept_echo_loss
    from assistant.hearing.echo.canceller import REMEDY, echo_canceller
    from assistant.hearing.echo.loss import LEAST_DB

    loss_db = kept_echo_loss(settings)
    if not settings.audio.echo_cancelling:
        yield Line("ok", "echo cancelling", "turned off in the settings; use headphones.")
    elif echo_canceller() is None:
        yield Line("warn", "echo cancelling", f"speexdsp is not installed; {REMEDY}, or use headphones until then.")
    elif loss_db is None:
        yield Line("ok", "echo cancelling", "speexdsp; not measured yet, an evening by loudspeaker does that")
    elif loss_db < LEAST_DB:
        yield Line(
            "warn",
            "echo cancelling",
            f"only {max(loss_db, 0.0):.0f} dB of its own voice was taken away last time, so while it speaks little more"
            " than stop and pause is heard; use a loudspeaker with a wire, farther away or softer, or headphones.",
        )
    else:
        yield Line("ok", "echo cancelling", f"speexdsp; {loss_db:.0f} dB of its own voice was taken away last time")


def microphone_level(settings: config.Settings) -> Iterator[Line]:
    from assistant.audio.sound_card import level_check

    report = level_check(2.0, settings.audio.microphone)
    quiet = report.silent
    yield Line(
        "warn" if quiet else "ok", "microphone level", f"{report.rms_db:.0f} dBFS over two seconds. {report.verdict}"
    )


def model_and_wake_phrase(settings: config.Settings) -> Iterator[Line]:
    from assistant.hearing.recogniser import Recogniser
    from assistant.hearing.wake.phrase import WakePhrase

    name, store = settings.hearing.model, model_store(settings)
    installed = store.verify(name)
    if store.outdated(name):
        remedy = f"`evensong models install {name}` renews it"
        yield Line("warn", "model", f"{name} works as an earlier version set it up; {remedy}")
    else:
        yield Line("ok", "model", f"{name}, every file has its hash")
    WakePhrase(settings.wake.phrase, Recogniser(installed.path))
    yield Line("ok", "wake phrase", f'"{settings.wake.phrase}", every word is known to the recogniser')


def telling_apart(settings: config.Settings) -> Iterator[Line]:
    """What only the drills and remembered voices need; without it everything else works."""
    store = model_store(settings)
    for name, what in (("voices", "remembered voices"), ("overlaps", "two voices at once")):
        if name in store.installed():
            store.verify(name)
            yield Line("ok", what, f"{name}, every file has its hash")
        else:
            yield Line("ok", what, f"not installed; `evensong models install {name}` adds it")


def phrases(settings: config.Settings) -> Iterator[Line]:
    from assistant.loading.phrases import load_library

    library, _ = load_library(settings)
    yield Line("ok", "rituals", ", ".join(library.rituals))


def voices(settings: config.Settings) -> Iterator[Line]:
    from assistant.speaking import engines

    usable = False
    for engine in engines():
        usable = usable or engine.available
        wanted = settings.speech.engine in ("auto", engine.name)
        if engine.available:
            yield Line("ok", "voice", f"{engine.name} {engine.version}: {', '.join(engine.voices[:4]) or 'default'}")
        else:
            yield Line("warn" if wanted else "ok", "voice", f"{engine.name} is not usable: {engine.remedy}")
    if not usable:
        yield Line("fail", "voice", "no engine can speak; follow one of the remedies above.")


def disk(settings: config.Settings) -> Iterator[Line]:
    for subject, path in (("journal", settings.journal_path.parent), ("models", settings.models_path)):
        there = _existing(path)
        free_mb = shutil.disk_usage(there).free / 1e6
        if free_mb < NEEDED_MB:
            yield Line(
                "warn", f"disk for the {subject}", f"{free_mb:.0f} MB free at {there}; make room for {NEEDED_MB}."
            )
        else:
            yield Line("ok", f"disk for the {subject}", f"{free_mb / 1000:.1f} GB free at {there}")


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def journal(settings: config.Settings) -> Iterator[Line]:
    if not settings.journal_path.exists():
        yield Line("ok", "journal", f"none yet; it will be {settings.journal_path}")
        return
    with read_journal(settings) as opened:
        problems = opened.integrity()
    if problems:
        yield Line("fail", "journal", f"{settings.journal_path} is damaged ({problems[0]}); restore a copy of it.")
    else:
        yield Line("ok", "journal", f"{settings.journal_path}, intact")
